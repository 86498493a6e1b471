"""Tables inside ruled lines."""

import re
from collections.abc import Iterable, Sequence
from statistics import mean

from knowledge.reading.printed import PrintedPage, Rule, Word
from knowledge.reading.printedlines import PrintedTable, joined, visual_lines

# Lines meet where they come as near as this, in points.
_TOUCH = 2.0
_MAX_CELLS = 5000


def ruled_tables(page: PrintedPage, words: Sequence[Word]) -> tuple[list[PrintedTable], list[Word]]:
    """The tables inside grids of ruled lines, and the words outside them."""
    rules = [rule for rule in page.rules if rule.left > -5 and rule.right < page.width + 5]
    rules = [rule for rule in rules if rule.bottom > -5 and rule.top < page.height + 5]
    rest = list(words)
    tables: list[PrintedTable] = []
    drawn = _connected([rule for rule in rules if rule.drawn])
    for group in [*drawn, *_connected([rule for rule in rules if not rule.drawn])]:
        xs = marks_of([rule.left for rule in group] + [rule.right for rule in group if rule.is_level])
        ys = marks_of([rule.bottom for rule in group] + [rule.top for rule in group if not rule.is_level])
        if len(xs) < 3 or len(ys) < 2 or len(xs) * len(ys) > _MAX_CELLS:
            continue
        inside = [word for word in rest if _is_inside(word, xs, ys)]
        table = _table(group, xs, ys, inside)
        if table is not None:
            taken = set(map(id, inside))
            rest = [word for word in rest if id(word) not in taken]
            tables.append(table)
    return tables, rest


def _is_inside(word: Word, xs: Sequence[float], ys: Sequence[float]) -> bool:
    x, y = (word.left + word.right) / 2, (word.base + word.top) / 2
    return xs[0] - _TOUCH <= x <= xs[-1] + _TOUCH and ys[0] - _TOUCH <= y <= ys[-1] + _TOUCH


def _connected(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Rules in groups that touch each other."""
    parent = list(range(len(rules)))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    order = sorted(range(len(rules)), key=lambda place: rules[place].left)
    open_rules: list[int] = []
    for place in order:
        rule = rules[place]
        open_rules = [other for other in open_rules if rules[other].right >= rule.left - _TOUCH]
        for other in open_rules:
            if rules[other].bottom <= rule.top + _TOUCH and rules[other].top >= rule.bottom - _TOUCH:
                parent[root(other)] = root(place)
        open_rules.append(place)
    groups: dict[int, list[Rule]] = {}
    for place, rule in enumerate(rules):
        groups.setdefault(root(place), []).append(rule)
    return list(groups.values())


def marks_of(values: Iterable[float]) -> list[float]:
    """Values that lie near each other as one, in order."""
    marks: list[list[float]] = []
    for value in sorted(values):
        if marks and value - marks[-1][-1] <= 2 * _TOUCH:
            marks[-1].append(value)
        else:
            marks.append([value])
    return [mean(group) for group in marks]


def _table(rules: Sequence[Rule], xs: list[float], ys: list[float], words: Sequence[Word]) -> PrintedTable | None:
    columns, rows = len(xs) - 1, len(ys) - 1
    upright = [rule for rule in rules if not rule.is_level]
    level = [rule for rule in rules if rule.is_level]
    parent = {(row, column): (row, column) for row in range(rows) for column in range(columns)}

    def root(cell: tuple[int, int]) -> tuple[int, int]:
        while parent[cell] != cell:
            cell = parent[cell]
        return cell

    for row in range(rows):
        middle = (ys[row] + ys[row + 1]) / 2
        for column in range(columns):
            centre = (xs[column] + xs[column + 1]) / 2
            if column + 1 < columns and not any(
                abs(rule.left - xs[column + 1]) <= 2 * _TOUCH and rule.bottom <= middle <= rule.top for rule in upright
            ):
                parent[root((row, column + 1))] = root((row, column))
            if row + 1 < rows and not any(
                abs(rule.bottom - ys[row + 1]) <= 2 * _TOUCH and rule.left <= centre <= rule.right for rule in level
            ):
                parent[root((row + 1, column))] = root((row, column))
    held: dict[tuple[int, int], list[Word]] = {}
    for word in words:
        row = _slot(ys, (word.base + word.top) / 2)
        column = _slot(xs, (word.left + word.right) / 2)
        held.setdefault(root((row, column)), []).append(word)
    if len({root(cell) for cell in parent}) < 2 or len(held) < 2:
        return None
    texts = {cell: _cell_text(inside) for cell, inside in held.items()}
    shown = [
        column
        for column in range(columns)
        if not column or any(root((row, column)) != root((row, column - 1)) for row in range(rows))
    ]
    grid = tuple(
        tuple(texts.get(root((row, column)), "") for column in shown)
        for row in reversed(range(rows))
        if row + 1 == rows or any(root((row, column)) != root((row + 1, column)) for column in shown)
    )
    return PrintedTable(grid, xs[0], xs[-1], ys[-1])


def _slot(marks: Sequence[float], value: float) -> int:
    place = sum(mark <= value for mark in marks) - 1
    return min(max(place, 0), len(marks) - 2)


def _cell_text(words: Sequence[Word]) -> str:
    turned = " ".join(word.text for word in words if not word.upright)
    lines: list[str] = []
    for line in visual_lines(words):
        if lines and _is_divided_name(lines[-1], line.text):
            lines[-1] += line.text
        else:
            lines.append(line.text)
    return " ".join(part for part in [turned, joined(lines) if lines else ""] if part)


def _is_divided_name(above: str, line: str) -> bool:
    """Whether a technical name such as 'dct:LicenseDocument' was broken because its column is narrow."""
    whole = " " not in above and " " not in line and len(above) >= 8
    return whole and line[0].islower() and bool(re.search(r"\w:\w", above))
