"""How the knowledge grows: `python -m tests.benchmarks scale --sizes 10000 100000 1000000`.

Grows collections from the starter library (see `growing`), each in a process of its own, opens each in another, and
asks it the questions of the question set. Prints a table; writes all figures as JSON and draws them.
"""

import argparse
import json
import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.answering.answers import Answerer
from knowledge.answering.context import Context
from knowledge.encoding.embedding import Embedder
from knowledge.evaluation.questions import OWN_QUESTIONS
from knowledge.indexing.vectors import VectorIndex, Vectors
from knowledge.releases.release import VECTORS, Release, open_release
from knowledge.retrieval.library import Library
from knowledge.settings import PROJECT, settings
from tests.benchmarks.growing import grow

Figures = dict[str, Any]

SIZES = (10_000, 100_000, 1_000_000)
PICTURE = PROJECT / "docs" / "scale.svg"
WARM_UP = 20
NEIGHBOURS = 10
_CHUNK = 65536


class Remembered:
    """Stands in for the model: gives embeddings made before."""

    def __init__(self, embeddings: dict[str, Vectors]) -> None:
        self._embeddings = embeddings

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self._embeddings[text] for text in texts])


class Recording:
    """The model, and every embedding it made."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.made: dict[str, Vectors] = {}

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        vectors = self._embedder.embed_queries(texts)
        self.made.update(zip(texts, vectors, strict=True))
        return vectors


def questions() -> list[str]:
    """The questions of the question set that stand by themselves."""
    entries = [json.loads(line) for line in OWN_QUESTIONS.read_text(encoding="utf-8").splitlines()]
    return list(dict.fromkeys(entry["question"] for entry in entries if not entry["dialog"]))


def embedded(starter: Release, asked: Sequence[str]) -> dict[str, Vectors]:
    """Every text that answering these questions embeds, with its embedding."""
    recording = Recording(Embedder.load(settings()))
    answerer = Answerer(Library(starter), recording)  # type: ignore[arg-type]
    for question in asked:
        answerer.answer(question, Context())
    return recording.made


def measure(folder: Path, asked: Sequence[str], embeddings: dict[str, Vectors]) -> Figures:
    """Open a grown release and ask it; milliseconds, bytes and shares."""
    before = memory()
    begun = time.perf_counter()
    library = Library(Release(folder))
    opened = time.perf_counter() - begun
    answerer = Answerer(library, Remembered(embeddings))  # type: ignore[arg-type]
    latencies = [1000 * seconds(lambda one=question: answerer.answer(one, Context())) for question in asked][WARM_UP:]
    used = memory()
    vectors = VectorIndex.load(folder / VECTORS)
    queries = np.stack(list(embeddings.values()))
    found, searches = [], []
    for query in queries:
        begun = time.perf_counter()
        found.append(vectors.nearest(query[None], NEIGHBOURS)[1][0])
        searches.append(1000 * (time.perf_counter() - begun))
    return {
        "kind": vectors.kind,
        "open_s": opened,
        "answer_ms": statistics.median(latencies),
        "answer_p95_ms": float(np.percentile(latencies, 95)),
        "vectors_ms": statistics.median(searches),
        "vectors_p95_ms": float(np.percentile(searches, 95)),
        "recall_at_10": recall(found, exact(folder, queries)),
        "memory_own": used["RssAnon"] - before["RssAnon"],
        "memory_mapped": used["RssFile"] - before["RssFile"],
    }


def seconds(action: Callable[[], object]) -> float:
    """How long something takes."""
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def memory() -> dict[str, int]:
    """Bytes that this process holds: of its own (RssAnon) and of files (RssFile), which the system may take back."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return {name: int(rest.split()[0]) * 1024 for name, rest in (line.split(":") for line in lines if "Rss" in line)}


def exact(folder: Path, queries: Vectors) -> list[Any]:
    """The nearest passages of each query, found by comparing all vectors."""
    stored = np.load(folder / VECTORS / "embeddings.npy", mmap_mode="r")
    cosines = np.empty((len(queries), 0), dtype=np.float32)
    numbers = np.empty((len(queries), 0), dtype=np.int64)
    for start in range(0, len(stored), _CHUNK):
        chunk = queries @ stored[start : start + _CHUNK].astype(np.float32).T
        cosines = np.hstack([cosines, chunk])
        numbers = np.hstack([numbers, np.broadcast_to(np.arange(start, start + chunk.shape[1]), chunk.shape)])
        best = np.argpartition(-cosines, NEIGHBOURS - 1, axis=1)[:, :NEIGHBOURS]
        cosines, numbers = np.take_along_axis(cosines, best, 1), np.take_along_axis(numbers, best, 1)
    return list(numbers)


def recall(found: Sequence[Any], true: Sequence[Any]) -> float:
    """Share of the true neighbours that were found."""
    hits = [len(set(some.tolist()) & set(all_.tolist())) for some, all_ in zip(found, true, strict=True)]
    return sum(hits) / sum(map(len, true))


def apart(function: Callable[..., Figures], *arguments: object) -> Figures:
    """A function's result, from a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(function, arguments)


def main(arguments: Sequence[str] = ()) -> None:
    """Grow, measure, print and draw."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks scale", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="numbers of passages")
    parser.add_argument("--folder", type=Path, help="where collections are kept and found again (a million: 4 GB)")
    parser.add_argument("--json", type=Path, help="file for all figures")
    parser.add_argument("--picture", type=Path, default=PICTURE, help="file for the picture, SVG or PNG")
    chosen = parser.parse_args(arguments)
    starter = open_release(settings())
    asked = questions()
    embeddings = embedded(starter, asked)
    results: dict[int, Figures] = {}
    with tempfile.TemporaryDirectory() as temporary:
        for size in chosen.sizes:
            folder = (chosen.folder or Path(temporary)) / str(size)
            results[size] = apart(grow, starter, size, folder) | apart(measure, folder, asked, embeddings)
            print(row(size, results[size]), flush=True)
    if chosen.json:
        chosen.json.write_text(json.dumps(results, indent=2))
    from tests.benchmarks.picture import draw

    draw(results, chosen.picture)
    print(json.dumps(results))


def row(size: int, figures: Figures) -> str:
    """A line of the table."""
    building = figures["build_words_s"] + figures["build_vectors_s"] + figures["build_passages_s"]
    return (
        f"{size:>9,} passages, {figures['kind']}: answer {figures['answer_ms']:.1f} ms"
        f" (p95 {figures['answer_p95_ms']:.1f}), of this vectors {figures['vectors_ms']:.1f} ms at recall@10"
        f" {figures['recall_at_10']:.3f}; opened in {figures['open_s']:.2f} s,"
        f" memory {figures['memory_own'] / 1e6:.0f} MB + {figures['memory_mapped'] / 1e6:.0f} MB of files;"
        f" vectors {figures['vectors_bytes'] / 1e6:.0f} MB; built in {building:.0f} s"
        f" (passages {figures['build_passages_s']:.0f}, words {figures['build_words_s']:.0f},"
        f" vectors {figures['build_vectors_s']:.0f}) with {figures['build_memory'] / 1e6:.0f} MB"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
