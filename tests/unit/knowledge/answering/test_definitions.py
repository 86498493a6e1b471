"""Questions for what a word means, and what says it."""

import pytest

from knowledge.answering.definitions import definition, explained_term, explains, meaning_asked
from knowledge.messages import Kind


@pytest.mark.parametrize(
    ("question", "term"),
    [
        ("was heißt kofinanzierung", "kofinanzierung"),
        ("Was bedeutet denn ein Eigenanteil?", "eigenanteil"),
        ("und was heißt JTF?", "jtf"),
        ("Wofür steht BMWSB?", "bmwsb"),
        ("Was versteht man unter einer Haushaltsnotlage?", "haushaltsnotlage"),
        ("what does co-funding mean?", "co-funding"),
        ("What does LDT stand for?", "ldt"),
    ],
)
def test_the_word_is_found_whose_meaning_is_asked_for(question: str, term: str) -> None:
    assert meaning_asked(question) == term


@pytest.mark.parametrize(
    "question",
    [
        "Was bedeutet das?",
        "Was bedeutet der Name?",
        "Wie heißt das Projekt in Köln?",
        "Was heißt das für Kommunen, die schon gefördert werden?",
        "Wie hoch ist der Eigenanteil?",
        "what does it mean?",
    ],
)
def test_other_questions_ask_for_no_meaning(question: str) -> None:
    assert meaning_asked(question) is None


def test_what_something_is_may_be_asked_of_a_word_but_not_of_the_one_in_question() -> None:
    assert explained_term("Was ist ein Zuwendungsbescheid?") == "zuwendungsbescheid"
    assert explained_term("what is a funding rate?") == "funding rate"
    assert explained_term("Was ist der Eigenanteil?") is None
    assert explained_term("What is the funding rate?") is None


@pytest.mark.parametrize(
    "quoted",
    [
        "KoSIT steht für Koordinierungsstelle für IT-Standards.",
        "Das ist lang her. Die KoSIT ist eine Stelle in Bremen.",
        "KoSIT: Koordinierungsstelle für IT-Standards",
    ],
)
def test_a_sentence_on_the_word_explains_it(quoted: str) -> None:
    assert explains(quoted, "kosit")


@pytest.mark.parametrize("quoted", ["Betrieben wird XÖV von der KoSIT.", "Gas | 60 Prozent"])
def test_a_sentence_that_merely_holds_the_word_does_not(quoted: str) -> None:
    assert not explains(quoted, "kosit")


def test_the_glossary_explains_in_words_that_say_they_are_none_of_a_source() -> None:
    message = definition("eigenanteils", "de")
    assert message is not None and message.kind is Kind.TEXT and not message.citations
    assert message.text.startswith("Eigenanteil") and "nicht aus einer Quelle" in message.text
    assert definition("landesgruppe", "de") is None
