"""Ranking by words: BM25 over stems and the parts of compounds, read from disk."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA

from knowledge import tuning
from knowledge.files.wordlist import WordList
from knowledge.indexing.postings import FULL, Numbers, Postings, write_postings
from knowledge.linguistics.slips import is_another_compound
from knowledge.linguistics.terms import Terms
from knowledge.linguistics.text import words
from knowledge.messages import LANGUAGES, Language

_TERMS = "terms"
_WORDS = "words"
_POSTINGS = "postings"
_SHAPES = "shapes.npy"
_ENDINGS = "endings.npy"
# A slip in shorter words turns one word into another.
_MIN_FUZZY = 5
_LONG = 9
_MIN_RELATIVE = 4
# Passages with any of several words are counted one by one up to so many entries; beyond, a sum will do.
_COUNTED = 200_000

Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]


class Held:
    """The terms of some passages, in which questions are looked up without reading what other passages hold."""

    def __init__(self, index: "LexicalIndex", passages: npt.ArrayLike) -> None:
        self._index = index
        self._passages = np.asarray(passages, dtype=np.int64)
        self._terms, self._shares, sizes = index.postings.by_passage.of(self._passages)
        self._rows = np.repeat(np.arange(len(self._passages)), sizes)

    def has(self, terms: npt.ArrayLike) -> Flags:
        """Which of the passages hold at least one of the terms, given by their numbers: shape (passages,)."""
        wanted = np.atleast_1d(np.asarray(terms, dtype=np.int64))
        found = np.zeros(len(self._passages), dtype=bool)
        if len(wanted) == 1:
            found[self._rows[self._terms == wanted[0]]] = True
        elif len(wanted):
            is_wanted = np.zeros(self._index.vocabulary_size, dtype=bool)
            is_wanted[wanted] = True
            found[self._rows[is_wanted[self._terms]]] = True
        return found

    def scores(self, weights: Mapping[str, float]) -> Floats:
        """BM25 of each of the passages for weighted terms of the index, shape (passages,)."""
        scores = np.zeros(len(self._passages))
        for term, weight in weights.items():
            number = self._index.number(term)
            at = np.flatnonzero(self._terms == number)
            scores[self._rows[at]] += weight * self._index.rarity(number) / FULL * self._shares[at]
        return scores.astype(np.float32)


class _Numbering:
    """Numbers for words, each in its language, in the order of their first appearance."""

    def __init__(self) -> None:
        self.words: list[tuple[str, Language]] = []
        self._by_language = {lang: _Numbers(lang, self.words) for lang in LANGUAGES}

    def of(self, text: tuple[str, Language]) -> list[int]:
        """The numbers of the words of a text."""
        return list(map(self._by_language[text[1]].__getitem__, words(text[0])))


class _Numbers(dict[str, int]):
    def __init__(self, lang: Language, seen: list[tuple[str, Language]]) -> None:
        super().__init__()
        self._lang = lang
        self._seen = seen

    def __missing__(self, word: str) -> int:
        self._seen.append((word, self._lang))
        self[word] = len(self._seen) - 1
        return self[word]


def is_compound_of(other: str, term: str) -> bool:
    """Whether a term is a compound that begins or ends with another one."""
    if len(term) < _MIN_RELATIVE or len(other) <= max(_LONG, len(term) + 2):
        return False
    return (other.startswith(term) or other.endswith(term)) and term.isalpha()


class LexicalIndex:
    """Finds passages by the words they share with a question. A term's number is its place in the vocabulary."""

    def __init__(self, folder: Path) -> None:
        """Open the index in `folder`, memory-mapped; OSError or ValueError where it is missing or damaged."""
        self.terms = Terms(WordList(folder / _WORDS))
        self.postings = Postings(folder / _POSTINGS)
        self.size = len(self.postings.by_passage)
        """How many passages it holds."""
        self._vocabulary = WordList(folder / _TERMS)
        self._letters, self._lengths = np.asarray(np.load(folder / _SHAPES, mmap_mode="r"))
        self._endings = np.asarray(np.load(folder / _ENDINGS, mmap_mode="r"))
        self._misspelt = lru_cache(maxsize=4096)(self._nearest_spelling)

    @staticmethod
    def build(folder: Path, texts: Iterable[tuple[str, Language]]) -> None:
        """Write the index of texts, each with its language, into a folder; their places are their numbers.

        `texts` is gone through once. Every different word is taken apart once, not wherever it stands.
        """
        numbering = _Numbering()
        terms = Terms()

        def terms_of_words() -> Iterator[list[str]]:
            nonlocal terms
            terms = Terms.of_texts(word for word, _ in numbering.words)
            return (terms.passage_terms(word, lang) for word, lang in numbering.words)

        vocabulary = write_postings(folder / _POSTINGS, map(numbering.of, texts), terms_of_words)
        WordList.write(folder / _WORDS, sorted(terms.vocabulary))
        WordList.write(folder / _TERMS, vocabulary)
        shapes = np.array([_shape(term) for term in vocabulary], dtype=np.uint32).reshape(-1, 2).T
        np.save(folder / _SHAPES, shapes)
        compounds = np.flatnonzero(shapes[1] > _LONG).tolist()
        compounds.sort(key=lambda number: vocabulary[number][::-1])
        np.save(folder / _ENDINGS, np.array(compounds, dtype=np.int32))

    @property
    def vocabulary_size(self) -> int:
        """How many terms it knows."""
        return len(self._vocabulary)

    def __contains__(self, term: str) -> bool:
        """Whether some passage holds the term."""
        return term in self._vocabulary

    def number(self, term: str) -> int:
        """The number of a term; KeyError where no passage holds it."""
        number = self._vocabulary.number(term)
        if number is None:
            raise KeyError(term)
        return number

    def known(self, term: str) -> str | None:
        """The term itself if some passage holds it, else the one that a slip of the finger turned into it.

        Of several equally near ones the one that most passages hold.
        """
        if term in self._vocabulary:
            return term
        return self._misspelt(term) if len(term) >= _MIN_FUZZY and term.isalpha() else None

    def relatives(self, term: str) -> Numbers:
        """Numbers of the compounds that begin or end with a term, as 'projektburo' does with 'buro'."""
        if len(term) < _MIN_RELATIVE or not term.isalpha():
            return np.empty(0, dtype=np.int32)
        starting = self._vocabulary.beginning(term)
        found = np.concatenate([np.arange(starting.start, starting.stop, dtype=np.int32), self._ending_with(term)])
        return np.asarray(np.unique(found[self._lengths[found] > max(_LONG, len(term) + 2)]))

    def count(self, terms: npt.ArrayLike) -> int:
        """How many passages hold at least one of the terms, given by their numbers; for very frequent ones at most."""
        wanted = np.atleast_1d(np.asarray(terms, dtype=np.int64))
        entries = int(self.postings.by_term.sizes(wanted).sum())
        if len(wanted) < 2 or entries > _COUNTED:
            return min(entries, self.size)
        has = np.zeros(self.size, dtype=bool)
        has[self.postings.by_term.of(wanted)[0]] = True
        return int(np.count_nonzero(has))

    def rarity_of(self, count: int) -> float:
        """Inverse document frequency of what `count` passages hold, 0 to about 14; the highest for none."""
        return float(np.log(1 + (self.size - count + 0.5) / (count + 0.5)))

    def rarity(self, term: int) -> float:
        """Inverse document frequency of a term, given by its number."""
        return self.rarity_of(int(self.postings.by_term.sizes(term)))

    def best(self, weights: Mapping[str, float], count: int, within: Flags | None = None) -> Numbers:
        """Numbers of the `count` passages with the highest BM25 for weighted terms of the index, best first.

        Of the passages flagged in `within`, shape (all passages,), if given. The rarest terms nominate, so that a term
        in every third passage costs no more than another; all terms decide.
        """
        numbers = {self.number(term): weight for term, weight in weights.items()}
        rarest_first = sorted((int(self.postings.by_term.sizes(number)), number) for number in numbers)
        sums = np.zeros(self.size, dtype=np.float32)
        holders: list[Numbers] = []
        looked_at = 0
        for entries, number in rarest_first:
            if holders and looked_at + entries > tuning.POSTINGS:
                break
            passages, shares, _ = self.postings.by_term.of([number])
            if within is not None:
                chosen = within[passages]
                passages, shares = passages[chosen], shares[chosen]
            sums[passages] += np.float32(numbers[number] * self.rarity(number) / FULL) * shares
            holders.append(passages)
            looked_at += entries
        if len(holders) == len(numbers):
            return _highest(holders, sums, count)
        nominated = _highest(holders, sums, tuning.NOMINATED_BY_WORDS * count)
        exact = self.held(nominated).scores(weights)
        return np.asarray(nominated[np.argsort(-exact, kind="stable")[:count]])

    def held(self, passages: npt.ArrayLike) -> Held:
        """The terms of the passages of these numbers."""
        return Held(self, passages)

    def _ending_with(self, term: str) -> Numbers:
        backwards = term[::-1]
        low = self._ending_place(backwards)
        return np.asarray(self._endings[low : self._ending_place(f"{backwards}\U0010ffff", low)])

    def _ending_place(self, backwards: str, low: int = 0) -> int:
        """How many compounds, read backwards, come before a word."""
        high = len(self._endings)
        while low < high:
            middle = (low + high) // 2
            if self._vocabulary.word(int(self._endings[middle]))[::-1] < backwards:
                low = middle + 1
            else:
                high = middle
        return low

    def _nearest_spelling(self, term: str) -> str | None:
        """The term of the same initial that a slip or, in a long word, two turned into `term`."""
        slips = 1 if len(term) < _LONG else 2
        same_initial = self._vocabulary.beginning(term[0])
        span = slice(same_initial.start, same_initial.stop)
        letters, lengths = self._letters[span], self._lengths[span].astype(np.int64)
        # A slip changes at most two letters of the set a word is made of, and its length by one.
        near = np.flatnonzero((np.abs(lengths - len(term)) <= slips) & (lengths >= _MIN_FUZZY - 1))
        near = near[_bits(letters[near] ^ np.uint32(_shape(term)[0])) <= 2 * slips]
        best: tuple[int, int, str] | None = None
        for number in (near + span.start).tolist():
            word = self._vocabulary.word(number)
            distance = OSA.distance(term, word, score_cutoff=slips)
            if distance <= slips and not is_another_compound(term, word):
                found = (distance, -int(self.postings.by_term.sizes(number)), word)
                best = min(best, found) if best else found
        return best[2] if best else None


