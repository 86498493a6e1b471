"""People are shown, exported and forgotten: afterwards no byte of theirs is left."""

import asyncio
import json
import subprocess
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
from aiohttp import ClientSession

from bot import audit
from bot.additions.own_sets import AcceptedUtterance, add_question, decide
from bot.backup.backup import make, restore
from bot.gateway.pseudonyms import Pseudonyms
from bot.gateway.state import connect
from bot.privacy.copies import copies
from bot.privacy.forgetting import forget, purge
from bot.privacy.people import People
from knowledge.encoding.embedding_cache import EmbeddingCache
from knowledge.evaluation.questions import KnownQuestion
from knowledge.messages import Kind, Message
from knowledge.settings import Settings
from tests import slack
from tests.processes import stadtlotse
from tests.unit.gateway.test_gateway_questions import logged, replying, rows

SECRET = "Zzyzx-Radweg am Krähenbusch"
OTHER = "Wie hoch ist die Quote bei Gorgonzola?"
# Rasa's tracker store makes this table; its rows hold what was said, too.
EVENTS = """
CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY, sender_id TEXT, timestamp REAL, data TEXT);
CREATE INDEX IF NOT EXISTS by_sender ON events (sender_id);
"""


def cli(var: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command over a folder, with no bot running."""
    return stadtlotse(Settings(var=var, port=1), *arguments)


def holding(folder: Path, words: str) -> list[str]:
    """The files in which the words stand, byte by byte."""
    forms = {words.encode(), json.dumps(words)[1:-1].encode()}
    return [
        str(path.relative_to(folder))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and any(form in path.read_bytes() for form in forms)
    ]


def tracked(var: Path, conversation: str, words: str, count: int = 200) -> None:
    """What Rasa's tracker store writes: many rows, so that pages are divided and copies of rows are left behind."""
    connection = connect(var / "state.db", (EVENTS,))
    connection.execute("PRAGMA secure_delete = OFF")  # as Rasa's own connection
    with connection:
        for number in range(count):
            connection.execute(
                "INSERT INTO events (id, sender_id, timestamp, data) VALUES (?, ?, ?, ?)",
                (None, conversation, datetime.now(timezone.utc).timestamp(), f"{number} {words} " + "x" * (number * 7)),
            )
        connection.execute("DELETE FROM events WHERE id % 3 = 0")
    connection.close()


async def talked(gateway, begin, var: Path, words: str) -> str:
    """A conversation with an opinion and the dialogue's memory of it; its id."""
    address = await begin(gateway)
    await gateway.post(address, json={"text": words, "id": "m1"})
    feedback = {"message": "m1", "verdict": "down", "words": f"Nein: {words}"}
    await gateway.post(address.replace("/messages", "/feedback"), json=feedback)
    conversation = address.split("/")[3]
    tracked(var, conversation, words)
    return str(conversation)


def _kept_by_retraining(settings: Settings, conversation: str) -> str:
    """What examinations and trainings keep of a question that became one of the operator's; its edited words."""
    edited = f"Was kostet der {SECRET}?"
    with People(settings) as people:
        asked = people.questions([conversation])
    add_question(settings, KnownQuestion(id="o", lang="de", kind="unanswerable", question=edited), asked)
    decide(settings, AcceptedUtterance(text=SECRET, intent="ask_question", asked=asked))
    cache = settings.var / "cache"
    (cache / "intents").mkdir(parents=True)
    (cache / "intents" / "1.json").write_text(json.dumps({SECRET: "ask_question", edited: "greet"}, ensure_ascii=False))
    (cache / "rasa").mkdir()
    (cache / "rasa" / "cache.db").write_text(SECRET)
    vectors = {text: np.array([1, 0], np.float32) for text in (SECRET, edited, OTHER)}
    EmbeddingCache(cache / "embeddings.db").put("model query", vectors)
    return edited


async def test_nothing_of_a_forgotten_person_is_left_in_any_file(gateway, begin, channel, tmp_path):
    var, settings = tmp_path, Settings(var=tmp_path)
    conversation = await talked(gateway, begin, var, SECRET)
    await talked(gateway, begin, var, OTHER)
    await logged(var, 2)
    (var / "logs").mkdir()
    (var / "logs" / "rasa.log").write_text(f"before\n{SECRET} failed\nafter\n", encoding="utf-8")
    release = var / "releases" / "2026-01-01"
    release.mkdir(parents=True)
    (release / "evaluation.json").write_text(json.dumps({"question": SECRET, "right": True}))
    edited = _kept_by_retraining(settings, conversation)
    export = await asyncio.to_thread(cli, var, "privacy", "export", conversation)
    assert export.returncode == 0, export.stderr
    assert holding(var, SECRET)
    assert holding(var, conversation)

    done = await asyncio.to_thread(forget, settings, conversation)

    assert holding(var, SECRET) == []
    assert holding(var, conversation) == []
    assert holding(var, edited) == []
    assert list(EmbeddingCache(var / "cache" / "embeddings.db").get("model query", [SECRET, edited, OTHER])) == [OTHER]
    assert not (var / "cache" / "rasa").exists()
    assert done.left == done.unreachable == []
    assert (var / "logs" / "rasa.log").read_text().endswith(" failed\nafter\n")
    assert json.loads((release / "evaluation.json").read_text())["right"] is True
    assert [row["text"] for row in rows(var, "SELECT text FROM question")] == [OTHER]
    assert len(rows(var, "SELECT 1 FROM opinion")) == 1
    answer = await gateway.post(await begin(gateway), json={"text": "Geht es noch?"})
    assert answer.status == 200


async def test_a_backup_made_before_is_cleaned_and_one_made_after_is_clean(gateway, begin, tmp_path):
    settings = Settings(var=tmp_path)
    conversation = await talked(gateway, begin, tmp_path, SECRET)
    await talked(gateway, begin, tmp_path, OTHER)
    outside = tmp_path.parent / f"{tmp_path.name}-backups"
    outside.mkdir()
    early, late = outside / "early.tar.gz", outside / "late.tar.gz"
    await asyncio.to_thread(make, settings, early)
    assert [copy.path for copy in copies(settings)] == [early]
    await asyncio.to_thread(forget, settings, conversation)
    await asyncio.to_thread(make, settings, late)
    for backup in (early, late):
        elsewhere = Settings(var=outside / f"restored-{backup.stem}", port=1)
        await asyncio.to_thread(restore, elsewhere, backup)
        assert holding(elsewhere.var, SECRET) == []
        assert holding(elsewhere.var, OTHER) != []


async def test_a_backup_that_was_moved_is_named_and_forgets_when_it_is_restored(gateway, begin, tmp_path):
    settings = Settings(var=tmp_path, port=1)
    conversation = await talked(gateway, begin, tmp_path, SECRET)
    outside = tmp_path.parent / f"{tmp_path.name}-backups"
    outside.mkdir()
    made, moved = outside / "a.tar.gz", outside / "b.tar.gz"
    await asyncio.to_thread(make, settings, made)
    made.rename(moved)
    done = await asyncio.to_thread(cli, tmp_path, "privacy", "forget", conversation, "--yes")
    assert done.returncode == 1
    assert str(made) in done.stdout
    await gateway.close()
    brought = await asyncio.to_thread(restore, settings, moved)
    assert brought.forgotten_again == 1
    assert holding(tmp_path, SECRET) == []


async def test_a_damaged_backup_does_not_keep_the_rest_from_being_forgotten(gateway, begin, tmp_path):
    settings = Settings(var=tmp_path, port=1)
    conversation = await talked(gateway, begin, tmp_path, SECRET)
    outside = tmp_path.parent / f"{tmp_path.name}-backups"
    outside.mkdir()
    await asyncio.to_thread(make, settings, outside / "a.tar.gz")
    (outside / "a.tar.gz").write_bytes((outside / "a.tar.gz").read_bytes()[:-500])
    done = await asyncio.to_thread(forget, settings, conversation)
    assert done.unreachable == [outside / "a.tar.gz"]
    assert holding(tmp_path, SECRET) == []


async def test_a_person_on_a_platform_is_found_by_the_platforms_id(start, monkeypatch, channel, tmp_path):
    server = slack.SlackServer()
    await server.server.start_server()
    monkeypatch.setenv("STADTLOTSE_SLACK_BOT_TOKEN", "xoxb-test")
    monkeypatch.setenv("STADTLOTSE_SLACK_SIGNING_SECRET", slack.SECRET)
    monkeypatch.setenv("STADTLOTSE_SLACK_API_URL", server.api_url)
    gateway = await start()
    async with ClientSession() as session:
        client = slack.SlackClient(session, str(gateway.make_url("/")))
        await client.event(slack.direct(SECRET, "1.1", user="U0PRIVATE77"), "Ev1")
        await client.event(slack.mention(f"noch einmal {SECRET}", "5.5", user="U0PRIVATE77"), "Ev2")
        await client.event(slack.mention(OTHER, "6.6", user="U2"), "Ev3")
        await server.wait_for("chat.postMessage", 3)
    settings = Settings(var=tmp_path)
    with People(settings) as people:
        mine = people.conversations("slack:U0PRIVATE77")
        assert len(mine) == 2
        kept = people.kept(mine)
    assert {turn.said for one in kept.conversations for turn in one.turns} == {SECRET, f"noch einmal {SECRET}"}
    await asyncio.to_thread(forget, settings, "slack:U0PRIVATE77")
    assert holding(tmp_path, SECRET) == []
    assert holding(tmp_path, "U0PRIVATE77") == []
    assert len(rows(tmp_path, "SELECT 1 FROM event")) == len(rows(tmp_path, "SELECT 1 FROM delivery")) == 1
    await server.server.close()


async def test_purge_leaves_no_byte_of_what_is_too_old(gateway, begin, channel, tmp_path):
    await talked(gateway, begin, tmp_path, SECRET)
    await talked(gateway, begin, tmp_path, OTHER)
    await logged(tmp_path, 2)
    outside = tmp_path.parent / f"{tmp_path.name}-backups"
    outside.mkdir()
    settings = Settings(var=tmp_path, port=1)
    old = datetime.now(timezone.utc) - timedelta(days=31)
    connection = connect(tmp_path / "state.db")
    with connection:
        for table, column, value in (
            ("turn", "asked_at", old.isoformat()),
            ("question", "asked_at", old.isoformat()),
            ("opinion", "at", old.isoformat()),
            ("conversation", "created_at", old.isoformat()),
            ("events", "timestamp", old.timestamp()),
        ):
            text = {"turn": "text", "question": "text", "opinion": "words", "events": "data"}.get(table)
            where = (
                f"{text} LIKE '%{SECRET}%'"
                if text
                else f"id IN (SELECT conversation FROM turn WHERE text = '{SECRET}')"
            )
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", (value,))
    connection.close()
    await asyncio.to_thread(make, settings, outside / "a.tar.gz")
    done = await asyncio.to_thread(purge, settings)
    assert holding(tmp_path, SECRET) == []
    assert holding(tmp_path, OTHER) != []
    assert done.deleted["turn"] == done.deleted["conversation"] == done.deleted["question"] == 1
    elsewhere = Settings(var=outside / "restored", port=1)
    assert (await asyncio.to_thread(restore, elsewhere, outside / "a.tar.gz")).too_old == 0
    assert holding(elsewhere.var, SECRET) == []


async def test_what_is_shown_is_what_was_said_and_the_log_names_nobody(gateway, begin, channel, tmp_path):
    said = Message(kind=Kind.ANSWER, text="65 Prozent", lang="de", confidence=0.9)
    replying(channel, message=said)
    conversation = await talked(gateway, begin, tmp_path, SECRET)
    await logged(tmp_path, 1)
    found = await asyncio.to_thread(cli, tmp_path, "privacy", "find", "krähenbusch", "--json")
    assert [one["conversation"] for one in json.loads(found.stdout)] == [conversation]
    shown = await asyncio.to_thread(cli, tmp_path, "privacy", "show", conversation)
    assert all(words in shown.stdout for words in (SECRET, "65 Prozent", f"Nein: {SECRET}"))
    exported = await asyncio.to_thread(cli, tmp_path, "privacy", "show", conversation, "--json")
    (turn,) = json.loads(exported.stdout)["conversations"][0]["turns"]
    assert (turn["said"], turn["in_question_log"], turn["answers"][0]["text"]) == (SECRET, True, "65 Prozent")
    entries, damaged = audit.entries(Settings(var=tmp_path))
    assert [entry.action for entry in entries] == ["privacy show", "privacy show"]
    assert damaged == []
    assert conversation not in (tmp_path / "audit.jsonl").read_text()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["privacy", "forget", "nobody"], "add --yes"),
        (["privacy", "forget", "nobody", "--yes"], "Nothing is kept under that name"),
        (["privacy", "show", "slack:U7"], "Nothing is kept under that name"),
        (["privacy", "export", "slack:U7"], "Nothing is kept under that name"),
    ],
)
async def test_mistakes_are_one_sentence(gateway, tmp_path, arguments, sentence):
    done = await asyncio.to_thread(cli, tmp_path, *arguments)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1


