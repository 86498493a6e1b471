"""Printed words as lines, and lines as text."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from knowledge.reading.printed import Word

# A gap between words that no justified line has: in points, and in heights of its letters.
GAP = 9.0
_GAP_HEIGHTS = 1.3
_OPEN_ADDRESS = re.compile(r"(?:://|www\.)\S*[/\-_.#=&?]$")
# What stands before a list's item or a heading, and not in a table's first column.
LABEL = re.compile(r"[^\w\s]|o|[\uf000-\uf0ff]|\(?\w{1,3}[.)]|(?:\d{1,2}\.)+\d{0,2}|\d")


@dataclass(frozen=True)
class PrintedLine:
    """Words on one line of one column; `edge` is where the column's longest line ends."""

    words: tuple[Word, ...]
    edge: float = 0.0

    @property
    def text(self) -> str:
        """The words with blanks where there is room for them."""
        pieces = [self.words[0].text]
        for before, word in zip(self.words, self.words[1:], strict=False):
            apart = word.left - before.right >= 0.6 and word.text[0] not in ",.;:)"
            pieces.append(f" {word.text}" if apart else word.text)
        return "".join(pieces)

    @property
    def left(self) -> float:
        """Where it begins, in points from the page's left edge."""
        return self.words[0].left

    @property
    def right(self) -> float:
        """Where it ends."""
        return max(word.right for word in self.words)

    @property
    def base(self) -> float:
        """The height on which most of its letters stand."""
        return median(word.base for word in self.words)

    @property
    def size(self) -> float:
        """The size of its print."""
        return float(median(word.size for word in self.words))

    @property
    def bold(self) -> bool:
        """Whether all of it is in bold print."""
        return all(word.bold for word in self.words)

    @property
    def is_gapped(self) -> bool:
        """Whether it has a gap as between columns, other than after a number or bullet."""
        segments = segments_of(self)
        return len(segments) > 2 or (len(segments) == 2 and not LABEL.fullmatch(segments[0][-1].text))


@dataclass(frozen=True)
class PrintedTable:
    """Cells by row and column, those that span several standing in each; `base` is the height of its top."""

    grid: tuple[tuple[str, ...], ...]
    left: float
    right: float
    base: float


Part = PrintedLine | PrintedTable


def visual_lines(words: Iterable[Word]) -> list[PrintedLine]:
    """Words that stand on one height as lines over the whole width, from top to bottom; raised note marks left out."""
    rows: list[list[Word]] = []
    for word in sorted((word for word in words if word.upright), key=lambda word: (-word.base, word.left)):
        near = rows[-1] if rows else None
        if near and abs(median(one.base for one in near) - word.base) <= max(2.0, 0.45 * (word.top - word.base)):
            near.append(word)
        else:
            rows.append([word])
    lines = [_without_marks(sorted(row, key=lambda word: word.left)) for row in rows]
    following: list[Sequence[Word]] = [*lines[1:], []]
    return [
        PrintedLine(tuple(line)) for line, below in zip(lines, following, strict=False) if not _is_mark(line, below)
    ]


def _is_mark(line: Sequence[Word], below: Sequence[Word]) -> bool:
    """Whether a line is nothing but raised numbers of footnotes, in the line below it or before the note itself."""
    if not line or not below or not all(re.fullmatch(r"\d{1,3}", word.text) for word in line):
        return False
    size = median(word.size for word in below)
    is_raised = 0 < line[0].base - below[0].base < 0.6 * size
    return is_raised and (line[-1].size < 0.85 * size or (len(line) == 1 and line[0].right <= below[0].left + 2))


def _without_marks(row: list[Word]) -> list[Word]:
    size = median(word.size for word in row)
    kept: list[Word] = []
    for word in row:
        raised = kept and word.size < 0.85 * size and word.base > kept[-1].base + 0.15 * size
        if raised and re.fullmatch(r"\d{1,3}", word.text) and word.left - kept[-1].right < 0.4 * size:
            continue
        kept.append(word)
    return kept


def joined(lines: Sequence[str]) -> str:
    """Lines as one, words and addresses that were divided at a line's end whole again."""
    text = lines[0]
    for line in lines[1:]:
        if _OPEN_ADDRESS.search(text):
            text += line
            continue
        divided = re.search(r"[^\W\d_]{2,}-$", text)
        if divided and line[:1].islower() and not re.match(r"(?:und|oder|bzw\.|sowie|and|or)\b", line):
            text = text[:-1] + line
        elif divided and line[:1].isupper():
            text += line
        else:
            text = f"{text} {line}"
    return text


def gap_of(words: Sequence[Word]) -> float:
    """The least gap that divides columns, given the words of a line."""
    return max(GAP, _GAP_HEIGHTS * median(word.top - word.base for word in words))


def segments_of(line: PrintedLine) -> list[tuple[Word, ...]]:
    """A line's words in the pieces between its gaps."""
    segments: list[list[Word]] = [[line.words[0]]]
    gap = gap_of(line.words)
    for before, word in zip(line.words, line.words[1:], strict=False):
        if word.left - before.right >= gap:
            segments.append([])
        segments[-1].append(word)
    return [tuple(segment) for segment in segments]
