"""Fifty conversations at once in the page, Teams and Slack, with the whole bot: none hears of another."""

import asyncio
import html
import re
from contextlib import AsyncExitStack

import pytest
from aiohttp import ClientSession

from bot.processes.parts import address
from tests import slack, teams
from tests.processes import serving

KEY = teams.new_key("k1")
CONVERSATIONS = 50
# What is asked first, and what then means something only to whoever remembers it.
ASKED = [
    ("Wie hoch ist die Förderquote bei MPSC?", "wer darf das beantragen?"),
    ("Was ist der mFUND?", "wer darf das beantragen?"),
    ("Was fördert Starke Heimat Hessen?", "wer darf das beantragen?"),
    ("Bis wann läuft die KTS?", "und wer hat die Federführung?"),
    ("Wann war der Workshop der VKU-Landesgruppe NRW?", "wie viele Menschen nahmen teil?"),
    ("Was ist Heimat 2.0?", "wer konnte sich bewerben?"),
]


@pytest.fixture
async def microsoft(tmp_path):
    """Microsoft's side."""
    async with teams.running_server(tmp_path, KEY) as server:
        yield server


@pytest.fixture
async def salesforce():
    """Slack's side."""
    async with slack.running_server() as server:
        yield server


def words(text):
    """Words alone, without the numbers of sources and without line breaks."""
    return " ".join(re.sub(r"\[\d+\]", "", html.unescape(text)).split()).replace(" .", ".")


async def in_web(session, url, pair):
    """Both answers in the page."""
    async with session.post(f"{url}/api/conversations", json={}) as response:
        conversation = (await response.json())["id"]
    answers = []
    for asked in pair:
        body = {"text": asked}
        async with session.post(f"{url}/api/conversations/{conversation}/messages", json=body) as response:
            said = await response.json()
            assert response.status == 200, said
            answers.append(words(said["messages"][0]["text"]))
    return answers


async def in_slack(client, server, number, pair):
    """Both answers in a thread of a channel, where the same person asks in all of them."""
    for turn, asked in enumerate(pair):
        event = slack.mention(asked, f"{number}.{turn}", thread=f"{number}.0", user="U1")
        assert await client.event(event, f"Ev-{number}-{turn}") == 200
        await teams.eventually(lambda turn=turn: len(thread(server, number)) > turn, 120)
    return [words(slack_text(post)) for post in thread(server, number)]


def thread(server, number):
    """What was posted to a thread."""
    return [post for post in server.of("chat.postMessage") if post["thread_ts"] == f"{number}.0"]


def slack_text(post):
    """The text of a post in its sections."""
    return " ".join(block["text"]["text"] for block in post["blocks"] if block["type"] == "section")


async def in_teams(client, server, number, pair):
    """Both answers in a thread of a channel, where the same person asks in all of them."""
    place = {"id": f"19:x@thread.tacv2;messageid={number}", "conversationType": "channel"}

    def said():
        return [message for message in server.messages if message["conversation_in_path"] == place["id"]]

    for turn, asked in enumerate(pair):
        assert await client.ask(asked, conversation=place) == 202
        await teams.eventually(lambda turn=turn: len(said()) > turn, 120)
    return [words(message["text"]) for message in said()]


async def test_fifty_conversations_with_the_whole_bot_keep_apart(install, tmp_path, microsoft, salesforce, monkeypatch):
    variables = {
        **microsoft.variables,
        "STADTLOTSE_SLACK_BOT_TOKEN": "xoxb-test",
        "STADTLOTSE_SLACK_SIGNING_SECRET": slack.SECRET,
        "STADTLOTSE_SLACK_API_URL": salesforce.api_url,
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    settings = install().model_copy(update={"turn_timeout": 120})
    url = address(settings)
    async with AsyncExitStack() as closing:
        running = serving(settings, tmp_path / "output")
        await asyncio.to_thread(running.__enter__)
        closing.push_async_callback(asyncio.to_thread, running.__exit__, None, None, None)
        session = await closing.enter_async_context(ClientSession())
        alone = {pair: await in_web(session, url, pair) for pair in ASKED}
        on_slack = slack.SlackClient(session, url)
        on_teams = teams.TeamsClient(session, url, microsoft, KEY)
        ways = (
            lambda _, pair: in_web(session, url, pair),
            lambda number, pair: in_slack(on_slack, salesforce, number, pair),
            lambda number, pair: in_teams(on_teams, microsoft, number, pair),
        )
        pairs = [ASKED[number % len(ASKED)] for number in range(CONVERSATIONS)]
        # Six pairs and three ways: shifted by one every six, so that each pair is asked in each way.
        answers = await asyncio.gather(
            *(ways[(number + number // len(ASKED)) % 3](number, pair) for number, pair in enumerate(pairs))
        )
    assert len({second for _, second in alone.values()}) == len(ASKED)
    for pair, heard in zip(pairs, answers, strict=True):
        assert heard == alone[pair]
