"""From the cells of a grid to a table whose every row can be read with its header."""

import itertools
import re
from collections.abc import Sequence

from knowledge.reading.blocks import Block, Paragraph, Table

_FIGURE = re.compile(r"[\d.,%€$+\-–\s]*\d[\d.,%€$+\-–\s]*")
# Pictures of tables that are used to place text hold whole paragraphs in their cells.
_LAYOUT_WORDS = 150


def table_blocks(
    grid: Sequence[Sequence[str]], *, headers: int | None = None, page: int | None = None, keyed: bool = False
) -> list[Block]:
    """A grid of cells, merged ones repeated in every place they cover, as a table or as what it is instead.

    `headers` is the number of header rows where the format marks them; `keyed` says that the first column names what
    the second holds. Several header rows become one, empty rows and columns are dropped, pairs of a name and its value
    become lines ('Name: Wert'), a first row in one cell becomes the title, and a single column becomes text.
    """
    rows = _without_empty_columns(
        [[" ".join(cell.split()) for cell in row] for row in grid if any(map(str.strip, row))]
    )
    if not rows:
        return []
    if len(rows) > 1 and len(rows[0]) > 1 and rows[0][0] and len(set(rows[0])) == 1:
        named = table_blocks(rows[1:], headers=headers - 1 if headers else None, page=page, keyed=True)
        return [Paragraph(rows[0][0], page), *named]
    if len(rows[0]) == 1 or (len(rows) == 1 and not headers):
        return [Paragraph(text, page) for row in rows if (text := _line(row))]
    if not headers and len(rows[0]) == 2 and (keyed or _names_values(rows)):
        return [Paragraph("\n".join(_pair(*row) for row in rows), page)]
    count = min(headers or _header_rows(rows), len(rows) - 1) or 1
    header = tuple(_combined([row[place] for row in rows[:count]]) for place in range(len(rows[0])))
    return [Table((header, *(_row(row) for row in rows[count:])), page)]


def _without_empty_columns(rows: list[list[str]]) -> list[list[str]]:
    width = max((len(row) for row in rows), default=0)
    full = [row + [""] * (width - len(row)) for row in rows]
    kept = [place for place in range(width) if any(row[place] for row in full)]
    return [[row[place] for place in kept] for row in full]


def _line(row: Sequence[str]) -> str:
    return " ".join(dict.fromkeys(cell for cell in row if cell))


def _row(row: Sequence[str]) -> tuple[str, ...]:
    """A row's cells; one that spans the whole row stands once."""
    return (row[0],) if len(row) > 2 and len(set(row)) == 1 else tuple(row)


def _names_values(rows: Sequence[Sequence[str]]) -> bool:
    return sum(row[0].endswith(":") for row in rows) > len(rows) / 2


def _pair(name: str, value: str) -> str:
    if not name or not value:
        return name or value
    return f"{name} {value}" if name.endswith((":", "?")) else f"{name}: {value}"


def _header_rows(rows: Sequence[Sequence[str]]) -> int:
    """A second header row stands below a first one that has merged cells, and holds no figures."""
    first = rows[0]
    merged = any(cell and cell == following for cell, following in itertools.pairwise(first))
    if not merged or len(set(first)) == 1 or len(rows) < 3:
        return 1
    return 1 if any(_FIGURE.fullmatch(cell) and len(cell) != 4 for cell in rows[1]) else 2


def _combined(cells: Sequence[str]) -> str:
    return " ".join(dict.fromkeys(cell for cell in cells if cell))


def is_layout(cells: Sequence[str]) -> bool:
    """Whether cells hold running text, so that their table only places it on the page."""
    return bool(cells) and max(len(cell.split()) for cell in cells) > _LAYOUT_WORDS
