"""The dialogue with a real Rasa, a real action server and the starter library."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from ruamel.yaml import YAML

from actions.conversation import CONTEXT
from bot.evaluation.nlu import OWN_UTTERANCES, NluReport
from bot.processes import parts
from bot.processes.supervisor import Child
from knowledge.messages import Kind, Message, Reply
from knowledge.settings import PROJECT, Settings
from knowledge.texts import text
from tests.processes import environment, eventually, post, process, status

SMALL_TALK = {"greet", "goodbye", "thanks", "help", "who_are_you", "affirm", "deny"}


def examples(path: Path) -> list[tuple[str, str]]:
    """Utterances and their intents from a file in Rasa's format."""
    parsed = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return [
        (line.removeprefix("- ").strip(), block["intent"])
        for block in parsed["nlu"]
        for line in block["examples"].splitlines()
        if line
    ]


@dataclass
class Dialogue:
    """Rasa and the action server behind it, as the gateway sees them."""

    settings: Settings
    token: str
    logs: Path
    actions: Child
    actions_process: subprocess.Popen[bytes]
    running: ExitStack

    def post(self, path: str, body: object, token: str | None = None) -> tuple[int, Any]:
        """The status and the JSON that Rasa answers with."""
        url = f"http://127.0.0.1:{self.settings.rasa_port}{path}"
        return post(url, body, Authorization=f"Bearer {self.token if token is None else token}")

    def say(self, conversation: str, words: str, **metadata: str) -> list[Message]:
        """What the bot says to a message."""
        body = {"sender": conversation, "message": words, "metadata": metadata}
        code, replies = self.post("/webhooks/dialogue/webhook", body)
        assert code == 200
        return [Reply.model_validate(reply["custom"]).message for reply in replies]

    def intents(self, words: str) -> tuple[str, str]:
        """The intent that decides, and the likeliest one where Rasa is unsure."""
        _, parsed = self.post(f"/model/parse?token={self.token}", {"text": words})
        ranking = [intent["name"] for intent in parsed["intent_ranking"] if intent["name"] != "nlu_fallback"]
        return parsed["intent"]["name"], ranking[0]


@pytest.fixture(scope="module")
def dialogue(installation: Settings, rasa_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dialogue]:
    """A running Rasa with its action server, without gateway and supervisor."""
    logs = tmp_path_factory.mktemp("logs")
    parts.prepare_state(installation)
    rasa, actions, _ = parts.children(installation, rasa_model)
    with ExitStack() as running:
        running.enter_context(start(rasa, installation, logs))
        actions_process = running.enter_context(start(actions, installation, logs))
        token = rasa.environment["STADTLOTSE_TOKEN"]
        found = Dialogue(installation, token, logs, actions, actions_process, running)
        eventually(lambda: status(f"http://127.0.0.1:{installation.rasa_port}/webhooks/dialogue/") == 200)
        eventually(lambda: status(f"http://127.0.0.1:{installation.actions_port}/health") == 200)
        yield found


def start(child: Child, settings: Settings, logs: Path) -> AbstractContextManager[subprocess.Popen[bytes]]:
    """Run one part; what it says goes to `logs`."""
    variables = os.environ | environment(settings) | child.environment
    return process(list(child.command), variables, PROJECT, logs / child.log.name)


@pytest.fixture
def say(dialogue: Dialogue) -> Callable[..., Message]:
    """Talk in a conversation of one's own; every message gets exactly one reply."""
    conversation = uuid4().hex

    def say(words: str, **metadata: str) -> Message:
        [message] = dialogue.say(conversation, words, **metadata)
        return message

    return say


