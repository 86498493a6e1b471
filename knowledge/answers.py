"""From a question to an answer with its sources, or to the word that there is none."""

import time
from dataclasses import dataclass, replace

from pydantic import BaseModel, Field

from knowledge import tuning
from knowledge.attributes import asked_attributes
from knowledge.confidence import confidence, signals
from knowledge.embedding import Embedder
from knowledge.library import Library
from knowledge.messages import Message
from knowledge.question import Context, Question, parts, understand
from knowledge.release import Release, open_release
from knowledge.scope import out_of_scope
from knowledge.search import Hit, Query
from knowledge.settings import Settings
from knowledge.text import clean
from knowledge.wording import Finding, abstention, answer_message, declined, quote

__all__ = ["Answer", "Answerer", "Context"]

# A remark of fewer words of its own needs those of the question before.
_ELLIPTIC = 3


class Answer(BaseModel):
    """A message, what the conversation should remember of it, and what it took."""

    message: Message
    context: Context
    seconds: dict[str, float] = Field(default_factory=dict)


@dataclass(frozen=True)
class _Attempt:
    """One reading of a question and what was found under it."""

    query: Query
    hits: list[Hit]
    confidence: float
    from_context: bool = False


class Answerer:
    """Answers questions from one release. Safe to use from one thread at a time."""

    def __init__(self, library: Library, embedder: Embedder) -> None:
        self._library = library
        self._embedder = embedder

    @classmethod
    def open(
        cls, settings: Settings, *, release: Release | None = None, embedder: Embedder | None = None
    ) -> "Answerer":
        """Load the model and open the current release, or the one given; takes seconds.

        Raises `StadtlotseError` where nothing is built or it was built with another model.
        """
        library = Library(release or open_release(settings))
        return cls(library, embedder or Embedder.load(settings))

    @property
    def release_id(self) -> str:
        """The release that answers."""
        return self._library.release_id

    @property
    def embedder(self) -> Embedder:
        """The loaded model, to be shared with the next release's answerer."""
        return self._embedder

    def answer(self, question: str, context: Context, *, intent: str | None = None) -> Answer:
        """Answer a question in German or English.

        `context` is what the last answer of the conversation left; `intent` what the dialogue takes the question for:
        one that follows up on the last ('follow_up') is read in its light, one that seems to ask for something else
        than programmes ('out_of_scope') needs a surer answer.
        """
        began = time.perf_counter()
        question = clean(question)
        asked = understand(question, self._library.names, context)
        reason = out_of_scope(question)
        if reason is not None:
            message = declined(reason, asked.lang)
            return Answer(message=message, context=context.model_copy(update={"language": asked.lang}))
        attempts = self._attempts(asked, context, follows_up=intent == "follow_up")
        if intent == "out_of_scope" and not asked.programmes and attempts[0].confidence < tuning.OUT_OF_SCOPE_THRESHOLD:
            attempts = [replace(attempts[0], confidence=0.0)]
        searched = time.perf_counter()
        message = self._message(asked, attempts)
        programme = _programme(asked, attempts[0], context)
        remembered = Context(language=asked.lang, programme=programme, question=question)
        seconds = {"retrieval": searched - began, "wording": time.perf_counter() - searched}
        return Answer(message=message, context=remembered, seconds=seconds)

    def _attempts(self, asked: Question, context: Context, *, follows_up: bool) -> list[_Attempt]:
        """What is found for each question that a sentence joins; the later ones lean on the first."""
        first, *others = parts(asked.text)
        if not others:
            return [self._attempt(asked, context, follows_up=follows_up)]
        opening = replace(understand(first, self._library.names, context), lang=asked.lang)
        attempts = [self._attempt(opening, context, follows_up=follows_up)]
        subject = asked.programmes[0] if asked.programmes else _programme(asked, attempts[0], context)
        leaned_on = Context(language=asked.lang, programme=subject, question=first)
        for other in others:
            part = replace(understand(other, self._library.names, leaned_on), lang=asked.lang)
            attempts.append(self._attempt(part, leaned_on, follows_up=True))
        return attempts

    def _attempt(self, asked: Question, context: Context, *, follows_up: bool) -> _Attempt:
        """The reading of the question under which the best passage is found."""
        leans = asked.leaning or follows_up
        previous = context.question if leans else None
        if previous and _needs_previous(asked) and not asked.asks:
            asked = replace(asked, asked=asked_attributes(previous))
        if asked.programmes:
            same_subject = context.programme in asked.programmes
            return self._on_named(self._try(asked, asked.programmes, previous if same_subject else None, [asked.text]))
        if context.programme not in self._library.sheets:
            return self._try(asked, (), None, [asked.text])
        name = getattr(self._library.sheets[context.programme].name, asked.lang)
        wordings = [f"{name}: {asked.text}", f"{context.question} {asked.text}"]
        on_topic = self._try(asked, (context.programme,), previous, wordings, from_context=True)
        if leans and not asked.content:
            return on_topic
        alone = self._try(asked, (), None, [asked.text])
        needed = tuning.NEW_SUBJECT_LEAD if leans else 0.0
        return alone if alone.confidence > on_topic.confidence + needed else on_topic

    def _on_named(self, named: _Attempt) -> _Attempt:
        """The attempt on the programmes a question names, or one in which their names are words like any other.

        'Was sagte der Workshop zu LoRaWAN?' names a standard and is about the workshop.
        """
        if named.confidence >= tuning.THRESHOLD:
            return named
        query = replace(named.query, programmes=frozenset(), ignored_words=frozenset(), wants_profile=False)
        anywhere = self._found(query, named=False)
        return anywhere if anywhere.confidence >= tuning.NAMED_IN_PASSING_THRESHOLD else named

    def _try(
        self,
        asked: Question,
        programmes: tuple[str, ...],
        previous: str | None,
        wordings: list[str],
        *,
        from_context: bool = False,
    ) -> _Attempt:
        query = Query(
            text=asked.text,
            lang=asked.lang,
            embeddings=self._embedder.embed_queries(wordings),
            previous=previous,
            previous_share=1.0 if _needs_previous(asked) else tuning.PREVIOUS_IN_PASSING,
            programmes=frozenset(programmes),
            asked=asked.asked,
            wants_number=asked.wants_number,
            wants_profile=asked.wants_profile and not from_context,
            ignored_words=asked.name_words,
        )
        return self._found(query, named=bool(asked.programmes), from_context=from_context)

    def _found(self, query: Query, *, named: bool, from_context: bool = False) -> _Attempt:
        hits = [hit for hit in self._library.searcher.search(query) if self._is_on_subject(query, hit)]
        sure = confidence(signals(hits, named=named, from_context=from_context)) if hits else 0.0
        if not query.programmes and not self._library.searcher.words(query):
            sure = 0.0  # nothing was asked
        if from_context and hits:
            # Words that the library does not know hint at another subject than the conversation's.
            sure *= 1 - tuning.UNKNOWN_OFF_SUBJECT * hits[0].unknown
        return _Attempt(query, hits, sure, from_context)

    def _is_on_subject(self, query: Query, hit: Hit) -> bool:
        """Whether a passage that speaks of several programmes says what it says of the one asked about."""
        if len(hit.passage.programmes) < 2 or not hit.in_focus:
            return True
        return not query.programmes.isdisjoint(self._library.names.exact(quote(self._library, query, hit).text))

    def _message(self, asked: Question, attempts: list[_Attempt]) -> Message:
        first, *others = [
            Finding(self._library, attempt.query, attempt.hits, attempt.confidence, attempt.from_context)
            for attempt in attempts
        ]
        if first.confidence < tuning.THRESHOLD:
            return abstention(first, asked.programmes)
        return answer_message([first, *(one for one in others if one.confidence >= tuning.SECOND_PART_THRESHOLD)])


def _needs_previous(asked: Question) -> bool:
    """Whether a question that leans on the one before needs its words too, as 'durch wen?' and 'und 2018?' do."""
    if asked.asks:
        return not asked.content and not asked.asked
    return len(asked.content) < _ELLIPTIC and not asked.asked


def _programme(asked: Question, attempt: _Attempt, context: Context) -> str | None:
    """The programme that the conversation is about after this turn."""
    if asked.programmes:
        return asked.programmes[0]
    if attempt.confidence >= tuning.THRESHOLD and attempt.hits[0].passage.programmes:
        return attempt.hits[0].passage.programmes[0]
    return context.programme