def test_keys_change_in_time_and_former_names_are_known_as_long_as_needed(tmp_path):
    path = tmp_path / "pseudonyms.key"
    pseudonyms = Pseudonyms.open(path)
    first = pseudonyms.name("slack", "C1", "U1")
    assert not pseudonyms.rotate(30, 60)
    _age(path, 31)
    pseudonyms = Pseudonyms.open(path)
    assert pseudonyms.name("slack", "C1", "U1") == first
    assert pseudonyms.rotate(30, 60)
    second = pseudonyms.name("slack", "C1", "U1")
    assert second != first
    assert Pseudonyms.open(path).names("slack", "C1", "U1") == [second, first]
    _age(path, 61)
    assert Pseudonyms.open(path).rotate(30, 60)
    left = Pseudonyms.open(path).names("slack", "C1", "U1")
    assert first not in left
    assert left[1:] == [second]
    assert path.stat().st_mode & 0o777 == 0o600


async def test_opinions_meet_their_questions_after_the_key_changed(start, begin, channel, tmp_path):
    gateway = await start()
    address = await begin(gateway)
    await gateway.post(address, json={"text": OTHER, "id": "m1"})
    await logged(tmp_path, 1)
    await gateway.close()
    _age(tmp_path / "pseudonyms.key", 31)
    gateway = await start()
    for _ in range(500):
        if len((tmp_path / "pseudonyms.key").read_text().splitlines()) == 2:
            break
        await asyncio.sleep(0.01)
    feedback = {"message": "m1", "verdict": "down"}
    await gateway.post(address.replace("/messages", "/feedback"), json=feedback)
    query = "SELECT 1 FROM question JOIN opinion ON opinion.question = question.reference"
    assert len(rows(tmp_path, query)) == 1


def _age(path: Path, days: int) -> None:
    """Have the keys be as many days older."""
    lines = [line.split() for line in path.read_text().splitlines()]
    moved = [(secret, datetime.fromisoformat(since) - timedelta(days=days)) for secret, since in lines]
    path.write_text("".join(f"{secret} {since.isoformat()}\n" for secret, since in moved))
