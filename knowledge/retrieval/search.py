"""Finding passages: meaning and words together, steered by the programmes and attributes that a question names."""

import re
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from knowledge import tuning
from knowledge.document import Passage
from knowledge.encoding.mean_questions import MeanQuestions
from knowledge.filters import Filter
from knowledge.indexing.lexical import LexicalIndex
from knowledge.indexing.passages import PROFILE
from knowledge.indexing.vectors import Numbers, VectorIndex
from knowledge.indexing.windows import WindowIndex
from knowledge.linguistics.ordinals import contradicts, named_ordinals
from knowledge.linguistics.text import may_hold, numbers
from knowledge.linguistics.words import word_list
from knowledge.messages import Language
from knowledge.recognition.answer_types import holds
from knowledge.releases.store import PassageStore
from knowledge.retrieval.candidates import Candidates
from knowledge.retrieval.evidence import Evidence
from knowledge.retrieval.fact_passages import FactPassages
from knowledge.retrieval.folding import fold
from knowledge.retrieval.nearness import Floats, Nearness, nearness
from knowledge.retrieval.query import Query
from knowledge.retrieval.query_words import Coverage, Word, ideal_score, is_place, query_words, term_weights
from knowledge.retrieval.selection import Quote

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_MOSTLY = 0.75
_NOTHING: frozenset[str] = frozenset()
# Candidates are read so many at a time, until those left cannot score higher.
_READ_AT_ONCE = 12
# A question is tried in so many readings at most, and then worded.
_KEPT_QUERIES = 6
_OPENING_PASSAGES = 3
# What held once; it answers questions that ask for it.
_FORMER = re.compile(
    r"^(?:Bis (?:Ende )?\d{4} galt|Ursprünglich|Der ursprüngliche|Until \d{4}\b|Originally|The original)"
)
_FORMER_ASKED = re.compile(r"\d{4}|früher|ursprünglich|bisher|formerly|original|before", re.IGNORECASE)
_LISTS = frozenset(word_list("list_headings"))


@dataclass(frozen=True)
class Hit:
    """A found passage and the signals that speak for it, each 0…1."""

    passage: Passage
    score: float
    nearness: float
    """By meaning, about 0…1."""
    windows: tuple[float, ...]
    """How near each of its windows lies to the question; none where it is but one."""
    lexical: float
    """Share of the BM25 score that an ideal passage would have."""
    coverage: float
    attribute: bool
    in_focus: bool
    missing_numbers: frozenset[str]
    unknown: float
    """Share of the question's words that no passage of the library holds."""
    content: float
    """Share of the question's words, those for an attribute apart, that the passage holds: as such, in parts or by a
    synonym."""
    also: tuple["Hit", ...] = ()
    """Those of other documents that say the same and were found further down, best first."""
    quoted: Quote | None = None
    """The words of it that would be quoted, once they are chosen."""
    is_elsewhere: bool = False
    """Whether the question names a place that other documents are of, and not this passage's."""
    evidence: Evidence | None = None
    """How far these bear an answer out."""


