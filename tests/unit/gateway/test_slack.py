"""The Slack app against signed requests and a stand-in for Slack's Web API."""

import asyncio
import io
import json
import logging
import re
import time

import pytest
from aiohttp import ClientSession, web

from bot.channels.slack import blocks, jobs
from bot.gateway import app
from knowledge.messages import Citation, Kind, Message, Reply, Suggestion
from tests import slack
from tests.unit.gateway.messages import FIRST_STEP


@pytest.fixture
async def server():
    """Slack's side."""
    async with slack.running_server() as server:
        yield server


@pytest.fixture
def configured(monkeypatch, server):
    """The variables of a Slack app that gets its events by HTTP."""
    monkeypatch.setenv("STADTLOTSE_SLACK_BOT_TOKEN", "xoxb-test")
    monkeypatch.setenv("STADTLOTSE_SLACK_SIGNING_SECRET", slack.SECRET)
    monkeypatch.setenv("STADTLOTSE_SLACK_API_URL", server.api_url)


@pytest.fixture
async def client(start, configured):
    """Slack in front of a running gateway."""
    gateway = await start(public_url="https://lotse.example")
    async with ClientSession() as session:
        yield slack.SlackClient(session, str(gateway.make_url("/")))


def answering(channel, message):
    """Make the dialogue say this, whatever it is asked."""

    async def respond(_question):
        return web.json_response([{"custom": Reply(message=message).model_dump(mode="json")}])

    channel.respond = respond


ANSWER = Message(
    kind=Kind.ANSWER,
    text="Die Förderquote beträgt 65 %.",
    lang="de",
    citations=[Citation(title="Modellprojekte", url="/sources/mpsc/3?quote=1-9", page=4, quote="beträgt 65 %")],
    suggestions=[Suggestion(title="Frist", payload="Bis wann läuft MPSC?")],
    confidence=0.9,
)


async def test_a_direct_message_is_answered_where_it_was_asked(client, server, channel):
    answering(channel, ANSWER)
    assert await client.event(slack.direct("Wie hoch ist die Quote?", "1.1"), "Ev1") == 200
    (post,) = await server.wait_for("chat.postMessage")
    assert post["channel"] == "D1"
    assert "thread_ts" not in post
    assert channel.texts == ["Wie hoch ist die Quote?"]
    shown = json.dumps(post["blocks"], ensure_ascii=False)
    assert "beträgt 65 %" in shown
    assert "https://lotse.example/sources/mpsc/3?quote=1-9" in shown
    assert slack.button(post, "lotse_ask_0")["value"] == "Bis wann läuft MPSC?"


@pytest.mark.parametrize(("listed", "reader"), [("", None), ("teams", None), ("teams, slack", "internal")])
async def test_on_slack_people_count_as_staff_where_the_operator_says_so(
    start, configured, server, channel, listed, reader
):
    gateway = await start(staff_channels=listed)
    async with ClientSession() as session:
        client = slack.SlackClient(session, str(gateway.make_url("/")))
        await client.event(slack.direct("Frage", "1.1"), "Ev1")
        await server.wait_for("chat.postMessage")
    assert channel.asked[0]["metadata"].get("reader") == reader


async def test_a_mention_is_answered_in_its_thread_without_the_mention(client, server, channel):
    await client.event(slack.mention("und bis <https://a.example|wann> &amp; wo?", "5.5"), "Ev1")
    (post,) = await server.wait_for("chat.postMessage")
    assert (post["channel"], post["thread_ts"]) == ("C1", "5.5")
    assert channel.texts == ["und bis wann & wo?"]


async def test_people_and_threads_have_conversations_of_their_own(client, server, channel):
    asked = [
        slack.mention("a", "1.0"),
        slack.mention("b", "1.1", thread="1.0"),
        slack.mention("c", "1.2", thread="1.0", user="U2"),
        slack.mention("d", "2.0"),
    ]
    for number, event in enumerate(asked):
        await client.event(event, f"Ev{number}")
    await server.wait_for("chat.postMessage", 4)
    senders = {item["message"]: item["sender"] for item in channel.asked}
    assert senders["a"] == senders["b"]
    assert len(set(senders.values())) == 3
    # As a whole: a pseudonym may hold any two signs by chance.
    assert not any(re.search(r"(?<![A-Za-z0-9])(?:U1|C1)(?![A-Za-z0-9])", sender) for sender in senders.values())


