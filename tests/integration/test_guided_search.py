"""The guided search through the gateway's API: real Rasa, its form, and the actions behind it."""

from collections.abc import Callable
from typing import Any

import pytest

from knowledge.texts import text

Ask = Callable[[str], list[dict[str, Any]]]
BEGIN = "Welche Förderung passt zu uns?"


def label(message: dict[str, Any]) -> str | None:
    """The step that a message asks for."""
    progress = message["progress"]
    return progress and progress["label"]


def test_by_buttons_to_the_end(ask: Ask) -> None:
    [message] = ask(BEGIN)
    for step, choice in (
        ("Land", "Hessen"),
        ("Kommune", "Landkreis"),
        ("Thema", "Verwaltung"),
        ("Vorhaben", "Beratung"),
    ):
        assert (message["kind"], label(message)) == ("choice", step)
        assert choice in [suggestion["payload"] for suggestion in message["suggestions"]]
        [message] = ask(choice)
    assert message["kind"] == "answer" and message["items"] and message["citations"]
    assert message["text"].startswith("Ihre Angaben: Hessen · Landkreise · Verwaltung · Beratung.")
    past = [item["is_past"] for item in message["items"]]
    assert past == sorted(past)
    [after] = ask("Wie hoch ist die Förderquote bei MPSC?")
    assert "65 Prozent" in after["text"]


def test_every_step_can_be_skipped(ask: Ask) -> None:
    ask(BEGIN)
    for words in ("überspringen", "egal", "weiß nicht"):
        [message] = ask(words)
        assert message["kind"] == "choice"
    [message] = ask("Überspringen")
    assert message["kind"] == "answer" and message["text"].startswith("Sie haben alle Fragen offengelassen.")


def test_what_the_question_says_already_is_not_asked(ask: Ask) -> None:
    [message] = ask("Welche Förderung passt zu einer kleinen Gemeinde in Hessen?")
    assert label(message) == "Thema" and "Hessen, Kleinstädte und Gemeinden" in message["text"]


def test_steps_are_changed_and_gone_back_to(ask: Ask) -> None:
    ask(BEGIN)
    ask("wir sind ein Landkreis in Hessen")
    [message] = ask("doch lieber Bayern")
    assert label(message) == "Thema" and "Geändert: Bayern" in message["text"]
    [message] = ask("zurück")
    assert label(message) == "Kommune"
    [message] = ask("land ändern")
    assert label(message) == "Land"
    ask("Sachsen")
    ask("12.000 Einwohner")
    ask("Mobilität")
    [message] = ask("weiter")
    assert "Sachsen · Kleinstädte und Gemeinden · Mobilität und Verkehr" in message["text"]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Was ist MPSC?", "Modellprojekte Smart Cities"),
        ("wie viele programme hat hessen", "Ich kenne 1 Programm in Hessen"),
        ("danke", text("de", "dialogue.thanks")),
    ],
)
def test_a_question_in_between_is_answered_and_the_search_goes_on(ask: Ask, question: str, answer: str) -> None:
    ask(BEGIN)
    ask("Hessen")
    told, asked = ask(question)
    assert answer in told["text"]
    assert (asked["kind"], label(asked)) == ("choice", "Kommune")
    [message] = ask("Landkreis")
    assert label(message) == "Thema"


def test_what_is_not_understood_is_asked_again_with_buttons(ask: Ask) -> None:
    ask(BEGIN)
    [message] = ask("hundepark")
    assert label(message) == "Land" and message["text"].startswith(text("de", "guidance.not_understood_land"))
    assert message["suggestions"]


def test_the_search_is_left_and_begun_anew(ask: Ask) -> None:
    ask(BEGIN)
    ask("Hessen")
    [message] = ask("abbrechen")
    assert message["text"] == text("de", "guidance.stopped")
    [again] = message["suggestions"]
    [message] = ask(again["payload"])
    assert label(message) == "Land"


def test_in_english(ask: Ask) -> None:
    [message] = ask("Which funding suits us?")
    assert (message["lang"], label(message)) == ("en", "Land")
    [message] = ask("Bavaria")
    assert "Noted: Bavaria" in message["text"]
    ask("District (Landkreis)")
    ask("skip")
    [message] = ask("strategy or concept")
    assert (message["kind"], message["lang"]) == ("answer", "en") and "Bavaria" in message["text"]
    assert message["items"] and all(citation["lang"] == "en" for citation in message["citations"])
