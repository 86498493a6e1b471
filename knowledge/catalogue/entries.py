"""The fact sheets as entries of a catalogue: whether they match, how they stand, in which order they are shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from knowledge.catalogue.criteria import Criteria, Going
from knowledge.catalogue.topics import mentions, topics_of
from knowledge.factsheet import Applicants, Attribute, Deadline, Fact, FactSheet, Level, State
from knowledge.linguistics.text import folded, words

_SHORTEST_STEM = 5
_ENDING = 2


class Standing(IntEnum):
    """How something stands today as far as its sheet says, the most useful first."""

    OPEN = 0
    """A deadline is still to come."""
    RUNNING = 1
    UNKNOWN = 2
    PASSED = 3
    """Its last known deadline has passed."""
    ENDED = 4

    @property
    def is_past(self) -> bool:
        """Whether nothing can be handed in any more, as far as is known."""
        return self in (Standing.PASSED, Standing.ENDED)


@dataclass(frozen=True)
class LastDeadline:
    """The latest deadline that a sheet knows."""

    day: date
    fact: str


@dataclass(frozen=True)
class Entry:
    """A fact sheet as it stands on a day."""

    sheet: FactSheet
    standing: Standing
    deadline: LastDeadline | None

    @property
    def key(self) -> str:
        """The sheet's key."""
        return self.sheet.key

    @property
    def parts(self) -> int:
        """How many programmes the sheet describes."""
        return max(1, len(self.sheet.covers))

    @property
    def is_nationwide(self) -> bool:
        """Whether it belongs to Bund or EU and is not limited to a Land."""
        return not self.sheet.laender and self.sheet.level in (Level.BUND, Level.EU, Level.INTERNATIONAL)

    def is_of(self, laender: Iterable[str]) -> bool:
        """Whether it is limited to one of these Länder, among others."""
        return not {land.value for land in self.sheet.laender}.isdisjoint(laender)

    def applicants(self) -> list[Applicants]:
        """What is known of who may apply."""
        return self.sheet.applicants

    def matches(self, criteria: Criteria) -> bool:
        """Whether all that the criteria ask for holds of it, as far as its sheet says."""
        sheet = self.sheet
        return (
            sheet.kind in criteria.kinds
            and (not criteria.laender or self.is_of(criteria.laender) or self.is_nationwide)
            and (not criteria.levels or sheet.level in criteria.levels)
            and (not criteria.topics or not topics_of(tuple(sheet.sectors)).isdisjoint(criteria.topics))
            and self.spoken_of(criteria.others) == len(criteria.others)
            and (criteria.municipality is None or any(criteria.municipality in one.kinds for one in sheet.applicants))
            and self._goes(criteria.going)
        )

    def spoken_of(self, words: Iterable[str]) -> int:
        """How many of these words its topics or what it is for have, in any of their forms."""
        return sum(map(self._speaks_of, words))

    def _goes(self, going: Going | None) -> bool:
        if going is Going.OPEN:
            return self.standing is Standing.OPEN
        if going is Going.RUNNING:
            return self.standing is not Standing.ENDED and self.sheet.status.state is State.RUNNING
        return going is None or self.standing.is_past

    def _speaks_of(self, word: str) -> bool:
        """Whether its topics or what it is for have a word, in any of its forms."""
        stem = word[: max(_SHORTEST_STEM, len(word) - _ENDING)]
        if mentions(self.sheet.sectors, stem):
            return True
        told = (fact for fact in self.sheet.facts if fact.attribute in (Attribute.PURPOSE, Attribute.TOPICS))
        return any(one.startswith(stem) for fact in told for one in map(folded, words(_words(fact))))


def entry(sheet: FactSheet, today: date) -> Entry:
    """A sheet as it stands on a day."""
    deadline = _last_deadline(sheet)
    return Entry(sheet, _standing(sheet, deadline, today), deadline)


def in_order(entries: Iterable[Entry], laender: Iterable[str] = ()) -> list[Entry]:
    """Entries with those of the Länder first, then by standing, then by name."""
    own = frozenset(laender)
    return sorted(entries, key=lambda one: (not one.is_of(own), one.standing, one.sheet.name.de.casefold()))


def _standing(sheet: FactSheet, deadline: LastDeadline | None, today: date) -> Standing:
    if sheet.status.state is State.ENDED:
        return Standing.ENDED
    if deadline is not None:
        return Standing.OPEN if deadline.day >= today else Standing.PASSED
    return Standing.RUNNING if sheet.status.state is State.RUNNING else Standing.UNKNOWN


def _last_deadline(sheet: FactSheet) -> LastDeadline | None:
    found = [
        LastDeadline(quantity.date, fact.id)
        for fact in sheet.facts
        if fact.attribute is Attribute.DEADLINE
        for quantity in fact.quantities
        if isinstance(quantity, Deadline)
    ]
    return max(found, key=lambda one: one.day, default=None)


def _words(fact: Fact) -> str:
    values = [fact.value] if fact.value is not None else [claim.value for claim in fact.claims]
    return " ".join(f"{value.de} {value.en}" for value in values)
