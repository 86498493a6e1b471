"""The passages that state facts of fact sheets: what each tells, and what that is worth to a query."""

from collections.abc import Collection, Iterable, Iterator

from knowledge import tuning
from knowledge.document import Passage
from knowledge.factsheet import Attribute
from knowledge.indexing.passages import PROFILE
from knowledge.recognition.attributes import asked_attributes
from knowledge.retrieval.query import Query

_NOTHING: frozenset[str] = frozenset()


class FactPassages:
    """The passages of all facts and profiles, by their numbers."""

    def __init__(self, passages: Iterable[tuple[int, Passage]], applicants: Collection[str] = ()) -> None:
        """`applicants` are the ids of the facts that say which municipalities may apply, whatever else they tell."""
        self._passages = dict(passages)
        self._told = {
            number: _attributes(passage) | ({Attribute.ELIGIBILITY.value} if passage.fact in applicants else set())
            for number, passage in self._passages.items()
        }
        self._of: dict[str, list[int]] = {}
        first: dict[tuple[str, str | None], int] = {}
        for number, passage in self._passages.items():
            self._of.setdefault(passage.programmes[0], []).append(number)
            first.setdefault((passage.document_id, passage.attribute), number)
        self._first = frozenset(first.values())

    def __contains__(self, number: object) -> bool:
        """Whether a passage, given by its number, states a fact or is a profile."""
        return number in self._passages

    def on(self, programmes: Iterable[str]) -> Iterator[int]:
        """The numbers of the passages on programmes, given by their keys."""
        return (number for key in programmes for number in self._of.get(key, ()))

    def told(self, number: int) -> frozenset[str]:
        """The attributes that a passage tells; none where it states no fact."""
        return self._told.get(number, _NOTHING)

    def may_answer(self, number: int, query: Query) -> bool:
        """Whether a passage is on the programmes asked about and in the asker's language; true where it is no fact.

        A programme's profile answers nothing but what the programme is.
        """
        passage = self._passages.get(number)
        if passage is None:
            return True
        if passage.attribute == PROFILE and not query.wants_profile:
            return False
        return passage.lang == query.lang and (
            not query.programmes or not query.programmes.isdisjoint(passage.programmes)
        )

    def gain(self, query: Query, number: int, on_subject: bool) -> float:
        """What a passage gains by being a fact, and by what it tells; nothing where it is none.

        What it tells counts only if it is `on_subject`, or the question is on a programme: the budget of something
        else is no better an answer than any other passage.
        """
        passage = self._passages.get(number)
        if passage is None:
            return 0.0
        named = query.named_itself
        asked = (on_subject or bool(query.programmes)) and not self._told[number].isdisjoint(
            one.attribute.value for one in query.asked
        )
        return (
            (tuning.WEIGHT_ATTRIBUTE if named else tuning.WEIGHT_ATTRIBUTE_ALONE) * asked
            + tuning.BONUS_FACT * named
            + tuning.BONUS_PROFILE * (passage.attribute == PROFILE)
            + tuning.BONUS_FIRST * (bool(query.programmes) and number in self._first)
        )


def _attributes(passage: Passage) -> frozenset[str]:
    """What a fact tells, by its attribute and by its label ('Höchstbetrag und Laufzeit')."""
    if passage.attribute is None:
        return frozenset()
    labelled = asked_attributes(passage.heading or "")
    return frozenset([passage.attribute, *(one.attribute.value for one in labelled)])
