"""Text to embedding with a sentence-transformers model, and the cache that spares embedding a passage twice."""

import gc
import hashlib
import logging
import os
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from knowledge import default_model
from knowledge.errors import StadtlotseError
from knowledge.settings import Settings

Vectors = NDArray[np.float32]
Progress = Callable[[int, int], None]

_BATCH = 16
_CHUNK = 16 * _BATCH  # texts between two calls of a progress function
_VARIABLE = "STADTLOTSE_EMBEDDING_MODEL"

_Result = TypeVar("_Result")

log = logging.getLogger(__name__)


def model_id(settings: Settings) -> str:
    """Name under which the embeddings of the configured model are kept; takes milliseconds, loads no model.

    For a folder the name contains a fingerprint of its files, so that a model changed in place is noticed.
    """
    if not settings.embedding_model:
        return default_model.NAME
    folder = _as_folder(settings.embedding_model)
    return f"{folder.name}@{_fingerprint(folder)}" if folder else settings.embedding_model


class Embedder:
    """A loaded model. Its methods may be called from several threads."""

    def __init__(self, model: Any, identity: str) -> None:
        """Wraps `model`, a SentenceTransformer; `identity` is its `model_id`."""
        self.model_id = identity
        self.dimensions: int = model.get_embedding_dimension()
        self._model = model
        self._query_prompt, self._passage_prompt = _prompts(model.prompts, identity)
        self._threads = _threads()
        self._one_at_a_time = Lock()  # the tokenizer cannot be shared by threads

    @classmethod
    def load(cls, settings: Settings, progress: Progress | None = None) -> "Embedder":
        """Loads the configured model; unpacks the default one first if that was not done yet, reported to `progress`.

        No request leaves the machine, unless the operator names a model of the Hugging Face hub and sets
        HF_HUB_OFFLINE=0: then the model is downloaded. Raises StadtlotseError when there is no such model.
        """
        name = settings.embedding_model
        folder = _as_folder(name) if name else default_model.ensure_default_model(settings.var / "models", progress)
        may_download = folder is None and os.environ.get("HF_HUB_OFFLINE") == "0"
        _set_environment(may_download)
        source = str(folder or name)
        try:
            return cls(_load(source, may_download), model_id(settings))
        except Exception as error:  # whatever the libraries raise for a model that is absent, incomplete or of no use
            raise StadtlotseError(_explain(source, folder, may_download, error)) from error

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Normalised embeddings of questions, one row for each."""
        return self._embed(texts, self._query_prompt)

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Normalised embeddings of passages, one row for each; `progress` gets the texts done and all texts."""
        vectors = self._no_vectors(len(texts))
        done = 0
        for chunk in _chunks(sorted(range(len(texts)), key=lambda index: len(texts[index]))):
            vectors[chunk] = self._embed([texts[index] for index in chunk], self._passage_prompt)
            done += len(chunk)
            if progress:
                progress(done, len(texts))
        return vectors

    def _embed(self, texts: Sequence[str], prompt: str) -> Vectors:
        if not texts:
            return self._no_vectors(0)
        with self._one_at_a_time:
            # A single text gains nothing from more threads and, on a busy machine, waits long for the slowest.
            _use_threads(1 if len(texts) == 1 else self._threads)
            vectors = self._model.encode(
                [_well_formed(text) for text in texts],
                prompt=prompt, batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False,
            )  # fmt: skip
        return np.asarray(vectors, np.float32)

    def _no_vectors(self, rows: int) -> Vectors:
        return np.empty((rows, self.dimensions), np.float32)


class EmbeddingCache:
    """SQLite file with passages' embeddings by model and hash of the text. Losing it costs time, nothing else."""

    def __init__(self, path: Path) -> None:
        """The cache in the file `path`, which is made when it is first needed."""
        self._path = path

    def get(self, identity: str, texts: Iterable[str]) -> dict[str, Vectors]:
        """Embeddings by text, of those of `texts` that the model `identity` has embedded before."""
        wanted = {text: _digest(text) for text in texts}

        def read(connection: sqlite3.Connection) -> dict[str, Vectors]:
            found = {}
            for text, digest in wanted.items():
                query = "SELECT vector FROM embeddings WHERE model = ? AND text = ?"
                row = connection.execute(query, (identity, digest)).fetchone()
                if row and (vector := _intact(row[0])) is not None:
                    found[text] = vector
            return found

        return self._run(read) or {}

    def put(self, identity: str, vectors: dict[str, Vectors]) -> None:
        """Keeps the embeddings that the model `identity` made, by text."""
        rows = [(identity, _digest(text), vector.astype("<f4").tobytes()) for text, vector in vectors.items()]

        def write(connection: sqlite3.Connection) -> None:
            with connection:
                connection.executemany("INSERT OR REPLACE INTO embeddings VALUES (?, ?, ?)", rows)

        self._run(write)

    def _run(self, action: Callable[[sqlite3.Connection], _Result]) -> _Result | None:
        """The action's result; None when the file cannot be used. A damaged file is replaced."""
        try:
            try:
                return self._connected(action)
            except sqlite3.DatabaseError as error:
                if type(error) is not sqlite3.DatabaseError:  # its subclasses tell of other troubles, a lock for one
                    raise
                log.warning("The embedding cache %s is damaged (%s) and is started anew.", self._path, error)
                for name in (self._path.name, f"{self._path.name}-journal"):
                    self._path.with_name(name).unlink(missing_ok=True)
                return self._connected(action)
        except (sqlite3.Error, OSError) as error:
            log.warning("The embedding cache %s cannot be used (%s): everything is embedded anew.", self._path, error)
            return None

    def _connected(self, action: Callable[[sqlite3.Connection], _Result]) -> _Result:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._path, timeout=30)) as connection:
            connection.execute(
                "CREATE TABLE IF NOT EXISTS embeddings"
                " (model TEXT, text BLOB, vector BLOB NOT NULL, PRIMARY KEY (model, text)) WITHOUT ROWID"
            )
            return action(connection)


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
    for chunk in _chunks(missing):
        new = dict(zip(chunk, embedder.embed_passages(chunk), strict=True))
        cache.put(embedder.model_id, new)
        known.update(new)
        if progress:
            progress(len(known), len(distinct))
    return np.array([known[text] for text in texts], np.float32).reshape(len(texts), embedder.dimensions)


