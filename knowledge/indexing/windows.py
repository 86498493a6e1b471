"""The windows of a passage: runs of sentences short enough that an embedding tells what each of them says.

A passage of 200 words speaks of several things and lies between them; the window that answers lies nearer to the
question. They refine the ranking of passages that were found, and point to the sentences to quote.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge import tuning
from knowledge.files.halves import singles
from knowledge.files.mapped import new_mapped
from knowledge.linguistics.text import sentences

Vectors = npt.NDArray[np.float32]
Span = tuple[int, int]

_EMBEDDINGS = "embeddings.npy"
_STARTS = "starts.npy"


def windows_of(text: str, of_sentences: Sequence[Span] | None = None) -> list[Span]:
    """Spans (start, end) of the windows of a passage's text; none where it is no longer than one of them.

    `of_sentences` are the spans of its sentences, where they are known.
    """
    spans: list[Span] = []
    words = 0
    for start, end in sentences(text) if of_sentences is None else of_sentences:
        length = len(text[start:end].split())
        if spans and words + length <= tuning.WINDOW_WORDS:
            spans[-1] = (spans[-1][0], end)
            words += length
        else:
            spans.append((start, end))
            words = length
    return spans if len(spans) > 1 else []


class WindowIndex:
    """The embeddings of the windows of all passages, read from disk where they are asked for."""

    def __init__(self, embeddings: npt.NDArray[np.float16], starts: npt.NDArray[np.int64]) -> None:
        self._embeddings = embeddings
        self._starts = starts

    @staticmethod
    def room(folder: Path, counts: Sequence[int], dimensions: int) -> npt.NDArray[np.float16]:
        """An empty array on disk for the embeddings of so many windows a passage, one passage after the other.

        What is written into it can be opened by `load` once it is flushed.
        """
        folder.mkdir(parents=True, exist_ok=True)
        starts = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])
        np.save(folder / _STARTS, starts)
        # Files of no length cannot be mapped.
        shape = (max(int(starts[-1]), 1), dimensions)
        return new_mapped(folder / _EMBEDDINGS, np.float16, shape)

    @classmethod
    def load(cls, folder: Path) -> "WindowIndex":
        """Open what `room` made; OSError or ValueError where it is missing or damaged."""
        embeddings, starts = (np.load(folder / name, mmap_mode="r") for name in (_EMBEDDINGS, _STARTS))
        return cls(np.asarray(embeddings), np.asarray(starts))

    def cosines(self, questions: Vectors, passages: npt.NDArray[np.int64]) -> tuple[Vectors, npt.NDArray[np.int64]]:
        """The cosines of the windows of some passages, by number, with each question: shape (questions, windows).

        The windows stand one passage after the other; second, where those of each begin, and their number last.
        """
        starts = self._starts[passages]
        sizes = self._starts[passages + 1] - starts
        first = np.concatenate([[0], np.cumsum(sizes)])
        vectors = singles(self._embeddings[np.arange(first[-1]) + np.repeat(starts - first[:-1], sizes)])
        # Without BLAS, whose threads cost more here than they gain.
        return np.einsum("qd,nd->qn", questions, vectors), first
