"""What many passages are told apart by at once: an array for each property, with the passages' numbers as places."""

import json
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge.document import Document, Passage
from knowledge.filters import Filter, laender_of, programmes_of
from knowledge.messages import LANGUAGES, Language

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_SETS = "sets.json"
# Of each passage: its language, its document, the sets of programmes that it itself speaks of and that it is about
# with its document, and the Länder it is about.
_NAMES = ("languages", "documents", "programmes", "about", "laender")
_KEPT = 64


class ColumnWriter:
    """Notes what is told apart of passages as they go by."""

    def __init__(self) -> None:
        self._columns = {name: array("i") for name in _NAMES}
        self._sets: dict[tuple[str, ...], int] = {}

    def noting(self, passages: Iterable[Passage], documents: Mapping[str, tuple[int, Document]]) -> Iterator[Passage]:
        """The passages as they are; each of them stands in one of the `documents`, by id with their numbers."""
        for passage in passages:
            number, document = documents[passage.document_id]
            noted = (
                LANGUAGES.index(passage.lang),
                number,
                self._set(passage.programmes),
                self._set(programmes_of(document, passage)),
                self._set(laender_of(document, passage)),
            )
            for name, value in zip(_NAMES, noted, strict=True):
                self._columns[name].append(value)
            yield passage

    def _set(self, values: Collection[str]) -> int:
        return self._sets.setdefault(tuple(sorted(values)), len(self._sets))

    def save(self, folder: Path) -> None:
        """Write what was noted into a folder, which is made where it is missing."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, column in self._columns.items():
            np.save(folder / f"{name}.npy", np.array(column, dtype=np.int32))
        (folder / _SETS).write_text(json.dumps(list(self._sets)), encoding="utf-8")


class Columns:
    """The columns of all passages of a release, memory-mapped."""

    def __init__(self, folder: Path) -> None:
        """Open what `ColumnWriter.save` left in `folder`; OSError or ValueError where it is missing or damaged."""
        self._columns = {name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in _NAMES}
        self._sets = [frozenset(values) for values in json.loads((folder / _SETS).read_text(encoding="utf-8"))]
        self._sets_with = lru_cache(maxsize=_KEPT)(self._with_one_of)
        self._counts = np.bincount(self._columns["languages"], minlength=len(LANGUAGES))
        self._not_empty = np.fromiter(map(bool, self._sets), dtype=bool, count=len(self._sets))

    def in_language(self, numbers: Numbers, lang: Language) -> Flags:
        """Which passages, given by their numbers, are in a language."""
        return np.asarray(self._columns["languages"][numbers] == LANGUAGES.index(lang))

    def count(self, lang: Language) -> int:
        """How many passages are in a language."""
        return int(self._counts[LANGUAGES.index(lang)])

    def documents_of(self, numbers: Numbers) -> Numbers:
        """The numbers of the documents that passages, given by their numbers, stand in."""
        return np.asarray(self._columns["documents"][numbers])

    def speak_of(self, numbers: Numbers, programmes: frozenset[str]) -> Flags:
        """Which passages speak of one of the programmes, given by their keys."""
        return np.asarray(self._sets_with(programmes)[self._columns["programmes"][numbers]])

    def speak_of_any(self, numbers: Numbers) -> Flags:
        """Which passages speak of a programme at all."""
        return np.asarray(self._not_empty[self._columns["programmes"][numbers]])

    def matching(self, limits: Filter, documents: Numbers | None) -> Numbers:
        """Numbers of the passages that a filter lets through, ascending.

        `documents` are the numbers of those that it allows; all are where they are None.
        """
        of_passages = self._columns["documents"]
        matches = np.ones(len(of_passages), dtype=bool)
        if documents is not None:
            allowed = np.zeros(1 + of_passages.max(initial=-1), dtype=bool)
            allowed[documents[documents < len(allowed)]] = True
            matches &= allowed[of_passages]
        for column, wanted in (("about", limits.programmes), ("laender", limits.laender)):
            if wanted:
                matches &= self._sets_with(wanted)[self._columns[column]]
        return np.flatnonzero(matches)

    def _with_one_of(self, values: frozenset[str]) -> Flags:
        """Which of the sets hold one of the values."""
        return np.fromiter((not one.isdisjoint(values) for one in self._sets), dtype=bool, count=len(self._sets))
