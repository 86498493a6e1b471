"""Ways of finding the nearest vectors, side by side: `python -m tests.benchmarks vectors [--sizes N …]`.

Vectors are made from those of the starter library as in `scale`; asked are the questions of the question set, by one
thread. Compared are all vectors one by one, HNSW (Malkov and Yashunin 2018) over them in half precision, and the index
that is used. Bytes are those of the saved index, which HNSW needs in memory.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from knowledge.indexing.vectors import VectorIndex, Vectors
from knowledge.releases.release import open_release
from knowledge.settings import settings
from tests.benchmarks.growing import Grown
from tests.benchmarks.scale import NEIGHBOURS, embedded, questions, recall

SIZES = (10_000, 100_000)
CANDIDATES = 60
# Neighbours of each vector in HNSW's graph, and how many are looked at while it is built and searched.
LINKS = 32
BUILT_WITH = 80
SEARCHED_WITH = (64, 128, 256, 512)

Search = Callable[[Vectors, int], Any]


def flat(vectors: Any, folder: Path) -> Iterator[tuple[str, Search, float]]:
    """Every vector compared."""
    index = VectorIndex.build(vectors, flat_up_to=len(vectors))
    index.save(folder)
    yield "flat", lambda query, count: index.nearest(query, count)[1], _bytes(folder)


def used(vectors: Any, folder: Path) -> Iterator[tuple[str, Search, float]]:
    """What is used beyond `tuning.FLAT_UP_TO`: 4-bit codes nominate, vectors in half precision decide."""
    index = VectorIndex.build(vectors, flat_up_to=0)
    index.save(folder)
    yield "IVF-PQ", lambda query, count: index.nearest(query, count)[1], _bytes(folder)


def hnsw(vectors: Any, folder: Path) -> Iterator[tuple[str, Search, float]]:
    """A graph of neighbours over all vectors in half precision."""
    index = faiss.IndexHNSWSQ(vectors.shape[1], faiss.ScalarQuantizer.QT_fp16, LINKS, faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efConstruction = BUILT_WITH
    index.train(np.asarray(vectors[:1000], dtype=np.float32))
    index.add(np.asarray(vectors, dtype=np.float32))
    path = folder / "hnsw.faiss"
    folder.mkdir(parents=True)
    faiss.write_index(index, str(path))
    for width in SEARCHED_WITH:

        def search(query: Vectors, count: int, width: int = width) -> Any:
            index.hnsw.efSearch = width
            return index.search(query, count)[1]

        yield f"HNSW, {width} looked at", search, float(path.stat().st_size)


def _bytes(folder: Path) -> float:
    return float(sum(path.stat().st_size for path in folder.iterdir()))


def main(arguments: Sequence[str] = ()) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks vectors")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    chosen = parser.parse_args(arguments)
    starter = open_release(settings())
    queries = np.stack(list(embedded(starter, questions()).values()))
    for size in chosen.sizes:
        grown = Grown(starter, size)
        vectors: Any = np.empty((size, grown.dimensions), dtype=np.float32)
        grown.fill(vectors)
        true = faiss.knn(queries, vectors, NEIGHBOURS, metric=faiss.METRIC_INNER_PRODUCT)[1]
        for make in (flat, used, hnsw):
            with tempfile.TemporaryDirectory() as folder:
                begun, busy = time.perf_counter(), time.process_time()
                ways = make(vectors, Path(folder) / "index")
                for place, (name, search, size_on_disk) in enumerate(ways):
                    if not place:
                        built, built_cpu = time.perf_counter() - begun, time.process_time() - busy
                    faiss.omp_set_num_threads(1)
                    found, each = [], []
                    for query in queries:
                        started = time.process_time()
                        found.append(search(query[None], CANDIDATES)[0][:NEIGHBOURS])
                        each.append(1000 * (time.process_time() - started))
                    print(
                        f"{size:>9,} {name:22} {statistics.median(each):6.2f} ms of processor"
                        f"  recall@{NEIGHBOURS} {recall(found, true):.3f}  {size_on_disk / 1e6:6.0f} MB"
                        f"  built in {built:.1f} s ({built_cpu:.1f} s of processors)",
                        flush=True,
                    )