async def test_a_repeated_event_is_answered_once_also_after_a_restart(start, configured, server, channel):
    async with ClientSession() as session:
        for _ in range(2):
            gateway = await start()
            sender = slack.SlackClient(session, str(gateway.make_url("/")))
            for _ in range(3):
                assert await sender.event(slack.direct("Frage", "1.1"), "Ev1") == 200
            await server.wait_for("chat.postMessage")
            await gateway.close()
    assert len(server.of("chat.postMessage")) == 1
    assert channel.texts == ["Frage"]


async def test_questions_that_wait_for_the_dialogue_when_the_gateway_is_told_to_stop_are_answered_by_the_next(
    start, configured, server, channel, monkeypatch
):
    async def fail(_question):
        return web.Response(status=500)

    monkeypatch.setattr(app, "DRAIN_SECONDS", 2)  # longer than a question waits before it is asked again
    channel.respond = fail
    gateway = await start()
    async with ClientSession() as session:
        sender = slack.SlackClient(session, str(gateway.make_url("/")))
        for number in range(20):
            await sender.event(slack.direct(f"Frage {number}", f"{number}.1", user=f"U{number}"), f"Ev{number}")
        await channel.wait_for_questions(20)
        await gateway.close()
        assert not server.of("chat.postMessage")
        channel.respond = channel.echo
        await start()
        posts = await server.wait_for("chat.postMessage", 20)
    assert sorted(post["text"] for post in posts) == sorted(f"echo: Frage {number}" for number in range(20))


async def test_events_are_acknowledged_at_once_whatever_the_answer_takes(client, server, channel):
    channel.respond = channel.echo_when_released

    async def deliver(number):
        return await client.event(slack.direct("Frage", f"{number}.1", user=f"U{number}"), f"Ev{number}")

    statuses = await asyncio.gather(*(deliver(number) for number in range(200)))
    assert set(statuses) == {200}
    assert not server.of("chat.postMessage")
    channel.release.set()
    posts = await server.wait_for("chat.postMessage", 200, seconds=30)
    assert len(posts) == 200


@pytest.mark.parametrize(
    "how",
    [
        {"secret": "wrong"},
        {"age": 400},
        {"age": -400},
        {"headers": {"X-Slack-Signature": "v0=00"}},
        {"headers": {"X-Slack-Signature": "v0=00", "X-Slack-Request-Timestamp": "soon"}},
    ],
)
async def test_what_is_forged_or_stale_is_refused_without_work(client, server, channel, caplog, how):
    caplog.set_level(logging.DEBUG)
    assert await client.event(slack.direct("Geheimnis", "1.1"), "Ev1", **how) == 401
    assert await client.event(slack.direct("Frage", "1.2"), "Ev2") == 200
    await server.wait_for("chat.postMessage")
    assert channel.texts == ["Frage"]
    assert "Geheimnis" not in "".join(record.getMessage() for record in caplog.records if record.name[:3] == "bot")


async def test_an_ssl_check_does_not_pass_without_a_signature(client):
    assert await client.post(b"ssl_check=1&token=x", secret="wrong") == 401


async def test_a_body_of_a_megabyte_is_refused(client, channel):
    assert await client.post(io.BytesIO(b"payload=" + b"x" * 2**20), headers=slack.headers(b"")) == 413
    assert channel.texts == []


async def test_slack_learns_that_the_address_is_ours(start, configured, server):
    gateway = await start()
    body = json.dumps({"type": "url_verification", "challenge": "c0", "token": "XXYYZZ"}).encode()
    response = await gateway.post(
        slack.EVENTS, data=body, headers={"Content-Type": "application/json", **slack.headers(body)}
    )
    assert response.status == 200
    assert "c0" in await response.text()


async def test_without_variables_slack_is_off(gateway):
    assert (await gateway.post(slack.EVENTS, data=b"")).status == 404


async def test_a_suggestion_that_is_clicked_is_asked_in_the_same_thread(client, server, channel):
    answering(channel, ANSWER)
    await client.event(slack.mention("Quote?", "5.5"), "Ev1")
    (post,) = await server.wait_for("chat.postMessage")
    value = slack.button(post, "lotse_ask_0")["value"]
    assert await client.interaction(slack.click("lotse_ask_0", value, post)) == 200
    assert await client.interaction(slack.click("lotse_ask_0", value, post)) == 200  # the same click again
    posts = await server.wait_for("chat.postMessage", 2)
    assert channel.texts == ["Quote?", "Bis wann läuft MPSC?"]
    assert len({item["sender"] for item in channel.asked}) == 1
    assert posts[1]["thread_ts"] == "5.5"
    assert "Bis wann läuft MPSC?" in json.dumps(posts[1]["blocks"][0], ensure_ascii=False)


