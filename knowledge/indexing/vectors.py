"""Ranking by meaning: nearest passages among embeddings of length one, exactly or, where they are many, nearly so."""

import os
from pathlib import Path
from typing import Literal

import faiss
import numpy as np
import numpy.typing as npt

from knowledge import tuning
from knowledge.files.halves import singles
from knowledge.files.mapped import new_mapped

Vectors = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]
Stored = npt.NDArray[np.float16] | Vectors
Kind = Literal["flat", "IVF-PQ"]

_EMBEDDINGS = "embeddings.npy"
_QUANTIZED = "quantized.faiss"
_CHUNK = 65536
_SEED = 1


class VectorIndex:
    """Nearest neighbours among unit vectors, numbered in their order.

    Up to `tuning.FLAT_UP_TO` vectors are compared one by one ('flat'). Beyond, an inverted file over 4-bit codes
    nominates ('IVF-PQ': Jégou et al. 2011, André et al. 2017), and the embeddings themselves, kept in half precision,
    decide.
    """

    def __init__(self, embeddings: Stored, quantized: faiss.IndexIVF | None = None) -> None:
        self._embeddings = np.asarray(embeddings)
        self._source = embeddings
        self._quantized = quantized
        if quantized is not None:
            quantized.nprobe = max(1, round(tuning.PROBED_SHARE * quantized.nlist))

    @staticmethod
    def room(folder: Path, count: int, dimensions: int) -> Stored:
        """An empty array on disk for `count` embeddings, to be filled in any order and given to `build`.

        Memory-mapped, so that the vectors of a large collection never stand in memory together. `save` into the same
        `folder`, which is made where it is missing, then leaves it where it is.
        """
        folder.mkdir(parents=True, exist_ok=True)
        return new_mapped(folder / _EMBEDDINGS, _precision(count), (count, dimensions))

    @classmethod
    def build(cls, embeddings: Stored, flat_up_to: int = tuning.FLAT_UP_TO) -> "VectorIndex":
        """Index embeddings of shape (passages, dimensions), rows of length one; those from `room` are not copied.

        More than `flat_up_to` of them are indexed as 'IVF-PQ'.
        """
        if len(embeddings) <= flat_up_to:
            return cls(embeddings)
        return cls(embeddings, _quantize(embeddings))

    def save(self, folder: Path) -> None:
        """Write the index into a folder, which is made where it is missing."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / _EMBEDDINGS
        if isinstance(self._source, np.memmap) and Path(str(self._source.filename)) == path.resolve():
            self._source.flush()
        else:
            room = self.room(folder, *self._embeddings.shape)
            for start in range(0, self.size, _CHUNK):
                room[start : start + _CHUNK] = self._embeddings[start : start + _CHUNK]
        if self._quantized is not None:
            faiss.write_index(self._quantized, str(folder / _QUANTIZED))

    @classmethod
    def load(cls, folder: Path) -> "VectorIndex":
        """Open a saved index; the embeddings are mapped from disk, the codes (dimensions / 2 bytes each) are read."""
        embeddings = np.load(folder / _EMBEDDINGS, mmap_mode="r")
        quantized = folder / _QUANTIZED
        return cls(embeddings, faiss.read_index(str(quantized)) if quantized.exists() else None)

    @property
    def kind(self) -> Kind:
        """How it searches."""
        return "flat" if self._quantized is None else "IVF-PQ"

    @property
    def size(self) -> int:
        """How many passages it holds."""
        return len(self._embeddings)

    def nearest(self, embeddings: Vectors, count: int, within: Numbers | None = None) -> tuple[Vectors, Numbers]:
        """The `count` nearest passages of each query: cosines and numbers, both of shape (queries, count).

        Of the passages `within`, if given. Where there are fewer than `count`, there are fewer columns.
        """
        # A thread for each query; more would wait for each other.
        _use_threads(len(embeddings))
        queries = np.ascontiguousarray(embeddings, dtype=np.float32)
        if within is not None:
            return self._best_of(queries, [within] * len(queries), count)
        if self._quantized is None:
            flat = np.ascontiguousarray(self._embeddings, dtype=np.float32)
            found: tuple[Vectors, Numbers] = faiss.knn(
                queries, flat, min(count, self.size), metric=faiss.METRIC_INNER_PRODUCT
            )
            return found
        wanted = max(tuning.NOMINATED_TIMES * count, tuning.NOMINATED_AT_LEAST)
        nominated = self._quantized.search(queries, min(wanted, self.size))[1]
        return self._best_of(queries, [row[row >= 0] for row in nominated], count)

    def cosines(self, embeddings: Vectors, numbers: npt.ArrayLike) -> Vectors:
        """Cosine of each query with the passages of these numbers, shape (queries, numbers)."""
        vectors = singles(self._embeddings[np.asarray(numbers, dtype=np.int64)])
        # Without BLAS, whose threads cost more here than they gain.
        return np.asarray(np.einsum("qd,nd->qn", embeddings, vectors), dtype=np.float32)

    def _best_of(self, queries: Vectors, candidates: list[Numbers], count: int) -> tuple[Vectors, Numbers]:
        """The `count` nearest among each query's candidates."""
        count = min(count, *(len(numbers) for numbers in candidates))
        rows = [
            _first(self._cosines_of(query, numbers), count) for query, numbers in zip(queries, candidates, strict=True)
        ]
        found = np.stack([numbers[best] for numbers, (best, _) in zip(candidates, rows, strict=True)])
        return np.stack([cosines for _, cosines in rows]), found

    def _cosines_of(self, query: Vectors, numbers: Numbers) -> Vectors:
        parts = [self.cosines(query[None], numbers[at : at + _CHUNK])[0] for at in range(0, len(numbers), _CHUNK)]
        return np.concatenate([np.empty(0, np.float32), *parts])


def _use_threads(wanted: int) -> None:
    """So many threads, but half of the processors at most: a build must leave the bot some, the bot its other parts.

    And FAISS's threads wait for each other, so that one without a processor holds up all.
    """
    faiss.omp_set_num_threads(max(1, min(wanted, (os.cpu_count() or 1) // 2)))


def _first(cosines: Vectors, count: int) -> tuple[Numbers, Vectors]:
    """Places of the `count` highest values, highest first, and the values."""
    order = np.argsort(-cosines, kind="stable")[:count]
    return order, cosines[order]


def _precision(count: int) -> npt.DTypeLike:
    return np.float32 if count <= tuning.FLAT_UP_TO else np.float16


def _quantize(embeddings: Stored) -> faiss.IndexIVF:
    """Lists around sqrt(n) centres; in them every dimension as one of 16 values of its own."""
    _use_threads(os.cpu_count() or 1)
    size, dimensions = embeddings.shape
    lists = 2 ** round(np.log2(size) / 2)
    index = faiss.index_factory(dimensions, f"IVF{lists},PQ{dimensions}x4fs", faiss.METRIC_INNER_PRODUCT)
    index.cp.niter = tuning.CENTRE_ROUNDS
    wanted = min(size, tuning.TRAINED_ON * lists)
    sample = np.sort(np.random.default_rng(_SEED).choice(size, wanted, replace=False))
    index.train(np.asarray(embeddings[sample], dtype=np.float32))
    for start in range(0, size, _CHUNK):
        index.add(np.ascontiguousarray(embeddings[start : start + _CHUNK], dtype=np.float32))
    return index
