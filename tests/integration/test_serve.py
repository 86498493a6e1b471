"""`stadtlotse serve` as an operator runs it: the whole bot, killed part by part and ended by Ctrl-C."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from bot.processes.parts import address
from knowledge.settings import Settings
from tests.processes import eventually, post, serving, stadtlotse, status

MODULES = ("bot.processes.dialogue_server", "actions", "bot.gateway")


@dataclass
class Bot:
    """A served bot."""

    settings: Settings
    supervisor: subprocess.Popen[bytes]
    log: Path

    @property
    def url(self) -> str:
        return address(self.settings)

    def post(self, path: str, body: object) -> Any:
        """The JSON that the gateway answers with."""
        code, answer = post(self.url + path, body)
        assert code in {200, 201}, answer
        return answer

    def ask(self, conversation: str, words: str) -> str:
        """What the bot says; asked again under the same id while a part is down, as the page does."""
        url = f"{self.url}/api/conversations/{conversation}/messages"
        body = {"text": words, "id": uuid4().hex}
        answers: list[str] = []

        def is_answered() -> bool:
            try:
                code, answer = post(url, body)
            except OSError:  # the gateway itself is down
                return False
            answers.extend(message["text"] for message in answer.get("messages", []))
            return code == 200

        eventually(is_answered)
        [said] = answers
        return said

    def pids(self) -> dict[str, int]:
        """The supervisor's own children by the module they run."""
        children = Path(f"/proc/{self.supervisor.pid}/task/{self.supervisor.pid}/children").read_text().split()
        found = {}
        for pid in children:
            arguments = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
            found |= {module: int(pid) for module in MODULES if module in arguments}
        return found


@pytest.fixture(scope="module")
def bot(installation: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    """The whole bot, ready."""
    log = tmp_path_factory.mktemp("serve") / "output"
    with serving(installation, log) as supervisor:
        yield Bot(installation, supervisor, log)


def test_start_builds_nothing_that_is_there_and_says_where_to_click(bot: Bot) -> None:
    until = time.monotonic() + 10
    while "Ctrl-C" not in (said := bot.log.read_text()) and time.monotonic() < until:
        time.sleep(0.1)  # the bot is ready a moment before it says how to end it
    assert "Training" not in said
    assert "Embedding" not in said
    assert f"http://localhost:{bot.settings.port}" in said
    assert "Ctrl-C ends it." in said


def test_chat_keeps_the_subject(bot: Bot) -> None:
    done = stadtlotse(bot.settings, "chat", words="Was ist MPSC?\nund wie hoch ist die Förderquote?\n")
    assert done.returncode == 0
    assert "65 Prozent" in done.stdout
    assert f"http://localhost:{bot.settings.port}/sources/" in done.stdout


def test_ask_prints_the_same_message_as_the_api(bot: Bot) -> None:
    question = "Wie hoch ist die Förderquote bei den Modellprojekten Smart Cities?"
    conversation = bot.post("/api/conversations", {})["id"]
    [message] = bot.post(f"/api/conversations/{conversation}/messages", {"text": question})["messages"]
    assert json.loads(stadtlotse(bot.settings, "ask", question, "--json").stdout) == message


def test_status_tells_what_runs(bot: Bot) -> None:
    found = json.loads(stadtlotse(bot.settings, "status", "--json").stdout)
    assert found["ready"] is True
    assert all(found["parts"].values())
    assert found["knowledge"]["passages"] > 0


def test_second_start_on_the_same_ports_is_one_sentence(bot: Bot) -> None:
    done = stadtlotse(bot.settings, "serve")
    assert done.returncode == 1
    assert done.stderr == f"Port {bot.settings.port} is in use; stop the other program or set STADTLOTSE_PORT.\n"


@pytest.mark.parametrize("module", MODULES)
def test_killed_part_comes_back_and_the_conversation_goes_on(bot: Bot, module: str) -> None:
    conversation = bot.post("/api/conversations", {})["id"]
    bot.ask(conversation, "Was ist MPSC?")
    before = bot.pids()[module]
    os.kill(before, signal.SIGKILL)
    assert "65 Prozent" in bot.ask(conversation, "und wie hoch ist die Förderquote?")
    assert bot.pids()[module] != before


def test_ctrl_c_ends_everything(bot: Bot) -> None:
    pids = bot.pids()
    assert set(pids) == set(MODULES)
    bot.supervisor.send_signal(signal.SIGINT)
    assert bot.supervisor.wait(30) == 0
    assert not [pid for pid in pids.values() if Path(f"/proc/{pid}").exists()]
    assert status(f"{bot.url}/healthz") is None


def test_chat_without_a_bot_is_one_sentence(bot: Bot) -> None:
    eventually(lambda: status(f"{bot.url}/healthz") is None)
    done = stadtlotse(bot.settings, "chat", words="hallo\n")
    assert done.returncode == 1
    assert done.stderr == f"No bot answers at {bot.url}; start it with 'stadtlotse serve' or give --url.\n"
