"""The rows of a table that is written as text."""

import csv
from io import StringIO

_SEPARATORS = ";\t,|"


def csv_rows(text: str) -> tuple[tuple[str, ...], ...]:
    """Rows of a CSV file, German with ';' or other; empty ones left out."""
    first = text.lstrip().split("\n", 1)[0]
    separator = max(_SEPARATORS, key=first.count)
    rows = csv.reader(StringIO(text, newline=""), delimiter=separator)
    cells = (tuple(" ".join(cell.split()) for cell in row) for row in rows)
    return tuple(row for row in cells if any(row))
