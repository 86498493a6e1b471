"""Tables for people, plain where no terminal shows them."""

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

# Where no terminal says how wide it is, so that a line in a log or a pipe stays one.
_WIDE = 400
# With fewer columns a table of many is hard to read.
_NARROW = 100
_INDENT = 3


def wide_console() -> Console:
    """Standard output, as wide as the terminal or wide enough for a table where there is none."""
    console = Console()
    return console if console.is_terminal else Console(width=_WIDE)


def is_narrow(console: Console) -> bool:
    """Whether a terminal has too few columns for a table of many; `indented` lines serve there."""
    return console.is_terminal and console.width < _NARROW


def indented(console: Console, text: str, style: str = "") -> None:
    """Print a text below the line that it belongs to, each of its lines set in."""
    console.print(Padding(Text(text, style=style, overflow="fold"), (0, 0, 0, _INDENT), expand=False))


def shortened(text: str, length: int) -> str:
    """`text` without its middle where it is longer, as beginning and end tell titles apart: 'Richtlinie … 2024'."""
    if len(text) <= length:
        return text
    end = (length - 1) // 3
    return f"{text[: length - 1 - end].rstrip()}…{text[len(text) - end :].lstrip()}"


def counted(number: int, noun: str) -> str:
    """A number with its English noun: '1 page', '2 pages'."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


class PlainTable(Table):
    """A table whose cells are shown as they are, without markup."""

    def add_row(self, *cells: str) -> None:  # type: ignore[override]  # cells are text here, nothing else
        """Add a row of plain texts."""
        super().add_row(*(Text(cell, overflow="fold") for cell in cells))


def plain_table(console: Console, *headings: str) -> PlainTable:
    """An empty table with these headings, in ASCII unless it goes to a terminal."""
    return PlainTable(*headings, box=box.ROUNDED if console.is_terminal else box.ASCII)
