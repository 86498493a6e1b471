"""A disk of its own that fills up, and cannot be written, below a running bot: people are answered all the while."""

import contextlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.processes.parts import address
from knowledge.indexing.stock import documents_folder
from knowledge.releases.release import Release, open_release
from knowledge.settings import Settings
from tests.installations import copy_release
from tests.processes import free_ports, post, serving, stadtlotse

DISK_MEGABYTES = 320
QUESTION, ANSWER = "Wie hoch ist die Förderquote bei MPSC?", "65 Prozent"


def mount(*arguments: str) -> bool:
    return subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A small disk."""
    folder = tmp_path_factory.mktemp("disk")
    if not mount("-t", "tmpfs", "-o", f"size={DISK_MEGABYTES}m", "tmpfs", str(folder)):
        pytest.skip("this user may not mount a disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture(scope="module")
def settings(disk: Path, release: Release, model_folder: Path) -> Settings:
    """An installation on the small disk; the model, which is only read, lies elsewhere."""
    var = disk / "var"
    copy_release(var, release, model_folder)
    port, rasa_port, actions_port = free_ports(3)
    return Settings(var=var, embedding_model="", port=port, rasa_port=rasa_port, actions_port=actions_port)


@pytest.fixture(scope="module")
def bot(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(settings, tmp_path_factory.mktemp("bot") / "output"):
        yield address(settings)


def assert_answers(bot: str, times: int = 5) -> None:
    for _ in range(times):
        status, begun = post(f"{bot}/api/conversations", {})
        assert status == 201, begun
        status, body = post(f"{bot}/api/conversations/{begun['id']}/messages", {"text": QUESTION})
        assert status == 200, body
        assert ANSWER in body["messages"][0]["text"]


def assert_refused(settings: Settings, words: str) -> None:
    """A retraining says what is wrong in one sentence and leaves everything as it was."""
    live, kept = open_release(settings).id, sorted(path.name for path in settings.releases.iterdir())
    done = stadtlotse(settings, "retrain")
    assert done.returncode == 1, done.stdout
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert open_release(settings).id == live
    assert sorted(path.name for path in settings.releases.iterdir()) == kept


def named_by_the_doctor(settings: Settings) -> dict[str, str]:
    done = stadtlotse(settings, "doctor", "--json")
    return {one["check"]: one["sentence"] for one in json.loads(done.stdout) if one["state"] == "wrong"}


def fill(disk: Path) -> Path:
    """Take all room there is."""
    ballast = disk / "ballast"
    # Without a buffer: what one holds when the disk is full, closing the file would try to write again.
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(65536))
    assert shutil.disk_usage(disk).free < 65536
    return ballast


def test_a_full_disk(settings: Settings, disk: Path, bot: str) -> None:
    assert_answers(bot, 1)
    documents_folder(settings).mkdir(parents=True, exist_ok=True)
    (documents_folder(settings) / "linden.md").write_text("# Linden\n\nDer Marktplatz von Musterau hat 8 Linden.\n")
    ballast = fill(disk)
    assert "make room" in " ".join(named_by_the_doctor(settings).values())
    assert_answers(bot)
    assert_refused(settings, "make room")
    assert "make room" in " ".join(named_by_the_doctor(settings).values())
    assert_answers(bot)

    ballast.unlink()
    done = stadtlotse(settings, "retrain", "--json")
    assert done.returncode == 0, done.stderr
    assert "linden.md" in done.stdout
    assert_answers(bot, 1)


def test_releases_that_cannot_be_written(settings: Settings, bot: str) -> None:
    (documents_folder(settings) / "linden.md").write_text("# Linden\n\nDer Marktplatz von Musterau hat 9 Linden.\n")
    releases = str(settings.releases)
    assert mount("--bind", releases, releases) and mount("-o", "remount,bind,ro", releases)
    try:
        assert_refused(settings, "it is mounted read-only; mount it writable")
        assert "releases cannot be written" in named_by_the_doctor(settings)["folder"]
        assert_answers(bot)
    finally:
        subprocess.run(["umount", "--lazy", releases], check=True)
    done = stadtlotse(settings, "retrain", "--json")
    assert done.returncode == 0, done.stderr
    assert_answers(bot, 1)