async def test_a_step_that_was_answered_shows_the_choice_in_the_place_of_its_buttons(client, server, channel):
    answering(channel, FIRST_STEP)
    await client.event(slack.mention("Welche Förderung passt?", "5.5"), "Ev1")
    (post,) = await server.wait_for("chat.postMessage")
    chosen = slack.button(post, "lotse_ask_0")
    assert await client.interaction(slack.click("lotse_ask_0", chosen["value"], post)) == 200
    (update,) = await server.wait_for("chat.update")
    shown = json.dumps(update["blocks"], ensure_ascii=False)
    assert (update["ts"], "Ausgewählt: Hessen" in shown) == (post["posted_ts"], True)
    assert "Saarland" not in shown
    posts = await server.wait_for("chat.postMessage", 2)
    assert channel.texts == ["Welche Förderung passt?", "Hessen"]
    assert "Ausgewählt: Hessen" in json.dumps(posts[1]["blocks"][0], ensure_ascii=False)


async def test_a_step_that_one_person_sees_is_replaced_for_them(client, server, channel):
    answering(channel, FIRST_STEP)
    await client.command("Welche Förderung passt?", server.response_url)
    (shown,) = await server.wait_for_responses()
    post = {"posted_ts": "1.0", "channel": "C1", "text": shown["text"], "blocks": shown["blocks"]}
    clicked = slack.click("lotse_ask_0", "Hessen", post)
    clicked["container"]["is_ephemeral"] = True
    await client.interaction({**clicked, "response_url": server.response_url})
    responses = await server.wait_for_responses(3)
    (replaced,) = (response for response in responses if response["replace_original"])
    assert "Ausgewählt: Hessen" in json.dumps(replaced["blocks"], ensure_ascii=False)
    assert not server.of("chat.postMessage")


async def test_a_thumb_is_stored_and_replaced_by_thanks(client, server, channel, tmp_path):
    answering(channel, ANSWER)
    await client.event(slack.direct("Quote?", "1.1"), "Ev1")
    (post,) = await server.wait_for("chat.postMessage")
    await client.interaction(slack.click(blocks.UP, slack.button(post, blocks.UP)["value"], post))
    (update,) = await server.wait_for("chat.update")
    assert (update["channel"], update["ts"]) == ("D1", post["posted_ts"])
    shown = json.dumps(update["blocks"], ensure_ascii=False)
    assert "Danke" in shown
    assert blocks.UP not in shown
    assert "beträgt 65 %" in shown
    assert stored_feedback(tmp_path) == [("up", "", "")]


async def test_a_thumb_down_asks_for_the_reason(client, server, channel, tmp_path):
    answering(channel, ANSWER)
    await client.event(slack.direct("Quote?", "1.1"), "Ev1")
    (post,) = await server.wait_for("chat.postMessage")
    await client.interaction(slack.click(blocks.DOWN, slack.button(post, blocks.DOWN)["value"], post, trigger="3.4.x"))
    (opened,) = await server.wait_for("views.open")
    assert opened["trigger_id"] == "3.4.x"
    view = opened["view"]
    fields = {
        jobs.REASONS_INPUT: {jobs.REASONS_INPUT: {"type": "checkboxes", "selected_options": [{"value": "outdated"}]}},
        jobs.WORDS_INPUT: {jobs.WORDS_INPUT: {"type": "plain_text_input", "value": "Frist verlängert"}},
    }
    submission = {
        "type": "view_submission",
        "team": {"id": slack.TEAM},
        "user": {"id": "U1", "team_id": slack.TEAM},
        "view": {**view, "id": "V1", "hash": "1.h", "state": {"values": fields}},
    }
    assert await client.interaction(submission) == 200
    await server.wait_for("chat.update")
    async with slack.timeout(5):
        while stored_feedback(tmp_path) != [("down", "outdated", "Frist verlängert")]:
            await asyncio.sleep(0.01)