def test_held_out_utterances_are_understood(rasa_model: Path) -> None:
    held_out = examples(OWN_UTTERANCES)
    trained = {words.casefold() for path in (PROJECT / "bot/data/nlu").glob("*.yml") for words, _ in examples(path)}
    assert len(held_out) >= 400
    assert not [words for words, _ in held_out if words.casefold() in trained]

    asked = (
        "from pathlib import Path; from bot.evaluation.nlu import OWN_UTTERANCES, read, report;"
        f"print(report(read(Path({str(rasa_model)!r}), OWN_UTTERANCES, lambda done, of: None)).model_dump_json())"
    )
    # Rasa warns of much when it is loaded, so that it has a process of its own.
    done = subprocess.run([sys.executable, "-c", asked], cwd=PROJECT, capture_output=True, text=True, check=True)
    found = NluReport.model_validate_json(done.stdout.splitlines()[-1])
    assert found.intent_f1 >= 0.94, found.confusions
    assert found.entity_f1 >= 0.95, found.missed_entities


@pytest.mark.parametrize(
    "words",
    [
        "Hilft die KTS auch Städten ohne Förderbescheid?",
        "Was ist MPSC?",
        "wer ist soeren hoegel",
        "wer bist bei fiware dabei",
        "Was können Kommunen mit der LDT-Toolbox tun?",
        "hallo, was ist ein MIM?",
        "danke, und bis wann gilt das?",
        "ja, und wer zahlt das?",
        "who is behind CIVITAS?",
        "can you help me find the deadline for Hesse?",
        "Morgenstadt-Initiative",
        "wismar",
        "wie heißt die Plattform in Ulm?",
    ],
)
def test_question_is_not_taken_for_small_talk(dialogue: Dialogue, words: str) -> None:
    assert dialogue.intents(words)[0] not in SMALL_TALK


@pytest.mark.parametrize(
    ("words", "lang", "key"),
    [
        ("Guten Tag!", "de", "greet"),
        ("good morning", "en", "greet"),
        ("vielen lieben Dank, das hilft mir weiter", "de", "thanks"),
        ("thank you so much", "en", "thanks"),
        ("auf wiedersehen", "de", "goodbye"),
        ("bye, see you later", "en", "goodbye"),
        ("was kannst du alles?", "de", "help"),
        ("what can I ask you?", "en", "help"),
        ("wer bist du?", "de", "who_are_you"),
        ("are you a human?", "en", "who_are_you"),
    ],
)
def test_small_talk_in_the_language_of_the_message(
    say: Callable[..., Message], words: str, lang: str, key: str
) -> None:
    message = say(words)
    assert (message.kind, message.lang) == (Kind.TEXT, lang)
    assert message.text == text(message.lang, f"dialogue.{key}")
    assert message.citations == []


def test_language_of_the_page_decides_where_words_do_not(say: Callable[..., Message]) -> None:
    assert say("hi", lang="en").lang == "en"


def test_language_of_the_conversation_decides_where_words_do_not(say: Callable[..., Message]) -> None:
    say("What does the KTS do?")
    assert say("ok", lang="de").lang == "en"


def test_question_is_answered_with_its_source(say: Callable[..., Message]) -> None:
    message = say("Wie hoch ist die Förderquote bei den Modellprojekten Smart Cities?")
    assert message.kind == Kind.ANSWER
    assert "65 Prozent" in message.text
    assert any(citation.quote in message.text for citation in message.citations)


def test_follow_up_is_about_the_programme_before(say: Callable[..., Message]) -> None:
    say("Was ist MPSC?")
    message = say("und wie hoch ist die Förderquote?")
    assert message.kind == Kind.ANSWER
    assert "65 Prozent" in message.text


def test_small_talk_in_between_does_not_lose_the_subject(say: Callable[..., Message]) -> None:
    say("Was ist die KTS?")
    say("danke!")
    assert "2030" in say("und bis wann läuft die?").text


def test_yes_takes_up_the_first_offer(say: Callable[..., Message], dialogue: Dialogue) -> None:
    offered = say("hallo").suggestions[0].payload
    accepted = say("ja, gerne")
    [asked] = dialogue.say(uuid4().hex, offered)
    assert accepted.kind == Kind.ANSWER
    assert accepted.text == asked.text


