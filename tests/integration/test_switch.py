"""Another dialogue and another knowledge go live while people talk: no answer fails, is lost or comes twice."""

import gzip
import json
import os
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.processes.dialogue_port import dialogue_port
from bot.processes.parts import address
from knowledge.releases.release import DIALOGUE_MODEL, Release, candidate, open_release
from knowledge.settings import Settings
from tests.processes import eventually, free_ports, post, serving, stadtlotse, status

TALKERS = 4
PAUSE = 0.8
FIRST, SECOND = "Was ist MPSC?", "und wie hoch ist die Förderquote?"


@dataclass
class Talk:
    """Somebody who asks again and again in one conversation."""

    url: str
    stop: threading.Event
    asked: int = 0
    answers: list[str] = field(default_factory=list)
    failures: list[object] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        _, begun = post(f"{self.url}/api/conversations", {})
        self.messages = f"{self.url}/api/conversations/{begun['id']}/messages"
        self.thread = threading.Thread(target=self._talk)
        self.thread.start()

    def _talk(self) -> None:
        while not self.stop.is_set():
            for words, expected in ((FIRST, "Modellprojekte Smart Cities"), (SECOND, "65 Prozent")):
                began = time.monotonic()
                try:
                    code, answer = post(self.messages, {"text": words})
                except OSError as error:
                    self.failures.append(error)
                    continue
                self.asked += 1
                self.seconds.append(time.monotonic() - began)
                said = [message["text"] for message in answer.get("messages", [])]
                if code != 200 or len(said) != 1 or expected not in said[0]:
                    self.failures.append((words, code, answer))
                self.answers += said
                time.sleep(PAUSE)


@pytest.fixture(scope="module")
def own(release: Release, model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An installation whose releases are its own, so that going back and forth disturbs nobody."""
    var = tmp_path_factory.mktemp("var")
    (var / "models").symlink_to(model_folder.parent)
    (var / "releases").mkdir()
    shutil.copytree(release.path, var / "releases" / release.id, copy_function=os.link)
    (var / "current").symlink_to(Path("releases", release.id))
    port, rasa_port, actions_port = free_ports(3)
    return Settings(var=var, embedding_model="", port=port, rasa_port=rasa_port, actions_port=actions_port)


@pytest.fixture(scope="module")
def bot(own: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The bot; the file with what its supervisor says."""
    log = tmp_path_factory.mktemp("switch") / "output"
    with serving(own, log):
        yield log


@pytest.fixture
def talks(own: Settings, bot: Path) -> Iterator[list[Talk]]:
    stop = threading.Event()
    begun = [Talk(address(own), stop) for _ in range(TALKERS)]
    try:
        yield begun
    finally:
        stop.set()
        for talk in begun:
            talk.thread.join()


def other_dialogue(settings: Settings) -> str:
    """A release like the current one whose dialogue model is another file; made live."""
    with candidate(settings, "1") as draft:
        model = draft.path / DIALOGUE_MODEL
        content = gzip.decompress(model.read_bytes())
        model.unlink()
        model.write_bytes(gzip.compress(content, 1))
        draft.activate()
        return draft.manifest.id


def broken_dialogue(settings: Settings) -> None:
    with candidate(settings, "1") as draft:
        (draft.path / DIALOGUE_MODEL).unlink()
        (draft.path / DIALOGUE_MODEL).write_bytes(b"no model")
        draft.activate()


def rollback(settings: Settings, *arguments: str) -> Any:
    done = stadtlotse(settings, "rollback", "--json", *arguments)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def rasa_processes() -> int:
    found = 0
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            arguments = path.read_bytes().split(b"\0")
        except OSError:
            continue
        found += b"bot.processes.dialogue_server" in arguments
    return found


def assert_nothing_was_lost(talks: list[Talk]) -> None:
    for talk in talks:
        assert talk.failures == []
        assert len(talk.answers) == talk.asked > 0


def test_a_new_dialogue_takes_over_and_going_back_too(own: Settings, bot: Path, talks: list[Talk]) -> None:
    before, first_port, processes = open_release(own).id, dialogue_port(own), rasa_processes()
    time.sleep(5)
    after = other_dialogue(own)
    eventually(lambda: dialogue_port(own) != first_port, 240)
    eventually(lambda: status(f"http://127.0.0.1:{first_port}/webhooks/dialogue/") is None, 60)
    assert f"New turns go to the dialogue of release {after}" in bot.read_text()
    asked = [talk.asked for talk in talks]
    eventually(lambda: all(talk.asked > count + 2 for talk, count in zip(talks, asked, strict=True)))

    second_port = dialogue_port(own)
    found = rollback(own)
    assert (found["release"], found["taken_up"], found["dialogue_changes"]) == (before, True, True)
    eventually(lambda: dialogue_port(own) != second_port, 240)
    eventually(lambda: status(f"http://127.0.0.1:{second_port}/webhooks/dialogue/") is None, 60)
    asked = [talk.asked for talk in talks]
    eventually(lambda: all(talk.asked > count + 2 for talk, count in zip(talks, asked, strict=True)))
    assert rasa_processes() == processes
    assert_nothing_was_lost(talks)


def test_a_dialogue_that_does_not_start_leaves_the_one_that_runs(own: Settings, bot: Path, talks: list[Talk]) -> None:
    port = dialogue_port(own)
    broken_dialogue(own)
    eventually(lambda: "The new dialogue does not start; the one before goes on." in bot.read_text(), 120)
    assert dialogue_port(own) == port
    rollback(own)
    asked = [talk.asked for talk in talks]
    eventually(lambda: all(talk.asked > count + 2 for talk, count in zip(talks, asked, strict=True)))
    assert_nothing_was_lost(talks)
