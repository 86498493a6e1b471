"""Rows of a table as an answer shows them: under the names of their columns, with those that answer as well."""

import re
from dataclasses import dataclass

from knowledge import tuning
from knowledge.document import Passage
from knowledge.indexing.rows import is_row, label_place, named_cells
from knowledge.messages import Cell, Row, Table
from knowledge.retrieval.library import Library
from knowledge.retrieval.query import Query
from knowledge.retrieval.selection import Quote, share


@dataclass(frozen=True)
class ToldRow:
    """A row of a table in a passage, with the names of its columns."""

    passage: Passage
    words: Quote
    cells: list[tuple[str, str]]

    @property
    def label(self) -> int:
        """The place of the cell that says what the row is about."""
        return label_place([cell for _, cell in self.cells])


def told_row(passage: Passage, words: Quote) -> ToldRow | None:
    """The row that a quote consists of; None where it is none of a table with named columns, three or more.

    Two columns say the same side by side as under names.
    """
    start = words.end - len(words.text.rpartition("\n")[2])
    if any(not is_row(line) for line in words.text.split("\n")) or words.text.count("\n") > 1:
        return None
    return _row(passage, start)


def is_named(library: Library, query: Query, row: ToldRow) -> bool:
    """Whether a question names what a row is about: its rarest word stands in the row's label."""
    words = library.searcher.words(query)
    label = library.lexical.terms.stems(row.cells[row.label][1], row.passage.lang)
    rarest = max(words, key=lambda word: word.weight, default=None)
    return rarest is not None and share(rarest.stems, label) >= tuning.PART_OF_COMPOUND


def rows_alike(library: Library, query: Query, best: ToldRow, passages: list[Passage]) -> list[ToldRow]:
    """The rows of the same table that hold the same words of a question, the best one among them, in their order.

    They are looked for in these passages, those of other documents left out. Only the best where it holds none.
    """
    above = " ".join((library.document(best.passage).title, *best.passage.headings))
    terms = library.lexical.terms
    over = terms.stems(above, best.passage.lang)
    words = [word for word in library.searcher.words(query) if share(word.stems, over) < tuning.SYNONYM]

    def held(row: ToldRow) -> set[str]:
        stems = terms.stems(row.words.text, row.passage.lang)
        return {word.text for word in words if share(word.stems, stems) >= tuning.PART_OF_COMPOUND}

    wanted = held(best)
    columns = [name for name, _ in best.cells]
    places = {(one.document_id, one.id): one for one in passages if one.document_id == best.passage.document_id}
    rows = [row for _, passage in sorted(places.items()) for row in _rows(passage)]
    alike = [row for row in rows if row.words == best.words or (wanted and wanted <= held(row))]
    return [row for row in alike if {name for name, _ in row.cells} & set(columns)] or [best]


def table_of(rows: list[ToldRow], numbers: list[int]) -> Table:
    """Rows of one table, each with the number of its citation; what each is about is its head."""
    names = list(dict.fromkeys(name for row in rows for place, (name, _) in enumerate(row.cells) if place > row.label))
    shown: list[Row] = []
    for row, number in zip(rows, numbers, strict=True):
        cells = dict(row.cells)
        told = [Cell(text=cells.get(name, "–"), citations=[number] if name in cells else []) for name in names]
        shown.append(Row(head=row.cells[row.label][1], cells=told))
    return Table(caption=rows[0].passage.heading or "", header=names, rows=shown)


def _rows(passage: Passage) -> list[ToldRow]:
    starts = [0, *(match.end() for match in re.finditer("\n", passage.text))]
    return [row for start in starts if (row := _row(passage, start)) is not None]


def _row(passage: Passage, start: int) -> ToldRow | None:
    cells = named_cells(passage.text, start)
    if len(cells) < tuning.COLUMNS_WITH_NAMES:
        return None
    text = passage.text[start:].split("\n", 1)[0]
    return ToldRow(passage, Quote(text, start, start + len(text)), cells)
