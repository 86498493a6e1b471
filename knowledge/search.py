"""Finding passages: meaning and words together, steered by the programmes and attributes that a question names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from knowledge import tuning
from knowledge.attributes import Asked, asked_attributes
from knowledge.document import Passage
from knowledge.lexical import LexicalIndex
from knowledge.messages import Language
from knowledge.names import is_named
from knowledge.ordinals import contradicts
from knowledge.passages import PROFILE
from knowledge.synonyms import synonyms
from knowledge.terms import stem
from knowledge.text import folded, numbers
from knowledge.vectors import VectorIndex, Vectors
from knowledge.words import word_list

Floats = npt.NDArray[np.float32]
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_MOSTLY = 0.35
# What held once; it answers questions that ask for it.
_FORMER = re.compile(
    r"^(?:Bis (?:Ende )?\d{4} galt|Ursprünglich|Der ursprüngliche|Until \d{4}\b|Originally|The original)"
)
_FORMER_ASKED = re.compile(r"\d{4}|früher|ursprünglich|bisher|formerly|original|before", re.IGNORECASE)
_LISTS = frozenset(word_list("list_headings"))
# A figure that is neither a year nor a day of a date.
_AMOUNT = re.compile(
    r"(?<![\d.,])(?!(?:19|20)\d\d\b)\d+(?:[.,]\d+)*(?!\.? ?(?:[A-ZÄ][a-zä]+ )?(?:19|20)\d\d)(?!\.)\b"
    r"|\b(?:zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|two|three|four|five|six|seven|eight|nine|ten|twelve)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Query:
    """What to look for."""

    text: str
    lang: Language
    embeddings: Vectors = field(repr=False)
    """One row for each wording of the query; a passage counts by its nearest."""
    previous: str | None = None
    """The question before, where this one leans on it."""
    previous_share: float = 1.0
    """How much its words count, of what they count at most."""
    programmes: frozenset[str] = frozenset()
    """Keys of the programmes it is about; none where it names none."""
    asked: tuple[Asked, ...] = ()
    wants_number: bool = False
    wants_profile: bool = False
    """Whether it asks what a programme is, and nothing else."""
    ignored_words: frozenset[str] = frozenset()
    """Folded words that name the programme and so need not stand in a passage."""


@dataclass(frozen=True)
class Hit:
    """A found passage and the signals that speak for it, each 0…1 but `cosine`."""

    passage: Passage
    score: float
    cosine: float
    lexical: float
    coverage: float
    attribute: bool
    in_focus: bool
    missing_numbers: frozenset[str]
    unknown: float
    """Share of the question's words that no passage of the library holds."""
    content: float
    """Share of the question's words, those for an attribute apart, that the passage holds as such or by a synonym."""


@dataclass(frozen=True)
class Word:
    """A word of the query: how rare it is and, by passage number, how well each passage covers it."""

    weight: float
    is_figure: bool
    stems: frozenset[str]
    covered: dict[int, float]
    attributes: frozenset[str]

    def cover(self, number: int, told: frozenset[str]) -> float:
        """How well a passage, which tells these attributes of the programme asked about, covers the word: 0…1."""
        return self.covered.get(number, 0.0) if told.isdisjoint(self.attributes) else 1.0


