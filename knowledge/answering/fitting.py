"""How far a fact fits what is asked beside its words: the things it counts, the place, part and round that it is on."""

import re
from dataclasses import replace

from knowledge import tuning
from knowledge.factsheet import Attribute, Count, Fact, SheetKind
from knowledge.linguistics.ordinals import named_ordinals
from knowledge.linguistics.synonyms import synonyms
from knowledge.linguistics.terms import stem
from knowledge.linguistics.text import folded, folded_text
from knowledge.recognition.answer_types import AnswerType
from knowledge.recognition.attributes import OF_AN_EVENT
from knowledge.recognition.laender import LAENDER, named_laender, named_town
from knowledge.retrieval.evidence import counted_words
from knowledge.retrieval.library import Library
from knowledge.retrieval.query import Query
from knowledge.retrieval.search import Hit

_JOINTS = re.compile(r"\W+")


class Fitting:
    """Weighs what was found on a programme by what its fact sheet knows of it."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def weighed(self, query: Query, hits: list[Hit]) -> list[Hit]:
        """Hits of which facts that count what is asked for gain, and those on a place or thing not asked about lose."""
        if not query.programmes:
            return hits
        counted = counted_words(query.text) if query.wanted is AnswerType.NUMBER else frozenset()
        said = f"{query.text} {query.previous or ''}"
        # The round or stage of the question before, where this one names none.
        rounds = named_ordinals(query.previous or "") if not named_ordinals(query.text) else set()
        kinds = {kind for kind, _ in rounds}
        for place, hit in enumerate(hits):
            if rounds and (told := named_ordinals(hit.passage.text, kinds)) and told.isdisjoint(rounds):
                hits[place] = hit = replace(hit, score=hit.score - tuning.PENALTY_OTHER_ORDINAL)
            fact = self._library.facts.get(hit.passage.fact or "")
            if fact is None:
                continue
            gain = tuning.BONUS_COUNTED if counted and self._counts(fact, counted) else 0.0
            gain += tuning.BONUS_OF_EVENT if hit.attribute and self._is_of_event_itself(fact, query) else 0.0
            is_beside = self._is_on_other_place(fact, hit, said) or self.is_of_other(hit, said)
            is_beside |= query.wants_profile and bool(self._things(fact.label.de, hit.passage.programmes[0]))
            loss = tuning.PENALTY_BESIDE if is_beside else 0.0
            hits[place] = replace(hit, score=hit.score + gain - loss)
        return sorted(hits, key=lambda hit: -hit.score)

    def is_beside(self, query: Query, hits: list[Hit]) -> bool:
        """Whether the best of what was found is on another thing or event than the one asked about."""
        has_events = any(self._library.sheets[key].events for key in query.programmes if key in self._library.sheets)
        return self._tells_of_part(query, hits[0]) or (has_events and _is_of_other_event(query, hits))

    def is_of_other(self, hit: Hit, said: str) -> bool:
        """Whether a fact is on another thing of its programme than the one that is `said`."""
        fact = self._library.facts.get(hit.passage.fact or "")
        if fact is None:
            return False
        key = hit.passage.programmes[0]
        asked, told = self._things(said, key), self._things(fact.label.de, key)
        text = _JOINTS.sub("", folded_text(hit.passage.text))
        # 'EDIC' is what 'EDIC CitiVERSE' is.
        is_same = any(one in other or other in one for one in asked for other in told)
        return bool(asked and told) and not is_same and not any(thing in text for thing in asked)

    def _is_of_event_itself(self, fact: Fact, query: Query) -> bool:
        """Whether a fact tells of the event that its whole sheet is about, where something of an event is asked."""
        sheets = [self._library.sheets[key] for key in query.programmes if key in self._library.sheets]
        of_event = bool(query.asked) and all(one.attribute in OF_AN_EVENT for one in query.asked)
        return of_event and any(
            sheet.kind is SheetKind.WORKSHOP and fact.id in event.facts for sheet in sheets for event in sheet.events
        )

    def _counts(self, fact: Fact, counted: frozenset[str]) -> bool:
        """Whether a fact gives a number of what one of the folded words names."""
        things = [quantity.of for quantity in fact.quantities if isinstance(quantity, Count)]
        held = {term for thing in things for term in self._library.lexical.terms.stems(thing, "de")}
        wanted = [stem(one, "de") for word in counted for one in (word, *synonyms(word))]
        return not held.isdisjoint(wanted)

    def _is_on_other_place(self, fact: Fact, hit: Hit, said: str) -> bool:
        """Whether a fact is on one town or Land, which neither what was `said` names nor its programme belongs to."""
        sheets = [self._library.sheets[key] for key in hit.passage.programmes if key in self._library.sheets]
        of_place = {*named_laender(fact.label.de, cities=True)} & LAENDER
        known = {land.value for sheet in sheets for land in sheet.laender}
        named = {*named_laender(said), *named_laender(said, cities=True)}
        town = named_town(folded(fact.label.de))
        return bool(of_place - known) and of_place.isdisjoint(named) and (town is None or town not in folded(said))

    def _tells_of_part(self, query: Query, best: Hit) -> bool:
        """Whether a fact is on another thing of the programme than the one asked about, or says who is responsible for
        a thing where the programme itself is asked about.
        """
        said = f"{query.text} {query.previous or ''}"
        if self.is_of_other(best, said):
            return True
        fact = self._library.facts.get(best.passage.fact or "")
        wants_responsible = any(one.attribute is Attribute.RESPONSIBLE for one in query.asked)
        if fact is None or not wants_responsible or fact.attribute is not Attribute.RESPONSIBLE:
            return False
        key = best.passage.programmes[0]
        return not best.content and bool(self._things(fact.label.de, key)) and not self._things(said, key)

    def _things(self, said: str, programme: str) -> set[str]:
        """The names of things of a programme in a text by which its facts are told apart, folded, as one word each."""
        names = self._library.names
        mentions = [one for one in names.mentions(said) if one.key == programme and not names.is_own(one)]
        labels = [_JOINTS.sub("", folded(fact.label.de)) for fact in self._library.sheets[programme].facts]
        # 'Kommunal? Digital!: Wettbewerb' has the words of a name in another order.
        told = [one for one in mentions if any(all(word in label for word in one.name) for label in labels)]
        return {"".join(one.name) for one in told}


def _is_of_other_event(query: Query, hits: list[Hit]) -> bool:
    """Whether something of an event is asked and the best has none of the words by which another one tells of which."""
    of_event = bool(query.asked) and all(one.attribute in OF_AN_EVENT for one in query.asked)
    return of_event and not hits[0].content and any(hit.content >= tuning.CONTENT_NEEDED for hit in hits[1:])
