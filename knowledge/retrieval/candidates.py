"""Which passages may answer a query: those that meaning and words put forward, and the facts on what it names."""

from collections.abc import Callable, Mapping
from copy import copy
from functools import lru_cache, reduce

import numpy as np

from knowledge import tuning
from knowledge.encoding.mean_questions import MeanQuestions
from knowledge.filters import Filter
from knowledge.indexing.lexical import LexicalIndex
from knowledge.indexing.vectors import Numbers, VectorIndex, Vectors
from knowledge.messages import LANGUAGES
from knowledge.releases.columns import Flags
from knowledge.releases.store import PassageStore
from knowledge.retrieval.fact_passages import FactPassages
from knowledge.retrieval.query import Query

_KEPT_FILTERS = 16


class Candidates:
    """Nominates passages of one release, all of them or those that some people may read."""

    def __init__(
        self,
        store: PassageStore,
        vectors: VectorIndex,
        lexical: LexicalIndex,
        questions: MeanQuestions,
        facts: FactPassages,
    ) -> None:
        self._store = store
        self._vectors = vectors
        self._lexical = lexical
        self._questions = questions
        self._facts = facts
        self._readable: Flags | None = None
        self.matching: Callable[[Filter], Numbers] = lru_cache(maxsize=_KEPT_FILTERS)(self._matching)
        """The numbers of all passages that match a filter, ascending; those of the last filters are kept."""

    def limited_to(self, numbers: Numbers) -> "Candidates":
        """The same among some passages alone, given by their numbers; the others are as if not there."""
        limited = copy(self)
        limited._readable = np.zeros(self._lexical.size, dtype=bool)
        limited._readable[numbers] = True
        limited.matching = lru_cache(maxsize=_KEPT_FILTERS)(limited._matching)
        return limited

    def of(self, query: Query, weights: Mapping[str, float]) -> Numbers:
        """Numbers of the passages that the two rankings put forward, and of the facts on the programmes asked about.

        `weights` are those of the query's terms. All of the passages may answer; those that the question wishes for
        have rankings of their own.
        """
        within = self._within(query)
        facts = list(self._facts.on(query.programmes))
        numbers = [*self._ranked(query, weights, within), *(facts if within is None else np.intersect1d(facts, within))]
        if query.wish.filter and not query.wish.strict:
            wished = self.matching(query.wish.filter)
            numbers += self._ranked(query, weights, wished if within is None else np.intersect1d(wished, within))
        return np.array(
            [
                number
                for number in dict.fromkeys(map(int, numbers))
                if self._may_be_read(number) and self._facts.may_answer(number, query)
            ],
            dtype=np.int64,
        )

    def _matching(self, limits: Filter) -> Numbers:
        numbers = self._store.numbers(limits)
        return numbers if self._readable is None else numbers[self._readable[numbers]]

    def _may_be_read(self, number: int) -> bool:
        return self._readable is None or bool(self._readable[number])

    def _within(self, query: Query) -> Numbers | None:
        """Numbers of the passages that may answer a query, ascending; None where all may."""
        limits = [query.filter, query.wish.filter if query.wish.strict else None]
        allowed = [self.matching(one) for one in limits if one]
        if query.document is not None:
            numbers = self._store.numbers_of(query.document)
            allowed.append(numbers if self._readable is None else numbers[self._readable[numbers]])
        return reduce(np.intersect1d, allowed) if allowed else None

    def _ranked(self, query: Query, weights: Mapping[str, float], within: Numbers | None) -> list[int]:
        """The first ones by meaning and by words, of all passages or of those `within`."""
        if within is not None and not len(within):
            return []
        asked = [self._questions.moved(query.embeddings, query.lang, lang) for lang in LANGUAGES]
        nearest = self._nearest(np.concatenate(asked), within)
        flags = self._readable
        if within is not None:
            flags = np.zeros(self._lexical.size, dtype=bool)
            flags[within] = True
        return [*nearest.tolist(), *self._lexical.best(weights, tuning.CANDIDATES, flags).tolist()]

    def _nearest(self, embeddings: Vectors, within: Numbers | None) -> Numbers:
        """The first ones by meaning; where most may be read, the few that may not cost no search of their own."""
        if within is None and self._readable is not None:
            found = self._vectors.nearest(embeddings, 2 * tuning.CANDIDATES)[1]
            rows = [row[self._readable[row]][: tuning.CANDIDATES] for row in found]
            if all(len(row) == tuning.CANDIDATES for row in rows):
                return np.concatenate(rows)
            within = np.flatnonzero(self._readable)
        return self._vectors.nearest(embeddings, tuning.CANDIDATES, within)[1].ravel()
