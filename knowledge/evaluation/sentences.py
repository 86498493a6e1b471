"""Which lines of a document are quoted, against those that a set says answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.document import Passage
from knowledge.linguistics.text import clean


@dataclass
class SentenceCounts:
    """Lines of all queries together: quoted, answering, and both."""

    quoted: int = 0
    answering: int = 0
    both: int = 0

    def add(self, quoted: frozenset[int], answering: frozenset[int]) -> None:
        """Count the lines of one query."""
        self.quoted += len(quoted)
        self.answering += len(answering)
        self.both += len(quoted & answering)

    @property
    def precision(self) -> float:
        """Share of the quoted lines that answer."""
        return self.both / self.quoted if self.quoted else 0.0

    @property
    def recall(self) -> float:
        """Share of the answering lines that are quoted."""
        return self.both / self.answering if self.answering else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.quoted + self.answering
        return 2 * self.both / total if total else 0.0


def quoted_lines(lines: Sequence[str], passage: Passage, start: int, end: int) -> frozenset[int]:
    """The numbers, from 0, of the document's lines that the characters `start` to `end` of its passage touch.

    `lines` are the document's as they were before reading cleaned them.
    """
    numbers: set[int] = set()
    parts = passage.text.split("\n")
    position = 0
    for part, number in zip(parts, _numbers(lines, parts), strict=True):
        if number is not None and position < end and position + len(part) > start:
            numbers.add(number)
        position += len(part) + 1
    return frozenset(numbers)


def _numbers(lines: Sequence[str], parts: Sequence[str]) -> list[int | None]:
    """For each line of a passage the number of the document's line of which it is the whole or a part."""
    filled = [(number, text) for number, line in enumerate(lines) if (text := clean(line))]
    for begin in range(len(filled)):
        in_a_row = _in_a_row(filled[begin:], parts)
        if in_a_row is not None:
            return in_a_row
    return [next((number for number, text in filled if part in text), None) for part in parts]


def _in_a_row(filled: Sequence[tuple[int, str]], parts: Sequence[str]) -> list[int | None] | None:
    """The lines' numbers where each part stands in the line of the part before or in the next one, from the first."""
    found: list[int | None] = []
    place = 0
    for part in parts:
        if found and part not in filled[place][1]:
            place += 1
        if place == len(filled) or part not in filled[place][1]:
            return None
        found.append(filled[place][0])
    return found
