"""Finding, for a question in its context, the passages that answer it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from knowledge import tuning
from knowledge.answering.context import Context
from knowledge.answering.definitions import explains
from knowledge.answering.doubts import doubt
from knowledge.answering.question import CHATTER, Question, parts, understand
from knowledge.answering.wording import Finding, quote, weighed
from knowledge.catalogue.municipalities import named_municipality
from knowledge.encoding.embedding import Embedder
from knowledge.factsheet import Attribute, SheetKind
from knowledge.indexing.passages import PROFILE
from knowledge.indexing.rows import is_row
from knowledge.linguistics.dates import is_year
from knowledge.linguistics.terms import STOPWORDS
from knowledge.linguistics.text import folded, numbers, sentences, words
from knowledge.linguistics.words import word_list
from knowledge.recognition.answer_types import AnswerType, holds, wanted_type
from knowledge.recognition.attributes import OF_A_PROGRAMME, OF_AN_EVENT, Asked, asked_attributes
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

    def attempts(self, asked: Question, context: Context, *, follows_up: bool) -> list[Attempt]:
        """What is found for each question that a sentence joins; the later ones lean on the first."""
        first, *others = parts(asked.text)
        if not others:
            return [self._attempt(asked, context, follows_up=follows_up)]
        opening = self._part(asked, first, context)
        attempts = [self._attempt(opening, context, follows_up=follows_up)]
        subject = asked.programmes[0] if asked.programmes else attempts[0].programme or context.programme
        leaned_on = Context(language=asked.lang, programme=subject, question=first)
        for other in others:
            part = self._part(asked, other, leaned_on)
            attempts.append(self._attempt(part, leaned_on, follows_up=True))
        return attempts

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
        if previous and _needs_previous(asked) and not asked.asks:
            inherited = tuple(Asked(attribute, frozenset()) for attribute in context.asked)
            asked = replace(asked, asked=asked_attributes(previous) or inherited)
        if asked.programmes:
            same_subject = context.programme in asked.programmes
            named = self._on_named(self._try(asked, asked.programmes, previous if same_subject else None, [asked.text]))
            said = None if same_subject or asked.asked else self._said_of(asked, context)
            return said if said is not None and said.confidence > named.confidence else named
        document = self._document_told(context)
        on_programme = context.programme in self._library.sheets
        if previous and document and not on_programme and (asked.joining or asked.referring) and _stays(asked):
            return self._on_document(asked, document, previous)
        if context.programme not in self._library.sheets:
            found = self._try(asked, (), None, [asked.text])
        else:
            found = self._in_context(asked, context.programme, context, previous, leans=leans)
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
        asked = self._of_its_end(asked, programme)
        name = getattr(self._library.sheets[programme].name, asked.lang)
        question, focus = context.question, context.focus
        # What asks for an attribute and nothing else is not drawn to the question before.
        is_whole = asked.asked and not asked.content
        joined = [f"{question} {asked.text}"] if question and not is_whole else []
        wordings = [f"{name}: {asked.text}", *joined]
        before = self._beside_attributes(previous, programme) if asked.asked and previous else previous
        if before and not numbers(before) and asked.asked and not self._says_something(asked):
            before = None  # there is nothing beside which words taken over could count the less
        on_topic = self._try(asked, (programme,), before, wordings, from_context=True)
        asks_status = any(one.attribute is Attribute.STATUS for one in asked.asked)
        if focus and not asks_status and (is_whole or (not asked.content and self._is_event(focus, programme))):
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

    def _for_municipalities(self, asked: Question, found: Attempt) -> Attempt | None:
        """What says that the thing talked about is there for municipalities, where one of a kind asks whether it is;
        None where something else is asked or nothing says so.
        """
        if asked.content or [one.attribute for one in asked.asked] != [Attribute.ELIGIBILITY]:
            return None
        if named_municipality(folded(asked.text)) is None:
            return None
        says_so = [hit for hit in found.hits if hit.in_focus and _AUDIENCE.search(hit.passage.text)]
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
        kept = [word for word in left if word.isdigit() or folded(word) in labels]
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
            return found if of_event else general
        best = found.hits[0]
        if not numbers(focus) <= numbers(best.passage.text):
            return general  # what has a number in its name is not meant where that is missing: 'KfW 436', not the KfW
        is_of_type = asked.wanted in _TELLING and holds(best.passage.text, asked.wanted)
        return found if best.attribute or is_of_type or self._is_event(focus, programme) else general

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
        known = named.hits[0] if named.hits else None
        if asks_of_it and known and not known.attribute and known.passage == anywhere.hits[0].passage:
            return named  # it was found not to tell this of the programme
        spoken_of = self._library.names.exact(anywhere.hits[0].passage.text)
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
        wanted = tuple(self._of_profile(one, programmes) for one in asked.asked)
        says_only_so = _SUBJECTS.issuperset(asked.content)
        wants_status = says_only_so and any(self._is_in_profile(one, programmes) for one in asked.asked)
        query = Query(
            text=asked.text,
            lang=asked.lang,
            embeddings=self._embedder.embed_queries(wordings),
            previous=previous,
            previous_share=share or (1.0 if _needs_previous(asked) else tuning.PREVIOUS_IN_PASSING),
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
        is_told = any(
            one.attribute is Attribute.RESPONSIBLE and self._is_in_profile(one, programmes) for one in asked.asked
        )
        if is_told and query.wants_profile and found.hits and found.hits[0].passage.attribute == PROFILE:
            return replace(found, confidence=max(found.confidence, tuning.TOLD_BY_PROFILE))
        return found

    def _of_profile(self, asked: Asked, programmes: Sequence[str]) -> Asked:
        """What is asked; whose money it is as part of the profile, so that others who are responsible are no answer."""
        is_funder = not asked.words.isdisjoint(_FUNDERS) and self._is_in_profile(asked, programmes)
        return replace(asked, attribute=Attribute.STATUS) if is_funder else asked

    def _is_in_profile(self, asked: Asked, programmes: Sequence[str]) -> bool:
        """Whether a sheet tells an attribute where it tells what its programme is: its status; whose money it is."""
        if asked.attribute is not Attribute.RESPONSIBLE:
            return asked.attribute is Attribute.STATUS
        sheets = [self._library.sheets[key] for key in programmes if key in self._library.sheets]
        funded = [sheet for sheet in sheets if sheet.funder]
        untold = [sheet for sheet in funded if not any(fact.attribute is Attribute.RESPONSIBLE for fact in sheet.facts)]
        wants_funder, wants_office = (not asked.words.isdisjoint(words) for words in (_FUNDERS, _OFFICES))
        return bool(funded and wants_funder) or bool(untold and wants_office)

    def _found(self, query: Query, *, named: bool, from_context: bool = False, limit: int = tuning.HITS) -> Attempt:
        searcher = self._library.searcher
        hits = self._on_subject(query, self._weighed(query, searcher.search(query, limit)))
        if not hits or not (query.programmes or query.wish.of_itself or searcher.words(query)):
            return Attempt(query, hits, 0.0, from_context)
        sure = confidence(signals(hits, query.lang))
        if self._is_told_in_full(query, hits[0]):
            sure = max(sure, tuning.TOLD_IN_FULL)
        sure *= doubt(self._library, query, hits[0], from_context=from_context)
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


def _wanted(asked: Question, previous: str | None) -> AnswerType | None:
    """The type of answer that is wanted, by the question before where one only leans on it ('und 2018?')."""
    if asked.wanted is None and previous and _needs_previous(asked) and not asked.asks:
        return wanted_type(previous)
    return asked.wanted


def _stays(asked: Question) -> bool:
    """Whether a question that leans on the last is too short to come to another subject: a year only says when."""
    own = [word for word in asked.content if not is_year(word)]
    return not own or (len(own) == 1 and not asked.introduces and (asked.asks or bool(asked.asked)))


def _needs_previous(asked: Question) -> bool:
    """Whether a question that leans on the one before needs its words too, as 'durch wen?' and 'und 2018?' do."""
    if asked.asks:
        return not asked.content and not asked.asked
    return len(asked.content) < _ELLIPTIC and not asked.asked
