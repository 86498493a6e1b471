"""What is found for a question on the programme talked about, or on a new subject."""

import re
from dataclasses import replace

from knowledge import tuning
from knowledge.answering.attempts import Attempt, Attempts
from knowledge.answering.context import Context
from knowledge.answering.question import Question
from knowledge.answering.wording import quote
from knowledge.catalogue.municipalities import named_municipality
from knowledge.factsheet import Attribute
from knowledge.linguistics.dates import is_year
from knowledge.linguistics.ordinals import is_ordinal, ordinal_in, without_ordinals
from knowledge.linguistics.terms import STOPWORDS
from knowledge.linguistics.text import folded, numbers, words
from knowledge.linguistics.words import word_list
from knowledge.recognition.answer_types import AnswerType, holds
from knowledge.recognition.attributes import OF_A_PROGRAMME, OF_AN_EVENT, asked_attributes
from knowledge.recognition.names import GENERIC
from knowledge.retrieval.library import Library

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
# 'Ohne Förderung können wir die auch nutzen?'
_UNFUNDED = re.compile(r"\b(?:ohne foerderung|nicht gefoerdert\w*|without funding|not funded|unfunded)\b")
# 'Gibt es was zu Radwegen?'
ANYTHING_ON = re.compile(
    r"\bgibt(?:s| es) (?:(?:da|auch|denn|noch) )*(?:was|etwas|irgendwas|infos?) (?:zu[mr]?|ueber|fuer)\b"
    r"|\bis there (?:something|anything) (?:on|about|for)\b"
)
# 'Und pro Projekt?'
_PER = re.compile(r"\b(?:pro|je|per) [a-z]\w+")
# 'Worüber hat er gesprochen?' asks of the person named before, not of the event.
_PERSON = re.compile(r"\b(?:er|ihm|ihn|he|him|his)\b")
# 'Das Angebot gilt auch für nicht geförderte Kommunen.'
AUDIENCE = re.compile(
    r"\b(?:gilt|gelten|offen|richtet sich|richten sich|steht|stehen|open to|aimed at|available to)\b[^.]{0,60}"
    r"\b(?:Kommunen|Gemeinden|Städten?|Landkreisen?|municipalities|cities|towns|counties)\b"
    r"|\bfür [^.]{0,40}(?:Kommunen|Gemeinden|Städte|Landkreise) offen\b"
)


class OnSubject:
    """Reads questions on the programme that is talked about."""

    def __init__(self, library: Library, attempts: Attempts) -> None:
        self._library = library
        self._attempts = attempts

    def found(self, asked: Question, programme: str, context: Context, previous: str | None, *, leans: bool) -> Attempt:
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
        if leans and stays(asked):
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
        says_so = [hit for hit, said in quoted if AUDIENCE.search(said)]
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


def stays(asked: Question) -> bool:
    """Whether a question that leans on the last is too short to come to another subject: a year only says when."""
    # 'Und in der 2. Phase?' is of the same programme, whether it has one or not.
    left = {folded(word) for word in words(without_ordinals(asked.text))} if asked.joining else set(asked.content)
    own = [word for word in asked.content if not is_year(word) and word in left]
    if own and ANYTHING_ON.search(folded(asked.text)):
        return False
    return not own or (len(own) == 1 and not asked.introduces and (asked.asks or bool(asked.asked)))
