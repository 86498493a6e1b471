"""Finding, for a question in its context, the passages that answer it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from knowledge import tuning
from knowledge.answering.context import Context
from knowledge.answering.definitions import explains
from knowledge.answering.doubts import doubt
from knowledge.answering.fitting import Fitting
from knowledge.answering.question import CHATTER, Question, parts, understand
from knowledge.answering.wording import Finding, quote, weighed
from knowledge.catalogue.municipalities import named_municipality
from knowledge.encoding.embedding import Embedder
from knowledge.factsheet import Attribute, FactSheet, SheetKind, short_name
from knowledge.indexing.passages import PROFILE
from knowledge.indexing.rows import is_row
from knowledge.linguistics.dates import is_year
from knowledge.linguistics.ordinals import is_ordinal, ordinal_in
from knowledge.linguistics.terms import STOPWORDS
from knowledge.linguistics.text import folded, numbers, sentences, words
from knowledge.linguistics.words import word_list
from knowledge.recognition.answer_types import AnswerType, holds, wanted_type
from knowledge.recognition.attributes import OF_A_PROGRAMME, OF_AN_EVENT, Asked, asked_attributes
from knowledge.recognition.names import GENERIC
from knowledge.retrieval.confidence import confidence, signals
from knowledge.retrieval.library import Library
from knowledge.retrieval.query import Query
from knowledge.retrieval.search import Hit
from knowledge.retrieval.selection import Quote, is_furniture

# A remark of fewer words of its own needs those of the question before.
_ELLIPTIC = 3
# The first passage found, and a second one that may stand beside it.
_QUOTED = 2
_FUNDERS = frozenset(word_list("funders"))
_OFFICES = frozenset(word_list("offices"))
_SUBJECTS = frozenset(map(folded, word_list("subjects")))
# Types that say enough of what was asked for; a number alone may count anything.
_TELLING = (
    AnswerType.WHEN,
    AnswerType.DATE,
    AnswerType.END,
    AnswerType.MONEY,
    AnswerType.PERCENT,
    AnswerType.DURATION,
)
# 'Das Angebot gilt auch für nicht geförderte Kommunen.'
_AUDIENCE = re.compile(
    r"\b(?:gilt|gelten|offen|richtet sich|richten sich|steht|stehen|open to|aimed at|available to)\b[^.]{0,60}"
    r"\b(?:Kommunen|Gemeinden|Städten?|Landkreisen?|municipalities|cities|towns|counties)\b"
)
_COUNTS_ALONE = re.compile(
    r"^(?:und |and )?(?:wie ?viele|how many)(?: (?:gibt(?:s| es)|gab(?:s| es)|sind|waren|are|were|there|das|die|es|denn"
    r"|davon|da|insgesamt|they|that|of them))*\W*$"
)
# 'Was hat der mit Stadt.Land.Digital zu tun?'
_THAT_WITH = re.compile(r"\b(?:das|der|die|es|er|sie|it|that|this|they) (?:bei[mr]?|mit|fuer|with|at|for)\b")
# 'Gibt es was zu Radwegen?'
_ANYTHING_ON = re.compile(
    r"\bgibt(?:s| es) (?:(?:da|auch|denn|noch) )*(?:was|etwas|irgendwas|infos?) (?:zu[mr]?|ueber|fuer)\b"
    r"|\bis there (?:something|anything) (?:on|about|for)\b"
)
# 'Und pro Projekt?'
_PER = re.compile(r"\b(?:pro|je|per) [a-z]\w+")
# 'Worüber hat er gesprochen?' asks of the person named before, not of the event.
_PERSON = re.compile(r"\b(?:er|ihm|ihn|he|him|his)\b")
_WITH_EVENTS = {SheetKind.WORKSHOP, SheetKind.INITIATIVE}


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


def finding(library: Library, attempt: Attempt) -> Finding:
    """What was found, as it is put into words."""
    return Finding(library, attempt.query, attempt.hits, attempt.confidence, attempt.from_context)


class Lookup:
    """Reads questions against a library and looks their answers up."""

    def __init__(self, library: Library, embedder: Embedder) -> None:
        self._library = library
        self._embedder = embedder
        self._fitting = Fitting(library)

    def attempts(self, asked: Question, context: Context, *, follows_up: bool) -> list[Attempt]:
        """What is found for each question that a sentence joins; the later ones lean on the first."""
        first, *others = parts(asked.text)
        if not others:
            return [self._attempt(asked, context, follows_up=follows_up)]
        opening = self._part(asked, first, context)
        attempts = [self._attempt(opening, context, follows_up=follows_up)]
        subject = asked.programmes[0] if asked.programmes else attempts[0].programme or context.programme
        leaned_on = Context(
            language=asked.lang, programme=subject, question=first, focus=self._thing_in(first, subject)
        )
        for other in others:
            part = self._part(asked, other, leaned_on)
            attempts.append(self._attempt(part, leaned_on, follows_up=True))
        return attempts

    def _thing_in(self, said: str, programme: str | None) -> str:
        """The thing of a programme that is named, folded; empty where none is, or the programme itself."""
        names = [one for one in self._library.names.mentions(said) if one.key == programme]
        return " ".join(names[0].words) if names and not any(map(self._library.names.is_own, names)) else ""

    def _part(self, asked: Question, text: str, context: Context) -> Question:
        """One of the questions that a sentence joins; where to look is said for all of them."""
        part = understand(text, self._library.names, context)
        return replace(part, lang=asked.lang, filter=asked.filter, wish=asked.wish)

    def alone(self, asked: Question, limit: int) -> Attempt:
        """What is found for a question without a conversation, up to `limit` passages."""
        return self._on_named(self._try(asked, asked.programmes, None, [asked.text], limit=limit), limit)

    def explaining(self, asked: Question, term: str) -> Attempt | None:
        """What says what a folded term means, wherever that stands; None where nothing found does."""
        found = self._try(asked, (), None, [asked.text], limit=tuning.CANDIDATES)
        for hit in found.hits:
            passage = hit.passage.text
            said = next((span for span in sentences(passage) if explains(passage[slice(*span)], term)), None)
            if said is not None:
                quoted = replace(hit, quoted=Quote(passage[slice(*said)], *said))
                return replace(found, hits=[quoted], confidence=max(found.confidence, tuning.EXPLAINED))
        return None

    def _attempt(self, asked: Question, context: Context, *, follows_up: bool) -> Attempt:
        """The reading of the question under which the best passage is found."""
        offered = self._library.offered.get(asked.text)
        if offered is not None:
            return self._offered(asked, *offered)
        leans = asked.leaning or follows_up
        previous = context.question if leans else None
        counts_alone = bool(_COUNTS_ALONE.match(folded(asked.text)))
        if previous and _needs_previous(asked) and (counts_alone or not asked.asks):
            inherited = tuple(Asked(attribute, frozenset()) for attribute in context.asked)
            asked = replace(asked, asked=asked_attributes(previous) or inherited)
        if asked.programmes:
            same_subject = context.programme in asked.programmes
            named = self._on_named(self._try(asked, asked.programmes, previous if same_subject else None, [asked.text]))
            if not same_subject and (both := self._on_both(asked, context)) is not None:
                return both
            is_of_programme = any(one.attribute not in OF_AN_EVENT for one in asked.asked)
            said = None if same_subject or is_of_programme else self._said_of(asked, context)
            # 'und über Open Data?' goes on with what was asked of the event, and asks nothing of Open Data.
            goes_on = leans and not asked.asks
            return said if said is not None and (goes_on or said.confidence > named.confidence) else named
        document = self._document_told(context)
        on_programme = context.programme in self._library.sheets
        if previous and document and not on_programme and (asked.joining or asked.referring) and _stays(asked):
            return self._on_document(asked, document, previous)
        if context.programme not in self._library.sheets:
            found = self._try(asked, (), None, [asked.text])
        else:
            found = self._in_context(asked, context.programme, context, previous, leans=leans)
            if counts_alone and not asked.asked:  # nothing was asked of which there could be so many
                found = replace(found, confidence=found.confidence * tuning.DOUBT_UNCOUNTED)
        if asked.joining and not (asked.content or asked.filter or previous or document or found.from_context):
            return replace(found, confidence=0.0)  # nothing was talked about that 'und wie lange geht das?' asks of
        return self._in_document(asked, document, previous, found) if previous and document else found

    def _document_told(self, context: Context) -> str | None:
        """Id of the document that the last answer quoted; None where it told a fact of a sheet."""
        told = context.told[0] if context.told else None
        passage = self._library.passage(told.document, told.passage) if told is not None else None
        return passage.document_id if passage is not None and passage.fact is None else None

    def _on_document(self, asked: Question, document: str, previous: str) -> Attempt:
        """What a document tells of a remark on the question before."""
        return self._try(asked, (), previous, [f"{previous} {asked.text}", asked.text], document=document)

    def _in_document(self, asked: Question, document: str, previous: str, found: Attempt) -> Attempt:
        """What the document talked about tells; what was found otherwise, where that is surer.

        What joins or points ('und die Kernstadt?', 'was hat das gekostet?') stays with it unless that is much surer.
        """
        within = self._on_document(asked, document, previous)
        if within.confidence < tuning.THRESHOLD:
            return found
        # 'Und was tut das Gartenamt?' may come to another one.
        needed = tuning.NEW_SUBJECT_LEAD if asked.referring or (asked.joining and len(asked.content) < 2) else 0.0
        return found if found.confidence > within.confidence + needed else within

    def _on_both(self, asked: Question, context: Context) -> Attempt | None:
        """What is told of the programme talked about where another one is named: 'muss man das bei MPSC nutzen?'.

        None where nothing found speaks of both.
        """
        sheet = self._library.sheets.get(context.programme or "")
        if sheet is None or not _THAT_WITH.search(folded(asked.text)):
            return None
        name = short_name(sheet, asked.lang)
        found = self._try(asked, asked.programmes, name, [f"{name}: {asked.text}"], share=tuning.FOCUS_SHARE)
        if found.confidence < tuning.THRESHOLD:
            return None
        return found if sheet.key in self._library.names.exact(found.hits[0].passage.text) else None

    def _said_of(self, asked: Question, context: Context) -> Attempt | None:
        """What was said of the programmes that a question names at the event talked about, if something was."""
        sheet = self._library.sheets.get(context.programme or "")
        if sheet is None or sheet.kind not in _WITH_EVENTS:
            return None
        name = getattr(sheet.name, asked.lang)
        words = replace(asked, programmes=(), name_words=frozenset(), named_itself=False, wants_profile=False)
        found = self._try(words, (sheet.key,), None, [f"{name}: {asked.text}"], from_context=True)
        if found.confidence < tuning.THRESHOLD:
            return None
        spoken_of = self._library.names.exact(found.hits[0].passage.text)
        return None if set(asked.programmes).isdisjoint(spoken_of) else found

    def _in_context(
        self, asked: Question, programme: str, context: Context, previous: str | None, *, leans: bool
    ) -> Attempt:
        """On the conversation's programme, or on a new subject where the question stands better by itself."""
        asked = self._beside_its_name(self._of_its_end(asked, programme), programme)
        name = getattr(self._library.sheets[programme].name, asked.lang)
        question, focus = context.question, context.focus
        # What asks for an attribute and nothing else is not drawn to the question before.
        is_whole = asked.asked and not asked.content
        joined = [f"{question} {asked.text}"] if question and not is_whole else []
        wordings = [f"{name}: {asked.text}", *joined]
        before = self._beside_attributes(previous, programme) if asked.asked and previous else previous
        if before and asked.asked:
            before = self._without_other_years(before, asked, programme)
        if before and _PER.search(folded(asked.text)):
            before = ordinal_in(before) or None  # what each of them gets, not the one talked about
        if before and not numbers(before) and asked.asked and not self._says_something(asked):
            before = None  # there is nothing beside which words taken over could count the less
        on_topic = self._try(asked, (programme,), before, wordings, from_context=True)
        asks_status = any(one.attribute is Attribute.STATUS for one in asked.asked)
        says_who = bool(before) and bool(_PERSON.search(folded(asked.text)))
        if (
            focus
            and not asks_status
            and not says_who
            and (is_whole or (not asked.content and self._is_event(focus, programme)))
        ):
            on_topic = self._on_focus(asked, programme, f"{name} {focus}: {asked.text}", focus, on_topic)
        if on_topic.confidence < tuning.THRESHOLD and (audience := self._for_municipalities(asked, on_topic)):
            return audience
        if leans and _stays(asked):
            return on_topic
        # 'kostet das was?' asks of what was talked about even where that tells nothing of it.
        if asked.pointing and (on_topic.confidence >= tuning.POINTING_THRESHOLD or len(asked.content) < 2):
            return on_topic
        alone = self._try(asked, (), None, [asked.text])
        asks_of_it = any(one.attribute in OF_A_PROGRAMME for one in asked.asked)
        tells_it = on_topic.confidence >= tuning.THRESHOLD and on_topic.hits[0].attribute
        needed = tuning.NEW_SUBJECT_LEAD if leans or asks_of_it or tells_it else 0.0
        return alone if alone.confidence > on_topic.confidence + needed else on_topic

    def _beside_its_name(self, asked: Question, programme: str) -> Question:
        """A question in which what a programme is called anyway tells nothing of it: 'wer macht den Index?'."""
        own = {word for name in self._library.sheets[programme].own_names for word in map(folded, words(name))}
        called = own & (GENERIC | _SUBJECTS) & set(asked.content)
        left = tuple(word for word in asked.content if word not in called)
        return replace(asked, content=left, name_words=asked.name_words | called) if asked.asked else asked

    def _for_municipalities(self, asked: Question, found: Attempt) -> Attempt | None:
        """What says that the thing talked about is there for municipalities, where one of a kind asks whether it is;
        None where something else is asked or nothing says so.
        """
        if asked.content or [one.attribute for one in asked.asked] != [Attribute.ELIGIBILITY]:
            return None
        if named_municipality(folded(asked.text)) is None:
            return None
        quoted = ((hit, quote(self._library, found.query, hit).text) for hit in found.hits if hit.in_focus)
        says_so = [hit for hit, said in quoted if _AUDIENCE.search(said)]
        if not says_so:
            return None
        others = [hit for hit in found.hits if hit not in says_so]
        return replace(found, hits=says_so + others, confidence=tuning.TOLD_OF_ALL)

    def _of_its_end(self, asked: Question, programme: str) -> Question:
        """What 'bis wann?' alone asks of a programme: its deadline, where it has one, and not how long it runs."""
        both = [one for one in asked.asked if one.attribute in (Attribute.DEADLINE, Attribute.DURATION)]
        has_deadline = any(fact.attribute is Attribute.DEADLINE for fact in self._library.sheets[programme].facts)
        if len(both) < 2 or both[0].words != both[1].words or not has_deadline:
            return asked
        return replace(asked, asked=tuple(one for one in asked.asked if one.attribute is not Attribute.DURATION))

    def _beside_attributes(self, question: str, programme: str) -> str | None:
        """What a question says of the thing that it asks about, beside its programme and what it asks of it: of 'MPSC
        Frist 3. Staffel' '3. Staffel'. By such words, which label its facts, a sheet tells one thing from another.
        """
        told = {word for one in asked_attributes(question) for word in one.words}
        told |= {word for mention in self._library.names.mentions(question) for word in mention.words}
        labels = self._label_words(programme)
        left = [word for word in words(question) if folded(word) not in told]
        kept = [word for word in left if word.isdigit() or is_ordinal(word) or folded(word) in labels]
        return " ".join(kept) if any(folded(word) not in STOPWORDS for word in kept) else None

    def _without_other_years(self, said: str, asked: Question, programme: str) -> str | None:
        """What was said before without years of which nothing is told that is asked for now.

        Who asks how long something runs after 'wer hatte 2023 die Leitung' asks not of 2023.
        """
        wanted = {one.attribute for one in asked.asked}
        facts = [fact for fact in self._library.sheets[programme].facts if fact.attribute in wanted]
        told = [value.de for fact in facts for value in (fact.value, *(claim.value for claim in fact.claims)) if value]
        known = numbers(" ".join(told))
        kept = [word for word in said.split() if not is_year(word) or word in known]
        return " ".join(kept) if any(folded(word) not in STOPWORDS for word in kept) else None

    def _says_something(self, asked: Question) -> bool:
        """Whether a question has words that passages can be told by; 'wer macht den?' has none."""
        return any(word not in asked.name_words for word in map(folded, words(asked.text)) if word not in STOPWORDS)

    def _label_words(self, programme: str) -> frozenset[str]:
        facts = self._library.sheets[programme].facts
        return frozenset(
            folded(word) for fact in facts for label in (fact.label.de, fact.label.en) for word in words(label)
        )

    def _on_focus(self, asked: Question, programme: str, wording: str, focus: str, general: Attempt) -> Attempt:
        """What is told of the thing of a programme that is talked about.

        What is told of the programme as a whole, `general`, where what is told of the thing is not what was asked for;
        but of an event its own.
        """
        found = self._try(asked, (programme,), focus, [wording], from_context=True, share=tuning.FOCUS_SHARE)
        if found.confidence < tuning.THRESHOLD:
            of_event = any(one.attribute in OF_AN_EVENT for one in asked.asked) and self._is_event(focus, programme)
            return found if of_event else self._not_of_other(general, focus)
        if self._fitting.is_of_other(found.hits[0], focus):
            return self._not_of_other(general, focus)
        best = found.hits[0]
        if not numbers(focus) <= numbers(best.passage.text):
            return general  # what has a number in its name is not meant where that is missing: 'KfW 436', not the KfW
        is_of_type = asked.wanted in _TELLING and holds(best.passage.text, asked.wanted)
        return found if best.attribute or is_of_type or self._is_event(focus, programme) else general

    def _not_of_other(self, found: Attempt, focus: str) -> Attempt:
        """What was found, or that nothing was where it is told of another thing of the programme ('Digitales Rathaus',
        where TwinBy is talked about).
        """
        is_of_other = bool(found.hits) and self._fitting.is_of_other(found.hits[0], focus)
        return replace(found, confidence=found.confidence * tuning.DOUBT_OTHER_THING) if is_of_other else found

    def _is_event(self, name: str, programme: str) -> bool:
        events = self._library.sheets[programme].events
        return name in {folded(one) for event in events for one in (event.name.de, event.name.en)}

    def _offered(self, asked: Question, programme: str, fact: str) -> Attempt:
        """The fact that a suggestion of ours promised."""
        attempt = self._try(asked, (programme,), None, [asked.text])
        promised = [hit for hit in attempt.hits if hit.passage.fact == fact]
        others = [hit for hit in attempt.hits if hit.passage.fact != fact]
        return replace(attempt, hits=promised + others, confidence=1.0) if promised else attempt

    def _on_named(self, named: Attempt, limit: int = tuning.HITS) -> Attempt:
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
        asks_of_it = any(one.attribute in OF_A_PROGRAMME for one in named.query.asked)
        passage = anywhere.hits[0].passage
        if best is not None and best.passage == passage:
            # It was found not to tell this of the programme; the name's words in it are no reason to think again.
            if (asks_of_it and not best.attribute) or named.confidence < tuning.NAMED_AT_LEAST:
                return named
        spoken_of = self._library.names.exact(passage.text)
        return anywhere if not named.query.programmes.isdisjoint(spoken_of) else named

    def _try(
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
            previous_share=share or (1.0 if _needs_previous(asked) else tuning.PREVIOUS_IN_PASSING),
            programmes=frozenset(programmes),
            not_meant=self._library.names.not_meant(asked.text) or self._library.names.not_meant(previous or ""),
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
        """What is asked, as sheets tell it: who takes part is who was selected where nothing else is told of it."""
        sheets = [self._library.sheets[key] for key in programmes if key in self._library.sheets]
        told = {fact.attribute for sheet in sheets for fact in sheet.facts}
        is_of_selected = asked.attribute is Attribute.PARTICIPANTS and asked.attribute not in told
        return replace(asked, attribute=Attribute.SELECTED) if is_of_selected and Attribute.SELECTED in told else asked

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
        hits = self._on_subject(
            query, self._weighed(query, self._fitting.weighed(query, searcher.search(query, limit)))
        )
        if not hits or not (query.programmes or query.wish.of_itself or searcher.words(query)):
            return Attempt(query, hits, 0.0, from_context)
        sure = confidence(signals(hits, query.lang))
        if self._is_told_in_full(query, hits[0]):
            sure = max(sure, tuning.TOLD_IN_FULL)
        sure *= doubt(self._library, query, hits[0], from_context=from_context)
        if query.programmes and self._fitting.is_beside(query, hits):
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
        if all(hit.passage.lang == query.lang for hit in first):
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


def _of_profile(asked: Asked) -> Asked:
    """What is asked of a profile; whose money it is as its status, so that others who are responsible are no answer."""
    return replace(asked, attribute=Attribute.STATUS) if not asked.words.isdisjoint(_FUNDERS) else asked


def _wanted(asked: Question, previous: str | None) -> AnswerType | None:
    """The type of answer that is wanted, by the question before where one only leans on it ('und 2018?')."""
    if asked.wanted is None and previous and _needs_previous(asked) and not asked.asks:
        return wanted_type(previous)
    return asked.wanted


def _stays(asked: Question) -> bool:
    """Whether a question that leans on the last is too short to come to another subject: a year only says when."""
    own = [word for word in asked.content if not is_year(word)]
    if own and _ANYTHING_ON.search(folded(asked.text)):
        return False
    return not own or (len(own) == 1 and not asked.introduces and (asked.asks or bool(asked.asked)))


def _needs_previous(asked: Question) -> bool:
    """Whether a question that leans on the one before needs its words too, as 'durch wen?' and 'und 2018?' do."""
    if asked.asks:
        return not asked.content and not asked.asked
    return len(asked.content) < _ELLIPTIC and not asked.asked