def _highest(groups: Sequence[Numbers], sums: Floats, count: int) -> Numbers:
    """The `count` passages with the highest sums, best first, among groups that may share some."""
    passages = np.concatenate([np.empty(0, dtype=np.int32), *groups])
    # A passage stands in each group once at most, so that there are enough different ones among so many.
    enough = count * len(groups)
    if len(passages) > 4 * enough:
        # Those of the rarest terms, which come first, tell below which sum none can be among the highest.
        floor = np.partition(sums[passages[: 4 * enough]], 3 * enough)[3 * enough]
        passages = passages[sums[passages] >= floor]
    if len(passages) > enough:
        passages = passages[np.argpartition(-sums[passages], enough - 1)[:enough]]
    passages = np.unique(passages)
    return np.asarray(passages[np.argsort(-sums[passages], kind="stable")[:count]])


def _shape(term: str) -> tuple[int, int]:
    """The set of a word's letters as bits, and its length; 0 where it has other signs than letters."""
    letters = 0
    for char in term:
        letters |= 1 << (ord(char) % 32)
    return letters, len(term) if term.isalpha() else 0


def _bits(values: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """How many bits of each value are set (Warren, "Hacker's Delight", section 5-1)."""
    pairs = values - ((values >> 1) & 0x55555555)
    fours = (pairs & 0x33333333) + ((pairs >> 2) & 0x33333333)
    return np.asarray((((fours + (fours >> 4)) & 0x0F0F0F0F) * np.uint32(0x01010101)) >> 24, dtype=np.uint32)
