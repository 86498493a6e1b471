"""Ranking by words: BM25 over stems and the parts of compounds."""

import json
from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path

import bm25s
import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.messages import Language
from knowledge.terms import Terms

_VOCABULARY = "vocabulary.json"
# Robertson and Zaragoza (2009), "The Probabilistic Relevance Framework", section 3.5: usual values.
_K1 = 1.2
_B = 0.75
# A slip in shorter words turns one word into another.
_MIN_FUZZY = 5
_LONG = 9
_MIN_RELATIVE = 4

Scores = npt.NDArray[np.float32]


class LexicalIndex:
    """Scores every passage for a question by the words they share."""

    def __init__(self, ranking: bm25s.BM25, terms: Terms, size: int) -> None:
        self._ranking = ranking
        self.terms = terms
        self._size = size
        self._compounds = sorted(term for term in ranking.vocab_dict if len(term) > _LONG and term.isalpha())
        self._backwards = sorted(term[::-1] for term in self._compounds)
        self._by_initial: dict[str, list[str]] = {}
        for term in ranking.vocab_dict:
            if len(term) >= _MIN_FUZZY - 1 and term.isalpha():
                self._by_initial.setdefault(term[0], []).append(term)

    @classmethod
    def build(cls, texts: Sequence[str], langs: Sequence[Language]) -> "LexicalIndex":
        """Index texts, each in its language; their places in the sequence are their numbers."""
        terms = Terms.of_texts(texts)
        ranking = bm25s.BM25(k1=_K1, b=_B)
        corpus = [terms.passage_terms(text, lang) for text, lang in zip(texts, langs, strict=True)]
        ranking.index(corpus, show_progress=False)
        return cls(ranking, terms, len(texts))

    def save(self, folder: Path) -> None:
        """Write the index into a folder that must not exist yet."""
        self._ranking.save(str(folder), show_progress=False)
        vocabulary = {"size": self._size, "words": sorted(self.terms.vocabulary)}
        (folder / _VOCABULARY).write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "LexicalIndex":
        """Open a saved index, its arrays mapped from disk."""
        stored = json.loads((folder / _VOCABULARY).read_text(encoding="utf-8"))
        return cls(bm25s.BM25.load(str(folder), mmap=True), Terms(stored["words"]), stored["size"])

    def __contains__(self, term: str) -> bool:
        """Whether some passage holds the term."""
        return term in self._ranking.vocab_dict

    def known(self, term: str) -> str | None:
        """The term itself if some passage holds it, else the one that a slip of the finger turned into it."""
        if term in self._ranking.vocab_dict:
            return term
        if len(term) < _MIN_FUZZY or not term.isalpha():
            return None
        slips = 1 if len(term) < _LONG else 2
        best = process.extractOne(term, self._by_initial.get(term[0], ()), scorer=OSA.distance, score_cutoff=slips)
        return best[0] if best else None

    def relatives(self, term: str) -> list[str]:
        """Compounds of the indexed text that begin or end with a term, as 'projektbuero' does with 'buero'."""
        if len(term) < _MIN_RELATIVE or not term.isalpha():
            return []
        ends = [word[::-1] for word in _beginning(self._backwards, term[::-1])]
        return [word for word in (*_beginning(self._compounds, term), *ends) if len(word) > len(term) + 2]

    def scores(self, terms: Sequence[str]) -> Scores:
        """BM25 score of every passage for known terms, shape (passages,)."""
        if not terms:
            return np.zeros(self._size, dtype=np.float32)
        return np.asarray(self._ranking.get_scores(list(terms)), dtype=np.float32)

    def holders(self, term: str) -> npt.NDArray[np.int32]:
        """Numbers of the passages that hold a known term."""
        number = self._ranking.vocab_dict[term]
        starts = self._ranking.scores["indptr"]
        return np.asarray(self._ranking.scores["indices"][starts[number] : starts[number + 1]], dtype=np.int32)

    def rarity_of(self, count: int) -> float:
        """Inverse document frequency of what `count` passages hold, 0 to about 10; the highest for none."""
        return float(np.log(1 + (self._size - count + 0.5) / (count + 0.5)))


def _beginning(ordered: list[str], start: str) -> list[str]:
    """The words of an ordered list that begin with `start`."""
    first = bisect_left(ordered, start)
    return ordered[first : bisect_left(ordered, f"{start}\U0010ffff", first)]
