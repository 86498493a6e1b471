"""Lines of a document that a quote from its passage touches."""

import pytest

from knowledge.document import Passage
from knowledge.evaluation.sentences import SentenceCounts, quoted_lines

LINES = ["Titel", "Ja.", "Der Antrag ist\u00a0frei. Er kostet nichts.", "", "Ja.", "Bis Mai."]


def passage(text: str) -> Passage:
    return Passage(document_id="d", id=1, text=text, start=0, end=len(text), lang="de")


@pytest.mark.parametrize(
    ("text", "quoted", "lines"),
    [
        ("Ja.\nDer Antrag ist frei. Er kostet nichts.\nJa.\nBis Mai.", "Er kostet nichts.", {2}),
        ("Ja.\nDer Antrag ist frei. Er kostet nichts.\nJa.\nBis Mai.", "nichts.\nJa.", {2, 4}),
        ("Ja.\nBis Mai.", "Ja.", {4}),
        ("Er kostet nichts.\nJa.\nBis Mai.", "Er kostet nichts.\nJa.\nBis Mai.", {2, 4, 5}),
        ("Der Antrag ist frei.\nEr kostet nichts.\nJa.", "Er kostet nichts.", {2}),
        ("Titel", "Titel", {0}),
        ("Bis Mai.\nUmgestellt.\nJa.", "Umgestellt.\nJa.", {1}),
    ],
)
def test_a_quote_is_traced_to_its_lines(text: str, quoted: str, lines: set[int]) -> None:
    start = text.index(quoted)
    assert quoted_lines(LINES, passage(text), start, start + len(quoted)) == lines


def test_precision_and_recall_count_all_lines_together() -> None:
    counts = SentenceCounts()
    counts.add(frozenset({1, 2}), frozenset({2, 3, 4}))
    counts.add(frozenset({7}), frozenset({7}))
    counts.add(frozenset(), frozenset({1}))
    assert (counts.precision, counts.recall) == (2 / 3, 2 / 5)
    assert counts.f1 == pytest.approx(2 * (2 / 3) * (2 / 5) / (2 / 3 + 2 / 5))


def test_nothing_quoted_is_no_error() -> None:
    assert (SentenceCounts().precision, SentenceCounts().recall, SentenceCounts().f1) == (0, 0, 0)
