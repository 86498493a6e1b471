"""What memory many pages take: `python -m tests.benchmarks pages [--documents N] [--pages N] [--encoded N]`.

Builds an index of PDFs as `indexing` does, from nothing, but embeds only the first texts; all others get embeddings of
those moved by noise, so that ten thousand pages take minutes. Reading, cutting, recognising what is there twice, words
and vectors are as ever, and the encoder is loaded and has run. Prints the pages, the texts and the memory of all
processes together.
"""

import argparse
import json
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from knowledge.encoding.embedding import Embedder
from knowledge.indexing.build import build_knowledge
from knowledge.indexing.vectors import Vectors
from knowledge.releases.release import draft
from knowledge.settings import Settings, settings
from tests.benchmarks.indexing import Progress, peak_memory, seconds, sentence_pool, write_document

# About as far as two passages on one subject lie apart.
NOISE = 0.03
SEED = 1


class Thrifty:
    """An embedder that stops encoding passages after so many and gives what it made, moved by noise."""

    def __init__(self, embedder: Embedder, encoded: int) -> None:
        self._embedder = embedder
        self._left = encoded
        self._made: list[Vectors] = []
        self._noise = np.random.default_rng(SEED)
        self.count = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._embedder, name)

    def embed_passages(self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None) -> Vectors:
        """Embeddings of passages, one row for each."""
        self.count += len(texts)
        if self._left > 0:
            self._left -= len(texts)
            self._made.append(self._embedder.embed_passages(texts, progress))
            return self._made[-1]
        known = np.concatenate(self._made)
        some = known[self._noise.integers(len(known), size=len(texts))]
        moved = some + self._noise.normal(0, NOISE, some.shape)
        return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True), dtype=np.float32)


def measure(root: Path, documents: int, pages: int, encoded: int) -> dict[str, float]:
    """All figures of one run."""
    (root / "var").mkdir()
    (root / "var" / "models").symlink_to((settings().var / "models").resolve())
    chosen = Settings(var=root / "var", embedding_model="")
    folder = root / "documents"
    folder.mkdir()
    pool = sentence_pool()
    for number in range(documents):
        write_document(folder / f"bericht-{number:05}.pdf", pages, pool, number)
    loaded: list[Thrifty] = []

    def load(own: Settings, progress: Callable[[int, int], None]) -> Embedder:
        loaded.append(Thrifty(Embedder.load(own, progress), encoded))
        return loaded[0]  # type: ignore[return-value]

    def build() -> None:
        with draft(chosen, "benchmark") as (target, manifest):
            manifest.knowledge = build_knowledge(chosen, target, [folder], Progress("build"), load)

    with peak_memory() as peak:
        taken, cpu = seconds(build)
    return {"pages": documents * pages, "texts": loaded[0].count, "peak_mb": peak[0] / 2**20, "s": taken, "cpu_s": cpu}


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks pages")
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--pages", type=int, default=50)
    parser.add_argument("--encoded", type=int, default=2048, help="texts that are really embedded")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), chosen.documents, chosen.pages, chosen.encoded)
    print(
        f"{figures['pages']:.0f} pages in {chosen.documents} PDFs, {figures['texts']:.0f} texts:"
        f" at most {figures['peak_mb']:.0f} MB, {figures['s']:.0f} s"
    )
    print(json.dumps({name: round(value, 2) for name, value in figures.items()}))
