"""The question log, and how long anything is kept."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta, timezone

import pytest
from aiohttp import web

from bot.gateway.retention import KINDS, Retention
from bot.gateway.state import StateFile
from knowledge.linguistics.masking import without_contact_data
from knowledge.messages import Kind, Message, Reply
from knowledge.settings import Settings


def rows(var, query):
    """What the state file says."""
    with closing(sqlite3.connect(var / "state.db")) as state:
        state.row_factory = sqlite3.Row
        return [dict(row) for row in state.execute(query)]


async def logged(var, count):
    """The logged questions, once there are that many."""
    for _ in range(500):
        found = rows(var, "SELECT * FROM question")
        if len(found) >= count:
            return found
        await asyncio.sleep(0.01)
    raise AssertionError(f"{count} questions were not logged")


def replying(channel, **reply):
    """Have the dialogue send this reply."""

    async def respond(question):
        said = Message(kind=Kind.ANSWER, text="65 Prozent", lang="en", confidence=0.87)
        whole = Reply(**{"message": said, "release": "2026-11-23", **reply})
        return web.json_response([{"custom": whole.model_dump(mode="json")}])

    channel.respond = respond


async def test_a_question_is_logged_with_what_came_of_it_and_without_who_asked(gateway, begin, channel, tmp_path):
    replying(channel)
    address = await begin(gateway)
    began = datetime.now(timezone.utc).replace(second=0, microsecond=0)
    await gateway.post(address, json={"text": "Quote? Antwort an eva@stadt.example, 0231 50-12345", "id": "m1"})
    (question,) = await logged(tmp_path, 1)
    reference, asked_at, seconds = (question.pop(name) for name in ("reference", "asked_at", "seconds"))
    assert question == {
        "text": "Quote? Antwort an …, …",
        "outcome": "answer",
        "confidence": 0.87,
        "release": "2026-11-23",
        "channel": "web",
        "lang": "en",
    }
    assert began <= datetime.fromisoformat(asked_at) <= datetime.now(timezone.utc)
    assert 0 < seconds < 5
    conversation = address.split("/")[3]
    assert len(reference) >= 32
    assert conversation not in str(rows(tmp_path, "SELECT * FROM question"))
    assert reference not in str([rows(tmp_path, f"SELECT * FROM {table}") for table in ("conversation", "turn")])


async def test_feedback_names_the_logged_question_and_no_conversation(gateway, begin, tmp_path):
    address = await begin(gateway)
    await gateway.post(address, json={"text": "Frage", "id": "m1"})
    feedback = {"message": "m1", "verdict": "down", "words": "Fragen Sie eva@stadt.example"}
    await gateway.post(address.replace("/messages", "/feedback"), json=feedback)
    (question,) = await logged(tmp_path, 1)
    (opinion,) = rows(tmp_path, "SELECT question, verdict, words FROM opinion")
    assert opinion == {"question": question["reference"], "verdict": "down", "words": "Fragen Sie …"}


@pytest.mark.parametrize(
    "reply",
    [
        {"is_private": True},
        {"message": Message(kind=Kind.TEXT, text="Hallo", lang="de", confidence=1)},
    ],
    ids=["private", "small talk"],
)
async def test_what_is_no_question_is_not_logged(gateway, begin, channel, tmp_path, reply):
    address = await begin(gateway)
    replying(channel, **reply)
    await gateway.post(address, json={"text": "eva"})
    replying(channel)
    await gateway.post(address, json={"text": "Frage"})
    assert [question["text"] for question in await logged(tmp_path, 1)] == ["Frage"]


async def test_a_failed_question_is_logged_until_it_is_answered(gateway, begin, channel, tmp_path):
    async def fail(_question):
        return web.Response(status=500)

    channel.respond = fail
    address = await begin(gateway)
    await gateway.post(address, json={"text": "Frage", "id": "m1"})
    assert [question["outcome"] for question in await logged(tmp_path, 1)] == ["error"]
    replying(channel)
    await gateway.post(address, json={"text": "Frage", "id": "m1"})
    for _ in range(500):
        if [question["outcome"] for question in rows(tmp_path, "SELECT outcome FROM question")] == ["answer"]:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("the answer was not logged")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("schreib an a.b+c@amt.stadt.de bitte", "schreib an … bitte"),
        ("Tel. +49 (0) 231 / 50-2 22 22", "Tel. …"),
        ("0171/1234567?", "…?"),
        ("vom 01.01.2024 bis 31.12.2027", "vom 01.01.2024 bis 31.12.2027"),
        ("730.000.000 Euro, 04109 Leipzig, 2019-07-10", "730.000.000 Euro, 04109 Leipzig, 2019-07-10"),
        ("DIN SPEC 91357, KfW 436, 0,5 Prozent", "DIN SPEC 91357, KfW 436, 0,5 Prozent"),
    ],
)
def test_contact_data_are_left_out(text, left):
    assert without_contact_data(text) == left


SAMPLES = """
CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id TEXT, timestamp REAL);
INSERT INTO conversation VALUES ('c{age}', 'de', '{at}');
INSERT INTO turn (conversation, id, text, asked_at) VALUES ('c{age}', 't', 'x', '{at}');
INSERT INTO events (sender_id, timestamp) VALUES ('c{age}', {seconds});
INSERT INTO event (channel, id, lane, question, urgent, body, state, received_at)
    VALUES ('x', 'e{age}', '', '', 0, '', 'done', '{at}');
