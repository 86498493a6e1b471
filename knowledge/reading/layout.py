"""The order in which a printed page is read: its lines by column, and its tables."""

from collections.abc import Sequence
from statistics import mean

from knowledge.reading.gaptables import with_gap_tables
from knowledge.reading.printed import PrintedPage, Rule, Word
from knowledge.reading.printedlines import Part, PrintedLine, PrintedTable, gap_of, visual_lines
from knowledge.reading.ruledtables import ruled_tables

_MIN_COLUMN_LINES = 5
_MIN_COLUMN_WORDS = 3.0


def page_parts(page: PrintedPage, words: Sequence[Word]) -> list[Part]:
    """The lines and tables of a page in reading order; `words` are those to read, running heads left out."""
    tables, rest = ruled_tables(page, words)
    return _in_columns([*visual_lines(rest), *tables], [rule for rule in page.rules if rule.is_level])


def _in_columns(parts: list[Part], rules: Sequence[Rule], depth: int = 0) -> list[Part]:
    """Parts from top to bottom, column by column where they stand in columns; `rules` may divide rows of tables."""
    parts = sorted(parts, key=lambda part: -part.base)
    gutter = _gutter([part for part in parts if isinstance(part, PrintedLine)]) if depth < 3 else None
    if gutter is None:
        return with_gap_tables(parts, rules)
    ordered: list[Part] = []
    sides: tuple[list[Part], list[Part]] = ([], [])
    for part in parts:
        split = _split(part, gutter)
        if split is None:
            ordered.extend(one for side in sides for one in _in_columns(side, rules, depth + 1))
            sides = ([], [])
            ordered.extend(with_gap_tables([part], rules))
        else:
            for side, piece in zip(sides, split, strict=True):
                side.extend([piece] if piece is not None else [])
    ordered.extend(one for side in sides for one in _in_columns(side, rules, depth + 1))
    return ordered


def _split(part: Part, gutter: float) -> tuple[Part | None, Part | None] | None:
    """A part's pieces left and right of a gutter; None where it crosses it."""
    if part.right <= gutter:
        return part, None
    if part.left >= gutter:
        return None, part
    if isinstance(part, PrintedTable):
        return None
    left = tuple(word for word in part.words if word.right <= gutter)
    right = tuple(word for word in part.words if word.left >= gutter)
    if len(left) + len(right) < len(part.words) or right[0].left - left[-1].right < gap_of(part.words):
        return None
    return PrintedLine(left), PrintedLine(right)


def _gutter(lines: Sequence[PrintedLine]) -> float | None:
    """The middle of the gap between two columns of running text, if the lines stand in columns."""
    if not lines:
        return None
    start, end = min(line.left for line in lines), max(line.right for line in lines)
    centres = {
        round((before.right + word.left) / 2)
        for line in lines
        for before, word in zip(line.words, line.words[1:], strict=False)
        if word.left - before.right >= gap_of(line.words)
        and start + 0.2 * (end - start) < before.right < start + 0.8 * (end - start)
    }
    best: tuple[int, float] | None = None
    for centre in sorted(centres):
        split = [_split(line, centre) for line in lines]
        both = [pair for pair in split if pair is not None and pair[0] is not None and pair[1] is not None]
        if len(both) < _MIN_COLUMN_LINES or sum(pair is None for pair in split) > len(both):
            continue
        counts = [[len(side.words) for side in pair if isinstance(side, PrintedLine)] for pair in both]
        if min(mean(count[0] for count in counts), mean(count[1] for count in counts)) < _MIN_COLUMN_WORDS:
            continue
        if best is None or len(both) > best[0]:
            best = (len(both), float(centre))
    return best[1] if best else None
