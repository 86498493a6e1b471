"""From a question to an answer with its sources, or to the word that there is none."""

import re
import time
from dataclasses import replace

from pydantic import BaseModel, Field

from knowledge import tuning
from knowledge.answering.attempts import Attempt, finding
from knowledge.answering.choice import Answered, Choice, Signs, choose
from knowledge.answering.clarifying import ask_back, options
from knowledge.answering.context import Context
from knowledge.answering.explaining import Explaining
from knowledge.answering.following import Following, Reading, joins
from knowledge.answering.lookup import Lookup
from knowledge.answering.memory import Memory, after_shown
from knowledge.answering.misread import Misread, meant
from knowledge.answering.on_subject import ANYTHING_ON
from knowledge.answering.question import Question, parts, spelled_out, understand
from knowledge.answering.remarks import Remarks, explained
from knowledge.answering.scope import OF_INTENTS, out_of_scope
from knowledge.answering.wording import abstention, answer_message, declined, listed_and_answered, quote
from knowledge.catalogue.catalogue import Catalogue
from knowledge.catalogue.requests.comparing import asks_attribute_alone, compares
from knowledge.catalogue.requests.limiting import varied
from knowledge.catalogue.requests.reading import names_topic, of_land, read_request
from knowledge.catalogue.requests.request import Request, Wanted
from knowledge.document import Group
from knowledge.encoding.embedding import Embedder
from knowledge.encoding.model_name import model_id
from knowledge.errors import StadtlotseError
from knowledge.filters import Filter
from knowledge.linguistics.ordinals import with_other_ordinal
from knowledge.linguistics.text import clean, folded
from knowledge.messages import Kind, Message
from knowledge.recognition.attributes import OF_A_PROGRAMME
from knowledge.releases.release import Release, open_release
from knowledge.retrieval.library import Library
from knowledge.retrieval.search import Hit
from knowledge.retrieval.selection import Quote
from knowledge.settings import Settings
from knowledge.texts import is_plain, wording

__all__ = ["Answer", "Answerer", "Context"]


# 'Welches hat mehr Budget?'
_WHICH_OF = re.compile(r"^(?:und |and |ok )?(?:welches|which(?: one)?|wer|who)\b")
# 'Nur laufende'
_ONLY = re.compile(
    r"^(?:(?:und|ok|dann|bitte|zeig|and|then|please|show)\s+)*(?:nur|blo(?:ss|s)|only|just|nimm|fueg\w*|add|include)\b"
)


class Answer(BaseModel):
    """A message, what the conversation should remember of it, and what it took."""

    message: Message
    context: Context
    guides: bool = False
    """Whether the guided search is to begin, which the message stands in for where there is no conversation."""
    seconds: dict[str, float] = Field(default_factory=dict)
    release: str = ""
    """The release it was answered from."""


