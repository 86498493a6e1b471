"""A release with as many passages as wanted, grown from that of the starter library.

The starter library's own passages come first, as they are. Each further one takes sentences of two of its documents'
passages; every twelfth word or so is replaced by a compound that these words could form, frequent and rare ones as in
running text (Zipf), so that the vocabulary grows with the collection (Heaps). Its vector lies between those of the two,
moved by the difference of two other ones and by a little noise of its own; those of its windows lie around it.
"""

import json
import shutil
import time
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge.document import Document, Passage
from knowledge.indexing.lexical import LexicalIndex
from knowledge.indexing.vectors import VectorIndex, Vectors
from knowledge.indexing.windows import WindowIndex, windows_of
from knowledge.linguistics.text import sentences, words
from knowledge.messages import Language
from knowledge.releases.release import LEXICAL, MANIFEST, PASSAGES, QUESTIONS, SHEETS, VECTORS, WINDOWS, Release
from knowledge.releases.store import PassageStore, write_passages

_PASSAGES_PER_DOCUMENT = 20
_REPLACED = 0.08
_ZIPF = 1.1
_SHIFT = 0.35
_NOISE = 0.1
_APART = 0.3
_CHUNK = 20_000
_SEED = 7
_GROWTH = "growth.json"


class Grown:
    """A collection of `count` passages; the same at each run."""

    def __init__(self, starter: Release, count: int) -> None:
        store = PassageStore(starter.path / PASSAGES)
        self._own = list(store)[:count]
        self._own_documents = store.documents()
        store.close()
        self._vectors = np.load(starter.path / VECTORS / "embeddings.npy").astype(np.float32)
        self._count = count
        self._sources = [number for number, passage in enumerate(self._own) if passage.fact is None]
        self._sentences = {number: _cut(self._own[number].text) for number in self._sources}
        pool = {word for number in self._sources for word in words(self._own[number].text)}
        self.windows = array("i")
        """How many windows each passage has; filled in as `passages` are given out."""
        self._pool = sorted(word for word in pool if 4 <= len(word) <= 9 and word.isalpha())

    @property
    def dimensions(self) -> int:
        """Of each vector."""
        return int(self._vectors.shape[1])

    def documents(self) -> Iterator[Document]:
        """The starter library's documents and the grown ones."""
        yield from self._own_documents
        titles = [document.title for document in self._own_documents if document.kind == "document"]
        for number in range(-(-(self._count - len(self._own)) // _PASSAGES_PER_DOCUMENT)):
            title = f"{titles[number % len(titles)]} {number}"
            yield Document(
                id=f"grown-{number}", title=title, lang="de", kind="document", path=f"{number}.md", sha256="0"
            )

    def passages(self) -> Iterator[Passage]:
        """All passages in order."""
        del self.windows[:]
        for passage in self._all_passages():
            self.windows.append(len(windows_of(passage.text)))
            yield passage

    def fill(self, room: npt.NDArray[Any]) -> None:
        """Write the vectors of all passages into an array of shape (passages, dimensions)."""
        room[: len(self._own)] = self._vectors[: len(self._own)]
        rng = np.random.default_rng(_SEED + 1)
        for first, parents, shares in self._parents():
            some = (len(parents), 1)
            others = rng.integers(0, len(self._vectors), (2, len(parents)))
            noise = rng.standard_normal((len(parents), self._vectors.shape[1]), dtype=np.float32)
            moved: Vectors = (
                shares[:, None] * self._vectors[parents[:, 0]]
                + (1 - shares[:, None]) * self._vectors[parents[:, 1]]
                + rng.uniform(0, _SHIFT, some) * (self._vectors[others[0]] - self._vectors[others[1]])
                + noise * (_NOISE / np.sqrt(self._vectors.shape[1]))
            )
            room[first : first + len(parents)] = moved / np.linalg.norm(moved, axis=1, keepdims=True)

    def fill_windows(self, room: npt.NDArray[np.float16], vectors: npt.NDArray[Any]) -> None:
        """Write the vectors of all windows, passage after passage, around the passages' own vectors."""
        rng = np.random.default_rng(_SEED + 3)
        starts = np.concatenate([[0], np.cumsum(self.windows)])
        for first in range(0, self._count, _CHUNK):
            last = min(first + _CHUNK, self._count)
            around = np.repeat(vectors[first:last].astype(np.float32), self.windows[first:last], axis=0)
            around += rng.standard_normal(around.shape, dtype=np.float32) * (_APART / np.sqrt(self.dimensions))
            room[starts[first] : starts[last]] = around / np.linalg.norm(around, axis=1, keepdims=True)

    def _all_passages(self) -> Iterator[Passage]:
        yield from self._own
        rng = np.random.default_rng(_SEED)
        for first, parents, _ in self._parents():
            for offset, (one, other) in enumerate(parents):
                yield self._passage(first + offset, int(one), int(other), rng)

    def _parents(self) -> Iterator[tuple[int, npt.NDArray[np.int64], npt.NDArray[np.float64]]]:
        """In chunks: number of the first passage, the two that each is made of, the share of the first of them."""
        rng = np.random.default_rng(_SEED + 2)
        for first in range(len(self._own), self._count, _CHUNK):
            size = min(_CHUNK, self._count - first)
            yield first, rng.choice(self._sources, (size, 2)), rng.uniform(0.5, 1, size)

    def _passage(self, number: int, one: int, other: int, rng: np.random.Generator) -> Passage:
        parent = self._own[one]
        taken = [part for part in self._sentences[one] if rng.random() < 0.7]
        taken += [part for part in self._sentences[other] if rng.random() < 0.3]
        tokens = [token for part in taken or self._sentences[one] for token in part]
        for place in rng.integers(0, len(tokens), rng.binomial(len(tokens), _REPLACED)):
            tokens[place] = self._compound(int(rng.zipf(_ZIPF)))
        text = " ".join(tokens)
        document, place = divmod(number - len(self._own), _PASSAGES_PER_DOCUMENT)
        return Passage(
            document_id=f"grown-{document}",
            id=place + 1,
            text=text,
            headings=parent.headings,
            start=0,
            end=len(text),
            lang=parent.lang,
            programmes=parent.programmes,
        )

    def _compound(self, rank: int) -> str:
        head = self._pool[rank * 2_654_435_761 % len(self._pool)]
        return head.capitalize() + self._pool[rank * 40_503 % 1_000_003 % len(self._pool)]


class _Texts:
    """What is indexed of the passages of a store, read anew each time."""

    def __init__(self, store: PassageStore) -> None:
        self._store = store

    def __iter__(self) -> Iterator[tuple[str, Language]]:
        return ((". ".join(passage.headings) + f": {passage.text}", passage.lang) for passage in self._store)


def grow(starter: Release, count: int, folder: Path) -> dict[str, float]:
    """Write a release of `count` passages into `folder`; one that was finished there before is left as it is.

    Returns what it took: seconds for the passages, words and vectors, bytes of the parts, and the most memory this
    process held, in bytes.
    """
    if (folder / _GROWTH).exists():
        return dict(json.loads((folder / _GROWTH).read_text()))
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for part in (MANIFEST, SHEETS, QUESTIONS):
        shutil.copy(starter.path / part, folder / part)
    grown = Grown(starter, count)
    begun = time.perf_counter()
    write_passages(folder / PASSAGES, grown.documents(), grown.passages())
    written = time.perf_counter()
    store = PassageStore(folder / PASSAGES)
    LexicalIndex.build(folder / LEXICAL, _Texts(store))
    store.close()
    indexed = time.perf_counter()
    room = VectorIndex.room(folder / VECTORS, count, grown.dimensions)
    grown.fill(room)
    windows = WindowIndex.room(folder / WINDOWS, grown.windows, grown.dimensions)
    grown.fill_windows(windows, room)
    windows.flush()
    filled = time.perf_counter()
    VectorIndex.build(room).save(folder / VECTORS)
    took = {
        "build_passages_s": written - begun,
        "build_words_s": indexed - written,
        "build_vectors_s": time.perf_counter() - filled,
        "build_memory": _most_memory(),
        "passages_bytes": float((folder / PASSAGES).stat().st_size),
        "words_bytes": float(sum(path.stat().st_size for path in (folder / LEXICAL).rglob("*.npy"))),
        "windows_bytes": float(sum(path.stat().st_size for path in (folder / WINDOWS).iterdir())),
        "vectors_bytes": float(sum(path.stat().st_size for path in (folder / VECTORS).iterdir())),
    }
    (folder / _GROWTH).write_text(json.dumps(took))
    return took


def _most_memory() -> float:
    """The most bytes this process held since it was started, mapped files among them."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024.0 for line in lines if line.startswith("VmHWM"))


def _cut(text: str) -> list[list[str]]:
    return [text[start:end].split() for start, end in sentences(text)]
