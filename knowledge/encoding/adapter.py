"""What the shipped model learned about questions: low-rank changes to its upper layers, for questions alone.

Passages keep their embeddings, so that nothing is indexed anew, and a question takes no longer than before: the changes
are added to the weights when the graph of questions is built. The method is LoRA (Hu et al. 2021, "LoRA: Low-Rank
Adaptation of Large Language Models"); `tests/fitting/query_adapter.py` learned the file and says from what.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.encoding import QUERY_ADAPTER

Floats = NDArray[np.float32]
_HASH_LENGTH = 8


class Adapter:
    """Changes to some of a model's matrices, by the names that these have in BertModel."""

    def __init__(self, parts: Mapping[str, Floats], name: str) -> None:
        """`parts` has for each matrix NAME a NAME.down, shape (rank, in), and a NAME.up, shape (out, rank)."""
        self.name = name
        self._parts = parts

    @classmethod
    def read(cls, path: Path = QUERY_ADAPTER) -> "Adapter":
        """The changes in a file; named by its hash."""
        from safetensors.numpy import load

        content = path.read_bytes()
        parts = {name: np.asarray(part, dtype=np.float32) for name, part in load(content).items()}
        return cls(parts, hashlib.sha256(content).hexdigest()[:_HASH_LENGTH])

    def changed(self, name: str, matrix: Floats) -> Floats:
        """A matrix with its change, itself where there is none."""
        if f"{name}.down" not in self._parts:
            return matrix
        return np.asarray(matrix + self._parts[f"{name}.up"] @ self._parts[f"{name}.down"], dtype=np.float32)