async def test_an_edited_question_is_answered_in_the_place_of_the_old_answer(client, server, channel):
    event = slack.mention("Frist?", "5.5")
    await client.event(event, "Ev1")
    (post,) = await server.wait_for("chat.postMessage")
    await client.event(slack.changed(event, f"<@{slack.BOT}> Quote?"), "Ev2")
    (update,) = await server.wait_for("chat.update")
    assert update["ts"] == post["posted_ts"]
    assert "echo: Quote?" in json.dumps(update["blocks"])
    await client.event({**event, "text": f"<@{slack.BOT}> Quote?", "edited": {"ts": "9.0"}}, "Ev3")
    await client.event(slack.changed(event, event["text"]), "Ev4")  # a preview of a link, no words
    await client.event(slack.mention("Ende", "6.0"), "Ev5")
    await server.wait_for("chat.postMessage", 2)
    assert channel.texts == ["Frist?", "Quote?", "Ende"]


async def test_the_answer_to_a_deleted_question_is_deleted(client, server, start, channel):
    event = slack.direct("Frist?", "1.1")
    await client.event(event, "Ev1")
    (post,) = await server.wait_for("chat.postMessage")
    await client.event(slack.deleted(event), "Ev2")
    (gone,) = await server.wait_for("chat.delete")
    assert (gone["channel"], gone["ts"]) == ("D1", post["posted_ts"])


async def test_a_question_that_is_deleted_in_time_is_not_answered(client, server, channel):
    channel.respond = channel.echo_when_released
    event = slack.direct("Versehen", "1.1")
    await client.event(event, "Ev1")
    await channel.wait_for_questions(1)
    await client.event(slack.deleted(event), "Ev2")
    await client.event(slack.direct("Frage", "1.2"), "Ev3")
    channel.release.set()
    (post,) = await server.wait_for("chat.postMessage")
    assert "echo: Frage" in json.dumps(post["blocks"])


async def test_a_command_is_answered_for_one_person_only(client, server, channel):
    assert await client.command("Wie hoch ist die Quote?", server.response_url) == 200
    (response,) = await server.wait_for_responses()
    assert response["response_type"] == "ephemeral"
    assert "echo: Wie hoch ist die Quote?" in json.dumps(response["blocks"])
    assert not server.of("chat.postMessage")


async def test_no_other_host_is_called_whatever_the_command_says(client, server, channel):
    async with ClientSession():
        await client.command("Frage", "https://elsewhere.example/x", trigger="1")
        await client.command("Frage", server.response_url, trigger="2")
        assert len(await server.wait_for_responses()) == 1


async def test_a_command_without_words_shows_how_to_ask(client, server, channel):
    await client.command("", server.response_url)
    (response,) = await server.wait_for_responses()
    assert blocks.ASK in json.dumps(response["blocks"])
    assert channel.texts == []


async def test_the_assistant_pane_offers_questions_and_says_that_it_is_busy(client, server, channel):
    thread = {"user_id": "U1", "channel_id": "D1", "thread_ts": "7.0", "context": {}}
    await client.event({"type": "assistant_thread_started", "assistant_thread": thread, "event_ts": "7.1"}, "Ev1")
    (prompts,) = await server.wait_for("assistant.threads.setSuggestedPrompts")
    assert prompts["thread_ts"] == "7.0"
    assert len(prompts["prompts"]) >= 3
    await client.event(slack.direct("Frage", "7.2", thread="7.0"), "Ev2")
    posts = await server.wait_for("chat.postMessage", 2)
    assert posts[1]["thread_ts"] == "7.0"
    assert server.of("assistant.threads.setStatus")[0]["status"]


async def test_the_home_tab_offers_questions_in_both_languages(client, server, channel):
    await client.event({"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home"}, "Ev1")
    (published,) = await server.wait_for("views.publish")
    assert published["user_id"] == "U1"
    values = [element["value"] for block in published["view"]["blocks"] for element in block.get("elements", [])]
    assert any("Was" in value for value in values)
    assert any("What" in value for value in values)
    clicked = slack.click("lotse_ask_0_0", values[0], {"posted_ts": "", "channel": "", "text": "", "blocks": []})
    clicked["container"] = {"type": "view", "view_id": "V1"}
    del clicked["channel"], clicked["message"]
    await client.interaction(clicked)
    (post,) = await server.wait_for("chat.postMessage")
    assert post["channel"] == "U1"