class Answerer:
    """Answers questions from one release, by what everybody may read. Safe to use from one thread at a time."""

    def __init__(self, library: Library, embedder: Embedder, readers: Group = "public") -> None:
        self._staff = self if library.for_readers(readers) is library else Answerer(library, embedder, "internal")
        library = library.for_readers(readers)
        self._library = library
        self._embedder = embedder
        self._lookup = Lookup(library, embedder)
        self._catalogue = Catalogue(library)
        self._following = Following(library)
        self._remarks = Remarks(library)
        self._misread = Misread(library.names)
        self._memory = Memory(library)
        self._explaining = Explaining(library, self._lookup)

    @classmethod
    def open(
        cls, settings: Settings, *, release: Release | None = None, embedder: Embedder | None = None
    ) -> "Answerer":
        """Load the model and open the current release, or the one given; takes seconds.

        Raises `StadtlotseError` where nothing is built or it was built with another model.
        """
        release = release or open_release(settings)
        if embedder is None:
            _check_model(release, model_id(settings))
            embedder = Embedder.load(settings)
        _check_model(release, embedder.model_id)
        return cls(Library(release), embedder)

    def for_readers(self, group: Group) -> "Answerer":
        """What answers those who may read documents of a group, who read everything where that is 'internal'."""
        return self._staff if group == "internal" else self

    @property
    def release_id(self) -> str:
        """The release that answers."""
        return self._library.release_id

    @property
    def embedder(self) -> Embedder:
        """The loaded model, to be shared with the next release's answerer."""
        return self._embedder

    @property
    def catalogue(self) -> Catalogue:
        """What it lists, compares and recommends from."""
        return self._catalogue

    @property
    def library(self) -> Library:
        """What it answers from."""
        return self._library

    def answer(
        self, question: str, context: Context, *, intent: str | None = None, filter: Filter | None = None
    ) -> Answer:
        """Answer a question in German or English.

        `context` is what the last answer of the conversation left; `intent` what the dialogue takes the question for:
        one that follows up on the last ('follow_up') is read in its light, one that seems to ask for something else
        than programmes ('out_of_scope') needs a surer answer. Only what a `filter` lets through may answer.
        """
        with wording(plain=context.plain):
            said = spelled_out(clean(question))
            return self._finished(self._placed(said, context, filter) or self._answer(said, context, intent, filter))

    def retold(self, intent: str, said: str, context: Context) -> Answer:
        """Come back to what was said before; raises `KeyError` where `intent` is not among `REMARKS`."""
        if self._misread.asks(intent, said, context):
            return self.answer(said, context, intent="follow_up")
        message, left = self._remarks.answer(intent, said, context)
        with wording(plain=left.plain):
            return self._finished(Answer(message=message, context=left.after(message)))

    def picked(self, said: str, context: Context, *, filter: Filter | None = None) -> Answer:
        """Answer what is picked of the things shown or offered last ('das Zweite'); what picks none is a question."""
        is_round = context.question is not None and with_other_ordinal(context.question, said) is not None
        if is_round or (joins(said) and not context.shown):
            return self.answer(said, context, intent="follow_up", filter=filter)
        with wording(plain=context.plain):
            question = self._remarks.picked(said, context)
            if isinstance(question, str):
                return self.answer(question, context, intent="ask_question", filter=filter)
            message, left = question
            return Answer(message=message, context=left.after(message))

    def asks_beside(self, said: str, context: Context) -> bool:
        """Whether what seems to be small talk asks for something: 'danke, und bis wann?', 'nein, nur Niedersachsen'."""
        with wording(plain=context.plain):
            asked = self._understood(spelled_out(clean(said)), context, None)
            asks = any(one.attribute in OF_A_PROGRAMME for one in asked.asked) or bool(asked.programmes)
            if asks or read_request(asked.text, self._library.names) is not None:
                return True
            if asked.text != said and joins(asked.text) and asked.content:
                return True  # 'danke, und die Kosten je Netzwerk'
            return self._limited(asked, context) is not None

    def _finished(self, answer: Answer) -> Answer:
        """With the words explained that readers of plain language may not know."""
        if not is_plain():
            return answer
        return answer.model_copy(update={"message": explained(answer.message)})

    def _placed(self, said: str, context: Context, filter: Filter | None) -> Answer | None:
        """The answer to what names a place in what was shown; None where none is named."""
        chosen = self._remarks.placed(said, context)
        if chosen is None:
            return None
        if isinstance(chosen, str):
            return self._answer(chosen, context, "ask_question", filter)
        message, left = chosen
        return Answer(message=message, context=left.after(message))

    def _answer(self, question: str, context: Context, intent: str | None, filter: Filter | None) -> Answer:
        began = time.perf_counter()
        asked = self._understood(question, context, filter)
        intent = meant(intent, asked, context)
        again = self._remarks.shown_again(question, asked.lang, context) or self._remarks.moved(
            question, intent, asked.lang, context
        )
        if again is not None:
            return Answer(message=again[0], context=again[1])
        limited = self._limited(asked, context)
        if limited is not None:
            reading = Reading(question)
        else:
            reading = self._following.read(question, asked, context, corrects=intent == "correct")
        if context.open is not None:  # what waited is what was asked last
            context = context.model_copy(update={"open": None, "question": context.open.question})
        if reading.choices:
            message, left = ask_back(reading.question, reading.choices, asked, self._library, context)
            return Answer(message=message, context=left)
        if reading.question != question:
            asked = replace(self._understood(reading.question, context, filter), lang=asked.lang)
        if limited is None and (listed := self._list_and_more(asked, context, filter)) is not None:
            return listed
        choice = self._choice(asked, context, intent, limited, carried=reading.carried)
        if reading.carried and choice.answered is Answered.ABSTENTION:
            itself = self._understood(question, context, filter)
            # 'Und das CoLAB?', of which what was asked before is not known, nor of a Land; 'was ist mit der KTS?' after
            # what was not known at all.
            names_another = self._names_a_thing(itself) or of_land(question) is not None
            asked = itself if names_another or (itself.wants_profile and context.missed is not None) else asked
            choice = self._choice(asked, context, intent, limited, carried=asked is not itself)
        if (meaning := self._explaining.message(asked, choice, context)) is not None:
            changes: dict[str, object] = {"language": asked.lang, "question": asked.text, "asked": [], "listed": []}
            return Answer(message=meaning, context=context.model_copy(update=changes).after(meaning))
        if choice.answered is Answered.CLARIFICATION:
            message, left = ask_back(asked.text, choice.options, asked, self._library, context)
            return Answer(message=message, context=left)
        if choice.refused is not None:
            message = declined(choice.refused, asked.lang)
            return Answer(message=message, context=context.model_copy(update={"language": asked.lang}))
        if choice.request is not None:
            shown = self._catalogue.shown(choice.request, asked.lang)
            seconds = {"retrieval": 0.0, "wording": time.perf_counter() - began}
            guides = choice.answered is Answered.GUIDANCE
            by_itself = self._catalogue.by_itself(choice.request, asked.text, asked.lang)
            requests = [*context.listed, asked.text] if limited is not None else [by_itself]
            left = after_shown(context, shown, asked.lang, asked.text, requests)
            return Answer(message=shown.message, context=left, guides=guides, seconds=seconds)
        return self._looked_up(asked, list(choice.attempts), context, began)

    def _looked_up(self, asked: Question, attempts: list[Attempt], context: Context, began: float) -> Answer:
        """What was found, in words, or that nothing was; `began` tells when the question was taken up."""
        searched = time.perf_counter()
        message = self._message(asked, attempts, context)
        remembered = self._memory.after_found(asked, attempts[0], context)
        seconds = {"retrieval": searched - began, "wording": time.perf_counter() - searched}
        return Answer(message=message, context=remembered.after(message), seconds=seconds)

    def _list_and_more(self, asked: Question, context: Context, filter: Filter | None) -> Answer | None:
        """A list and, of what it holds, the answer to what is asked beside it: 'Welche Programme gibt es in Hessen, und
        wie hoch ist die Förderquote?'; None where a question is not of that form.
        """
        first, *others = parts(asked.text)
        request = read_request(first, self._library.names) if others and filter is None else None
        if request is None or request.wanted not in (Wanted.LIST, Wanted.EVENTS):
            return None
        began = time.perf_counter()
        shown = self._catalogue.shown(request, asked.lang)
        left = after_shown(context, shown, asked.lang, first, [first])
        if shown.message.kind is not Kind.ANSWER:
            return None
        # What is asked beside the list limits it not.
        more = self._answer(others[0], left.model_copy(update={"listed": []}), "follow_up", filter)
        seconds = {"retrieval": 0.0, "wording": time.perf_counter() - began}
        is_of_it = more.message.table is not None or more.context.programme in (None, *shown.programmes)
        # Of something that the list does not hold, or not known.
        if not is_of_it or more.message.kind is Kind.ABSTENTION:
            return Answer(message=shown.message, context=left, seconds=seconds)
        message = listed_and_answered(shown.message, more.message)
        return Answer(message=message, context=more.context.after(message), seconds=seconds)

    def _choice(
        self, asked: Question, context: Context, intent: str | None, limited: Request | None, *, carried: bool
    ) -> Choice:
        """What a question gets; where the catalogue holds nothing of what it seems to want listed, what answers it.

        `carried` tells that the question was taken over from an earlier one.
        """
        signs = self._signs(asked, context, intent, limited)

        def chosen(signs: Signs) -> Choice:
            return choose(
                signs,
                lambda: self._look_up(asked, context, intent, carried=carried),
                lambda attempt: options(asked, attempt, context, self._library),
            )

        choice = chosen(signs)
        if choice.answered is not Answered.CATALOGUE or choice.request is None or limited is not None:
            return choice
        shown = self._catalogue.shown(choice.request, asked.lang)
        asks_of_it = shown.is_nearest or bool(ANYTHING_ON.search(folded(asked.text)))
        is_of_subject = asks_of_it and context.programme in self._library.sheets
        if shown.message.kind is not Kind.ABSTENTION and not is_of_subject:
            return choice
        told = chosen(replace(signs, request=None))
        # 'Welche Workshops liefen parallel?' is told of the event talked about.
        if not is_of_subject:
            return told if told.answered is Answered.PASSAGE else choice
        is_told = told.answered in (Answered.PASSAGE, Answered.FACT) and told.attempts[0].programme == context.programme
        return told if is_told else choice

    def _names_a_thing(self, asked: Question) -> bool:
        """Whether a question names a thing of a programme, and not the programme itself."""
        mentions = self._library.names.mentions(asked.text)
        return bool(mentions) and not any(self._library.names.is_own(one) for one in mentions)

    def _signs(self, asked: Question, context: Context, intent: str | None, limited: Request | None) -> Signs:
        """What speaks for one sort of answer or another."""
        return Signs(
            text=asked.text,
            refused=out_of_scope(asked.text),
            request=limited
            or read_request(asked.text, self._library.names, context.programme, _comparable(asked.text, context)),
            # Who tells of the own municipality while a programme is talked about looks for no other.
            intent=None if intent == "inform" and context.programme else intent,
            of_land=of_land(asked.text),
            names_programme=bool(asked.programmes),
            is_looked_up=asked.text in self._library.offered or asked.filter is not None,
            asks_of_shown=context.programme is None and len(context.shown) > 1 and asks_attribute_alone(asked.text),
        )

    def _limited(self, asked: Question, context: Context) -> Request | None:
        """The last list's request, where a remark does nothing but limit or count it ('und in Bayern?')."""
        if not context.listed or read_request(asked.text, self._library.names):
            return None
        # Of what was picked from the list more is asked than of the list, unless that is said.
        if context.question not in context.listed and not (_ONLY.match(folded(asked.text)) or names_topic(asked.text)):
            return None
        return varied([*context.listed, asked.text], self._library.names)

    def _look_up(self, asked: Question, context: Context, intent: str | None, *, carried: bool) -> list[Attempt]:
        attempts = self._lookup.attempts(asked, context, follows_up=intent == "follow_up")
        on_subject = attempts[0].from_context
        needed = tuning.OUT_OF_SCOPE_ON_SUBJECT if on_subject else tuning.OUT_OF_SCOPE_THRESHOLD
        unsure = attempts[0].confidence < needed and not attempts[0].is_in_its_words
        if intent in OF_INTENTS and not asked.programmes and unsure:
            return [replace(attempts[0], confidence=0.0)]
        # A question that was taken over is said to be, as a programme is.
        return [
            replace(one, from_context=one.from_context or bool(carried and one.query.programmes)) for one in attempts
        ]

    def find(self, question: str, limit: int, *, filter: Filter | None = None) -> Attempt:
        """The passages that would answer a question asked by itself, best first, and how sure the first is.

        Of those that a `filter` lets through; what says the same as a better one is folded into it.
        """
        asked = self._understood(spelled_out(clean(question)), Context(), filter)
        return self._lookup.alone(asked, limit)

    def quote(self, attempt: Attempt, hit: Hit) -> Quote:
        """The words of a found passage that would be quoted."""
        return quote(self._library, attempt.query, hit)

    def _understood(self, question: str, context: Context, limits: Filter | None) -> Question:
        asked = understand(question, self._library.names, context)
        lang = context.wished_language or asked.lang
        asked = replace(asked, lang=lang, filter=limits or None, wish=self._library.wish(question))
        chosen = limits.programmes & self._library.sheets.keys() if limits else frozenset()
        # Who lets one programme answer asks about it without saying its name.
        return replace(asked, programmes=tuple(chosen)) if len(chosen) == 1 and not asked.programmes else asked

    def _message(self, asked: Question, attempts: list[Attempt], context: Context) -> Message:
        first, *others = [finding(self._library, attempt) for attempt in attempts]
        subject = attempts[0].programme
        if context.programme and subject and subject != context.programme and not asked.programmes:
            first = replace(first, names_subject=True)  # nobody said that the talk has moved on
        if first.confidence < tuning.THRESHOLD:
            return abstention(first, asked.programmes or (tuple(first.query.programmes) if first.from_context else ()))
        return answer_message([first, *(one for one in others if one.confidence >= tuning.SECOND_PART_THRESHOLD)])


def _comparable(said: str, context: Context) -> list[str]:
    """What 'welches' in a question chooses among: what was shown together, else the last two that were talked about.

    'Vergleich die mal' is on these too.
    """
    plain = folded(said)
    if context.programme is None or not (_WHICH_OF.search(plain) or compares(plain)):
        return context.shown
    if len(context.shown) > 1 and (context.programme in context.shown or not compares(plain)):
        return context.shown
    return [*context.before[:1], context.programme]


def _check_model(release: Release, model: str) -> None:
    built = release.manifest.knowledge
    if built is None:
        raise StadtlotseError(f"Release {release.id} has no index; run 'stadtlotse retrain' to build one.")
    if built.embedding_model != model:
        raise StadtlotseError(
            f"The index was built with the model {built.embedding_model}, but {model} is set; run 'stadtlotse retrain'."
        )
