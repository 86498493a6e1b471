"""Deleting a conversation: nothing of it is left anywhere in the state file."""

import asyncio
import sqlite3
from contextlib import closing

import pytest

WORDS = "Unverwechselbare Frage nach Zwetschgendatschi"
RASA = "CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY, sender_id TEXT, timestamp FLOAT, data TEXT)"


def rasa_writes(var, conversation):
    """What Rasa's tracker store would hold of a conversation."""
    with closing(sqlite3.connect(var / "state.db")) as state, state:
        state.execute(RASA)
        state.execute("INSERT INTO events (sender_id, timestamp, data) VALUES (?, 1, ?)", (conversation, WORDS))


def rows(var):
    """How many rows each table has that holds any."""
    with closing(sqlite3.connect(var / "state.db")) as state:
        tables = [name for (name,) in state.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        counts = {name: state.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}
    return {name: count for name, count in counts.items() if count}


def is_in_file(var):
    """Whether the words stand anywhere in the file or its journal."""
    return any(WORDS.encode() in path.read_bytes() for path in var.glob("state.db*"))


@pytest.fixture
async def address(gateway, begin, tmp_path):
    """A conversation of which everything is there that there can be."""
    messages = await begin(gateway)
    assert (await gateway.post(messages, json={"text": WORDS, "id": "m1"})).status == 200
    opinion = {"message": "m1", "verdict": "down", "words": WORDS}
    assert (await gateway.post(messages.replace("/messages", "/feedback"), json=opinion)).status == 204
    conversation = messages.split("/")[3]
    rasa_writes(tmp_path, conversation)
    return f"/api/conversations/{conversation}"


async def test_everything_of_a_conversation_is_deleted(gateway, address, tmp_path):
    assert {"conversation", "turn", "question", "opinion", "events"} <= set(rows(tmp_path))
    assert is_in_file(tmp_path)
    assert (await gateway.delete(address)).status == 204
    assert rows(tmp_path) == {}
    assert not is_in_file(tmp_path)


async def test_other_conversations_stay(gateway, begin, address, tmp_path):
    other = await begin(gateway)
    assert (await gateway.post(other, json={"text": "Andere Frage"})).status == 200
    rasa_writes(tmp_path, "other")
    await gateway.delete(address)
    assert rows(tmp_path) == {"conversation": 1, "turn": 1, "question": 1, "answer": 1, "events": 1}
    assert len((await (await gateway.get(other)).json())["turns"]) == 1


async def test_a_deleted_conversation_is_gone_for_everybody(gateway, address):
    await gateway.delete(address)
    for response in (
        await gateway.get(f"{address}/messages"),
        await gateway.post(f"{address}/messages", json={"text": "Noch da?"}),
        await gateway.get(f"{address}/transcript"),
        await gateway.delete(address),
    ):
        assert response.status == 404
        assert (await response.json())["error"]["code"] == "unknown_conversation"


async def test_a_running_turn_leaves_nothing_behind(gateway, begin, channel, tmp_path):
    channel.respond = channel.echo_when_released
    messages = await begin(gateway)
    asking = asyncio.create_task(gateway.post(messages, json={"text": WORDS}))
    await channel.wait_for_questions(1)
    deleting = asyncio.create_task(gateway.delete(messages.removesuffix("/messages")))
    await asyncio.sleep(0.05)
    refused = await gateway.post(messages, json={"text": "noch eine"})
    assert refused.status == 404
    assert not deleting.done()
    channel.release.set()
    assert (await asking).status == 200
    assert (await deleting).status == 204
    assert rows(tmp_path) == {}
    assert len(channel.asked) == 1


async def test_what_rasa_writes_of_a_turn_that_was_given_up_is_deleted_later(start, begin, channel, tmp_path):
    gateway = await start(turn_timeout=0.3)
    channel.respond = channel.echo_when_released
    messages = await begin(gateway)
    asking = asyncio.create_task(gateway.post(messages, json={"text": WORDS}))
    await channel.wait_for_questions(1)
    assert (await gateway.delete(messages.removesuffix("/messages"))).status == 204
    assert (await asking).status == 503
    rasa_writes(tmp_path, messages.split("/")[3])
    await gateway.close()
    assert rows(tmp_path) == {}


@pytest.mark.parametrize("name", ["unknown", "slack.abcdef", "../messages", "%00", "x" * 500])
async def test_forged_ids_delete_nothing(gateway, address, tmp_path, name):
    before = rows(tmp_path)
    assert (await gateway.delete(f"/api/conversations/{name}")).status in (404, 405)
    assert rows(tmp_path) == before
