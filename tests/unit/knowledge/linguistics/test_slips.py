"""Words that look like a slip for another and are none."""

import pytest

from knowledge.linguistics.slips import is_another_compound


@pytest.mark.parametrize("word", ["digitalamt", "digitalamts", "digitalrat"])
def test_a_compound_with_an_end_of_its_own_is_another_word(word: str) -> None:
    assert is_another_compound(word, "digitalpakt")


@pytest.mark.parametrize("word", ["digitalpackt", "digitalpat", "digtalpakts"])
def test_a_slip_in_a_name_stays_one(word: str) -> None:
    assert not is_another_compound(word, "digitalpakt")


def test_the_same_end_is_no_difference() -> None:
    assert not is_another_compound("digtalamt", "digitalamt")