def _as_folder(name: str) -> Path | None:
    """The folder that a setting names; None when it is a model of the hub."""
    folder = Path(name).expanduser().resolve()
    if folder.is_dir():
        return folder
    if name.startswith((".", "~", "/")) or name.count("/") > 1:
        raise StadtlotseError(
            f"The folder {name} from {_VARIABLE} does not exist: name a model's folder or a hub model."
        )
    return None


def _fingerprint(folder: Path) -> str:
    """Hash over the sizes of the model's files and samples of their content: whole files would take too long."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".json", ".txt", ".model", ".safetensors", ".bin"} and path.is_file():
            size = path.stat().st_size
            digest.update(f"{path.relative_to(folder)}\0{size}\0".encode())
            with path.open("rb") as file:
                for position in range(0, size, max(4096, size // 16)):
                    file.seek(position)
                    digest.update(file.read(4096))
    return digest.hexdigest()[:12]


def _set_environment(may_download: bool) -> None:
    """Tells the Hugging Face libraries, which read this at import, to stay silent and, as a rule, offline."""
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    if not may_download:
        os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
        os.environ["HF_HUB_OFFLINE"] = "1"
        os.environ["TRANSFORMERS_OFFLINE"] = "1"


def _load(source: str, may_download: bool) -> Any:
    with _without_garbage_collection():
        from sentence_transformers import SentenceTransformer

        return SentenceTransformer(source, local_files_only=not may_download, model_kwargs={"dtype": "float32"})


def _threads() -> int:
    import torch

    return torch.get_num_threads()


def _use_threads(count: int) -> None:
    """Sets the threads for computations that the calling thread starts."""
    import torch

    torch.set_num_threads(count)


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """The imports make a million objects that all stay: searching them for garbage over and over takes seconds."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _explain(source: str, folder: Path | None, may_download: bool, error: Exception) -> str:
    reason = next(iter(str(error).splitlines()), type(error).__name__)
    if folder:
        return f"The embedding model in {source} cannot be loaded ({reason}): delete or replace the folder."
    if may_download:
        return f"The embedding model {source} from {_VARIABLE} cannot be downloaded ({reason})."
    return (
        f"The embedding model {source} from {_VARIABLE} is neither a folder nor downloaded:"
        " set HF_HUB_OFFLINE=0 once to allow the download, or name a folder."
    )


def _prompts(prompts: dict[str, str], identity: str) -> tuple[str, str]:
    """What the model wants before a query and before a passage: what it says itself, else what all e5 models want."""
    query = prompts.get("query", "")
    passage = next((prompts[name] for name in ("document", "passage", "corpus") if prompts.get(name)), "")
    is_plain_e5 = re.search(r"(^|[-_/])e5([-_@]|$)", identity) and "instruct" not in identity
    if is_plain_e5 and not query and not passage:
        return default_model.QUERY_PROMPT, default_model.PASSAGE_PROMPT
    return query, passage


def _well_formed(text: str) -> str:
    """`text` without halves of surrogate pairs, which JSON can carry and tokenizers refuse."""
    return text.encode("utf-8", "replace").decode()


def _digest(text: str) -> bytes:
    return hashlib.sha256(_well_formed(text).encode()).digest()


def _intact(blob: bytes) -> Vectors | None:
    """The vector of a blob, if it still is a normalised one."""
    vector = np.frombuffer(blob, "<f4") if len(blob) % 4 == 0 else np.empty(0)
    return vector.astype(np.float32) if abs(float(vector @ vector) - 1) < 1e-3 else None


def _chunks(items: Iterable[_Result]) -> Iterator[list[_Result]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, _CHUNK)):
        yield chunk
