"""Ranking by meaning: a FAISS inner-product index over passage embeddings."""

from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]


class VectorIndex:
    """Exact nearest neighbours among unit vectors, numbered in the order they were added."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def build(cls, embeddings: Vectors) -> "VectorIndex":
        """Index embeddings of shape (passages, dimensions), rows of length one."""
        index = faiss.IndexFlatIP(embeddings.shape[1])
        index.add(np.ascontiguousarray(embeddings, dtype=np.float32))
        return cls(index)

    def save(self, path: Path) -> None:
        """Write the index into one file."""
        faiss.write_index(self._index, str(path))

    @classmethod
    def load(cls, path: Path) -> "VectorIndex":
        """Open a saved index."""
        return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP))

    @property
    def size(self) -> int:
        """How many passages it holds."""
        return int(self._index.ntotal)

    def nearest(self, embeddings: Vectors, count: int) -> tuple[Vectors, npt.NDArray[np.int64]]:
        """The `count` nearest passages of each query: cosines and numbers, both of shape (queries, count)."""
        found, numbers = self._index.search(np.ascontiguousarray(embeddings), min(count, self.size))
        return found, numbers

    def cosines(self, embeddings: Vectors, numbers: Sequence[int]) -> Vectors:
        """Cosine of each query with the passages of these numbers, shape (queries, numbers)."""
        vectors = np.stack([self._index.reconstruct(int(number)) for number in numbers])
        return np.asarray(embeddings @ vectors.T, dtype=np.float32)
