"""Lists and counts of programmes: what matches, or honestly that nothing does and what comes nearest."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from knowledge.catalogue import phrases
from knowledge.catalogue.criteria import PROGRAMMES, Criteria, Going
from knowledge.catalogue.entries import Entry, Standing, entry, in_order
from knowledge.catalogue.shown import Shown, item, questions
from knowledge.messages import Kind, Language, Message, Suggestion, with_items
from knowledge.retrieval.citing import Citations
from knowledge.retrieval.library import Library
from knowledge.texts import text

MAX_ITEMS = 10
_NEAREST = 4
# Which limits are given up, one after the other, until something is found.
_GIVEN_UP = (
    ("going",),
    ("municipality",),
    ("others",),
    ("municipality", "others"),
    ("laender", "levels"),
    ("topics", "others"),
    ("laender", "levels", "topics", "others", "going", "municipality"),
)


class Listing:
    """Lists and counts the programmes of a library as they stand on a day."""

    def __init__(self, library: Library, today: date) -> None:
        self._library = library
        self._entries = [entry(sheet, today) for sheet in library.sheets.values()]

    def listed(self, criteria: Criteria, lang: Language) -> Shown:
        """The programmes that match, those of a named Land first; at most ten are shown."""
        found = self._matching(criteria)
        if not found:
            return self._nothing_open(criteria, lang) if criteria.going is Going.OPEN else self._nothing(criteria, lang)
        own, others = self._split(found, criteria)
        if criteria.laender and not own:
            return self._not_own(criteria, others, lang)
        if not others or not _only_land(criteria):
            return self._shown(self._lead(found, criteria, lang), found, criteria, lang)
        lead = f"{self._lead(own, criteria, lang)[:-1]}. {_more(_programmes(others), lang)}"
        return self._shown(lead, own, criteria, lang)

    def counted(self, criteria: Criteria, lang: Language) -> Shown:
        """How many programmes match, and which."""
        found = self._matching(criteria)
        own, others = self._split(found, criteria)
        if not own and not (found and not criteria.laender):
            return self.listed(criteria, lang)
        chosen = own if criteria.laender else found
        lead = f"{self._lead(chosen, criteria, lang)[:-1]}."
        if criteria.laender and others:
            lead = f"{lead} {_more(_programmes(others), lang)}"
        return self._shown(lead, chosen, criteria, lang)

    def _matching(self, criteria: Criteria) -> list[Entry]:
        return in_order((one for one in self._entries if one.matches(criteria)), criteria.laender)

    def _split(self, found: list[Entry], criteria: Criteria) -> tuple[list[Entry], list[Entry]]:
        own = [one for one in found if one.is_of(criteria.laender)]
        return own, [one for one in found if one not in own]

    def _lead(self, found: list[Entry], criteria: Criteria, lang: Language) -> str:
        """How many there are, by what they were chosen, and how many are shown; ends in a colon."""
        count = _programmes(found)
        limits = phrases.limits(criteria, lang, self._library.sheets)
        said = {"count": count, "noun": phrases.counted(count, criteria, lang), "limits": limits}
        several = "counted_on_one" if len(found) == 1 else "counted_parts"
        key = "counted" if count == len(found) else several
        lead = text(lang, f"catalogue.{key}", sheets=len(found), **said)
        if len(found) <= MAX_ITEMS:
            return f"{lead[:-1]}:"
        return f"{lead} {text(lang, 'catalogue.first' if limits else 'catalogue.first_of_all', shown=MAX_ITEMS)}"

    def _not_own(self, criteria: Criteria, found: list[Entry], lang: Language) -> Shown:
        """What is there for a Land that has nothing of its own that matches."""
        rest = phrases.limits(criteria.without("laender"), lang, self._library.sheets)
        names = phrases.joined([phrases.land_name(code, lang) for code in criteria.laender], lang)
        none = phrases.noun(criteria, lang, "none")
        lead = text(lang, "catalogue.no_own", laender=names, limits=rest, none=none)
        return self._shown(lead, found, criteria, lang, [self._own(criteria, lang)] if rest else [])

    def _own(self, criteria: Criteria, lang: Language) -> Suggestion:
        laender = phrases.joined([phrases.in_land(code, lang) for code in criteria.laender], lang)
        question = text(lang, "catalogue.ask_own_question", laender=laender)
        return Suggestion(title=text(lang, "catalogue.ask_own", laender=laender), payload=question)

    def _nothing(self, criteria: Criteria, lang: Language) -> Shown:
        limits = phrases.limits(criteria, lang, self._library.sheets)
        lead = text(lang, "catalogue.none", none=phrases.noun(criteria, lang, "none"), limits=limits)
        # Where the only limit is a word that nothing knows, everything would be as near.
        near = self._nearest(criteria) if criteria.limits != ("others",) else []
        if near:
            lead = f"{lead} {text(lang, 'catalogue.nearest')}"
        return self._shown(lead, near[:_NEAREST], criteria, lang)

    def _nearest(self, criteria: Criteria) -> list[Entry]:
        """What matches when as little as possible is given up, first what speaks of most of the words given up."""
        given_up = [criteria.without(*names) for names in _GIVEN_UP if set(names) & set(criteria.limits)]
        wider = [replace(one, kinds=one.kinds | PROGRAMMES) for one in (criteria, *given_up)]
        for one in (wider[0], *given_up, *wider[1:]):
            if one != criteria and (found := self._matching(one)):
                return sorted(found, key=lambda near: -near.spoken_of(criteria.others))
        return []

    def _nothing_open(self, criteria: Criteria, lang: Language) -> Shown:
        """That no deadline is still to come, what has not ended for all that is known, and what is over."""
        limits = phrases.limits(criteria.without("going"), lang, self._library.sheets)
        lead = text(lang, "catalogue.none_open", noun=phrases.noun(criteria, lang, "many"), limits=limits)
        matching = self._matching(criteria.without("going"))
        running = [one for one in matching if one.standing is Standing.RUNNING]
        passed = [one for one in matching if one.standing is not Standing.ENDED]
        if running:
            return self._shown(f"{lead} {text(lang, 'catalogue.still_running')}", running, criteria, lang)
        if passed:
            return self._shown(f"{lead} {text(lang, 'catalogue.nearest')}", passed, criteria, lang)
        return self._nothing(criteria.without("going"), lang)

    def _shown(
        self, lead: str, found: list[Entry], criteria: Criteria, lang: Language, more: list[Suggestion] | None = None
    ) -> Shown:
        citations = Citations(self._library, lang)
        chosen = found[:MAX_ITEMS]
        items = [item(one, citations, lang) for one in chosen]
        further = more or self._narrower(found, criteria, lang) or ([] if items else _guidance(lang))
        message = Message(
            kind=Kind.ANSWER if items else Kind.ABSTENTION,
            text=with_items(lead, items),
            lead=lead,
            lang=lang,
            items=items,
            citations=citations.found,
            suggestions=further + questions(chosen, lang)[: 3 - len(further)],
            confidence=1.0,
        )
        return Shown(message, [one.key for one in chosen])

    def _narrower(self, found: list[Entry], criteria: Criteria, lang: Language) -> list[Suggestion]:
        """Questions that shorten a list that is too long, or go on from one of a Land alone."""
        if len(found) > MAX_ITEMS and not criteria.levels:
            keys = [f"ask_level_{level}" for level in ("Land", "Bund", "EU")]
        elif criteria.laender and _only_land(criteria):
            keys = ["ask_level_Bund", "ask_level_EU"]
        else:
            return []
        return [
            Suggestion(title=text(lang, f"catalogue.{key}"), payload=text(lang, f"catalogue.{key}_question"))
            for key in keys
        ]


def _only_land(criteria: Criteria) -> bool:
    return criteria.limits == ("laender",)


def _guidance(lang: Language) -> list[Suggestion]:
    question = text(lang, "catalogue.ask_guidance_question")
    return [Suggestion(title=text(lang, "catalogue.ask_guidance"), payload=question)]


def _programmes(entries: Iterable[Entry]) -> int:
    """How many programmes sheets describe; some describe several."""
    return sum(one.parts for one in entries)


def _more(count: int, lang: Language) -> str:
    return text(lang, "catalogue.nationwide_one" if count == 1 else "catalogue.nationwide_many", count=count)
