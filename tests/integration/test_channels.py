"""Slack and Teams against the gateway as a process of its own: killed in the middle, and with many conversations."""

import asyncio
import collections
import io
import json
import random
import re
import signal
from contextlib import AsyncExitStack, ExitStack

import pytest
from aiohttp import ClientError, ClientSession

from tests import slack, teams
from tests.town import KEY, Town


@pytest.fixture
async def town(tmp_path):
    """The gateway's surroundings."""
    town = Town(tmp_path)
    await town.open()
    yield town
    await town.close()


async def until_acknowledged(deliver) -> None:
    """Deliver as a platform does: again, as long as nobody acknowledges."""
    while True:
        try:
            if await deliver() in (200, 202):
                return
        except (ClientError, ConnectionError):
            pass
        await asyncio.sleep(0.05)


async def test_a_thousand_events_with_repeats_are_answered_once_each_over_a_kill(town):
    """The gateway is killed without warning while questions wait, are asked and are being posted."""
    events = [(f"Frage {number}", number) for number in range(1000)]
    deliveries = events + random.Random(7).sample(events, 300)
    random.Random(8).shuffle(deliveries)
    async with AsyncExitStack() as closing:
        session = await closing.enter_async_context(ClientSession())
        client = slack.SlackClient(session, town.url)
        sending = asyncio.Semaphore(20)

        async def send(words, number):
            event = slack.direct(words, f"{number}.1", user=f"U{number % 50}", channel=f"D{number % 50}")
            async with sending:
                await until_acknowledged(lambda: client.event(event, f"Ev{number}"))

        with ExitStack() as stack:
            running = town.gateway(stack)
            await town.wait(session)
            delivering = asyncio.gather(*(send(words, number) for words, number in deliveries))
            await town.slack.wait_for("chat.postMessage", 200, seconds=60)
            running.send_signal(signal.SIGKILL)
            running.wait()
            town.gateway(stack)
            await asyncio.wait_for(delivering, 60)
            async with slack.timeout(90):
                while len({post["text"] for post in town.slack.of("chat.postMessage")}) < 1000:
                    await asyncio.sleep(0.1)
            await asyncio.sleep(1)
    answers = collections.Counter(post["text"] for post in town.slack.of("chat.postMessage"))
    assert set(answers) == {f"Antwort: {words}" for words, _ in events}
    assert set(answers.values()) == {1}
    assert "Frage" not in town.log
    assert not re.search(r"\b[UD]\d+\b", town.log)


async def test_fifty_conversations_across_the_channels_keep_apart(town):
    async with AsyncExitStack() as closing:
        session = await closing.enter_async_context(ClientSession())
        in_slack = slack.SlackClient(session, town.url)
        in_teams = teams.TeamsClient(session, town.url, town.teams, KEY)
        with ExitStack() as stack:
            town.gateway(stack)
            await town.wait(session)

            async def in_web(name):
                headers = {"Content-Type": "application/json"}
                async with session.post(f"{town.url}/api/conversations", data="{}", headers=headers) as response:
                    conversation = (await response.json())["id"]
                for turn in range(3):
                    address = f"{town.url}/api/conversations/{conversation}/messages"
                    async with session.post(address, json={"text": f"{name} {turn}"}) as response:
                        assert (await response.json())["messages"][0]["text"] == f"Antwort: {name} {turn}"

            async def in_thread(name, number):
                for turn in range(3):
                    event = slack.mention(f"{name} {turn}", f"{number}.{turn}", thread=f"{number}.0", user="U1")
                    assert await in_slack.event(event, f"Ev-{name}-{turn}") == 200

            async def in_channel(name, number):
                place = {"id": f"19:x@thread.tacv2;messageid={number}", "conversationType": "channel"}
                for turn in range(3):
                    assert await in_teams.ask(f"{name} {turn}", conversation=place) == 202

            names = [f"{'wst'[number % 3]}{number}" for number in range(50)]
            ways = {"w": lambda name, _: in_web(name), "s": in_thread, "t": in_channel}
            await asyncio.gather(*(ways[name[0]](name, number) for number, name in enumerate(names)))
            of_slack, of_teams = (3 * sum(name[0] == kind for name in names) for kind in "st")
            posts = await town.slack.wait_for("chat.postMessage", of_slack, seconds=30)
            messages = await town.teams.wait_for(of_teams, seconds=30)
    for asked in town.dialogue.senders.values():
        assert len({words.split()[0] for words in asked}) == 1
        assert len(asked) == 3
    assert len(town.dialogue.senders) == 50
    for post in posts:
        name, turn = re.match(r"Antwort: s(\d+) (\d)", post["text"]).groups()
        assert post["thread_ts"] == f"{name}.0"
        assert turn in "012"
    for message in messages:
        name = re.match(r"Antwort: t(\d+)", message["text"])[1]
        assert message["conversation_in_path"].endswith(f"messageid={name}")
    assert json.dumps(town.log).count("Traceback") == 0


