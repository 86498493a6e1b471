"""The words of a question: how rare they are, and how well passages cover them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from knowledge import tuning
from knowledge.indexing.lexical import Held, LexicalIndex, is_compound_of
from knowledge.linguistics.synonyms import synonyms
from knowledge.linguistics.terms import STOPWORDS, participles, separable_verbs, stem
from knowledge.linguistics.text import folded, words
from knowledge.messages import Language
from knowledge.recognition.names import is_named
from knowledge.retrieval.query import Query

_OF_PLACE = (
    r"\b(?:in|aus|bei|von|fuer|nach|at|from|of|(?:der|die|des|den|dem|im|vom|beim|zur) "
    r"(?:\w*stadt|\w*gemeinde|\w*kreis(?:es)?|region|\w*werken?|kommune))"
)
# A compound of which but one part is a known word is no more covered by that than by one of two.
_PARTS = 2
# A name with which a compound begins, and what it is the name of.
_MIN_NAME = 5
_MIN_HEAD = 3


@dataclass(frozen=True)
class Word:
    """A word of the query: how rare it is, and by which terms of the index a passage covers it how well."""

    text: str
    weight: float
    is_figure: bool
    stems: Mapping[str, float]
    """Its own, those of its parts and of words of the same meaning, with how well each stands for it."""
    parts: tuple[int, ...]
    """Numbers of the terms of its parts; they cover it together."""
    part_share: float
    """How well each of them does."""
    ways: tuple[tuple[npt.NDArray[np.int32], float], ...]
    """Numbers of other terms, and how well one of them covers it."""
    count: int
    """How many passages cover it at all."""
    attributes: frozenset[str]
    stem: str = ""
    """Its own, known or not."""
    documents: tuple[int, ...] = ()
    """Numbers of the documents that are of the place that the word names, wherever in them it stands."""
    is_previous: bool = False
    """Whether it is one of the question before."""

    @property
    def is_known(self) -> bool:
        """Whether the library holds the word by itself."""
        return 1.0 in self.stems.values()

    def among(self, stems: Iterable[str]) -> "Word":
        """The word with those of a passage's stems that are compounds of it: 'Bücherei' in 'Stadtbücherei'.

        Itself where the library knows it by itself too.
        """
        if self.is_known:
            return self
        compounds = {one: tuning.IN_COMPOUND for one in stems if is_compound_of(one, self.stem)}
        return replace(self, stems={**compounds, **self.stems}) if compounds else self

    def covers(
        self, held: Held, told: Sequence[frozenset[str]], documents: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.float64]:
        """How well passages, which tell these attributes of the programme asked about and stand in these documents,
        cover the word: 0…1 each.
        """
        cover = np.isin(documents, self.documents) * tuning.OF_PLACE if self.documents else np.zeros(len(told))
        for part in self.parts:
            cover += held.has(part) * self.part_share
        for terms, well in self.ways:
            np.maximum(cover, held.has(terms) * well, out=cover)
        if self.attributes:
            cover[[not attributes.isdisjoint(self.attributes) for attributes in told]] = 1.0
        return cover


@dataclass(frozen=True)
class Coverage:
    """How well passages cover the words of a query, rare words counting more."""

    coverage: npt.NDArray[np.float64]
    """Share of all words, for each passage; 1 where the query has no such words."""
    content: npt.NDArray[np.float64]
    """Share of the words that ask for no attribute and are no figures."""
    unknown: float
    """Share of the words that no passage holds."""

    @classmethod
    def of(cls, words: Sequence[Word], covers: Sequence[npt.NDArray[np.float64]], passages: int) -> "Coverage":
        """Of so many passages, from how well each word is covered by each of them."""
        each = np.array(covers).reshape(len(words), passages)
        weights = np.array([word.weight for word in words])
        own = weights * [not (word.attributes or word.is_figure) for word in words]
        unknown = sum(word.weight for word in words if not word.count and not word.attributes)
        total, total_own = weights.sum(), own.sum()
        return cls(
            weights @ each / total if total else np.ones(passages),
            own @ (each >= tuning.PART_OF_COMPOUND) / total_own if total_own else np.zeros(passages),
            float(unknown / total) if total else 0.0,
        )


def is_place(word: str, question: str) -> bool:
    """Whether a question says something to be in a place of that name, or of it: 'in Bergen', 'der Stadt Bergen'."""
    return bool(re.search(rf"{_OF_PLACE} {re.escape(folded(word))}(?![\w-])", folded(question)))


def query_words(query: Query, lexical: LexicalIndex) -> list[Word]:
    """The words of a query that a passage should hold, with their rarity in an index and what covers them."""
    asked_by: dict[str, set[str]] = {}
    for asked in query.asked:
        for word in asked.words:
            asked_by.setdefault(word, set()).add(asked.attribute.value)
    joined = _joined(query, lexical)
    found = [
        _word(lexical, word, stems, query.lang, frozenset(asked_by.get(folded(word), ())), 1.0, joined.get(word, ()))
        for word, stems in lexical.terms.query_words(query.text, query.lang)
        if not is_named(folded(word), query.ignored_words)
    ]
    if query.previous:
        share = tuning.PREVIOUS_QUESTION * query.previous_share if found else 1.0
        found += [
            replace(_word(lexical, word, stems, query.lang, frozenset(), share), is_previous=True)
            for word, stems in lexical.terms.query_words(query.previous, query.lang)
            if not is_named(folded(word), query.ignored_words)
        ]
    return found


def _joined(query: Query, lexical: LexicalIndex) -> dict[str, tuple[str, ...]]:
    """By the words of a question the stems of what they are together: of a verb and its prefix, and of two words that
    passages write as one ('laser cutter', 'Lasercutter').
    """
    found = separable_verbs(query.text) if query.lang == "de" else {}
    for pair in zip(words(query.text), words(query.text)[1:], strict=False):
        whole = stem("".join(map(folded, pair)), "de")
        if whole in lexical and STOPWORDS.isdisjoint(map(folded, pair)):
            found |= {word: (*found.get(word, ()), whole) for word in pair}
    return found


def _word(
    lexical: LexicalIndex,
    word: str,
    stems: list[str],
    lang: Language,
    attributes: frozenset[str],
    share: float,
    joined: Sequence[str] = (),
) -> Word:
    whole, *parts = stems
    other = stem(word, "en" if lang == "de" else "de")
    # Each language cuts the endings of a name its own way.
    known = other if whole not in lexical and other in lexical else lexical.known(whole)
    ways = dict.fromkeys(term for part in parts if (term := lexical.known(part)))
    meant = [*(stem(other, lang) for other in synonyms(word)), *joined]
    # German cuts the endings of a word that both languages have its own way ('experimental').
    meant += participles(whole) if lang == "de" else (other,)
    alike = [term for term in meant if term in lexical]
    if not (known or ways or alike):
        known = _begun_with(whole, lexical)
    numbers = [lexical.number(term) for term in ways]
    others = [
        (lexical.relatives(whole), tuning.PART_OF_COMPOUND),
        (np.array([lexical.number(term) for term in alike], dtype=np.int32), tuning.SYNONYM),
        (np.array([lexical.number(known)] if known else [], dtype=np.int32), 1.0),
    ]
    count = _holders(lexical, np.concatenate([terms for terms, _ in others]), numbers)
    part_share = tuning.PART_OF_COMPOUND / max(len(parts), _PARTS)
    held = dict.fromkeys(ways, part_share) | dict.fromkeys(alike, tuning.SYNONYM)
    held |= {known: 1.0} if known else {}
    weight = share * lexical.rarity_of(count)
    filled = tuple((terms, well) for terms, well in others if len(terms))
    return Word(word, weight, word[:1].isdigit(), held, tuple(numbers), part_share, filled, count, attributes, whole)


def _begun_with(whole: str, lexical: LexicalIndex) -> str | None:
    """The longest term with which a word of which nothing is known begins: 'Larkbach' of 'Larkbachtal'."""
    begun = (whole[:end] for end in range(len(whole) - _MIN_HEAD, _MIN_NAME - 1, -1))
    return next((name for name in begun if name in lexical), None)


def _holders(lexical: LexicalIndex, whole: npt.NDArray[np.int32], parts: Sequence[int]) -> int:
    """How many passages hold a word as a whole, or where none does, the rarest of its parts.

    A compound is rarer than its parts: 'Reichweite' is not what 'reich' and 'weit' are.
    """
    return lexical.count(whole) if len(whole) else min((lexical.count(part) for part in parts), default=0)


def term_weights(query: Query, lexical: LexicalIndex) -> dict[str, float]:
    """The terms of the question, and of the one before, with what they count."""
    weights = dict.fromkeys(_known_terms(query.text, query.lang, lexical), 1.0)
    if query.previous:
        share = tuning.PREVIOUS_QUESTION * query.previous_share
        for term in _known_terms(query.previous, query.lang, lexical):
            weights[term] = weights.get(term, 0.0) + share
    return weights


def _known_terms(text: str, lang: Language, lexical: LexicalIndex) -> list[str]:
    stems = (stem for _, stems in lexical.terms.query_words(text, lang) for stem in stems)
    return list(dict.fromkeys(known for stem in stems if (known := lexical.known(stem))))


def ideal_score(weights: Mapping[str, float], lexical: LexicalIndex) -> float:
    """The BM25 score that no passage can surpass for weighted terms."""
    numbers = {term: lexical.number(term) for term in weights}
    return sum(weights[term] * lexical.rarity_of(lexical.count(numbers[term])) for term in numbers)
