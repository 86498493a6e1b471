"""`stadtlotse retrain` as an admin runs it: what breaks answers does not go live, and nothing that ends it harms."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot import audit
from bot.additions.own_sets import AcceptedUtterance, decide
from bot.retraining.building import folders_in_use
from bot.retraining.holds import held
from knowledge.answering.answers import Answerer, Context
from knowledge.encoding.embedding import Embedder
from knowledge.files.build_lock import sole_builder
from knowledge.indexing.stock import documents_folder
from knowledge.releases.release import Release, open_release
from knowledge.settings import PROJECT, Settings
from tests.installations import copy_release
from tests.processes import environment

RADWEGE = "# Radwegekonzept\n\nDer Radweg zwischen Musterau und Altendorf kostet 4,7 Millionen Euro.\n"
# What nobody can answer is a question of the shipped set; a document that seems to know breaks it.
WRONG = "# Fahrplan der Buslinien in Erfurt\n\nBus timetable Erfurt: on Sunday the bus leaves at nine.\n"


@pytest.fixture(scope="module")
def settings(release: Release, model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An installation with releases of its own."""
    var = tmp_path_factory.mktemp("var")
    copy_release(var, release, model_folder)
    return Settings(var=var, embedding_model="", actions_port=1)


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "bot.cli", *arguments]


def run(settings: Settings, *arguments: str, before: Sequence[str] = ()) -> tuple[int, str, str]:
    done = subprocess.run(
        [*before, *command(*arguments)],
        env=os.environ | environment(settings),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def retrained(settings: Settings, *arguments: str) -> tuple[int, Any]:
    code, said, errors = run(settings, "retrain", "--json", *arguments)
    assert said, errors
    return code, json.loads(said)


def write(settings: Settings, name: str, words: str) -> None:
    path = documents_folder(settings) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(words, encoding="utf-8")


def releases(settings: Settings) -> list[str]:
    return sorted(path.name for path in settings.releases.iterdir())


def test_what_is_right_goes_live_and_what_breaks_an_answer_does_not(settings: Settings, embedder: Embedder) -> None:
    code, found = retrained(settings)
    assert (code, found["status"]) == (0, "unchanged")

    write(settings, "radwege.md", RADWEGE)
    before = open_release(settings).id
    code, found = retrained(settings)
    assert (code, found["status"], found["base"]) == (0, "live", before), found
    assert found["diff"]["documents"]["added"] == ["radwege.md"]
    assert found["comparison"]["worse"] == []
    live = open_release(settings)
    assert live.id == found["release"]
    assert live.damage() == []
    assert json.loads((live.path / "evaluation.json").read_bytes())["questions"] == 200
    message = (
        Answerer.open(settings, embedder=embedder).answer("Was kostet der Radweg nach Altendorf?", Context()).message
    )
    assert "4,7 Millionen Euro" in message.text

    write(settings, "falsch.md", WRONG)
    code, refused = retrained(settings)
    assert (code, refused["status"]) == (3, "refused"), refused
    assert "bus timetable erfurt sunday" in {one["question"] for one in refused["comparison"]["worse"]}
    assert open_release(settings).id == live.id
    assert releases(settings) == sorted({before, live.id})
    assert held(settings, folders_in_use(settings)) is not None, "a restart would take it live"

    code, forced = retrained(settings, "--force", "weil ich es will")
    assert (code, forced["forced"]) == (0, "weil ich es will")
    manifest = open_release(settings).manifest
    assert manifest.forced is not None
    assert manifest.forced.reason == "weil ich es will"
    assert len(manifest.forced.broken) == len(refused["comparison"]["worse"])

    entries, damaged = audit.entries(settings)
    assert damaged == []
    told = [(entry.details["outcome"], entry.details["forced"], entry.details["worse"]) for entry in entries]
    lost = len(manifest.forced.broken)
    assert told == [("live", None, 0), ("refused", None, lost), ("live", "weil ich es will", lost)]

    code, said, _ = run(settings, "rollback", "--json")
    assert (code, json.loads(said)["release"]) == (0, live.id)
    assert open_release(settings).id == live.id
    (documents_folder(settings) / "falsch.md").unlink()
    assert held(settings, folders_in_use(settings)) is None


def test_accepted_examples_are_trained(settings: Settings) -> None:
    decide(settings, AcceptedUtterance(text="Moin moin aus Musterau", intent="greet"))
    code, found = retrained(settings)
    assert (code, found["status"]) == (0, "live"), found
    assert found["diff"]["dialogue"] is True
    assert retrained(settings)[1]["status"] == "unchanged"


def test_a_second_one_waits_or_says_so(settings: Settings) -> None:
    with sole_builder(settings, None):
        code, _, errors = run(settings, "retrain", "--no-wait")
        assert code == 4
        assert f"Process {os.getpid()}, begun at" in errors
        waiting = subprocess.Popen(
            command("retrain"), env=os.environ | environment(settings), cwd=PROJECT, stderr=subprocess.PIPE, text=True
        )
        assert waiting.stderr is not None
        assert any("waiting for its end" in waiting.stderr.readline() for _ in range(2))
        assert waiting.poll() is None
    waiting.stderr.close()
    assert waiting.wait(300) == 0


def test_killed_at_any_moment_it_leaves_the_live_release_and_the_next_is_clean(settings: Settings) -> None:
    live, kept = open_release(settings).id, releases(settings)
    write(settings, "neu.md", "# Neues\n\nDer Marktplatz von Musterau hat zwölf Linden.\n")
    chance = random.Random(7)
    for _ in range(4):
        process = subprocess.Popen(
            command("retrain"), env=os.environ | environment(settings), cwd=PROJECT, stderr=subprocess.DEVNULL
        )
        time.sleep(chance.uniform(1, 12))
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert open_release(settings).damage() == []
        if process.returncode == 0:  # it was through before
            break
        assert open_release(settings).id == live
    code, found = retrained(settings)
    assert code == 0, found
    assert set(releases(settings)) == {*kept, open_release(settings).id}
    assert not list(settings.var.glob(".current-*"))


def test_a_full_disk_is_one_sentence_and_changes_nothing(settings: Settings) -> None:
    live, kept = open_release(settings).id, releases(settings)
    write(settings, "voll.md", "# Voll\n\nDer Bahnhof von Musterau hat acht Gleise.\n")

    # No file may grow beyond 500 KB; `ulimit` counts in blocks of 1,024 bytes.
    code, _, errors = run(settings, "retrain", before=["bash", "-c", 'ulimit -S -f 488; exec "$@"', "bash"])
    assert code == 1
    assert "Traceback" not in errors
    assert "cannot be written" in errors
    assert (open_release(settings).id, releases(settings)) == (live, kept)
    assert retrained(settings)[0] == 0


def test_a_damaged_live_release_is_built_anew(settings: Settings) -> None:
    damaged = open_release(settings)
    (damaged.path / "passages.db").write_bytes(b"no database")
    code, found = retrained(settings)
    assert (code, found["status"]) == (0, "live"), found
    assert open_release(settings).id != damaged.id
    assert open_release(settings).damage() == []
    code, _, errors = run(settings, "rollback", damaged.id)
    assert code == 1
    assert "passages.db is not as it was built" in errors
