"""The passages of a release in SQLite: written once by the build, then only read."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from pydantic_core import from_json

from knowledge.document import Document, Passage
from knowledge.errors import StadtlotseError
from knowledge.filters import Filter

_SCHEMA = """
CREATE TABLE document (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, lang TEXT NOT NULL, as_of TEXT, kind TEXT NOT NULL, path TEXT NOT NULL,
    sha256 TEXT NOT NULL, origins TEXT NOT NULL, has_pages INTEGER NOT NULL, publisher TEXT, date TEXT, year INTEGER,
    version TEXT, names TEXT NOT NULL, genre TEXT, laender TEXT NOT NULL, programmes TEXT NOT NULL,
    also_in TEXT NOT NULL
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
_LOOKED_AT = ", document_id, headings, programmes, fact IS NOT NULL"
_LISTS = ("origins", "programmes", "headings", "laender", "also_in", "names")


def write_passages(path: Path, documents: Iterable[Document], passages: Iterable[Passage]) -> None:
    """Write a new passage file; `passages` get the numbers 0, 1, … under which the vectors stand in the index."""
    connection = sqlite3.connect(path)
    try:
        with connection:
            connection.executescript(_SCHEMA)
            connection.executemany(_insert("document", _DOCUMENT), (_row(item, _DOCUMENT) for item in documents))
            connection.executemany(
                _insert("passage", ("number", *_PASSAGE)),
                ((number, *_row(item, _PASSAGE)) for number, item in enumerate(passages)),
            )
    finally:
        connection.close()


class PassageStore:
    """Reads documents and passages of one release; may be used from any thread."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise StadtlotseError(f"{path} is missing; run 'stadtlotse index' to build it.")
        self._connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute(f"PRAGMA mmap_size = {_MAPPED}")
        self.size: int = self._connection.execute("SELECT coalesce(max(number) + 1, 0) FROM passage").fetchone()[0]
        """How many passages there are; they are numbered from 0."""
        self._kept: dict[int, Passage] = {}
        self.document = lru_cache(maxsize=_KEPT_DOCUMENTS)(self._document)
        """The document of an id, None where the release has no such."""

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

    def numbers(self, limits: Filter) -> list[int]:
        """The numbers of all passages that match a filter, ascending."""
        allowed = [document for document in self.documents() if limits.allows(document)]
        chosen = limits.chooser(allowed)
        # Passages under one heading are decided alike.
        alike = lru_cache(maxsize=_KEPT_PASSAGES)(lambda *about: chosen(_about(*about)))
        found: list[int] = []
        for start in range(0, len(allowed), _AT_ONCE):
            ids = [document.id for document in allowed[start : start + _AT_ONCE]]
            # An index holds the number alone, so that no passage is read.
            columns = f"number{_LOOKED_AT if limits.programmes or limits.laender else ''}"
            query = f"SELECT {columns} FROM passage WHERE document_id IN ({', '.join('?' * len(ids))})"
            rows = self._connection.execute(query, ids)
            found += [number for number, *about in rows if not about or alike(*about)]
        return sorted(found)

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


def _numbered(rows: Iterable[sqlite3.Row]) -> Iterator[tuple[int, Passage]]:
    return ((row["number"], Passage.model_validate(_unpacked(row))) for row in rows)


def _about(document_id: str, headings: str, programmes: str, is_fact: int) -> Passage:
    """As much of a passage as filters look at."""
    return Passage(
        document_id=document_id,
        headings=tuple(from_json(headings)),
        programmes=from_json(programmes),
        fact="" if is_fact else None,
        id=1,
        text="",
        start=0,
        end=0,
        lang="de",
    )


def _insert(table: str, columns: Sequence[str]) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"


def _row(item: Document | Passage, columns: Sequence[str]) -> tuple[object, ...]:
    values = item.model_dump(mode="json")
    return tuple(
        json.dumps(values[column], ensure_ascii=False) if column in _LISTS else values[column] for column in columns
    )


def _unpacked(row: sqlite3.Row) -> dict[str, object]:
    return {key: _list(row[key]) if key in _LISTS else row[key] for key in row.keys() if key != "number"}


def _list(stored: str) -> object:
    """A stored list; most are empty."""
    return from_json(stored) if stored != "[]" else []