class Searcher:
    """Searches the passages of one release."""

    def __init__(self, passages: Sequence[Passage], vectors: VectorIndex, lexical: LexicalIndex) -> None:
        self._passages = passages
        self._vectors = vectors
        self._lexical = lexical
        self._last: tuple[Query, list[Word]] | None = None
        self._attributes = [_attributes(passage) for passage in passages]
        self._facts: dict[str, list[int]] = {}
        first: dict[tuple[str, str | None], int] = {}
        for number, passage in enumerate(passages):
            if passage.fact is not None:
                self._facts.setdefault(passage.programmes[0], []).append(number)
                first.setdefault((passage.document_id, passage.attribute), number)
        self._first = frozenset(first.values())

    def search(self, query: Query, limit: int = tuning.HITS) -> list[Hit]:
        """The best passages for a query, best first; a fact in the other language is left to its twin."""
        scores = self._bm25(query)
        found = self._candidates(query, scores)
        if not found:
            return []
        cosines = self._vectors.cosines(query.embeddings, found).max(axis=0)
        bm25 = scores[found]
        top = float(bm25.max())
        words = self.words(query)
        hits = [
            self._hit(query, number, float(cosine), float(score) / top if top > 0 else 0.0, words)
            for number, cosine, score in zip(found, cosines, bm25, strict=True)
        ]
        return sorted(hits, key=lambda hit: -hit.score)[:limit]

    def _candidates(self, query: Query, bm25: Floats) -> list[int]:
        _, nearest = self._vectors.nearest(query.embeddings, tuning.CANDIDATES)
        by_words = np.argsort(-bm25)[: tuning.CANDIDATES]
        found = dict.fromkeys(int(number) for number in nearest.flat)
        found.update(dict.fromkeys(int(number) for number in by_words if bm25[number] > 0))
        found.update(dict.fromkeys(number for key in query.programmes for number in self._facts.get(key, ())))
        return [number for number in found if _may_answer(self._passages[number], query)]

    def _bm25(self, query: Query) -> Floats:
        terms = self._known_terms(query.text, query.lang)
        scores = self._lexical.scores(terms)
        if query.previous:
            scores = scores + tuning.PREVIOUS_QUESTION * query.previous_share * self._lexical.scores(
                self._known_terms(query.previous, query.lang)
            )
        return np.asarray(scores, dtype=np.float32)

    def _known_terms(self, text: str, lang: Language) -> list[str]:
        stems = (stem for _, stems in self._lexical.terms.query_words(text, lang) for stem in stems)
        return list(dict.fromkeys(known for stem in stems if (known := self._lexical.known(stem))))

    def words(self, query: Query) -> list[Word]:
        """The words of a query, with their rarity and the passages that hold them; those of the last query are kept."""
        if self._last is None or self._last[0] is not query:
            self._last = query, self._find_words(query)
        return self._last[1]

    def _find_words(self, query: Query) -> list[Word]:
        asked_by: dict[str, set[str]] = {}
        for asked in query.asked:
            for word in asked.words:
                asked_by.setdefault(word, set()).add(asked.attribute.value)
        words = [
            self._word(word, stems, query.lang, frozenset(asked_by.get(folded(word), ())), 1.0)
            for word, stems in self._lexical.terms.query_words(query.text, query.lang)
            if not is_named(folded(word), query.ignored_words)
        ]
        if query.previous:
            share = tuning.PREVIOUS_QUESTION * query.previous_share if words else 1.0
            words += [
                self._word(word, stems, query.lang, frozenset(), share)
                for word, stems in self._lexical.terms.query_words(query.previous, query.lang)
                if not is_named(folded(word), query.ignored_words)
            ]
        return words

    def _word(self, word: str, stems: list[str], lang: Language, attributes: frozenset[str], share: float) -> Word:
        whole, *parts = stems
        known = self._lexical.known(whole)
        ways = {term: tuning.PART_OF_COMPOUND / len(parts) for part in parts if (term := self._lexical.known(part))}
        alike = [term for other in synonyms(word) if (term := stem(other, lang)) in self._lexical]
        covered: dict[int, float] = {}
        for term, much in ways.items():
            for number in self._lexical.holders(term).tolist():
                covered[number] = covered.get(number, 0.0) + much
        for term in self._lexical.relatives(whole):
            covered.update(dict.fromkeys(self._lexical.holders(term).tolist(), tuning.PART_OF_COMPOUND))
        for term in alike:
            covered.update(dict.fromkeys(self._lexical.holders(term).tolist(), tuning.SYNONYM))
        if known:
            covered.update(dict.fromkeys(self._lexical.holders(known).tolist(), 1.0))
        rarity = self._lexical.rarity_of(len(covered))
        held = frozenset(term for term in (known, *ways, *alike) if term)
        return Word(share * rarity, word[:1].isdigit(), held, covered, attributes)

    def _hit(self, query: Query, number: int, cosine: float, lexical: float, words: Sequence[Word]) -> Hit:
        passage = self._passages[number]
        attribute = not self._attributes[number].isdisjoint(asked.attribute.value for asked in query.asked)
        told = self._attributes[number] if query.programmes else frozenset()
        covers = [word.cover(number, told) for word in words]
        coverage = _coverage(words, covers)
        in_focus = not query.programmes.isdisjoint(passage.programmes)
        missing = _missing_numbers(query, passage)
        dense = (cosine - tuning.COSINE_FLOOR) / (tuning.COSINE_CEILING - tuning.COSINE_FLOOR)
        score = (
            tuning.WEIGHT_DENSE * min(max(dense, 0.0), 1.0)
            + tuning.WEIGHT_LEXICAL * lexical
            + tuning.WEIGHT_COVERAGE * coverage
            + (tuning.WEIGHT_ATTRIBUTE if query.programmes else tuning.WEIGHT_ATTRIBUTE_ALONE) * attribute
            + tuning.BONUS_FACT * (passage.fact is not None and bool(query.programmes))
            + tuning.BONUS_PROFILE * (passage.attribute == PROFILE)
            + tuning.BONUS_NUMBER * (query.wants_number and bool(_AMOUNT.search(passage.text)))
            + tuning.BONUS_FIRST * (number in self._first)
            + tuning.BONUS_LANGUAGE * (passage.lang == query.lang)
            + tuning.BONUS_FOCUS * in_focus
            - _off_subject(query, passage)
            - tuning.PENALTY_MISSING_NUMBER * len(missing)
            - tuning.PENALTY_OTHER_ORDINAL * contradicts(query.text, passage.text)
            - tuning.PENALTY_FORMER * (bool(_FORMER.search(passage.text)) and not _FORMER_ASKED.search(query.text))
        )
        return Hit(
            passage,
            score,
            cosine,
            lexical,
            coverage,
            attribute,
            in_focus,
            missing,
            _unknown(words),
            _content(words, covers),
        )