class Searcher:
    """Searches the passages of one release."""

    def __init__(
        self,
        store: PassageStore,
        vectors: VectorIndex,
        windows: WindowIndex,
        lexical: LexicalIndex,
        questions: MeanQuestions,
        applicants: Collection[str] = (),
    ) -> None:
        """`applicants` are the ids of the facts that say which municipalities may apply, whatever else they tell."""
        self._store = store
        self._vectors = vectors
        self._windows = windows
        self._lexical = lexical
        self._questions = questions
        self._facts = FactPassages(store.facts(), applicants)
        self._candidates = Candidates(store, vectors, lexical, questions, self._facts)
        self._last: deque[_Asked] = deque(maxlen=_KEPT_QUERIES)

    def limited_to(self, numbers: Numbers) -> "Searcher":
        """The same search among some passages alone, given by their numbers; the others are as if not there."""
        limited = copy(self)
        limited._candidates = self._candidates.limited_to(numbers)
        limited._last = deque(maxlen=_KEPT_QUERIES)
        return limited

    def matching(self, limits: Filter) -> Numbers:
        """The numbers of all passages that match a filter, ascending."""
        return self._candidates.matching(limits)

    def search(self, query: Query, limit: int = tuning.HITS) -> list[Hit]:
        """The best passages for a query, best first; a fact in the other language is left to its twin.

        What says the same as a better one is folded into it and does not count against `limit`.
        """
        weights = term_weights(query, self._lexical)
        numbers = self._candidates.of(query, weights)
        if not len(numbers):
            return []
        found = self._found(query, numbers, weights)
        wanted = _Wanted.of(query)
        hits: list[Hit] = []
        order = np.argsort(-found.at_most, kind="stable")
        for start in range(0, len(order), _READ_AT_ONCE):
            if len(hits) >= limit and _suffices(hits, limit, float(found.at_most[order[start]])):
                break
            batch = order[start : start + _READ_AT_ONCE]
            passages = zip(batch.tolist(), self._store.many(numbers[batch]), strict=True)
            hits += [
                self._hit(query, wanted, found, at, one)
                for at, one in passages
                if one.fact is not None or not _is_list(one)
            ]
            hits.sort(key=lambda hit: -hit.score)
        return [replace(one.kept, also=one.also) for one in fold(hits, _passage, limit)]

    def _found(self, query: Query, numbers: npt.NDArray[np.int64], weights: Mapping[str, float]) -> "_Found":
        """What the indexes tell of passages before they are read."""
        held = self._lexical.held(numbers)
        told = [self._facts.told(number) if query.programmes else _NOTHING for number in numbers.tolist()]
        words = self.words(query)
        # A sheet is of no place; each of its facts speaks for itself.
        in_sheets = [number in self._facts for number in numbers.tolist()]
        documents = np.where(in_sheets, -1, self._store.columns.documents_of(numbers))
        covers = [word.covers(held, told, documents) for word in words]
        covered = Coverage.of(words, covers, len(numbers))
        of_places = [cover for word, cover in zip(words, covers, strict=True) if word.documents]
        lexical = held.scores(weights) / max(ideal_score(weights, self._lexical), 1e-9)
        near = nearness(query, numbers, self._vectors, self._windows, self._questions)
        columns = self._store.columns
        own = columns.in_language(numbers, query.lang)
        # The other language may have another name for a place.
        elsewhere = own & np.any(np.array(of_places).reshape(-1, len(numbers)) < tuning.OF_PLACE, axis=0)
        score = np.select([columns.in_language(numbers, lang) for lang in near], [one.score for one in near.values()])
        score = score + _by_words(query, lexical, covered.coverage) * np.where(own, 1.0, tuning.WORDS_ACROSS_LANGUAGES)
        score += tuning.BONUS_LANGUAGE * own
        if not query.programmes and any(0 < word.count <= tuning.RARE for word in words):
            score += tuning.BONUS_IN_FULL * (covered.coverage >= tuning.IN_FULL) * own
        if names := self.names_across(query):
            named = np.mean([word.covers(held, told, documents) >= tuning.OF_PLACE for word in names], axis=0)
            score += tuning.BONUS_NAMED_ACROSS * named * ~own
        in_focus = columns.speak_of(numbers, query.programmes)
        if query.programmes:
            off_subject = np.where(
                columns.speak_of_any(numbers), tuning.PENALTY_OTHER_PROGRAMME, tuning.PENALTY_NO_PROGRAMME
            )
            score += np.where(in_focus, tuning.BONUS_FOCUS, -off_subject)
        if query.wish.filter and not query.wish.strict:
            score += tuning.BONUS_WISH * np.isin(numbers, self.matching(query.wish.filter))
        score += [
            self._facts.gain(query, number, on_subject)
            for number, on_subject in zip(numbers.tolist(), covered.content > 0, strict=True)
        ]
        at_most = score + tuning.BONUS_OPENING * query.wish.of_itself
        return _Found(numbers, near, lexical, covered, in_focus, elsewhere, score, at_most)

    def words(self, query: Query) -> list[Word]:
        """The words of a query, with their rarity and the passages that hold them; those of the last ones are kept."""
        return self._asked(query).words

    def names_across(self, query: Query) -> list[Word]:
        """The words of a query that no passage in its own language holds, though some in the other do: mostly names.

        None where the library has hardly any passages in the query's language, whose words are then not known.
        """
        if self._store.columns.count(query.lang) < tuning.ENOUGH_TO_KNOW_WORDS:
            return []
        return [word for word in self.words(query) if self._is_foreign(word, query.lang)]

    def _is_foreign(self, word: Word, lang: Language) -> bool:
        own = [self._lexical.number(stem) for stem, well in word.stems.items() if well == 1.0]
        if not own or word.is_figure or word.attributes:
            return False
        holders, _, _ = self._lexical.postings.by_term.of(own)
        return not self._store.columns.in_language(holders.astype(np.int64), lang).any()

    def quotes(self, query: Query) -> dict[tuple[str, int], Quote]:
        """Where to keep what of passages, by document and place, is quoted for a query; kept as its words are."""
        return self._asked(query).quotes

    def _asked(self, query: Query) -> "_Asked":
        known = next((one for one in self._last if one.query is query), None)
        if known is None:
            known = _Asked(query, [self._placed(word, query) for word in query_words(query, self._lexical)])
            self._last.append(known)
        return known

    def _placed(self, word: Word, query: Query) -> Word:
        """A word with the documents that are of the place that it names, where a few passages of them alone hold it."""
        if not 0 < word.count <= tuning.RARE or word.is_figure or not is_place(word.text, query.text):
            return word
        own = [self._lexical.number(stem) for stem, well in word.stems.items() if well == 1.0]
        holders, _, _ = self._lexical.postings.by_term.of(own)
        documents = self._store.columns.documents_of(holders.astype(np.int64))
        return replace(word, documents=tuple(np.unique(documents).tolist()))

    def _hit(self, query: Query, wanted: "_Wanted", found: "_Found", at: int, passage: Passage) -> Hit:
        number = int(found.numbers[at])
        told = self._facts.told(number)
        # A profile is found only where it tells what is asked for.
        attribute = passage.attribute == PROFILE or not told.isdisjoint(wanted.attributes)
        missing = _missing_numbers(wanted.numbers, passage)
        if missing and (document := self._store.document(passage.document_id)) is not None:
            missing -= numbers(document.title)
        near = found.nearness[passage.lang]
        score = (
            float(found.score[at])
            + tuning.BONUS_OPENING * (query.wish.of_itself and _tells_of_itself(query, passage))
            - tuning.PENALTY_MISSING_NUMBER * len(missing)
            - tuning.PENALTY_OTHER_TYPE * (query.wanted is not None and not holds(passage.text, query.wanted))
            - tuning.PENALTY_OTHER_ORDINAL * (wanted.has_ordinal and contradicts(query.text, passage.text))
            - tuning.PENALTY_FORMER * (wanted.current and bool(_FORMER.match(passage.text)))
        )
        return Hit(
            passage,
            score,
            float(near.scaled[at]),
            near.windows(at),
            float(found.lexical[at]),
            float(found.covered.coverage[at]),
            attribute,
            bool(found.in_focus[at]),
            missing,
            found.covered.unknown,
            float(found.covered.content[at]),
            is_elsewhere=bool(found.elsewhere[at]),
        )


