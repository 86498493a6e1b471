"""How sure an answer is, by what speaks for it."""

from dataclasses import replace
from typing import Any

import pytest

from knowledge.retrieval.confidence import Signals, confidence, signals
from knowledge.retrieval.search import Hit
from tests.unit.knowledge.samples import passage

FOUND = Signals(nearness=0.5, lead=0.1, coverage=0.5, attribute=0.0, missing_number=0.0, across_languages=0.0)
HIT = Hit(
    passage=passage("Die Förderquote beträgt 65 Prozent."),
    score=0.6,
    nearness=0.7,
    windows=(),
    lexical=0.5,
    coverage=0.8,
    attribute=True,
    in_focus=False,
    missing_numbers=frozenset(),
    unknown=0.0,
    content=0.5,
)


@pytest.mark.parametrize("changes", [{"nearness": 0.8}, {"lead": 0.3}, {"coverage": 0.9}, {"attribute": 1.0}])
def test_what_speaks_for_an_answer_makes_it_surer(changes: dict[str, float]) -> None:
    assert 0 < confidence(FOUND) < confidence(replace(FOUND, **changes)) < 1


def test_a_missing_number_makes_it_less_sure() -> None:
    assert confidence(replace(FOUND, missing_number=1.0)) < confidence(FOUND)


def hit(**changes: Any) -> Hit:
    return replace(HIT, **changes)


def test_signals_are_those_of_the_best_hit_against_the_typical_one() -> None:
    found = signals([hit(), hit(nearness=0.4, coverage=0.1), hit(nearness=0.2)], "de")
    assert found == Signals(0.7, pytest.approx(0.3), 0.8, 1.0, 0.0, 0.0)


def test_words_tell_nothing_across_languages() -> None:
    found = signals([hit()], "en")
    assert (found.coverage, found.across_languages) == (0.0, 1.0)


def test_numbers_that_the_best_hit_lacks_are_a_signal() -> None:
    assert signals([hit(missing_numbers=frozenset({"2030"})), hit()], "de").missing_number == 1.0
    assert signals([hit(), hit(missing_numbers=frozenset({"2030"}))], "de").missing_number == 0.0