async def test_what_slack_refuses_for_now_is_sent_when_it_says(client, server, channel):
    refused = []

    def refuse(method):
        if method == "chat.postMessage" and not refused:
            refused.append(time.monotonic())
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "1"})
        return None

    server.refuse = refuse
    await client.event(slack.direct("Frage", "1.1"), "Ev1")
    await server.wait_for("chat.postMessage")
    assert time.monotonic() - refused[0] >= 1
    assert len(server.of("chat.postMessage")) == 1


async def test_a_post_that_arrived_although_the_connection_broke_is_not_sent_again(client, server, channel):
    broken = []
    real = server._call

    async def break_once(request):
        response = await real(request)
        if request.match_info["method"] == "chat.postMessage" and not broken:
            broken.append(True)
            request.transport.abort()
        return response

    next(iter(server.server.app.router.resources()))._routes["POST"]._handler = break_once
    await client.event(slack.direct("Frage", "1.1"), "Ev1")
    await server.wait_for("conversations.history")
    await client.event(slack.direct("Ende", "1.2"), "Ev2")
    async with slack.timeout(5):
        while "Ende" not in json.dumps(server.of("chat.postMessage")):
            await asyncio.sleep(0.01)
    assert [post["text"] for post in server.of("chat.postMessage")] == ["echo: Frage", "echo: Ende"]


async def test_a_failure_gives_one_kind_sentence(start, configured, server, channel):
    async def fail(_question):
        await asyncio.sleep(5)
        raise AssertionError

    channel.respond = fail
    gateway = await start(turn_timeout=0.2)
    async with ClientSession() as session:
        sender = slack.SlackClient(session, str(gateway.make_url("/")))
        await sender.event(slack.direct("What is the deadline for this?", "1.1"), "Ev1")
        (post,) = await server.wait_for("chat.postMessage")
    assert post["text"].startswith("The answer is taking too long.")


async def test_long_answers_are_cut_where_sentences_end(client, server, channel):
    sentence = "Der Antrag ist bis zum Ende des Jahres bei der Bewilligungsstelle zu stellen. "
    message = ANSWER.model_copy(update={"text": (sentence * 200).strip()})
    answering(channel, message)
    await client.event(slack.direct("Quote?", "1.1"), "Ev1")
    await server.wait_for("chat.postMessage", 2)
    await asyncio.sleep(0.1)
    sections = [
        block["text"]["text"]
        for post in server.of("chat.postMessage")
        for block in post["blocks"]
        if block["type"] == "section"
    ]
    assert " ".join(sections) == message.text
    assert all(len(section) <= blocks.SECTION_LENGTH and section.endswith(".") for section in sections)
    assert all(len(post["blocks"]) <= 50 for post in server.of("chat.postMessage"))


async def test_socket_mode_needs_no_public_address(start, monkeypatch, server, channel):
    monkeypatch.setenv("STADTLOTSE_SLACK_BOT_TOKEN", "xoxb-test")
    monkeypatch.setenv("STADTLOTSE_SLACK_APP_TOKEN", "xapp-test")
    monkeypatch.setenv("STADTLOTSE_SLACK_API_URL", server.api_url)
    gateway = await start()
    assert (await gateway.post(slack.EVENTS, data=b"")).status == 404
    payload = slack.callback(slack.direct("Frage", "1.1"), "Ev1")
    for envelope in ("e1", "e2"):
        await server.send({"envelope_id": envelope, "type": "events_api", "payload": payload})
    (post,) = await server.wait_for("chat.postMessage")
    assert post["channel"] == "D1"
    async with slack.timeout(5):
        while {item["envelope_id"] for item in server.acknowledged} != {"e1", "e2"}:
            await asyncio.sleep(0.01)
    assert channel.texts == ["Frage"]


async def test_nothing_about_people_is_logged(client, server, channel, caplog):
    caplog.set_level(logging.INFO)
    await client.event(slack.direct("Wortlaut der Frage", "1.1", user="U0SECRET", channel="D0SECRET"), "Ev1")
    await client.event({"type": "reaction_added", "user": "U0SECRET", "item": {}}, "Ev2")
    await server.wait_for("chat.postMessage")
    logged = "".join(record.getMessage() for record in caplog.records if record.name != "aiohttp.access")
    assert "SECRET" not in logged
    assert "Wortlaut" not in logged


def stored_feedback(var):
    """What is stored of opinions."""
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(var / "state.db")) as state:
        return state.execute("SELECT verdict, reasons, words FROM opinion").fetchall()