@dataclass(frozen=True)
class _Asked:
    """What is kept of a query."""

    query: Query
    words: list[Word]
    quotes: dict[tuple[str, int], Quote] = field(default_factory=dict)


@dataclass(frozen=True)
class _Wanted:
    """What a query wants of every passage, found once."""

    attributes: frozenset[str]
    numbers: frozenset[str]
    has_ordinal: bool
    current: bool
    """Whether it wants what holds now."""

    @classmethod
    def of(cls, query: Query) -> "_Wanted":
        return cls(
            frozenset(asked.attribute.value for asked in query.asked),
            frozenset(numbers(query.text)) - query.wish.words,
            bool(named_ordinals(query.text)),
            not _FORMER_ASKED.search(query.text),
        )


@dataclass(frozen=True)
class _Found:
    """What the indexes tell of candidates, in the order of their numbers."""

    numbers: npt.NDArray[np.int64]
    nearness: Mapping[Language, Nearness]
    """By the language in which they may turn out to be."""
    lexical: Floats
    covered: Coverage
    in_focus: npt.NDArray[np.bool_]
    """Whether they speak of a programme asked about."""
    elsewhere: npt.NDArray[np.bool_]
    """Whether the question names a place that they are not of."""
    score: npt.NDArray[np.float64]
    """Their scores without what only their texts tell."""
    at_most: npt.NDArray[np.float64]
    """What their scores can come to with all that their text can add."""


def _passage(hit: Hit) -> Passage:
    return hit.passage


def _suffices(hits: Sequence[Hit], limit: int, at_most: float) -> bool:
    """Whether the best hits are found: so many are left when folded that what was not read cannot score higher."""
    if hits[limit - 1].score < at_most:
        return False
    kept = fold(hits, _passage, limit)
    return len(kept) == limit and kept[-1].kept.score >= at_most


def _by_words(query: Query, lexical: Floats, coverage: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The part of passages' scores that words make up."""
    if query.programmes:
        return np.asarray(tuning.WEIGHT_LEXICAL_NAMED * lexical + tuning.WEIGHT_COVERAGE_NAMED * coverage)
    return np.asarray(tuning.WEIGHT_LEXICAL * lexical + tuning.WEIGHT_COVERAGE * coverage)


def _is_list(passage: Passage) -> bool:
    """Whether a passage, unless it states a fact, is a list of sources or contents: so headed, or mostly addresses."""
    if passage.fact is not None:
        return False
    if any(heading.strip(" :").casefold() in _LISTS for heading in passage.headings):
        return True
    if "://" not in passage.text and "www." not in passage.text:
        return False
    return sum(map(len, _ADDRESS.findall(passage.text))) >= _MOSTLY * len(passage.text)


def _tells_of_itself(query: Query, passage: Passage) -> bool:
    """Whether a passage stands where the document asked about speaks of itself: at its beginning."""
    return passage.document_id in query.wish.filter.documents and passage.id <= _OPENING_PASSAGES


def _missing_numbers(wanted: frozenset[str], passage: Passage) -> frozenset[str]:
    if not wanted:
        return frozenset()
    text = " ".join((passage.text, *passage.headings, passage.as_of or ""))
    # Most passages hold none of the digits in a row; only others are gone through number by number.
    return wanted - numbers(text) if any(may_hold(text, number) for number in wanted) else wanted
