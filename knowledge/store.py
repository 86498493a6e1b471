"""The passages of a release in SQLite: written once by the build, then only read."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from knowledge.document import Document, Passage
from knowledge.errors import StadtlotseError

_SCHEMA = """
CREATE TABLE document (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, lang TEXT NOT NULL, as_of TEXT, kind TEXT NOT NULL, path TEXT NOT NULL,
    sha256 TEXT NOT NULL, origins TEXT NOT NULL, has_pages INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE passage (
    number INTEGER PRIMARY KEY, document_id TEXT NOT NULL REFERENCES document (id), id INTEGER NOT NULL,
    text TEXT NOT NULL, headings TEXT NOT NULL, page INTEGER, start INTEGER NOT NULL, end INTEGER NOT NULL,
    lang TEXT NOT NULL, as_of TEXT, origins TEXT NOT NULL, fact TEXT, attribute TEXT,
    programmes TEXT NOT NULL,
    UNIQUE (document_id, id)
);
"""
_DOCUMENT = ("id", "title", "lang", "as_of", "kind", "path", "sha256", "origins", "has_pages")
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
_LISTS = ("origins", "programmes", "headings")


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

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def document(self, document_id: str) -> Document | None:
        """The document of that id, if the release holds it."""
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

    def all_passages(self) -> list[Passage]:
        """Every passage, in the order of the index."""
        return [
            Passage.model_validate(_unpacked(row))
            for row in self._connection.execute("SELECT * FROM passage ORDER BY number")
        ]


def _insert(table: str, columns: Sequence[str]) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"


def _row(item: Document | Passage, columns: Sequence[str]) -> tuple[object, ...]:
    values = item.model_dump(mode="json")
    return tuple(
        json.dumps(values[column], ensure_ascii=False) if column in _LISTS else values[column] for column in columns
    )


def _unpacked(row: sqlite3.Row) -> dict[str, object]:
    return {key: json.loads(row[key]) if key in _LISTS else row[key] for key in row.keys() if key != "number"}
