"""The passages of a release in SQLite: written once by the build, then only read."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic_core import from_json

from knowledge.document import Document, Passage
from knowledge.errors import StadtlotseError
from knowledge.filters import Filter
from knowledge.releases.release import COLUMNS

if TYPE_CHECKING:  # the gateway reads single passages and does without the columns and what they are made of
    import numpy as np
    import numpy.typing as npt

    from knowledge.releases.columns import Columns

_SCHEMA = """
CREATE TABLE document (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, lang TEXT NOT NULL, as_of TEXT, kind TEXT NOT NULL, path TEXT NOT NULL,
    sha256 TEXT NOT NULL, origins TEXT NOT NULL, has_pages INTEGER NOT NULL, publisher TEXT, date TEXT, year INTEGER,
    version TEXT, names TEXT NOT NULL, genre TEXT, laender TEXT NOT NULL, programmes TEXT NOT NULL,
    also_in TEXT NOT NULL, "group" TEXT NOT NULL, valid_until TEXT, number INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE passage (
    number INTEGER PRIMARY KEY, document_id TEXT NOT NULL REFERENCES document (id), id INTEGER NOT NULL,
    text TEXT NOT NULL, headings TEXT NOT NULL, page INTEGER, start INTEGER NOT NULL, end INTEGER NOT NULL,
    lang TEXT NOT NULL, as_of TEXT, origins TEXT NOT NULL, fact TEXT, attribute TEXT,
    programmes TEXT NOT NULL,
    UNIQUE (document_id, id)
);
CREATE INDEX fact_passage ON passage (number) WHERE fact IS NOT NULL;
"""
_DOCUMENT = (
    "id",
    "title",
    "lang",
    "as_of",
    "kind",
    "path",
    "sha256",
    "origins",
    "has_pages",
    "publisher",
    "date",
    "year",
    "version",
    "names",
    "genre",
    "laender",
    "programmes",
    "also_in",
    "group",
    "valid_until",
)
_PASSAGE = (
    "document_id",
    "id",
    "text",
    "headings",
    "page",
    "start",
    "end",
    "lang",
    "as_of",
    "origins",
    "fact",
    "attribute",
    "programmes",
)
# Bytes of the file that are mapped rather than read; more than there are of it does no harm.
_MAPPED = 1 << 34
_KEPT_PASSAGES = 4096
_KEPT_DOCUMENTS = 1024
# SQLite takes a limited number of values in one query.
_AT_ONCE = 5000
_LISTS = frozenset({"origins", "programmes", "headings", "laender", "also_in", "names"})


def write_passages(path: Path, documents: Iterable[Document], passages: Iterable[Passage]) -> None:
    """Write a new passage file, and beside it the folder `COLUMNS`.

    `passages` get the numbers 0, 1, … under which the vectors stand in the index.
    """
    from knowledge.releases.columns import ColumnWriter

    numbered = {document.id: (number, document) for number, document in enumerate(documents)}
    columns = ColumnWriter()
    connection = sqlite3.connect(path)
    try:
        with connection:
            connection.executescript(_SCHEMA)
            connection.executemany(
                _insert("document", ("number", *_DOCUMENT)),
                ((number, *_row(item, _DOCUMENT)) for number, item in numbered.values()),
            )
            connection.executemany(
                _insert("passage", ("number", *_PASSAGE)),
                ((number, *_row(item, _PASSAGE)) for number, item in enumerate(columns.noting(passages, numbered))),
            )
    finally:
        connection.close()
    columns.save(path.parent / COLUMNS)


class PassageStore:
    """Reads documents and passages of one release; may be used from any thread."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise StadtlotseError(f"{path} is missing; run 'stadtlotse retrain' to build it.")
        self._connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute(f"PRAGMA mmap_size = {_MAPPED}")
        self.size: int = self._connection.execute("SELECT coalesce(max(number) + 1, 0) FROM passage").fetchone()[0]
        """How many passages there are; they are numbered from 0."""
        self._columns = path.parent / COLUMNS
        self._kept: dict[int, Passage] = {}
        self.document = lru_cache(maxsize=_KEPT_DOCUMENTS)(self._document)
        """The document of an id, None where the release has no such."""

    @cached_property
    def columns(self) -> "Columns":
        """What passages are told apart by before they are read."""
        from knowledge.releases.columns import Columns

        return Columns(self._columns)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _document(self, document_id: str) -> Document | None:
        row = self._connection.execute("SELECT * FROM document WHERE id = ?", (document_id,)).fetchone()
        return Document.model_validate(_unpacked(row)) if row else None

    def documents(self) -> list[Document]:
        """All documents, by id."""
        rows = self._connection.execute("SELECT * FROM document ORDER BY id")
        return [Document.model_validate(_unpacked(row)) for row in rows]

    def passage(self, document_id: str, passage_id: int) -> Passage | None:
        """One passage of a document, if there."""
        query = "SELECT * FROM passage WHERE document_id = ? AND id = ?"
        row = self._connection.execute(query, (document_id, passage_id)).fetchone()
        return Passage.model_validate(_unpacked(row)) if row else None

    def passages(self, document_id: str) -> list[Passage]:
        """All passages of a document in reading order."""
        query = "SELECT * FROM passage WHERE document_id = ? ORDER BY id"
        return [Passage.model_validate(_unpacked(row)) for row in self._connection.execute(query, (document_id,))]

    def many(self, numbers: Iterable[int]) -> list[Passage]:
        """The passages of these numbers, in their order; KeyError where there is none of a number.

        Those not among the last ones read are read together.
        """
        wanted = [int(number) for number in numbers]
        found = {number: self._kept[number] for number in wanted if number in self._kept}
        missing = sorted(set(wanted).difference(found))
        for start in range(0, len(missing), _AT_ONCE):
            some = missing[start : start + _AT_ONCE]
            query = f"SELECT * FROM passage WHERE number IN ({', '.join('?' * len(some))})"
            found.update(_numbered(self._connection.execute(query, some)))
        if len(self._kept) > _KEPT_PASSAGES:
            self._kept = {}
        self._kept.update(found)
        return [found[number] for number in wanted]

    def numbers(self, limits: Filter) -> "npt.NDArray[np.int64]":
        """The numbers of all passages that match a filter, ascending."""
        allowed = None
        if limits.kinds or limits.documents or limits.since is not None or limits.until is not None:
            rows = self._connection.execute(*_possible(limits))
            found = [row["number"] for row in rows if limits.allows(Document.model_validate(_unpacked(row)))]
            import numpy as np

            allowed = np.array(found, dtype=np.int64)
        return self.columns.matching(limits, allowed)

    def numbers_of(self, document_id: str) -> "npt.NDArray[np.int64]":
        """The numbers of a document's passages, ascending."""
        import numpy as np

        rows = self._connection.execute("SELECT number FROM passage WHERE document_id = ?", (document_id,))
        return np.sort(np.array([row["number"] for row in rows], dtype=np.int64))

    def numbers_without(self, documents: Collection[str]) -> "npt.NDArray[np.int64]":
        """The numbers of all passages but those of some documents, given by their ids, ascending."""
        import numpy as np

        rows = self._connection.execute("SELECT id, number FROM document")
        kept = [row["number"] for row in rows if row["id"] not in documents]
        return self.columns.matching(Filter(), np.array(kept, dtype=np.int64))

    def facts(self) -> list[tuple[int, Passage]]:
        """Every passage that states a fact, with its number, in the order of the index."""
        return list(_numbered(self._connection.execute("SELECT * FROM passage WHERE fact IS NOT NULL ORDER BY number")))

    def __iter__(self) -> Iterator[Passage]:
        """Every passage in the order of the index, read as they are asked for."""
        rows = self._connection.execute("SELECT * FROM passage ORDER BY number")
        return (passage for _, passage in _numbered(rows))

    def all_passages(self) -> list[Passage]:
        """Every passage, in the order of the index; for collections that fit into memory."""
        return list(self)


def _possible(limits: Filter) -> tuple[str, list[object]]:
    """A query for the documents that a filter may allow, so that not all are read, and its values."""
    kinds = sorted(kind.value for kind in limits.kinds)
    conditions, values = ["TRUE"], []
    if kinds:
        conditions.append(f"genre IN ({', '.join('?' * len(kinds))})")
    if limits.since is not None or limits.until is not None:
        conditions.append("year BETWEEN ? AND ?")
        values = [limits.since or 0, limits.until or 9999]
    return f"SELECT * FROM document WHERE {' AND '.join(conditions)}", [*kinds, *values]


def _numbered(rows: Iterable[sqlite3.Row]) -> Iterator[tuple[int, Passage]]:
    return ((row["number"], Passage.model_validate(_unpacked(row))) for row in rows)


def _insert(table: str, columns: Sequence[str]) -> str:
    names = ", ".join(f'"{column}"' for column in columns)
    return f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})"


def _row(item: Document | Passage, columns: Sequence[str]) -> tuple[object, ...]:
    values = item.model_dump(mode="json")
    return tuple(
        json.dumps(values[column], ensure_ascii=False) if column in _LISTS else values[column] for column in columns
    )


def _unpacked(row: sqlite3.Row) -> dict[str, object]:
    values = dict(row)
    del values["number"]
    for key in _LISTS & values.keys():
        # Most are empty.
        values[key] = from_json(stored) if (stored := values[key]) != "[]" else []
    return values
