"""Read files cut into passages, and the cache that spares reading a file twice."""

import sqlite3
import stat
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from knowledge.document import Document, Passage
from knowledge.files.cache_file import CacheFile
from knowledge.files.integrity import digest
from knowledge.indexing.passages import file_document, file_passages
from knowledge.indexing.textprint import TextPrint, text_print
from knowledge.reading import Reader, ReadResult
from knowledge.reading.limits import Limits
from knowledge.recognition.names import Names

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS files (code TEXT, name TEXT, sha256 TEXT, content BLOB NOT NULL,"
    " PRIMARY KEY (code, name, sha256)) WITHOUT ROWID"
)


class Prepared(BaseModel):
    """What a file, or one in an archive, gives to a collection; its document has no id yet."""

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    name: str
    reason: str | None = None
    document: Document | None = None
    passages: list[Passage] = []
    print_bytes: bytes = b""
    running: tuple[str, ...] = ()
    """Heads and feet of its pages, which stand in no passage."""
    is_final: bool = True
    """Whether reading it again would give the same: not where a limit or a missing program may have been the cause."""

    @property
    def text_print(self) -> TextPrint:
        """What of its text is compared with others'."""
        return TextPrint.from_bytes(self.print_bytes)

    def under(self, document_id: str) -> tuple[Document, list[Passage]]:
        """Its document and passages with their id."""
        assert self.document is not None  # noqa: S101
        update = {"document_id": document_id}
        return (
            self.document.model_copy(update={"id": document_id}),
            [passage.model_copy(update=update) for passage in self.passages],
        )


_CONTENT = TypeAdapter(list[Prepared])


@dataclass(frozen=True)
class Source:
    """A file to be read and the name it is called by."""

    name: str
    path: Path


class PreparedCache:
    """Prepared files by name and hash of their bytes, for one state of our code."""

    def __init__(self, path: Path, code: str) -> None:
        """The cache in the file `path`; `code` is a hash of all that decides how a file is read and cut."""
        self._file = CacheFile(path, "cache of read files", _SCHEMA)
        self._code = code

    def get(self, name: str, sha256: str) -> list[Prepared] | None:
        """What the file of that name and content gave before."""
        query = "SELECT content FROM files WHERE code = ? AND name = ? AND sha256 = ?"
        row = self._file.run(lambda connection: connection.execute(query, (self._code, name, sha256)).fetchone())
        try:
            return _CONTENT.validate_json(zlib.decompress(row[0])) if row else None
        except (zlib.error, ValueError):
            return None

    def put(self, name: str, sha256: str, content: Sequence[Prepared]) -> None:
        """Keep what a file gave."""
        packed = zlib.compress(_CONTENT.dump_json(list(content)), 1)

        def write(connection: sqlite3.Connection) -> None:
            connection.execute("PRAGMA synchronous = OFF")  # a lost file is read again
            connection.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", (self._code, name, sha256, packed))

        self._file.run(write)

    def forget_others(self) -> None:
        """Drop what another state of the code gave."""
        self._file.run(lambda connection: connection.execute("DELETE FROM files WHERE code != ?", (self._code,)))


def prepare(sources: Iterable[Source], names: Names, cache: PreparedCache) -> Iterator[tuple[Source, list[Prepared]]]:
    """Each file with what it gives, in their order; read in a process of its own unless the cache has it.

    `names` tells of which programmes each passage speaks. No file raises an error; one that is not read has a reason.
    """
    with Reader() as reader:
        for source in sources:
            sha256 = _readable_digest(source.path)
            known = cache.get(source.name, sha256) if sha256 else None
            if known is None:
                known = [_prepared(result, names) for result in reader.read(source.name, source.path)]
                # Where it changed while it was read, its hash is not the one of what was read.
                if sha256 and all(one.is_final for one in known) and _readable_digest(source.path) == sha256:
                    cache.put(source.name, sha256, known)
            yield source, known


def _prepared(result: ReadResult, names: Names) -> Prepared:
    read = result.file
    if read is None:
        return Prepared(name=result.name, reason=result.reason, is_final=False)
    document = file_document(read, names, document_id="", path=result.name, sha256=result.sha256)
    return Prepared(
        name=result.name,
        document=document,
        passages=file_passages(document, read, names),
        print_bytes=text_print(read).to_bytes(),
        running=read.running,
        is_final=not result.needs_ocr and result.reason is None,
    )


def _readable_digest(path: Path) -> str | None:
    """Hash of a file's bytes; None for what is no file, or larger than what is read as one document."""
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > Limits().file_bytes:
            return None
        return digest(path)
    except OSError:
        return None
