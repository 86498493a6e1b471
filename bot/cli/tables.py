"""Tables for people, plain where no terminal shows them."""

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text


class PlainTable(Table):
    """A table whose cells are shown as they are, without markup."""

    def add_row(self, *cells: str) -> None:  # type: ignore[override]  # cells are text here, nothing else
        """Add a row of plain texts."""
        super().add_row(*(Text(cell, overflow="fold") for cell in cells))


def plain_table(console: Console, *headings: str) -> PlainTable:
    """An empty table with these headings, in ASCII unless it goes to a terminal."""
    return PlainTable(*headings, box=box.ROUNDED if console.is_terminal else box.ASCII)
