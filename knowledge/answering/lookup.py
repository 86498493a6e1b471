"""Finding, for a question in its context, the passages that answer it."""

import re
from dataclasses import replace

from knowledge import tuning
from knowledge.answering.attempts import Attempt, Attempts, needs_previous
from knowledge.answering.context import Context
from knowledge.answering.definitions import explains
from knowledge.answering.question import Question, parts, understand
from knowledge.answering.wording import quote
from knowledge.catalogue.municipalities import named_municipality
from knowledge.encoding.embedding import Embedder
from knowledge.factsheet import Attribute, Count, SheetKind, short_name
from knowledge.linguistics.dates import is_year
from knowledge.linguistics.ordinals import is_ordinal, ordinal_in, without_ordinals
from knowledge.linguistics.terms import STOPWORDS
from knowledge.linguistics.text import folded, numbers, sentences, words
from knowledge.linguistics.words import word_list
from knowledge.recognition.answer_types import AnswerType, holds
from knowledge.recognition.attributes import OF_A_PROGRAMME, OF_AN_EVENT, Asked, asked_attributes
from knowledge.recognition.names import GENERIC
from knowledge.retrieval.library import Library
from knowledge.retrieval.selection import Quote

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
    r"|\bfür [^.]{0,40}(?:Kommunen|Gemeinden|Städte|Landkreise) offen\b"
)
# 'Ohne Förderung können wir die auch nutzen?'
_UNFUNDED = re.compile(r"\b(?:ohne foerderung|nicht gefoerdert\w*|without funding|not funded|unfunded)\b")
_COUNTS_ALONE = re.compile(
    r"^(?:und |and )?(?:wie ?viele|how many)(?: (?:gibt(?:s| es)|gab(?:s| es)|sind|waren|are|were|there|das|die|es|denn"
    r"|davon|da|insgesamt|they|that|of them|in|bei|der|den|the|of))*\W*$"
)
_NEXT = re.compile(r"^(?:(?:ok(?:ay)?|gut|also|so) )*(?:dann|then|jetzt|now)\b")
# 'War der VKU auch dabei?'
_WAS_PART = re.compile(r"^(?:und |and )?(?:war|waren|ist|sind|was|were|is|are)\b")
# 'Welche?', 'nenn sie mir' after 'wie viele?'
_WHICH_ALONE = re.compile(
    r"^(?:und |and |ok )?"
    r"(?:(?:welche|which)(?: (?:denn|genau|davon|sind|das|es|waren|are|were|they|those|ones|of them))*"
    r"|wie heissen (?:die|sie)(?: (?:denn|alle))*|what are they called"
    r"|(?:nenn\w*|zaehl\w*|list\w*|name)(?: (?:sie|die|them|mir|mal|bitte|auf|alle|doch|all|please))*)\W*$"
)
# 'Was hat der mit Stadt.Land.Digital zu tun?'
_THAT_WITH = re.compile(r"\b(?:das|der|die|es|er|sie|it|that|this|they) (?:\w+ )?(?:bei[mr]?|mit|fuer|with|at|for)\b")
# 'Gibt es was zu Radwegen?'
ANYTHING_ON = re.compile(
    r"\bgibt(?:s| es) (?:(?:da|auch|denn|noch) )*(?:was|etwas|irgendwas|infos?) (?:zu[mr]?|ueber|fuer)\b"
    r"|\bis there (?:something|anything) (?:on|about|for)\b"
)
# 'Und pro Projekt?'
_PER = re.compile(r"\b(?:pro|je|per) [a-z]\w+")
# 'Worüber hat er gesprochen?' asks of the person named before, not of the event.
_PERSON = re.compile(r"\b(?:er|ihm|ihn|he|him|his)\b")
# A remark of more words asks something of its own.
_REMARK = 2
_AT_PLACE = re.compile(r"\b(?:in|bei|im|an|auf|at) (?:der |den |dem |the )?[A-ZÄÖÜ]\w+")
# 'Seit wann?' after 'führt seit August 2020 das WIK' asks of that.
_SINCE_ALONE = re.compile(r"^(?:und |and )?(?:seit wann|ab wann|since when)(?: (?:denn|genau|das|schon))*\W*$")
_SINCE = re.compile(r"\b(?:seit|ab|since|from) (?:\w+ )?(?:(?:\d{1,2}\. )?\w+ )?(?:19|20)\d\d\b", re.IGNORECASE)
# What of a programme is counted where nothing is said of what.
_COUNTED = (Attribute.SELECTED, Attribute.PARTICIPANTS)
_WITH_EVENTS = {SheetKind.WORKSHOP, SheetKind.INITIATIVE}


