"""Which passages hold which terms, and what that is worth: arrays on disk, once by term and once by passage."""

import shutil
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge.files.mapped import new_mapped

Numbers = npt.NDArray[np.int32]
Shares = npt.NDArray[np.uint16]
Counts = npt.NDArray[np.int64]

# Words that are put in order at a time; bounds the memory of a build.
_AT_A_TIME = 1_000_000
_BY_TERM = ("term_starts.npy", "passages.npy", "passage_shares.npy")
_BY_PASSAGE = ("passage_starts.npy", "terms.npy", "term_shares.npy")
# Robertson and Zaragoza (2009), "The Probabilistic Relevance Framework", section 3.5: usual values. Term frequency as
# in Lucene (Kamphuis et al. 2020, "Which BM25 do you mean?").
_K1 = 1.2
_B = 0.75
FULL = 65535
"""Stands for a share of 1."""


class Grouped:
    """Numbers in groups, each with a share: the passages that hold a term, or the terms that a passage holds.

    The share is what BM25 gives for how often the term stands in the passage, and how long that is: 0 to `FULL`.
    """

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        self._starts, self._numbers, self._shares = (
            np.asarray(np.load(folder / name, mmap_mode="r")) for name in names
        )

    def __len__(self) -> int:
        return len(self._starts) - 1

    def sizes(self, groups: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """How many numbers each of the groups holds."""
        chosen = np.asarray(groups, dtype=np.int64)
        return np.asarray(self._starts[chosen + 1] - self._starts[chosen])

    def of(self, groups: npt.ArrayLike) -> tuple[Numbers, Shares, Counts]:
        """The numbers of some groups one after the other, their shares, and the sizes of the groups."""
        chosen = np.asarray(groups, dtype=np.int64)
        if len(chosen) == 1:
            one = slice(int(self._starts[chosen[0]]), int(self._starts[chosen[0] + 1]))
            return self._numbers[one], self._shares[one], self.sizes(chosen)
        places, sizes = _ranges(self._starts, chosen)
        return self._numbers[places], self._shares[places], sizes


class Postings:
    """The postings of all passages, memory-mapped."""

    def __init__(self, folder: Path) -> None:
        """Open what `write_postings` left in `folder`; OSError or ValueError where it is missing or damaged."""
        self.by_term = Grouped(folder, _BY_TERM)
        """Group: number of a term; in it the passages that hold it, in order."""
        self.by_passage = Grouped(folder, _BY_PASSAGE)
        """Group: number of a passage; in it its terms."""


def write_postings(
    folder: Path, passages: Iterable[Sequence[int]], terms_of_words: Callable[[], Iterable[Sequence[str]]]
) -> list[str]:
    """Write the postings of passages, each given by the numbers of its words, into `folder`.

    When all passages are read, `terms_of_words` gives the terms of word 0, 1, … Returns all terms in the order of code
    points; a term's number is its place there. In memory are the words, the terms and a stretch of passages at a time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    scratch = folder / "scratch"
    scratch.mkdir()
    try:
        counts = _write_words(scratch, passages)
        word_terms, vocabulary = _numbered(terms_of_words())
        lengths, holders = _write_terms(folder, scratch, counts, word_terms, len(vocabulary))
        _write_shares(folder, scratch, lengths, holders)
    finally:
        shutil.rmtree(scratch)
    return vocabulary


def _write_words(scratch: Path, passages: Iterable[Sequence[int]]) -> Counts:
    """The words of all passages one behind the other; returns how many each has."""
    counts = array("q")
    with (scratch / "words").open("wb") as file:
        for words in passages:
            counts.append(len(words))
            array("i", words).tofile(file)
    return np.array(counts, dtype=np.int64)


def _numbered(terms_of_words: Iterable[Sequence[str]]) -> tuple[tuple[Counts, Numbers], list[str]]:
    """For each word the numbers of its terms, as starts and numbers; and the vocabulary."""
    first_seen: dict[str, int] = {}
    starts, numbers = array("q", [0]), array("i")
    for terms in terms_of_words:
        numbers.extend(first_seen.setdefault(term, len(first_seen)) for term in terms)
        starts.append(len(numbers))
    vocabulary = sorted(first_seen)
    final = np.empty(len(vocabulary), dtype=np.int32)
    final[[first_seen[term] for term in vocabulary]] = np.arange(len(vocabulary), dtype=np.int32)
    return (np.array(starts, dtype=np.int64), final[np.array(numbers, dtype=np.int64)]), vocabulary


def _write_terms(
    folder: Path, scratch: Path, counts: Counts, word_terms: tuple[Counts, Numbers], vocabulary: int
) -> tuple[Counts, Counts]:
    """The terms of every passage; returns how many each has, repetitions counted, and how many passages hold each."""
    starts = _cumulated(counts)
    words = _file(scratch / "words", np.int32)
    lengths = np.zeros(len(counts), dtype=np.int64)
    held = np.zeros(len(counts), dtype=np.int64)
    holders = np.zeros(vocabulary, dtype=np.int64)
    with (scratch / "terms").open("wb") as terms_file, (scratch / "times").open("wb") as times_file:
        for first, last in _stretches(starts):
            places, sizes = _ranges(word_terms[0], np.asarray(words[starts[first] : starts[last]]))
            passages = np.repeat(np.repeat(np.arange(last - first), counts[first:last]), sizes)
            entries, times = np.unique(passages * vocabulary + word_terms[1][places], return_counts=True)
            terms = entries % vocabulary
            terms.astype(np.int32).tofile(terms_file)
            times.astype(np.int32).tofile(times_file)
            lengths[first:last] = np.bincount(passages, minlength=last - first)
            held[first:last] = np.bincount(entries // vocabulary, minlength=last - first)
            holders += np.bincount(terms, minlength=vocabulary)
    np.save(folder / _BY_PASSAGE[0], _cumulated(held))
    np.save(folder / _BY_PASSAGE[1], _file(scratch / "terms", np.int32))
    return lengths, holders


def _write_shares(folder: Path, scratch: Path, lengths: Counts, holders: Counts) -> None:
    """The shares of the terms of every passage; the same by term, the passages in order."""
    starts, terms = (np.load(folder / name, mmap_mode="r") for name in _BY_PASSAGE[:2])
    times = _file(scratch / "times", np.int32)
    norms = _K1 * (1 - _B + _B * lengths / max(lengths.mean(), 1e-9)) if len(lengths) else lengths
    free = _cumulated(holders)
    np.save(folder / _BY_TERM[0], free)
    numbers = new_mapped(folder / _BY_TERM[1], np.int32, terms.shape)
    shares, by_term = (new_mapped(folder / names[2], np.uint16, terms.shape) for names in (_BY_PASSAGE, _BY_TERM))
    for first, last in _stretches(starts):
        entries = slice(starts[first], starts[last])
        here = np.asarray(terms[entries])
        order = np.argsort(here, kind="stable")
        here = here[order]
        held, begins, sizes = np.unique(here, return_index=True, return_counts=True)
        places = free[here] + np.arange(len(here)) - np.repeat(begins, sizes)
        passages = np.repeat(np.arange(first, last, dtype=np.int32), np.diff(starts[first : last + 1]))
        numbers[places] = passages[order]
        shares[entries] = np.rint(FULL * times[entries] / (times[entries] + norms[passages]))
        by_term[places] = shares[entries][order]
        free[held] += sizes


def _ranges(starts: Counts, groups: npt.NDArray[np.integer[Any]]) -> tuple[npt.NDArray[np.int64], Counts]:
    """The places of all members of some groups one after the other, and the sizes of the groups."""
    sizes = starts[groups + 1] - starts[groups]
    return np.arange(sizes.sum()) + np.repeat(starts[groups] - (np.cumsum(sizes) - sizes), sizes), sizes


def _cumulated(counts: Counts) -> Counts:
    return np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])


def _stretches(starts: npt.NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Runs of passages (first, one past the last) with about `_AT_A_TIME` entries together."""
    first = 0
    while first < len(starts) - 1:
        last = int(np.searchsorted(starts, starts[first] + _AT_A_TIME, side="right")) - 1
        last = max(last, first + 1)
        yield first, last
        first = last


def _file(path: Path, kind: npt.DTypeLike) -> npt.NDArray[Any]:
    """A file of plain numbers, mapped; an empty array where nothing was written."""
    return np.memmap(path, dtype=kind, mode="r") if path.stat().st_size else np.empty(0, dtype=kind)
