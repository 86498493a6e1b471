"""The encoder that runs on PyTorch through sentence-transformers: any model it loads, at a third of the speed."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Progress = Callable[[int, int], None]

_BATCH = 16
_CHUNK = 16 * _BATCH  # texts between two calls of a progress function


class PytorchEncoder:
    """A loaded SentenceTransformer. May be used from several threads, one after the other."""

    def __init__(self, source: str, *, may_download: bool) -> None:
        """Loads a folder or a model of the hub; raises whatever the libraries raise where it is of no use."""
        with _without_garbage_collection():
            import torch
            from sentence_transformers import SentenceTransformer

            self._model: Any = SentenceTransformer(
                source, local_files_only=not may_download, model_kwargs={"dtype": "float32"}
            )
        self._torch = torch
        self._threads = torch.get_num_threads()
        self.dimensions: int = self._model.get_embedding_dimension()
        self._one_at_a_time = Lock()  # the tokenizer cannot be shared by threads

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Normalised embeddings, one row a text; `progress` gets the texts done and all texts."""
        vectors = np.empty((len(texts), self.dimensions), np.float32)
        order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
        for start in range(0, len(order), _CHUNK):
            rows = order[start : start + _CHUNK]
            vectors[rows] = self._encode([texts[row] for row in rows])
            if progress:
                progress(start + len(rows), len(texts))
        return vectors

    def _encode(self, texts: list[str]) -> Vectors:
        with self._one_at_a_time:
            # A single text gains nothing from more threads and, on a busy machine, waits long for the slowest.
            self._torch.set_num_threads(1 if len(texts) == 1 else self._threads)
            vectors = self._model.encode(
                texts, prompt="", batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False
            )
        return np.asarray(vectors, np.float32)


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
