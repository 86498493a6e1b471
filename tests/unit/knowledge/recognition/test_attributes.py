"""What people ask of a programme, and the words that say so."""

import pytest

from knowledge.factsheet import Attribute
from knowledge.recognition.attributes import asked_attributes


@pytest.mark.parametrize(
    ("question", "attribute", "said"),
    [
        (
            "Bis wann kann man Vereinsförderung beantragen?",
            Attribute.DEADLINE,
            {"bis", "wann", "kann", "man", "beantragen"},
        ),
        ("Bis wann lief die Bewerbung?", Attribute.DEADLINE, {"bis", "wann", "lief", "die", "bewerbung"}),
        ("Was muss eine Plattform können?", Attribute.REQUIREMENTS, {"was", "muss", "eine", "koennen"}),
        ("Wie hoch ist die Förderqoute?", Attribute.FUNDING_RATE, {"foerderqoute"}),
    ],
)
def test_the_thing_asked_about_is_no_word_for_an_attribute(question: str, attribute: Attribute, said: set[str]) -> None:
    assert {one.attribute: one.words for one in asked_attributes(question)}[attribute] == said
