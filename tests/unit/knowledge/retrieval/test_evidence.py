"""How far quoted words bear an answer out."""

from dataclasses import replace

import numpy as np
import pytest

from knowledge.linguistics.terms import Terms, stem
from knowledge.recognition.answer_types import AnswerType
from knowledge.recognition.wanted_type import wanted_type
from knowledge.retrieval.evidence import Evidence, evidence
from knowledge.retrieval.query_words import Word

TERMS = Terms.of_texts([])


def word(text: str, attributes: frozenset[str] = frozenset()) -> Word:
    own = TERMS.passage_terms(text, "de")[0]
    return Word(text, 1.0, text[:1].isdigit(), {own: 1.0}, (), 1.0, ((np.array([0]), 1.0),), 1, attributes)


def stems_of(part: str) -> frozenset[str]:
    return frozenset(TERMS.passage_terms(part, "de"))


def of(question: str, quoted: str, *, above: str = "", words: str = "", names: str = "") -> Evidence:
    return evidence(
        question,
        wanted_type(question),
        [word(one) for one in words.split()],
        quoted,
        quoted,
        above,
        stems_of,
        [word(one) for one in names.split()],
    )


@pytest.mark.parametrize(
    ("question", "quoted", "off"),
    [
        ("Was kostet die Anbindung?", "Die Anbindung kostet 70.000 Euro.", 0.0),
        ("Was kostet die Anbindung?", "Die Anbindung dauert lange.", 1.0),
        ("Wer leitet die Geschäftsstelle?", "Die Leitung hat Dr. Eva Muster.", 0.0),
        ("Wer leitet die Geschäftsstelle?", "Die GmbH ist ein Partner.", 1.0),
        ("Wer leitet das Amt?", "Projektleitung: Dr. Eva Muster, Amt für Karten", 1.0),
        ("Wer leitet den Umbau?", "Projektleitung: Dr. Eva Muster, Amt für Karten", 0.0),
        ("Wer ist dabei?", "Niemand.", 0.0),
        ("Wie lange lief die Umfrage 2021?", "Die Umfrage war 2021 ein Erfolg.", 1.0),
        ("Wie lange lief die Umfrage 2021?", "Die Umfrage lief bis 5. Mai 2021.", 0.0),
    ],
)
def test_words_without_the_type_that_is_asked_for_are_off_it(question: str, quoted: str, off: float) -> None:
    assert of(question, quoted).off_type == off


def test_what_is_counted_must_be_named_in_the_passage_or_above_it() -> None:
    question = "Wie viele Datensätze gibt es?"
    assert of(question, "Es sind 400 Datensätze.", words="Datensätze").uncounted == 0.0
    assert of(question, "Es sind 400.", above="Datensätze", words="Datensätze").uncounted == 0.0
    assert of(question, "Es sind neun Monate.", words="Datensätze").uncounted == 1.0


def test_what_is_counted_is_the_last_word_before_the_verb() -> None:
    question, words = "Wie viele Gateways hat Bergen?", "Gateways Bergen"
    assert of(question, "Bergen hat 30 Gateways.", words=words).uncounted == 0.0
    assert of(question, "Bergen hat 30 Schulen.", words=words).uncounted == 1.0


def test_a_count_stands_in_the_sentence_that_names_the_things() -> None:
    quoted = "Die Datensätze sind frei. Die Frist beträgt neun Monate."
    assert of("Wie viele Datensätze sind es?", quoted, words="Datensätze").uncounted == 1.0


def test_a_sum_counts_no_things() -> None:
    quoted = "Für die Schulen gab der Bund 5 Milliarden Euro."
    assert of("Wie viele Schulen gab es?", quoted, words="Schulen").off_type == 1.0


@pytest.mark.parametrize(
    ("quoted", "off"),
    [
        ("Es gibt 12 Schulen.", 0.0),
        ("Es gibt 12 kleine, meist alte Schulen.", 0.0),
        ("An Schulen kamen bis Mai 12 dazu.", 0.0),
        ("Die Schulen haben 900 Plätze.", 1.0),
        ("Die Schulen liegen 4 km auseinander.", 1.0),
        ("Für Schulen gilt Konv 37: frei.", 1.0),
        ("Schulen zählen 12 Personen dazu.", 0.0),
    ],
)
def test_a_number_counts_what_stands_behind_it(quoted: str, off: float) -> None:
    assert of("Wie viele Schulen gibt es?", quoted, words="Schulen").off_type == off


def test_a_number_for_a_period_is_told_for_one() -> None:
    question = "Wie viele Gäste kommen im Jahr?"
    assert of(question, "Im Mai kamen 46 Gäste.", words="Gäste").off_type == 1.0
    assert of(question, "Jährlich kommen 900 Gäste.", words="Gäste").off_type == 0.0
    assert of(question, "2024 kamen 900 Gäste.", words="Gäste").off_type == 0.0
    assert of(question, "Es kamen 900 Gäste (Muster, 2024).", words="Gäste").off_type == 1.0


def test_who_holds_an_office_is_told_where_that_is_named() -> None:
    question, words = "Wer ist Bürgermeister von Bergen?", "Bürgermeister Bergen"
    assert of(question, "Anwesend in Bergen: Frau Beispiel.", words=words).off_type == 1.0
    assert of(question, "Bürgermeister von Bergen: Frau Beispiel.", words=words).off_type == 0.0


def test_a_name_that_the_passage_lacks_is_missed() -> None:
    question = "how many people sit on the Fachbeirat?"
    assert of(question, "Der Fachbeirat hat neun Mitglieder.", names="Fachbeirat").unnamed == 0.0
    assert of(question, "In der Stadt leben 140 Kulturen.", names="Fachbeirat").unnamed == 1.0


def test_a_sum_stands_for_the_word_that_asks_for_it_where_nothing_else_is_missing() -> None:
    def told(quoted: str) -> float:
        words = [word("gekostet", frozenset(["budget"])), word("Brücke")]
        return evidence("Was hat die Brücke gekostet?", AnswerType.MONEY, words, quoted, quoted, "", stems_of).by_type

    assert told("Brücke: 40.000 Euro") == 0.5
    assert told("Tunnel: 40.000 Euro") == told("Die Brücke ist alt.") == 0.0


@pytest.mark.parametrize(
    ("question", "quoted", "undone"),
    [
        ("Wer hat die Halle gebaut?", "Die Halle ist beliebt.", 1.0),
        ("Wer hat die Halle gebaut?", "Die Halle wurde 1990 von Bergmann gebaut.", 0.0),
        ("Wer hat die Halle entworfen?", "Die Halle ist beliebt.", 1.0),
        ("Wer kann die Halle mieten?", "Die Halle ist beliebt.", 0.0),
    ],
)
def test_what_was_done_is_told_or_not(question: str, quoted: str, undone: float) -> None:
    assert of(question, quoted, words=question.strip("?").split(maxsplit=1)[1]).undone == undone


def test_the_words_of_the_question_before_are_told_apart() -> None:
    before = replace(word("Halle"), is_previous=True)
    found = evidence("Und das Foyer?", None, [word("Foyer"), before], "Das Foyer.", "Das Foyer.", "", stems_of)
    assert (found.told, found.told_own) == (0.5, 1.0)


def test_a_word_is_found_in_the_compounds_of_a_passage() -> None:
    unknown = replace(word("Bücherei"), stems={}, stem=stem("Bücherei", "de"))
    held = unknown.among([stem("Stadtbücherei", "de"), stem("Halle", "de")])
    assert list(held.stems) == [stem("Stadtbücherei", "de")]
