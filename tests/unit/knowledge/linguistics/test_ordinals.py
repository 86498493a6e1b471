"""Rounds, stages and lines that a question and a passage name."""

import pytest

from knowledge.linguistics.ordinals import contradicts, named_ordinals, with_other_ordinal, without_ordinals


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Budget der 4. Staffel", {("round", 4)}),
        ("in der zweiten Staffel", {("round", 2)}),
        ("Förderlinie 1 des mFUND", {("line", 1)}),
        ("the 3rd round of MPSC", {("round", 3)}),
        ("Stufe 2", {("stufe", 2)}),
        ("8. MPSC-Kongress", {("congress", 8)}),
        ("drei Staffeln seit 2019", set()),
        ("Phase A", set()),
        ("Runde 2018", set()),
    ],
)
def test_kind_and_number_are_found_in_all_spellings(text: str, named: set[tuple[str, int]]) -> None:
    assert named_ordinals(text) == named


def test_another_round_contradicts() -> None:
    assert contradicts("Budget der 4. Staffel", "Für die 3. Staffel stehen 300 Millionen Euro bereit.")


def test_a_passage_without_rounds_contradicts_too() -> None:
    assert contradicts("Budget der 4. Staffel", "Das Programmvolumen beträgt 820 Millionen Euro.")


def test_the_same_round_does_not() -> None:
    assert not contradicts("wann war die erste staffel", "In der 1. Staffel wurden 13 Projekte ausgewählt.")
    assert not contradicts("wann war das", "In der 1. Staffel wurden 13 Projekte ausgewählt.")


@pytest.mark.parametrize(
    ("question", "remark", "expected"),
    [
        ("wie viele bewarben sich in der 2.?", "und in der dritten?", "wie viele bewarben sich in der dritten?"),
        ("Frist der 2. Staffel", "und die 3. Staffel?", "Frist der 3. Staffel"),
        ("deadline of the 1st round", "and the second?", "deadline of the second round"),
        ("Frist der 2. Staffel", "und Phase 3?", None),
        ("Frist der 2. Staffel", "und das Motto der dritten?", None),
        ("Frist", "und in der dritten?", None),
    ],
)
def test_a_remark_exchanges_the_ordinal_of_a_question(question: str, remark: str, expected: str | None) -> None:
    assert with_other_ordinal(question, remark) == expected


def test_what_is_named_by_its_number_is_left_out() -> None:
    assert without_ordinals("Bewerbungen in der 2. Staffel von drei Staffeln").split() == [
        *("Bewerbungen", "in", "der", "von", "drei", "Staffeln"),
    ]
