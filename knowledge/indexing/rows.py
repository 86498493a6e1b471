"""Rows of tables as they stand in passages: one a line, its cells side by side, the table's header above."""

import re
from collections.abc import Sequence

CELL = " | "
# What stands in a row and heads no column; a year may.
_VALUE = re.compile(r"(?!(?:19|20)\d\d$)[\d.,:/ –-]*\d[\d.,:/ –-]*(?:%|€|Euro|EUR)?$|\S+@\S+$|https?://|www\.")
_UNIT = re.compile(
    r"(?:\((?:in )?(?P<unit>[^()\d]{1,20})\)|\bin (?P<plain>(?:(?:Mio|Tsd)\.? |T)?(?:Euro|EUR|€)|Prozent|%))$"
)
_LABEL = re.compile(r"[^\W\d_]{3}")
_ROW_NUMBER = re.compile(r"\d{1,3}\.?")
_FIGURE = re.compile(r"[\d.,]*\d")


def is_row(text: str) -> bool:
    """Whether a line of a passage is a row of a table."""
    return CELL in text


def named_cells(text: str, start: int) -> list[tuple[str, str]]:
    """The cells of the table row that begins at `start` in a passage's text, each with the name of its column.

    Empty cells are left out; the list is empty where no row of a table begins there, or only the table's header, and
    where what stands first in the table does not name its columns.
    """
    if start and text[start - 1] != "\n":
        return []
    header = _header(text[:start])
    row = text[start:].split("\n", 1)[0]
    if not header or not is_row(row):
        return []
    cells = row.split(CELL)
    named = [(name, cell) for name, cell in zip(header, cells, strict=False) if cell]
    return named if len(cells) <= len(header) else []


def label_place(cells: Sequence[str]) -> int:
    """The place of the cell that says what a row is about: the first that is no number and no mark, as the third is in
    '107 | P | Prüfsummenwert | …'.
    """
    return next((place for place, cell in enumerate(cells) if _LABEL.search(cell)), 0)


def labelled(text: str, start: int) -> str:
    """The row that begins at `start` in a passage's text, each cell after its column's name and with its unit.

    '3 | Maßnahme: Parkleitsystem | Budget (Euro): 240000 Euro': the row's own number counts nothing. The row as it is
    where its columns have no names.
    """
    cells = named_cells(text, start)
    if not cells:
        return text[start:].split("\n", 1)[0]
    number = [cells[0][1]] if _ROW_NUMBER.fullmatch(cells[0][1]) else []
    return CELL.join([*number, *(f"{name}: {cell}{_unit(name, cell)}" for name, cell in cells[len(number) :])])


def labelled_rows(text: str, start: int, end: int) -> str:
    """The words of a passage from `start` to `end`, rows of tables in them labelled."""
    lines: list[str] = []
    for line in text[start:end].split("\n"):
        is_whole = line and text[start : start + len(line) + 1].rstrip("\n") == line
        lines.append(labelled(text, start) if is_whole and is_row(line) else line)
        start += len(line) + 1
    return "\n".join(lines)


def _header(above: str) -> list[str]:
    """The names of the columns of the table that goes on below a text; empty where there are none."""
    header = ""
    for line in reversed(above.splitlines()):
        if not is_row(line):
            break
        header = line
    names = header.split(CELL) if header else []
    return [] if any(_VALUE.match(name) for name in names) else names


def _unit(name: str, cell: str) -> str:
    unit = _UNIT.search(name)
    return f" {unit['unit'] or unit['plain']}" if unit and _FIGURE.fullmatch(cell) else ""