INSERT INTO delivery VALUES ('x', 'e{age}', 0, 'r{age}', '', '', '', 0, 0, NULL, '{at}');
INSERT INTO handover VALUES ('c{age}', 't', 'office', 'sent', '{at}');
INSERT INTO question VALUES ('q{age}', 'x', 'answer', 1, '', 'web', 'de', '{at}', 1);
INSERT INTO opinion VALUES ('q{age}', 'up', '', '', '{at}');
"""


@pytest.mark.parametrize(("log_days", "kept"), [(0, {9}), (20, {9, 11})], ids=["alike", "questions longer"])
async def test_what_is_older_than_it_may_be_is_deleted_by_itself(start, tmp_path, log_days, kept):
    gateway = await start()
    await gateway.close()
    with closing(sqlite3.connect(tmp_path / "state.db")) as state:
        for age in (9, 11, 21):
            moment = datetime.now(timezone.utc) - timedelta(days=age)
            script = SAMPLES.format(age=age, at=moment.isoformat(timespec="milliseconds"), seconds=moment.timestamp())
            state.executescript(script if age == 9 else script.split(";", 1)[1])
        state.execute("INSERT INTO turn (conversation, id, text, asked_at) VALUES ('c11', 'new', 'y', '2999-01-01')")
        state.commit()
    await start(retention_days=10, question_retention_days=log_days)
    async with _patience():
        while len(rows(tmp_path, "SELECT 1 FROM opinion")) > len(kept):
            await asyncio.sleep(0.01)
    left = {kind.table: len(rows(tmp_path, f"SELECT 1 FROM {kind.table}")) for kind in KINDS}
    assert left == {
        "turn": 2,  # the young one of an old conversation stays, and with it the conversation
        "conversation": 2,
        "events": 1,
        "event": 1,
        "delivery": 1,
        "handover": 1,
        "question": len(kept),
        "opinion": len(kept),
    }


async def test_deletion_runs_again_and_again(tmp_path):
    state = await StateFile.open(tmp_path / "state.db", "CREATE TABLE event (received_at TEXT)")
    retention = Retention(state, Settings(var=tmp_path, retention_days=1), pause=0.02)
    retention.start()
    for _ in range(2):
        await state.call(state.connection.execute, "INSERT INTO event VALUES ('2020-01-01')")
        await state.call(state.connection.commit)
        async with _patience():
            while rows(tmp_path, "SELECT 1 FROM event"):
                await asyncio.sleep(0.01)
    await retention.close()
    await state.close()


class _patience:
    async def __aenter__(self):
        task = asyncio.current_task()
        self._handle = asyncio.get_running_loop().call_later(10, task.cancel)

    async def __aexit__(self, *_):
        self._handle.cancel()
