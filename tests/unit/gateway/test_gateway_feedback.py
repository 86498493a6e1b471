"""Feedback: through the API and as the dialogue understands it."""

import sqlite3
from contextlib import closing

import pytest
from aiohttp import web

from knowledge.feedback import Opinion, Reason
from knowledge.messages import Kind, Message, Reply


def stored(var):
    """Verdicts, reasons and words in the state file."""
    with closing(sqlite3.connect(var / "state.db")) as state:
        return state.execute("SELECT verdict, reasons, words FROM opinion").fetchall()


@pytest.fixture
async def messages(gateway, begin):
    """The address of a conversation's messages, in which a message 'm1' was answered."""
    address = await begin(gateway)
    assert (await gateway.post(address, json={"text": "Frage", "id": "m1"})).status == 200
    return address


@pytest.fixture
async def address(messages):
    """Where feedback goes."""
    return messages.replace("/messages", "/feedback")


async def test_the_last_verdict_on_an_answer_counts(gateway, address, tmp_path):
    for body in (
        {"verdict": "up"},
        {"verdict": "down", "reasons": ["outdated", "wrong"], "words": " Frist verlängert "},
        {"verdict": "down"},
    ):
        assert (await gateway.post(address, json={"message": "m1", **body})).status == 204
    assert stored(tmp_path) == [("down", "outdated wrong", "Frist verlängert")]


async def test_the_transcript_says_what_was_thought_of_an_answer(gateway, messages, address):
    await gateway.post(address, json={"message": "m1", "verdict": "down", "reasons": ["wrong"]})
    await gateway.post(messages, json={"text": "Noch eine", "id": "m2"})
    (first, second) = (await (await gateway.get(messages)).json())["turns"]
    assert first["opinion"] == {"verdict": "down", "reasons": ["wrong"], "words": ""}
    assert second["opinion"] is None


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"message": "m2", "verdict": "up"}, 404, "unknown_message"),
        ({"message": "m1", "verdict": "sideways"}, 400, "invalid_field"),
        ({"message": "m1", "verdict": "down", "reasons": ["ugly"]}, 400, "invalid_field"),
        ({"message": "m1", "verdict": "up", "reasons": ["wrong"]}, 400, "invalid_field"),
        ({"verdict": "up"}, 400, "missing_field"),
        ({"message": "m1", "verdict": "up", "name": "x"}, 400, "unknown_field"),
        ({"message": "m1", "verdict": "up", "words": "x" * 1001}, 400, "text_too_long"),
    ],
)
async def test_what_is_no_feedback_is_refused(gateway, address, tmp_path, body, status, code):
    response = await gateway.post(address, json=body)
    assert response.status == status
    assert (await response.json())["error"]["code"] == code
    assert stored(tmp_path) == []


async def test_what_the_dialogue_takes_for_an_opinion_is_one_on_the_last_answer(gateway, messages, channel, tmp_path):
    async def respond(question):
        said = Message(kind=Kind.TEXT, text="Danke", lang="de", confidence=1)
        opinion = Opinion(verdict="down", reasons=frozenset({Reason.WRONG}))
        reply = Reply(message=said, opinion=opinion, is_private=True)
        return web.json_response([{"custom": reply.model_dump(mode="json")}])

    channel.kind = Kind.TEXT
    await gateway.post(messages, json={"text": "danke", "id": "m2"})
    channel.respond = respond
    await gateway.post(messages, json={"text": "das ist falsch", "id": "m3"})
    turns = (await (await gateway.get(messages)).json())["turns"]
    assert [turn["opinion"] and turn["opinion"]["reasons"] for turn in turns] == [["wrong"], None, None]
    assert stored(tmp_path) == [("down", "wrong", "")]


async def test_an_opinion_on_nothing_is_no_error(gateway, begin, channel, tmp_path):
    async def respond(question):
        said = Message(kind=Kind.TEXT, text="Danke", lang="de", confidence=1)
        reply = Reply(message=said, opinion=Opinion(verdict="up"))
        return web.json_response([{"custom": reply.model_dump(mode="json")}])

    channel.respond = respond
    assert (await gateway.post(await begin(gateway), json={"text": "toll"})).status == 200
    assert stored(tmp_path) == []


async def test_conversations_of_platforms_cannot_be_read_by_their_name(gateway, tmp_path):
    with closing(sqlite3.connect(tmp_path / "state.db")) as state, state:
        state.execute("INSERT INTO conversation VALUES ('slack.abc', 'de', '2026-01-01')")
    assert (await gateway.get("/api/conversations/slack.abc/messages")).status == 404
