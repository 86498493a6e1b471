"""One reading of a question: put to the search, weighed and doubted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from knowledge import tuning
from knowledge.answering.doubts import doubt
from knowledge.answering.fitting import Fitting
from knowledge.answering.question import CHATTER, Question
from knowledge.answering.wording import Finding, quote, weighed
from knowledge.encoding.embedding import Embedder
from knowledge.factsheet import Attribute, FactSheet
from knowledge.indexing.passages import PROFILE
from knowledge.indexing.rows import is_row
from knowledge.linguistics.text import folded
from knowledge.linguistics.words import word_list
from knowledge.recognition.answer_types import AnswerType
from knowledge.recognition.attributes import OF_A_PROGRAMME, Asked
from knowledge.recognition.wanted_type import wanted_type
from knowledge.retrieval.confidence import confidence, signals
from knowledge.retrieval.library import Library
from knowledge.retrieval.query import Query
from knowledge.retrieval.search import Hit
from knowledge.retrieval.selection import is_furniture

# A remark of fewer words of its own needs those of the question before.
_ELLIPTIC = 3
# The first passage found, and a second one that may stand beside it.
_QUOTED = 2
# What is asked of a programme itself.
_OF_ITS_OWN = {*OF_A_PROGRAMME, Attribute.RESPONSIBLE}
_TAKING_PART = {Attribute.PARTICIPANTS: Attribute.SELECTED, Attribute.SELECTED: Attribute.PARTICIPANTS}
_FUNDERS = frozenset(word_list("funders"))
_OFFICES = frozenset(word_list("offices"))
_SUBJECTS = frozenset(map(folded, word_list("subjects")))


@dataclass(frozen=True)
class Attempt:
    """One reading of a question and what was found under it, best first."""

    query: Query
    hits: list[Hit]
    confidence: float
    from_context: bool = False

    @property
    def programme(self) -> str | None:
        """The programme that the best passage speaks of, where it is found to answer."""
        if self.confidence < tuning.THRESHOLD or not self.hits:
            return None
        best = self.hits[0]
        if best.quoted is not None and is_row(best.quoted.text):
            return None  # what the other rows of a table speak of is not talked about
        return next(iter(best.passage.programmes), None)

    @property
    def is_in_its_words(self) -> bool:
        """Whether what a document tells holds all of the question's words, whatever it seems to be about."""
        best = self.hits[0] if self.hits else None
        return best is not None and best.passage.fact is None and best.content > 0 and best.coverage >= tuning.IN_FULL


def finding(library: Library, attempt: Attempt) -> Finding:
    """What was found, as it is put into words."""
    return Finding(library, attempt.query, attempt.hits, attempt.confidence, attempt.from_context)


