"""Workshops, conferences and other meetings that fact sheets tell of, chosen by time, place, topic and host."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from knowledge.catalogue import phrases
from knowledge.catalogue.criteria import Criteria
from knowledge.catalogue.shown import Shown
from knowledge.catalogue.topics import topics_of
from knowledge.factsheet import Event
from knowledge.linguistics.text import folded, words
from knowledge.messages import Cell, Item, Kind, Language, Message, Suggestion, with_items
from knowledge.recognition.names import Names
from knowledge.retrieval.citing import Citations
from knowledge.retrieval.library import Library
from knowledge.retrieval.suggestions import fact_question
from knowledge.texts import text

_SHORTEST_STEM = 4
_ENDING = 2
_NEAREST = 5
_GIVEN_UP = (("event_kind",), ("others",), ("since", "until"), ("places",), ("topics",), ("hosts",), ("laender",))


@dataclass(frozen=True)
class Held:
    """An event and the sheet that tells of it."""

    programme: str
    event: Event

    def matches(self, criteria: Criteria, names: Names) -> bool:
        """Whether all that the criteria ask for holds of it."""
        event = self.event
        return (
            criteria.event_kind in (None, event.kind)
            and self._is_in_time(criteria)
            and (not criteria.laender or (event.land is not None and event.land.value in criteria.laender))
            and all(self._says(folded(place)) for place in criteria.places)
            and (not criteria.topics or not topics_of(tuple(event.topics)).isdisjoint(criteria.topics))
            and all(host in self._hosts(names) for host in criteria.hosts)
            and all(self._says(word) for word in criteria.others)
        )

    def _is_in_time(self, criteria: Criteria) -> bool:
        since, until, start = criteria.since or "", criteria.until or "9", self.event.start
        return start[: len(since)] >= since and start[: len(until)] <= until

    def _hosts(self, names: Names) -> frozenset[str]:
        return frozenset({self.programme, *_named(names, tuple(self.event.hosts))})

    def _says(self, word: str) -> bool:
        """Whether its name, place, hosts or topics have a word, in any of its forms."""
        event = self.event
        told = [event.name.de, event.name.en, *event.hosts, *event.topics]
        told += [event.place.de, event.place.en] if event.place else []
        stem = word[: max(_SHORTEST_STEM, len(word) - _ENDING)]
        return any(one.startswith(stem) for part in told for one in map(folded, words(part)))


def events_shown(library: Library, criteria: Criteria, lang: Language, *, counting: bool = False) -> Shown:
    """The events that match, oldest first, each with the facts on it; or that none does and what comes nearest."""
    held = list(_held(library))
    found = [one for one in held if one.matches(criteria, library.names)]
    limits = phrases.limits(criteria, lang, library.sheets)
    if criteria.latest is not None and (last := _last(found, criteria.latest, date.today())) is not None:
        return _shown(library, text(lang, "catalogue.last_event", limits=limits), [last], lang)
    if found:
        said = {"count": len(found), "noun": phrases.counted(len(found), criteria, lang, events=True), "limits": limits}
        lead = text(lang, "catalogue.counted", **said)
        lead = lead if counting else f"{lead[:-1]}:"
        return _shown(library, lead, found, lang)
    lead = text(lang, "catalogue.none", none=phrases.noun(criteria, lang, "none", events=True), limits=limits)
    near = _nearest(library, held, criteria)[:_NEAREST]
    lead = f"{lead} {text(lang, 'catalogue.nearest')}" if near else lead
    return replace(_shown(library, lead, near, lang), is_nearest=True)


def _held(library: Library) -> Iterator[Held]:
    events = [Held(sheet.key, event) for sheet in library.sheets.values() for event in sheet.events]
    yield from sorted(events, key=lambda one: one.event.start)


def _last(held: list[Held], noun: str, today: date) -> Held | None:
    """The last event before a day, of those that are called so; None where none was.

    Of one of which no more than the year is known, it is not known whether it was.
    """
    past = [one for one in held if one.event.start <= today.isoformat() and one.event.start != str(today.year)]
    called = [one for one in past if noun in folded(one.event.name.de) or noun in folded(one.event.name.en)]
    return (called or past)[-1] if past else None


def _nearest(library: Library, held: list[Held], criteria: Criteria) -> list[Held]:
    for names in _GIVEN_UP:
        wider = replace(criteria, event_kind=None) if names == ("event_kind",) else criteria.without(*names)
        if wider != criteria and (found := [one for one in held if one.matches(wider, library.names)]):
            return found
    return [one for one in held if criteria.event_kind in (None, one.event.kind)]


def _shown(library: Library, lead: str, found: list[Held], lang: Language) -> Shown:
    citations = Citations(library, lang)
    items = [_item(one, citations, lang) for one in found]
    message = Message(
        kind=Kind.ANSWER if items else Kind.ABSTENTION,
        text=with_items(lead, items),
        lead=lead,
        lang=lang,
        items=items,
        citations=citations.found,
        suggestions=[_question(library, one, lang) for one in found[:3]] if len(found) < 3 else [],
        confidence=1.0,
    )
    only = getattr(found[0].event.name, lang) if len(found) == 1 else ""
    return Shown(message, list(dict.fromkeys(one.programme for one in found)), only)


def _item(one: Held, citations: Citations, lang: Language) -> Item:
    event = one.event
    place = getattr(event.place, lang) if event.place else ""
    when = ", ".join(part for part in (phrases.shown_date(event.start, lang), place) if part)
    first, *more = event.facts
    details = [Cell(text=when, citations=[citations.fact(one.programme, first)])]
    for fact in (first, *more):
        details.append(Cell(text=citations.words(one.programme, fact), citations=[citations.fact(one.programme, fact)]))
    return Item(title=getattr(event.name, lang), details=details)


def _question(library: Library, one: Held, lang: Language) -> Suggestion:
    sheet = library.sheets[one.programme]
    fact = library.facts[one.event.facts[0]]
    return Suggestion(title=getattr(fact.label, lang), payload=fact_question(sheet, fact, lang))


@lru_cache(maxsize=256)
def _named(names: Names, hosts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(mention.key for host in hosts for mention in names.mentions(host))
