"""How far quoted words bear an answer out."""

import numpy as np
import pytest

from knowledge.linguistics.terms import Terms
from knowledge.recognition.answer_types import wanted_type
from knowledge.retrieval.evidence import Evidence, evidence
from knowledge.retrieval.query_words import Word

TERMS = Terms.of_texts([])


def word(text: str, attributes: frozenset[str] = frozenset()) -> Word:
    stem = TERMS.passage_terms(text, "de")[0]
    return Word(text, 1.0, text[:1].isdigit(), {stem: 1.0}, (), 1.0, ((np.array([0]), 1.0),), 1, attributes)


def of(question: str, quoted: str, *, above: str = "", words: str = "", names: str = "") -> Evidence:
    return evidence(
        question,
        wanted_type(question),
        [word(one) for one in words.split()],
        quoted,
        quoted,
        above,
        lambda part: frozenset(TERMS.passage_terms(part, "de")),
        [word(one) for one in names.split()],
    )


@pytest.mark.parametrize(
    ("question", "quoted", "off"),
    [
        ("Was kostet die Anbindung?", "Die Anbindung kostet 70.000 Euro.", 0.0),
        ("Was kostet die Anbindung?", "Die Anbindung dauert lange.", 1.0),
        ("Wer leitet die Geschäftsstelle?", "Die Leitung hat Dr. Eva Muster.", 0.0),
        ("Wer leitet die Geschäftsstelle?", "Die GmbH ist ein Partner.", 1.0),
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


def test_a_name_that_the_passage_lacks_is_missed() -> None:
    question = "how many people sit on the Fachbeirat?"
    assert of(question, "Der Fachbeirat hat neun Mitglieder.", names="Fachbeirat").unnamed == 0.0
    assert of(question, "In der Stadt leben 140 Kulturen.", names="Fachbeirat").unnamed == 1.0