FORGED_TEAMS = [
    ({"header": None}, {}, 401),
    ({"header": "Bearer not.a.token"}, {}, 401),
    ({"key": teams.Key("k1", teams.new_key("k1").private)}, {}, 401),
    ({"key": teams.new_key("unknown")}, {}, 401),
    ({"iss": "https://sts.windows.net/GEHEIM/"}, {}, 401),
    ({"aud": "99999999-2222-3333-4444-555555555555"}, {}, 401),
    ({"age": 2 * 3600}, {}, 401),
    ({"algorithm": "none"}, {}, 401),
    ({"algorithm": "HS256"}, {}, 401),
    ({"serviceurl": "https://smba.trafficmanager.net/amer/"}, {}, 403),
    ({"serviceurl": "https://geheim.example/"}, {"serviceUrl": "https://geheim.example/"}, 403),
    ({}, {"channelData": {"tenant": {"id": "GEHEIM"}}}, 403),
    ({}, {"text": "x" * 2**20}, 413),
]
FORGED_SLACK = [
    ({"secret": "wrong"}, "Geheimnis", 401),
    ({"age": 400}, "Geheimnis", 401),
    ({"age": -400}, "Geheimnis", 401),
    ({"headers": {"X-Slack-Signature": "v0=00", "X-Slack-Request-Timestamp": "soon"}}, "Geheimnis", 401),
    ({"headers": {"Accept": "*/*"}}, "Geheimnis", 401),
    ({}, "x" * 2**20, 413),
]


async def test_what_is_forged_or_stale_costs_nothing_and_tells_the_log_nothing(town):
    """Every kind of request that is not the platforms', against the gateway as it runs, and what it wrote."""
    person = {"from": {"id": "29:GEHEIM", "name": "Geheim"}, "conversation": {"id": "a:GEHEIM"}}
    async with AsyncExitStack() as closing:
        session = await closing.enter_async_context(ClientSession())
        in_slack = slack.SlackClient(session, town.url)
        in_teams = teams.TeamsClient(session, town.url, town.teams, KEY)
        with ExitStack() as stack:
            town.gateway(stack)
            await town.wait(session)
            for how, fields, status in FORGED_TEAMS:
                body = json.dumps(in_teams.activity(**{"text": "Geheimnis", **person, **fields})).encode()
                assert (await in_teams.post(io.BytesIO(body), **how))[0] == status, (how, fields.keys())
            for number, (how, words, status) in enumerate(FORGED_SLACK):
                event = slack.direct(words, f"{number}.1", user="UGEHEIM", channel="DGEHEIM")
                body = json.dumps(slack.callback(event, f"Ev{number}")).encode()
                signed = how.get("headers") or slack.headers(body, **how)
                assert await in_slack.post(io.BytesIO(body), "application/json", headers=signed) == status, how
            await in_slack.event(slack.direct("Frage", "99.1"), "Ev99")
            await town.slack.wait_for("chat.postMessage")
    assert [words for asked in town.dialogue.senders.values() for words in asked] == ["Frage"]
    assert not town.teams.sent
    assert len(town.slack.calls) == 1
    assert "a request was refused" in town.log
    assert "geheim" not in town.log.lower()
    assert "Traceback" not in town.log
