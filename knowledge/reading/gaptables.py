"""Tables without lines, told by the gaps between their columns."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import mean

from knowledge.reading.printed import Rule
from knowledge.reading.printedlines import GAP, LABEL, Part, PrintedLine, PrintedTable, joined, segments_of
from knowledge.reading.ruledtables import marks_of

_MIN_TABLE_LINES = 3


def with_gap_tables(parts: list[Part], rules: Sequence[Rule]) -> list[Part]:
    """Parts with those runs of lines as tables whose words stand below each other between wide gaps."""
    found: list[Part] = []
    edge = max((part.right for part in parts if isinstance(part, PrintedLine)), default=0.0)
    place = 0
    while place < len(parts):
        run = _table_run(parts, place)
        table = _gap_table(run, rules) if len(run) >= _MIN_TABLE_LINES else None
        part = parts[place]
        if table is not None:
            found.append(table)
            place += len(run)
            continue
        found.append(PrintedLine(part.words, edge) if isinstance(part, PrintedLine) else part)
        place += 1
    return found


def _table_run(parts: Sequence[Part], start: int) -> list[PrintedLine]:
    """Lines that may be rows of one table: each has gaps, or begins below one of the columns after the first."""
    run: list[PrintedLine] = []
    starts: list[float] = []
    for part in parts[start:]:
        if not isinstance(part, PrintedLine):
            break
        segments = segments_of(part)
        begins = [segment[0].left for segment in segments]
        if not run:
            if len(segments) < 2 or (len(segments[0]) < 2 and LABEL.fullmatch(segments[0][0].text)):
                break
            starts = begins
        elif run[-1].base - part.base > 4.5 * max(part.size, 8):
            break
        shared = sum(any(abs(begin - mark) <= 4 for mark in starts[1:]) for begin in begins)
        if run and not shared and len(segments) > 1:
            break
        if run and len(segments) == 1 and (not shared or abs(begins[0] - starts[0]) <= 4):
            break
        run.append(part)
    return run


def _gap_table(run: Sequence[PrintedLine], rules: Sequence[Rule]) -> PrintedTable | None:
    rows = [line for line in run if len(segments_of(line)) > 1]
    if len(rows) < _MIN_TABLE_LINES:
        return None
    covered = _covered([(word.left, word.right) for line in run for word in line.words])
    if len(covered) < 2:
        return None
    starts = [left for left, _ in covered]
    heights = _dividing(rules, starts[0], covered[-1][1], run)
    grid: list[list[list[str]]] = []
    close = _close_step(run)
    above = run[0].base
    for line in run:
        divided = any(line.base < height < above for height in heights)
        step, above = above - line.base, line.base
        cells = ["" for _ in starts]
        for word in line.words:
            column = max(place for place, start in enumerate(starts) if start <= word.left + 1)
            cells[column] = f"{cells[column]} {word.text}".strip()
        begun = not divided if heights else not cells[0] or (step <= close and _goes_on(cells))
        if grid and begun:
            for held, text in zip(grid[-1], cells, strict=True):
                held.extend([text] if text else [])
        else:
            grid.append([[text] if text else [] for text in cells])
    texts = tuple(tuple(joined(cell) if cell else "" for cell in row) for row in grid)
    if len(texts) < 2 or mean(len(row[0].split()) for row in texts) > 6:
        return None
    return PrintedTable(texts, starts[0], covered[-1][1], run[0].base)


def _close_step(run: Sequence[PrintedLine]) -> float:
    """The most by which lines of one row are apart, where rows are further apart than that; 0 where they are not."""
    steps = [before.base - line.base for before, line in pairwise(run)]
    close = min(steps) * 1.06
    return close if sum(step > close for step in steps) * 3 >= len(steps) else 0.0


def _goes_on(cells: Sequence[str]) -> bool:
    """Whether cells do not begin a row: one is empty, or begins in the middle of a sentence."""
    return any(not cell or cell[0].islower() or cell[0] == "(" for cell in cells)


def _dividing(rules: Sequence[Rule], left: float, right: float, run: Sequence[PrintedLine]) -> list[float]:
    """The heights of ruled lines that divide the rows of a table, if there are more than the one below its header."""
    top, bottom = run[0].base, run[-1].base
    heights = [
        rule.bottom
        for rule in rules
        if bottom < rule.bottom < top and min(rule.right, right) - max(rule.left, left) > 0.8 * (right - left)
    ]
    marks = marks_of(heights)
    return marks if len(marks) > 1 else []


def _covered(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The stretches that words cover, apart by gaps that no line's words bridge."""
    covered: list[tuple[float, float]] = []
    for left, right in sorted(spans):
        if covered and left - covered[-1][1] < 0.7 * GAP:
            covered[-1] = (covered[-1][0], max(covered[-1][1], right))
        else:
            covered.append((left, right))
    return covered