class Attempts:
    """Makes attempts against a library."""

    def __init__(self, library: Library, embedder: Embedder) -> None:
        self._library = library
        self._embedder = embedder
        self.fitting = Fitting(library)

    def of(
        self,
        asked: Question,
        programmes: tuple[str, ...],
        previous: str | None,
        wordings: list[str],
        *,
        from_context: bool = False,
        limit: int = tuning.HITS,
        share: float | None = None,
        document: str | None = None,
    ) -> Attempt:
        """What is found for a question read as one on some programmes, in one wording or several.

        `previous` is the question before whose words count too, as a `share` of what they count at most; `document`
        the only one that may answer.
        """
        is_of_part = share is not None or bool(asked.programmes and not asked.named_itself)
        asked = replace(asked, asked=tuple(self._as_told(one, programmes) for one in asked.asked))
        profiled = {one for one in asked.asked if self._is_in_profile(one, programmes, of_part=is_of_part)}
        wanted = tuple(_of_profile(one) if one in profiled else one for one in asked.asked)
        wants_status = bool(profiled) and _SUBJECTS.issuperset(asked.content)
        query = Query(
            text=asked.text,
            lang=asked.lang,
            embeddings=self._embedder.embed_queries(wordings),
            previous=previous,
            previous_share=share or (1.0 if needs_previous(asked) else tuning.PREVIOUS_IN_PASSING),
            programmes=frozenset(programmes),
            named_itself=bool(programmes) and (asked.named_itself or not asked.programmes),
            asked=wanted if wants_status else asked.asked,
            wanted=_wanted(asked, previous),
            wants_profile=bool(programmes)
            and (wants_status or asked.wants_it or (asked.wants_profile and not from_context)),
            wants_standing=any(one.attribute is Attribute.STATUS for one in asked.asked),
            ignored_words=asked.name_words | asked.wish.words | (CHATTER if asked.asks_what_it_is else frozenset()),
            filter=asked.filter,
            document=document,
            wish=asked.wish,
        )
        found = self._found(query, named=bool(asked.programmes), from_context=from_context, limit=limit)
        is_told = any(one.attribute is Attribute.RESPONSIBLE for one in profiled)
        if is_told and query.wants_profile and found.hits and found.hits[0].passage.attribute == PROFILE:
            return replace(found, confidence=max(found.confidence, tuning.TOLD_BY_PROFILE))
        return found

    def _as_told(self, asked: Asked, programmes: Sequence[str]) -> Asked:
        """What is asked, as sheets tell it: who takes part is who was selected where nothing else is told of it, and
        the other way round.
        """
        other = _TAKING_PART.get(asked.attribute)
        sheets = [self._library.sheets[key] for key in programmes if key in self._library.sheets]
        told = {fact.attribute for sheet in sheets for fact in sheet.facts}
        return replace(asked, attribute=other) if other in told and asked.attribute not in told else asked

    def _is_in_profile(self, asked: Asked, programmes: Sequence[str], *, of_part: bool) -> bool:
        """Whether a sheet tells an attribute where it tells what its programme is: its status; whose money it is.

        `of_part` tells that a thing of the programme is asked about, and not the programme itself.
        """
        if asked.attribute is not Attribute.RESPONSIBLE:
            return asked.attribute is Attribute.STATUS
        sheets = [self._library.sheets[key] for key in programmes if key in self._library.sheets]
        funded = [sheet for sheet in sheets if sheet.funder]
        untold = [sheet for sheet in funded if not self._tells_responsible(sheet, of_part=of_part)]
        wants_funder, wants_office = (not asked.words.isdisjoint(words) for words in (_FUNDERS, _OFFICES))
        return bool(funded and wants_funder) or bool(untold and wants_office)

    def _tells_responsible(self, sheet: FactSheet, *, of_part: bool) -> bool:
        """Whether a fact says who is responsible: for the programme itself, or where that will do for a part of it."""
        facts = [fact for fact in sheet.facts if fact.attribute is Attribute.RESPONSIBLE]
        if of_part:
            return bool(facts)
        named = [self._library.names.mentions(fact.label.de) for fact in facts]
        parts = [[one for one in mentions if one.key == sheet.key] for mentions in named]
        return any(not of_it or any(map(self._library.names.is_own, of_it)) for of_it in parts)

    def _found(self, query: Query, *, named: bool, from_context: bool = False, limit: int = tuning.HITS) -> Attempt:
        searcher = self._library.searcher
        hits = self._on_subject(query, self._weighed(query, self.fitting.weighed(query, searcher.search(query, limit))))
        if not hits or not (query.programmes or query.wish.of_itself or searcher.words(query)):
            return Attempt(query, hits, 0.0, from_context)
        sure = confidence(signals(hits, query.lang), on_programme=bool(query.programmes))
        if self._is_told_in_full(query, hits[0]):
            sure = max(sure, tuning.TOLD_IN_FULL)
        sure *= doubt(self._library, query, hits[0], from_context=from_context)
        if query.programmes and self.fitting.is_beside(query, hits):
            sure *= tuning.DOUBT_OTHER_THING
        if from_context or named:
            # Words that the library does not know hint at something that it does not know of the programme either.
            sure *= 1 - tuning.UNKNOWN_OFF_SUBJECT * hits[0].unknown
        return Attempt(query, hits, sure, from_context)

    def _is_told_in_full(self, query: Query, best: Hit) -> bool:
        """Whether one sentence of a document holds all words of a question, a rare one among them, and its answer.

        Of a remark on a document its own words, in what would be quoted of it.
        """
        found = best.evidence
        if found is None or best.passage.fact is not None or best.passage.lang != query.lang:
            return False
        if query.document is not None and found.told_own >= tuning.IN_FULL and not found.off_type:
            return True
        is_rare = any(0 < word.count <= tuning.RARE for word in self._library.searcher.words(query))
        return is_rare and found.beside >= tuning.IN_FULL and not found.off_type

    def _weighed(self, query: Query, hits: list[Hit]) -> list[Hit]:
        """The first hits in the order in which what they would be quoted with bears an answer out, the others behind.

        Across languages words bear nothing out, so that hits in both are left as they are.
        """
        first = [weighed(self._library, query, hit) for hit in hits[: tuning.WEIGHED]]
        if len({hit.passage.lang for hit in first}) == 1:
            first.sort(key=lambda hit: -hit.score)
        return first + hits[tuning.WEIGHED :]

    def _on_subject(self, query: Query, hits: list[Hit]) -> list[Hit]:
        """Hits without those before the second that says something on the subject; only two can be quoted."""
        kept: list[Hit] = []
        for place, hit in enumerate(hits):
            if len(kept) == _QUOTED:
                return kept + hits[place:]
            if self._is_on_subject(query, hit):
                kept.append(hit)
        return kept

    def _is_on_subject(self, query: Query, hit: Hit) -> bool:
        """Whether a passage says something, and of the programme asked about where it speaks of several."""
        if hit.passage.fact is None and is_furniture(quote(self._library, query, hit).text):
            return False
        if len(hit.passage.programmes) < 2 or not hit.in_focus:
            return True
        return not query.programmes.isdisjoint(self._library.names.exact(quote(self._library, query, hit).text))

    def on_named(self, named: Attempt, limit: int = tuning.HITS) -> Attempt:
        """The attempt on the programmes a question names, or one in which their names are words like any other.

        'Was sagte der Workshop zu LoRaWAN?' names a standard and is about the workshop; what is found must name both.
        """
        best = named.hits[0] if named.hits else None
        # 'Wie viel EFRE-Geld bekommt das Hafenprojekt?' names a fund and is about the project.
        lacks = best is not None and best.evidence is not None and best.evidence.missing >= tuning.RAREST_MISSING
        if named.confidence >= tuning.THRESHOLD and not lacks:
            return named
        ignored = named.query.wish.words
        query = replace(named.query, programmes=frozenset(), ignored_words=ignored, wants_profile=False)
        anywhere = self._found(query, named=False, limit=limit)
        if anywhere.confidence < max(tuning.NAMED_IN_PASSING_THRESHOLD, named.confidence):
            return named
        passage = anywhere.hits[0].passage
        is_of_it = passage.fact is not None and not named.query.programmes.isdisjoint(passage.programmes)
        if is_of_it and named.confidence >= tuning.THRESHOLD:
            return named  # where both are facts on it, the reading that knows what is named tells them apart better
        if best is not None and best.passage == passage:
            # It was found not to tell this of the programme; the name's words in it are no reason to think again.
            asks_of_it = any(one.attribute in _OF_ITS_OWN for one in named.query.asked)
            is_told = named.confidence >= tuning.NAMED_AT_LEAST and (best.attribute or not asks_of_it)
            if not is_told or self.fitting.is_of_other(best, named.query.text):
                return named
        spoken_of = self._library.names.exact(passage.text)
        return anywhere if not named.query.programmes.isdisjoint(spoken_of) else named


def _of_profile(asked: Asked) -> Asked:
    """What is asked of a profile; whose money it is as its status, so that others who are responsible are no answer."""
    return replace(asked, attribute=Attribute.STATUS) if not asked.words.isdisjoint(_FUNDERS) else asked


def _wanted(asked: Question, previous: str | None) -> AnswerType | None:
    """The type of answer that is wanted, by the question before where one only leans on it ('und 2018?')."""
    if asked.wanted is None and previous and needs_previous(asked) and not asked.asks:
        return wanted_type(previous)
    return asked.wanted


def needs_previous(asked: Question) -> bool:
    """Whether a question that leans on the one before needs its words too, as 'durch wen?' and 'und 2018?' do."""
    if asked.asks:
        return not asked.content and not asked.asked
    return len(asked.content) < _ELLIPTIC and not asked.asked
