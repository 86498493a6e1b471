"""Feedback through the API."""

import sqlite3
from contextlib import closing

import pytest


def stored(var):
    """Verdicts and reasons in the state file."""
    with closing(sqlite3.connect(var / "state.db")) as state:
        return state.execute("SELECT message, verdict, reason FROM feedback").fetchall()


@pytest.fixture
async def address(gateway, begin):
    """Where feedback goes, in a conversation in which a message 'm1' was answered."""
    messages = await begin(gateway)
    assert (await gateway.post(messages, json={"text": "Frage", "id": "m1"})).status == 200
    return messages.replace("/messages", "/feedback")


async def test_the_last_verdict_on_an_answer_counts(gateway, address, tmp_path):
    for body in ({"verdict": "up"}, {"verdict": "down", "reason": " Frist veraltet "}, {"verdict": "down"}):
        assert (await gateway.post(address, json={"message": "m1", **body})).status == 204
    assert stored(tmp_path) == [("m1", "down", "Frist veraltet")]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"message": "m2", "verdict": "up"}, 404, "unknown_message"),
        ({"message": "m1", "verdict": "sideways"}, 400, "invalid_field"),
        ({"verdict": "up"}, 400, "missing_field"),
        ({"message": "m1", "verdict": "up", "name": "x"}, 400, "unknown_field"),
        ({"message": "m1", "verdict": "up", "reason": "x" * 1001}, 400, "text_too_long"),
    ],
)
async def test_what_is_no_feedback_is_refused(gateway, address, tmp_path, body, status, code):
    response = await gateway.post(address, json=body)
    assert response.status == status
    assert (await response.json())["error"]["code"] == code
    assert stored(tmp_path) == []


async def test_conversations_of_platforms_cannot_be_read_by_their_name(gateway, tmp_path):
    with closing(sqlite3.connect(tmp_path / "state.db")) as state, state:
        state.execute("INSERT INTO conversation VALUES ('slack.abc', 'de', '2026-01-01')")
    assert (await gateway.get("/api/conversations/slack.abc/messages")).status == 404