def _attributes(passage: Passage) -> frozenset[str]:
    """What a fact tells, by its attribute and by its label ('Höchstbetrag und Laufzeit')."""
    if passage.attribute is None:
        return frozenset()
    labelled = asked_attributes(passage.heading or "")
    return frozenset([passage.attribute, *(one.attribute.value for one in labelled)])


def _may_answer(passage: Passage, query: Query) -> bool:
    """Not a list of sources or contents; of facts only those on the programmes asked about, in the asker's language.

    A programme's profile answers nothing but what the programme is.
    """
    if passage.attribute == PROFILE and not query.wants_profile:
        return False
    if any(heading.strip(" :").casefold() in _LISTS for heading in passage.headings):
        return False
    if passage.fact is None:
        addresses = sum(map(len, _ADDRESS.findall(passage.text)))
        return addresses < _MOSTLY * len(passage.text)
    return passage.lang == query.lang and (not query.programmes or not query.programmes.isdisjoint(passage.programmes))


def _coverage(words: Sequence[Word], covers: Sequence[float]) -> float:
    """Share of the question's words, rare ones counting more, that a passage covers; 1 where it has no such words."""
    total = sum(word.weight for word in words)
    return sum(word.weight * cover for word, cover in zip(words, covers, strict=True)) / total if total else 1.0


def _off_subject(query: Query, passage: Passage) -> float:
    """What it costs a passage that it does not speak of the programme asked about, or even of others."""
    if not query.programmes or not query.programmes.isdisjoint(passage.programmes):
        return 0.0
    return tuning.PENALTY_OTHER_PROGRAMME if passage.programmes else tuning.PENALTY_NO_PROGRAMME


def _content(words: Sequence[Word], covers: Sequence[float]) -> float:
    own = [
        (word.weight, cover)
        for word, cover in zip(words, covers, strict=True)
        if not (word.attributes or word.is_figure)
    ]
    total = sum(weight for weight, _ in own)
    return sum(weight for weight, cover in own if cover >= tuning.SYNONYM) / total if total else 0.0


def _unknown(words: Sequence[Word]) -> float:
    total = sum(word.weight for word in words)
    return sum(word.weight for word in words if not word.covered and not word.attributes) / total if total else 0.0


def _missing_numbers(query: Query, passage: Passage) -> frozenset[str]:
    wanted = numbers(query.text)
    if not wanted:
        return frozenset()
    return frozenset(wanted - numbers(" ".join((passage.text, *passage.headings, passage.as_of or ""))))
