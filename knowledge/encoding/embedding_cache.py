"""The cache that spares embedding a passage twice."""

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.encoding.embedding import Embedder, Progress, Vectors, well_formed
from knowledge.files.cache_file import CacheFile, chunks

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS embeddings"
    " (model TEXT, text BLOB, vector BLOB NOT NULL, PRIMARY KEY (model, text)) WITHOUT ROWID"
)
# Texts that are embedded between two writes: what an interrupted build loses at most, half a minute's work.
_KEPT_AT_ONCE = 1024
# Texts whose embeddings stand in memory together.
_WINDOW = 8192
# Below SQLite's limit of variables in one statement.
_ASKED_AT_ONCE = 500


class EmbeddingCache:
    """Passages' embeddings by model and hash of the text."""

    def __init__(self, path: Path) -> None:
        """The cache in the file `path`, which is made when it is first needed."""
        self._file = CacheFile(path, "embedding cache", _SCHEMA)

    def get(self, identity: str, texts: Iterable[str]) -> dict[str, Vectors]:
        """Embeddings by text, of those of `texts` that the model `identity` has embedded before."""
        by_digest = {_digest(text): text for text in texts}

        def read(connection: sqlite3.Connection) -> dict[str, Vectors]:
            found = {}
            for digests in chunks(by_digest, _ASKED_AT_ONCE):
                marks = ", ".join("?" * len(digests))
                query = f"SELECT text, vector FROM embeddings WHERE model = ? AND text IN ({marks})"
                for digest, blob in connection.execute(query, (identity, *digests)):
                    if (vector := _intact(blob)) is not None:
                        found[by_digest[digest]] = vector
            return found

        return self._file.run(read) or {}

    def put(self, identity: str, vectors: dict[str, Vectors]) -> None:
        """Keeps the embeddings that the model `identity` made, by text."""
        rows = [(identity, _digest(text), vector.astype("<f4").tobytes()) for text, vector in vectors.items()]
        self._file.run(
            lambda connection: connection.executemany("INSERT OR REPLACE INTO embeddings VALUES (?, ?, ?)", rows)
        )

    def forget(self, texts: Iterable[str]) -> None:
        """Delete what any model made of these texts, and overwrite it."""
        rows = [(_digest(text),) for text in texts]

        def delete(connection: sqlite3.Connection) -> None:
            connection.execute("PRAGMA secure_delete = ON")
            connection.executemany("DELETE FROM embeddings WHERE text = ?", rows)

        self._file.run(delete)


def embed_with_cache(
    embedder: Embedder, cache: EmbeddingCache, texts: Sequence[str], progress: Progress | None = None
) -> Vectors:
    """Embeddings of passages, one row for each, of which only those are computed that the cache lacks.

    New ones are kept as they come, so that an interrupted call is not lost. `progress` gets the distinct texts done
    and all distinct texts.
    """
    known = cache.get(embedder.model_id, texts)
    distinct = set(texts)
    missing = sorted(distinct - known.keys(), key=lambda text: (len(text), text))
    if progress:
        progress(len(distinct) - len(missing), len(distinct))
    for chunk in chunks(missing, _KEPT_AT_ONCE):
        before = len(known)

        def report(done: int, _: int, before: int = before) -> None:
            if progress:
                progress(before + done, len(distinct))

        new = dict(zip(chunk, embedder.embed_passages(chunk, report), strict=True))
        cache.put(embedder.model_id, new)
        known.update(new)
        if progress:
            progress(len(known), len(distinct))
    return np.array([known[text] for text in texts], np.float32).reshape(len(texts), embedder.dimensions)


def embed_into(
    rows: NDArray[Any], embedder: Embedder, cache: EmbeddingCache, texts: Sequence[str], progress: Progress
) -> None:
    """Fill `rows`, floats of shape (texts, dimensions) in memory or on disk, as `embed_with_cache` would.

    Only a window of them stands in memory. `progress` gets the texts done and all texts.
    """
    progress(0, len(texts))
    for start in range(0, len(texts), _WINDOW):
        window = texts[start : start + _WINDOW]

        def report(done: int, of: int, start: int = start, size: int = len(window)) -> None:
            progress(start + done + (size - of), len(texts))  # what is there twice is done once

        rows[start : start + len(window)] = embed_with_cache(embedder, cache, window, report)
        progress(start + len(window), len(texts))


def _digest(text: str) -> bytes:
    return hashlib.sha256(well_formed(text).encode()).digest()


def _intact(blob: bytes) -> Vectors | None:
    """The vector of a blob, if it still is a normalised one."""
    vector = np.frombuffer(blob, "<f4") if len(blob) % 4 == 0 else np.empty(0)
    return vector.astype(np.float32) if abs(float(vector @ vector) - 1) < 1e-3 else None