class Lookup:
    """Reads questions against a library and looks their answers up."""

    def __init__(self, library: Library, embedder: Embedder) -> None:
        self._library = library
        self._attempts = Attempts(library, embedder)

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
        return self._attempts.on_named(
            self._attempts.of(asked, asked.programmes, None, [asked.text], limit=limit), limit
        )

    def explaining(self, asked: Question, term: str) -> Attempt | None:
        """What says what a folded term means, wherever that stands; None where nothing found does."""
        found = self._attempts.of(asked, (), None, [asked.text], limit=tuning.CANDIDATES)
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
        # 'Ok, dann TwinBy' asks what that is.
        is_next = asked.asks_what_it_is and bool(_NEXT.match(folded(asked.text)))
        previous = context.question if leans and not is_next else None
        counts_alone = bool(_COUNTS_ALONE.match(folded(without_ordinals(asked.text))))
        alone = counts_alone or bool(_WHICH_ALONE.match(folded(asked.text)))
        if previous and (needs_previous(asked) or alone) and (alone or not asked.asks):
            inherited = tuple(Asked(attribute, frozenset()) for attribute in context.asked)
            asked = replace(asked, asked=asked_attributes(previous) or inherited)
        if counts_alone and not any(one.attribute in _COUNTED for one in asked.asked):
            asked = replace(asked, asked=self._counted_of(context.programme) or asked.asked)
        if asked.programmes:
            same_subject = context.programme in asked.programmes
            # What asks by itself of a thing that it names is not drawn to the one of the question before.
            says_all = asked.asks and bool(asked.asked) and not asked.named_itself
            before = previous if same_subject and not says_all else None
            named = self._attempts.on_named(self._attempts.of(asked, asked.programmes, before, [asked.text]))
            if not same_subject and (both := self._on_both(asked, context)) is not None:
                return both
            is_of_programme = any(one.attribute not in OF_AN_EVENT for one in asked.asked)
            said = None if same_subject or is_of_programme else self._said_of(asked, context)
            # 'und über Open Data?' goes on with what was asked of the event, and asks nothing of Open Data.
            goes_on = (leans and not asked.asks) or bool(_WAS_PART.match(folded(asked.text)))
            return said if said is not None and (goes_on or said.confidence > named.confidence) else named
        document = self._document_told(context)
        on_programme = context.programme in self._library.sheets
        if previous and document and not on_programme and (asked.joining or asked.referring) and _stays(asked):
            return self._on_document(asked, document, previous)
        if context.programme not in self._library.sheets:
            shown = self._among_shown(asked, context, previous) if leans else None
            found = shown or self._attempts.of(asked, (), None, [asked.text])
        else:
            found = self._in_context(asked, context.programme, context, previous, leans=leans)
            if counts_alone and not asked.asked:  # nothing was asked of which there could be so many
                found = replace(found, confidence=found.confidence * tuning.DOUBT_UNCOUNTED)
        if asked.joining and not (asked.content or asked.filter or previous or document or found.from_context):
            return replace(found, confidence=0.0)  # nothing was talked about that 'und wie lange geht das?' asks of
        is_since = bool(_SINCE_ALONE.match(folded(asked.text)))
        if (is_since or found.confidence < tuning.THRESHOLD) and (
            again := self._told_again(asked, context)
        ) is not None:
            return again
        return self._in_document(asked, document, previous, found) if previous and document else found

    def _counted_of(self, programme: str | None) -> tuple[Asked, ...]:
        """What 'wie viele gibt es davon?' asks of a programme whose sheet counts those selected or its members."""
        sheet = self._library.sheets.get(programme or "")
        facts = sheet.facts if sheet is not None else []
        counted = {fact.attribute for fact in facts if any(isinstance(one, Count) for one in fact.quantities)}
        return tuple(Asked(one, frozenset()) for one in _COUNTED if one in counted)[:1]

    def _among_shown(self, asked: Question, context: Context, previous: str | None) -> Attempt | None:
        """What is told by the programmes shown last, where none of them is the one talked about; None where nothing is.

        After a list 'wer ist Projektträger?' asks of what it holds.
        """
        shown = tuple(key for key in context.shown if key in self._library.sheets)
        if not shown or asked.introduces:
            return None
        found = self._attempts.of(asked, shown, previous, [asked.text], from_context=True)
        if found.confidence < tuning.THRESHOLD or found.programme not in shown:
            return None
        return replace(found, query=replace(found.query, programmes=frozenset([found.programme])))

    def _told_again(self, asked: Question, context: Context) -> Attempt | None:
        """What was told last, where it holds what a short remark on it asks: 'wo?' after when and where something was,
        'und davon an Fraunhofer?'; None where it does not.
        """
        told = context.told[0] if context.told else None
        passage = self._library.passage(told.document, told.passage) if told is not None else None
        if passage is None or passage.fact is None or len(asked.content) > _REMARK or asked.introduces:
            return None
        programmes = tuple(key for key in passage.programmes if key == context.programme)
        found = self._attempts.of(asked, programmes, None, [asked.text], from_context=True, limit=tuning.CANDIDATES)
        hits = [hit for hit in found.hits if hit.passage.fact == passage.fact]
        if not hits or not self._holds(asked, quote(self._library, found.query, hits[0]).text):
            return None
        others = [hit for hit in found.hits if hit not in hits]
        return replace(found, hits=hits + others, confidence=tuning.TOLD_AGAIN)

    def _holds(self, asked: Question, said: str) -> bool:
        """Whether words hold all that a remark names, or the place or for whom it is, where no more is asked for."""
        if not asked.content:
            wanted = asked.asked[0].attribute if len(asked.asked) == 1 else None
            pattern = {Attribute.PLACE: _AT_PLACE, Attribute.ELIGIBILITY: _AUDIENCE}.get(wanted) if wanted else None
            if _SINCE_ALONE.match(folded(asked.text)):
                pattern = _SINCE
            if pattern is not None or asked.wanted is not AnswerType.NUMBER:
                return pattern is not None and bool(pattern.search(said))
            told = {one.attribute for one in asked_attributes(said)}
            return holds(said, asked.wanted) and any(one.attribute in told for one in asked.asked)
        stems = self._library.lexical.terms.stems(said, asked.lang)
        named = [self._library.lexical.terms.stems(word, asked.lang) for word in asked.content]
        is_of_type = asked.wanted is None or holds(said, asked.wanted)
        return asked.joining and is_of_type and all(one & stems for one in named)

    def _document_told(self, context: Context) -> str | None:
        """Id of the document that the last answer quoted; None where it told a fact of a sheet."""
        told = context.told[0] if context.told else None
        passage = self._library.passage(told.document, told.passage) if told is not None else None
        return passage.document_id if passage is not None and passage.fact is None else None

    def _on_document(self, asked: Question, document: str, previous: str) -> Attempt:
        """What a document tells of a remark on the question before."""
        return self._attempts.of(asked, (), previous, [f"{previous} {asked.text}", asked.text], document=document)

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
        alone = replace(asked, programmes=(), name_words=asked.name_words, named_itself=False, wants_profile=False)
        told = {fact.attribute for fact in sheet.facts}
        if asked.asked and all(one.attribute in told - set(OF_AN_EVENT) for one in asked.asked):
            # 'Geht das zusammen mit EFRE-Mitteln?' is told by what it says of other money.
            found = self._attempts.of(alone, (sheet.key,), None, [asked.text], from_context=True)
            if found.confidence >= tuning.THRESHOLD and found.hits[0].attribute:
                return found
        name = short_name(sheet, asked.lang)
        found = self._attempts.of(asked, asked.programmes, name, [f"{name}: {asked.text}"], share=tuning.FOCUS_SHARE)
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
        found = self._attempts.of(words, (sheet.key,), None, [f"{name}: {asked.text}"], from_context=True)
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
        on_topic = self._attempts.of(asked, (programme,), before, wordings, from_context=True)
        asks_status = any(one.attribute is Attribute.STATUS for one in asked.asked)
        says_who = bool(before) and bool(_PERSON.search(folded(asked.text)))
        of_focus = not asks_status and (is_whole or (not asked.content and self._is_event(focus, programme)))
        of_other = bool(on_topic.hits) and self._attempts.fitting.is_of_other(on_topic.hits[0], focus)
        if focus and not says_who and (of_focus or of_other):
            on_topic = self._on_focus(asked, programme, f"{name} {focus}: {asked.text}", focus, on_topic)
        if on_topic.confidence < tuning.THRESHOLD and (audience := self._for_municipalities(asked, on_topic)):
            return audience
        if leans and _stays(asked):
            return on_topic
        # 'kostet das was?' asks of what was talked about even where that tells nothing of it.
        if asked.pointing and (on_topic.confidence >= tuning.POINTING_THRESHOLD or len(asked.content) < 2):
            return on_topic
        alone = self._attempts.of(asked, (), None, [asked.text])
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
        plain = folded(asked.text)
        if named_municipality(plain) is None and not _UNFUNDED.search(plain):
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
        kept = [f"{word}." if word.isdigit() and f"{word}. " in question else word for word in kept]
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
        found = self._attempts.of(asked, (programme,), focus, [wording], from_context=True, share=tuning.FOCUS_SHARE)
        if found.confidence < tuning.THRESHOLD:
            of_event = any(one.attribute in OF_AN_EVENT for one in asked.asked) and self._is_event(focus, programme)
            return found if of_event else self._not_of_other(general, focus)
        if self._attempts.fitting.is_of_other(found.hits[0], focus):
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
        is_of_other = bool(found.hits) and self._attempts.fitting.is_of_other(found.hits[0], focus)
        return replace(found, confidence=found.confidence * tuning.DOUBT_OTHER_THING) if is_of_other else found

    def _is_event(self, name: str, programme: str) -> bool:
        events = self._library.sheets[programme].events
        return name in {folded(one) for event in events for one in (event.name.de, event.name.en)}

    def _offered(self, asked: Question, programme: str, fact: str) -> Attempt:
        """The fact that a suggestion of ours promised."""
        attempt = self._attempts.of(asked, (programme,), None, [asked.text])
        promised = [hit for hit in attempt.hits if hit.passage.fact == fact]
        others = [hit for hit in attempt.hits if hit.passage.fact != fact]
        return replace(attempt, hits=promised + others, confidence=1.0) if promised else attempt


def _stays(asked: Question) -> bool:
    """Whether a question that leans on the last is too short to come to another subject: a year only says when."""
    own = [word for word in asked.content if not is_year(word)]
    if own and ANYTHING_ON.search(folded(asked.text)):
        return False
    return not own or (len(own) == 1 and not asked.introduces and (asked.asks or bool(asked.asked)))
