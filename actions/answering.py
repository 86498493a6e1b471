"""The answerer of the current release, loaded beside the running server."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from knowledge.answering.context import Context
from knowledge.document import Group
from knowledge.factsheet import Attribute, FactSheet
from knowledge.messages import Citation, Language
from knowledge.settings import Settings
from knowledge.texts import text

if TYPE_CHECKING:  # at run time the loading thread imports it: torch takes seconds, and the port is to be open before
    from knowledge.answering.answers import Answer, Answerer
    from knowledge.filters import Filter

logger = logging.getLogger(__name__)

Result = TypeVar("Result")
_FOLLOW_SECONDS = 0.2
_WARM_UP = "Was ist das?"


class Answering:
    """Answers questions one at a time, and moves to another release as soon as one becomes current."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._answerer: asyncio.Task[Answerer] | None = None
        self._successor: asyncio.Task[None] | None = None
        self._following: asyncio.Task[None] | None = None
        self._release: str | None = None
        self._turns = ThreadPoolExecutor(max_workers=1, thread_name_prefix="answer")

    def start(self) -> None:
        """Begin to load the current release; questions wait until it is there."""
        self._release = self._current_release()
        self._answerer = asyncio.create_task(asyncio.to_thread(_open, self._settings))
        self._answerer.add_done_callback(_log_failure)
        self._following = asyncio.create_task(self._follow())

    @property
    def release_id(self) -> str | None:
        """The release that answers; None until one does."""
        return self._answerer.result().release_id if self.is_ready and self._answerer is not None else None

    @property
    def is_ready(self) -> bool:
        """Whether a question would be answered at once."""
        return self._answerer is not None and self._answerer.done() and self._answerer.exception() is None

    @property
    def has_failed(self) -> bool:
        """Whether the release could not be loaded, so that waiting does not help."""
        return self._answerer is not None and self._answerer.done() and self._answerer.exception() is not None

    async def answer(
        self,
        question: str,
        context: Context,
        intent: str | None = None,
        limits: dict[str, Any] | None = None,
        reader: Group = "public",
    ) -> "Answer":
        """Answer a question from the current release.

        `context` is what the conversation remembers, `intent` what Rasa took the question for, `limits` the fields of
        the filter that came with it, `reader` the group whose documents the person may read. Raises `TimeoutError`
        where it takes longer than a turn may last.
        """
        return await self.work(
            lambda answerer: _answer(answerer.for_readers(reader), question, context, intent, limits)
        )

    async def retold(self, intent: str, said: str, context: Context, reader: Group = "public") -> "Answer":
        """Come back to what was said before, as the dialogue's `intent` wants it; see `Answerer.retold`."""
        return await self.work(
            lambda answerer: _of_release(answerer, answerer.for_readers(reader).retold(intent, said, context))
        )

    async def picked(
        self, said: str, context: Context, limits: dict[str, Any] | None = None, reader: Group = "public"
    ) -> "Answer":
        """Answer for what is picked of those shown or offered; see `Answerer.picked`."""
        return await self.work(lambda answerer: _picked(answerer.for_readers(reader), said, context, limits))

    async def asks_beside(self, said: str, context: Context, reader: Group = "public") -> bool:
        """Whether what seems to be small talk asks for something; see `Answerer.asks_beside`."""
        return await self.work(lambda answerer: answerer.for_readers(reader).asks_beside(said, context))

    async def programme_name(self, key: str, lang: Language) -> str | None:
        """The name of a programme; None where the release has no such sheet."""
        sheet = await self._sheet(key)
        return str(getattr(sheet.name, lang)) if sheet else None

    async def contacts_named_by(self, key: str, lang: Language) -> list[Citation]:
        """What a programme's fact sheet says of whom to contact, with its source; empty where it says nothing."""
        sheet = await self._sheet(key)
        facts = [fact.value for fact in sheet.facts if fact.attribute is Attribute.CONTACT] if sheet else []
        if not sheet or not facts:
            return []
        question = text(lang, "handover.contact_question", name=getattr(sheet.name, lang))
        answer = await self.answer(question, Context(language=lang), "ask_question")
        known = [getattr(value, lang) for value in facts if value is not None]
        return [one for one in answer.message.citations if any(one.quote in value for value in known)]

    async def work(self, task: "Callable[[Answerer], Result]") -> "Result":
        """What a task makes of the answerer of the current release, one task at a time.

        Raises `TimeoutError` where it takes longer than a turn may last.
        """
        self._follow_current_release()
        return await asyncio.wait_for(self._work(task), self._settings.turn_timeout)

    async def _sheet(self, key: str) -> FactSheet | None:
        return await self.work(lambda answerer: answerer.library.sheets.get(key))

    async def _work(self, task: "Callable[[Answerer], Result]") -> "Result":
        if self._answerer is None:
            raise RuntimeError("start() comes first")
        answerer = await asyncio.shield(self._answerer)
        return await asyncio.get_running_loop().run_in_executor(self._turns, task, answerer)

    async def _follow(self) -> None:
        """Move to another release when one becomes current, whether or not anybody asks."""
        while True:
            await asyncio.sleep(_FOLLOW_SECONDS)
            self._follow_current_release()

    def _follow_current_release(self) -> None:
        is_changing = self._successor is not None and not self._successor.done()
        if self.is_ready and not is_changing and self._current_release() != self._release:
            self._successor = asyncio.create_task(self._change_release())

    async def _change_release(self) -> None:
        self._release = self._current_release()
        running = self._answerer.result() if self.is_ready and self._answerer is not None else None
        successor = asyncio.create_task(asyncio.to_thread(_open, self._settings, running))
        await asyncio.wait([successor])
        if successor.exception() is None:
            self._answerer = successor
        else:
            _log_failure(successor)

    def _current_release(self) -> str | None:
        try:
            return str(self._settings.current_release.readlink())
        except OSError:
            return None


def _open(settings: Settings, running: "Answerer | None" = None) -> "Answerer":
    """The answerer of the current release; it shares the loaded model of the one that runs."""
    from knowledge.answering.answers import Answerer

    answerer = Answerer.open(settings, embedder=running.embedder if running else None)
    answerer.answer(_WARM_UP, Context())
    return answerer


def _answer(
    answerer: "Answerer",
    question: str,
    context: Context,
    intent: str | None,
    limits: dict[str, Any] | None,
) -> "Answer":
    return _of_release(answerer, answerer.answer(question, context, intent=intent, filter=_filter(limits)))


def _picked(answerer: "Answerer", said: str, context: Context, limits: dict[str, Any] | None) -> "Answer":
    return _of_release(answerer, answerer.picked(said, context, filter=_filter(limits)))


def _filter(limits: dict[str, Any] | None) -> "Filter | None":
    from knowledge.filters import Filter

    return Filter.model_validate(limits) if limits else None


def _of_release(answerer: "Answerer", answer: "Answer") -> "Answer":
    return answer.model_copy(update={"release": answerer.release_id})


def _log_failure(loading: "asyncio.Task[Answerer]") -> None:
    if not loading.cancelled() and (error := loading.exception()) is not None:
        logger.error("The release could not be loaded: %s", error)