def test_no_drops_the_offer(say: Callable[..., Message]) -> None:
    say("hallo")
    assert say("nein danke").text == text("de", "dialogue.deny")
    assert say("ja").text == text("de", "dialogue.affirm")


def test_yes_to_nothing_asks_for_the_question(say: Callable[..., Message]) -> None:
    assert say("ja bitte").text == text("de", "dialogue.affirm")


@pytest.mark.parametrize(
    "words",
    ["Wo beantrage ich einen Reisepass?", "what is the capital of Peru", "'; DELETE FROM events; --", "qwertz asdf"],
)
def test_what_nobody_knows_is_left_to_the_knowledge_base(say: Callable[..., Message], words: str) -> None:
    message = say(words)
    assert message.kind == Kind.ABSTENTION
    assert message.citations == []


@pytest.mark.parametrize(
    "words",
    ["/restart", "/greet", "/session_start", '/deny{"programme": "mpsc"}', "///", " /", "?", "🙂", "42", "ß" * 1000],
)
def test_strange_text_is_read_and_not_obeyed(say: Callable[..., Message], words: str) -> None:
    say("Was ist MPSC?")
    say(words)
    assert "65 Prozent" in say("wie hoch ist die Förderquote bei den Modellprojekten Smart Cities?").text


@pytest.mark.parametrize("token", ["", "wrong", "\u00df"])
def test_stranger_is_refused(dialogue: Dialogue, token: str) -> None:
    status, _ = dialogue.post("/webhooks/dialogue/webhook", {"sender": "a", "message": "hallo"}, token)
    assert status == 401


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer \u00df"}])
def test_stranger_cannot_run_actions(dialogue: Dialogue, headers: dict[str, str]) -> None:
    status, _ = post(f"http://127.0.0.1:{dialogue.settings.actions_port}/webhook", {}, **headers)
    assert status == 401


def test_a_connection_may_wait_for_its_request(dialogue: Dialogue) -> None:
    with socket.create_connection(("127.0.0.1", dialogue.settings.actions_port), timeout=10) as connection:
        time.sleep(8)  # as long as Rasa may need to send while many turns run; Sanic gives up after five
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"sender": "a"},
        {"sender": "", "message": "x"},
        {"sender": "a", "message": 7},
        {"sender": "a", "message": "x", "metadata": []},
    ],
)
def test_broken_turn_is_refused(dialogue: Dialogue, body: object) -> None:
    status, _ = dialogue.post("/webhooks/dialogue/webhook", body)
    assert status == 400


def test_one_slot_keeps_the_whole_context() -> None:
    slots = YAML(typ="safe").load((PROJECT / "domain.yml").read_text(encoding="utf-8"))["slots"]
    assert slots[CONTEXT] == {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]}


def test_without_action_server_the_reply_is_empty_and_nothing_is_forgotten(dialogue: Dialogue) -> None:
    conversation = uuid4().hex
    dialogue.say(conversation, "Was ist MPSC?")
    dialogue.actions_process.kill()
    dialogue.actions_process.wait()
    assert dialogue.say(conversation, "und wie hoch ist die Förderquote?") == []

    dialogue.actions_process = dialogue.running.enter_context(start(dialogue.actions, dialogue.settings, dialogue.logs))
    health = f"http://127.0.0.1:{dialogue.settings.actions_port}/health"
    eventually(lambda: status(health) is not None)
    # The port is open before the answerer is loaded: the question waits for it.
    [message] = dialogue.say(conversation, "und wie hoch ist die Förderquote?")
    assert "65 Prozent" in message.text


def test_no_text_of_a_person_is_logged(dialogue: Dialogue) -> None:
    for log in dialogue.logs.iterdir():
        written = log.read_text(encoding="utf-8", errors="replace")
        assert "Förderquote" not in written
        assert "Reisepass" not in written
