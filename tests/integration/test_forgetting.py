"""Forgetting a person while the whole bot runs: real dialogue, real tracker store."""

import json
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from bot.gateway.state import connect
from bot.processes.parts import address
from knowledge.settings import Settings
from tests.processes import eventually, post, serving, stadtlotse

SECRET = "Wie hoch ist die Quote für den Zzyzx-Radweg am Krähenbusch?"
OLD = "Was kostet die Brücke am Birkenstieg?"
OTHER = "Bis wann läuft die KTS?"


def _holding(folder: Path, words: str) -> list[str]:
    forms = {words.encode(), json.dumps(words)[1:-1].encode()}
    return [
        str(path.relative_to(folder))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and any(form in path.read_bytes() for form in forms)
    ]


def _logged(settings: Settings, words: str) -> int:
    with closing(connect(settings.state)) as connection:
        return int(connection.execute("SELECT count(*) FROM question WHERE text = ?", (words,)).fetchone()[0])


def _age(settings: Settings, conversation: str, days: int) -> None:
    """Have all of a conversation lie so many days back."""
    then = datetime.now(timezone.utc) - timedelta(days=days)
    with closing(connect(settings.state)) as connection, connection:
        words = "SELECT DISTINCT text FROM turn WHERE conversation = :id"
        values = {"id": conversation, "at": then.isoformat(), "seconds": then.timestamp()}
        for change in (
            f"question SET asked_at = :at WHERE text IN ({words})",
            "turn SET asked_at = :at WHERE conversation = :id",
            "conversation SET created_at = :at WHERE id = :id",
            "events SET timestamp = :seconds WHERE sender_id = :id",
        ):
            connection.execute(f"UPDATE {change}", values)


@pytest.fixture(scope="module")
def bot(install, tmp_path_factory):
    """The settings of a running bot of its own."""
    settings = install()
    with serving(settings, tmp_path_factory.mktemp("serve") / "output"):
        yield settings


def _talk(settings: Settings, words: str) -> str:
    """A conversation in which these words are said twice, with an opinion; its id."""
    base = address(settings)
    _, begun = post(f"{base}/api/conversations", {})
    conversation = str(begun["id"])
    for number in range(2):
        status, _ = post(f"{base}/api/conversations/{conversation}/messages", {"text": words, "id": f"m{number}"})
        assert status == 200
    return conversation


def test_no_byte_of_a_forgotten_person_is_left(bot, tmp_path):
    mine, theirs = _talk(bot, SECRET), _talk(bot, OTHER)
    var = bot.var
    eventually(lambda: _holding(var, SECRET) and _holding(var, OTHER), 30)
    early = tmp_path / "early.tar.gz"
    assert stadtlotse(bot, "backup", str(early)).returncode == 0
    assert stadtlotse(bot, "privacy", "export", mine).returncode == 0

    done = stadtlotse(bot, "privacy", "forget", mine, "--yes", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    deleted = json.loads(done.stdout)["deleted"]
    assert {"turn", "conversation", "events"} <= deleted.keys()
    assert stadtlotse(bot, "backup", str(tmp_path / "late.tar.gz")).returncode == 0
    for words in (SECRET, "Krähenbusch", mine):
        assert _holding(var, words) == []
    for backup in (early, tmp_path / "late.tar.gz"):
        there = Settings(var=tmp_path / backup.stem, port=1)
        restored = stadtlotse(there, "restore", str(backup))
        assert restored.returncode == 0, restored.stderr
        assert _holding(there.var, "Krähenbusch") == []
        assert _holding(there.var, theirs) != []

    assert _holding(var, OTHER)
    assert "2030" in json.dumps(
        post(f"{address(bot)}/api/conversations/{theirs}/messages", {"text": OTHER}), ensure_ascii=False
    )
    again = _talk(bot, "Und wer darf das beantragen?")
    assert again != mine
    assert stadtlotse(bot, "audit").returncode == 0


def test_no_byte_of_what_is_too_old_is_left(bot, tmp_path):
    old, new = _talk(bot, OLD), _talk(bot, OTHER)
    eventually(lambda: _holding(bot.var, OLD) and _holding(bot.var, OTHER), 30)
    eventually(lambda: _logged(bot, OLD) == 2, 30)
    _age(bot, old, days=31)
    early, late = tmp_path / "too-old.tar.gz", tmp_path / "purged.tar.gz"
    assert stadtlotse(bot, "backup", str(early)).returncode == 0
    purged = stadtlotse(bot, "purge", "--json")
    assert purged.returncode == 0, purged.stderr
    assert {"turn", "conversation", "events", "question"} <= json.loads(purged.stdout)["deleted"].keys()

    assert _holding(bot.var, "Birkenstieg") == _holding(bot.var, old) == []
    assert stadtlotse(bot, "backup", str(late)).returncode == 0
    for backup in (early, late):
        there = Settings(var=tmp_path / backup.stem, port=1)
        assert stadtlotse(there, "restore", str(backup)).returncode == 0
        assert _holding(there.var, "Birkenstieg") == []
        assert _holding(there.var, new) != []
    assert post(f"{address(bot)}/api/conversations/{old}/messages", {"text": OTHER})[0] == 404
    assert post(f"{address(bot)}/api/conversations/{new}/messages", {"text": OTHER})[0] == 200


def test_nothing_is_restored_while_the_bot_runs(bot, tmp_path):
    target = tmp_path / "b.tar.gz"
    assert stadtlotse(bot, "backup", str(target)).returncode == 0
    refused = stadtlotse(bot, "restore", str(target), "--yes")
    assert refused.returncode == 1
    assert "is at work" in refused.stderr
    assert post(f"{address(bot)}/api/conversations", {})[0] == 201
