"""Lists and tables in words that every platform shows alike, and in parts that it takes."""

from collections.abc import Iterator

from knowledge.messages import Cell, Item, Row, Table


def cell_text(cell: Cell) -> str:
    """The words of a cell with the numbers of their sources: 'läuft [1]'."""
    return " ".join([cell.text, *(f"[{number}]" for number in cell.citations)])


def item_lines(item: Item) -> list[str]:
    """The title of an item, then its details, one a line."""
    return [item.title, *(cell_text(detail) for detail in item.details)]


def table_parts(table: Table, limit: int) -> Iterator[Table]:
    """The table in one or more with the same header, each with about `limit` characters or a single row."""
    rows: list[Row] = []
    length = 0
    for row in table.rows:
        size = len(row.head) + sum(len(cell_text(cell)) for cell in row.cells)
        if rows and length + size > limit:
            yield table.model_copy(update={"rows": rows})
            rows, length = [], 0
        rows.append(row)
        length += size
    yield table.model_copy(update={"rows": rows})
