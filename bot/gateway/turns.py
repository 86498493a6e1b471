"""Turns: one at a time per conversation, stored before they are asked and after they are answered."""

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.gateway.conversations import Conversation, Conversations
from bot.gateway.dialogue import (
    DialogueClient,
    DialogueUnavailableError,
    without_command,
)
from bot.gateway.errands import Errands
from bot.gateway.errors import ApiError, ErrorCode, log_unexpected
from bot.gateway.feedback import FeedbackStore
from bot.gateway.metrics import Metrics
from bot.gateway.questions import QuestionLog
from bot.gateway.running_turn import RunningTurn, Said, TurnTask
from knowledge.document import Group
from knowledge.filters import Filter
from knowledge.messages import Message, Reply

logger = logging.getLogger(__name__)

_RETRY_SECONDS = 3


@dataclass(frozen=True)
class _Asked:
    """What a person sent."""

    text: str
    filter: Filter | None
    reader: Group


@dataclass(frozen=True)
class _Running:
    asked: _Asked
    turn: RunningTurn


@dataclass
class _Lane:
    """The turns of one conversation that are being asked or wait for it."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    turns: dict[str, _Running] = field(default_factory=dict)


class Turns:
    """Takes people's messages to the dialogue and brings the bot's messages back."""

    def __init__(
        self,
        conversations: Conversations,
        dialogue: DialogueClient,
        metrics: Metrics,
        log: QuestionLog,
        feedback: FeedbackStore,
        errands: Errands,
        *,
        timeout: float,
        waiting: int,
        running: int,
    ) -> None:
        self._conversations = conversations
        self._dialogue = dialogue
        self._metrics = metrics
        self._log = log
        self._feedback = feedback
        self._errands = errands
        self._timeout = timeout
        self._waiting = waiting
        self._running = running
        self._lanes: dict[str, _Lane] = {}
        self._closing: set[str] = set()
        self._is_closing = False

    def start(
        self,
        conversation: Conversation,
        text: str,
        turn_id: str | None,
        filter: Filter | None = None,
        reader: Group = "public",
    ) -> RunningTurn:
        """Begin a turn, or join the one that runs under the same id.

        Only what a `filter` lets through and its `reader` may read answers. Raises `ApiError` where the turn cannot be
        begun.
        """
        if conversation.id in self._closing:
            raise ApiError(ErrorCode.UNKNOWN_CONVERSATION)
        if self._is_closing:
            raise ApiError(ErrorCode.SHUTTING_DOWN, retry_after=_RETRY_SECONDS)
        if not without_command(text):
            raise ApiError(ErrorCode.TEXT_EMPTY)
        asked = _Asked(text, filter, reader)
        turn_id = turn_id or secrets.token_urlsafe(12)
        lane = self._lanes.get(conversation.id) or _Lane()
        running = lane.turns.get(turn_id)
        if running is not None:
            _demand_same(running.asked, asked)
            return running.turn
        if len(lane.turns) > self._waiting:
            raise ApiError(ErrorCode.TOO_MANY_WAITING, retry_after=_RETRY_SECONDS)
        if sum(len(one.turns) for one in self._lanes.values()) >= self._running:
            raise ApiError(ErrorCode.TOO_MANY_REQUESTS, retry_after=_RETRY_SECONDS, seconds=_RETRY_SECONDS)
        said = Said()
        task = asyncio.create_task(self._take(lane, conversation, turn_id, asked, said))
        turn = RunningTurn(task, said)
        self._lanes[conversation.id] = lane
        lane.turns[turn_id] = _Running(asked, turn)
        task.add_done_callback(lambda done: self._forget(conversation.id, turn_id, done))
        return turn

    def is_running(self, conversation_id: str, turn_id: str) -> bool:
        """Whether a turn is being asked or waits for it."""
        lane = self._lanes.get(conversation_id)
        return lane is not None and turn_id in lane.turns

    async def drain(self, seconds: float) -> None:
        """Refuse new turns, give the running ones that long to finish, and cancel the rest."""
        self._is_closing = True
        tasks = [running.turn.task for lane in self._lanes.values() for running in lane.turns.values()]
        if not tasks:
            return
        _, unfinished = await asyncio.wait(tasks, timeout=seconds)
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)

    @asynccontextmanager
    async def closing(self, conversation_id: str) -> AsyncIterator[bool]:
        """End a conversation: no turn begins in it any more, the running ones are over, their log is empty.

        Within it, what was said may be deleted. Gives whether every turn that ran was answered; of one that was not,
        the dialogue may still write.
        """
        self._closing.add(conversation_id)
        try:
            lane = self._lanes.get(conversation_id)
            tasks = [running.turn.task for running in lane.turns.values()] if lane else []
            results = await asyncio.gather(*tasks, return_exceptions=True)
            await self._log.close()  # what was answered just now is logged before it is forgotten
            for turn in await self._conversations.turns(conversation_id):
                await self.forget(conversation_id, turn.id)
            yield not any(isinstance(result, BaseException) for result in results)
        finally:
            self._closing.discard(conversation_id)

    async def forget(self, conversation_id: str, turn_id: str) -> None:
        """Forget a turn: what was asked and answered, that it was asked, and what was thought of the answer."""
        await self._conversations.remove_turn(conversation_id, turn_id)
        await self._log.forget(conversation_id, turn_id)
        await self._feedback.forget(conversation_id, turn_id)

    async def _take(
        self, lane: _Lane, conversation: Conversation, turn_id: str, asked: _Asked, said: Said
    ) -> list[Message]:
        began = time.perf_counter()
        try:
            return await self._answer(lane, conversation, turn_id, asked, said)
        except ApiError:
            raise
        except BaseException as error:
            self._metrics.failed()
            self._log.failed(conversation, turn_id, asked.text, time.perf_counter() - began)
            raise _as_api_error(error) from error

    async def _answer(
        self, lane: _Lane, conversation: Conversation, turn_id: str, asked: _Asked, said: Said
    ) -> list[Message]:
        began = time.perf_counter()
        stored = await self._conversations.begin(conversation.id, turn_id, asked.text, asked.filter, asked.reader)
        known = _Asked(stored.text, stored.filter, stored.reader)
        _demand_same(known, asked)
        if stored.messages is not None:
            return stored.messages
        if stored.was_known and (left := await self._errands.left_open(conversation, turn_id)):
            await self._conversations.complete(conversation.id, turn_id, left)
            return left
        remaining = self._timeout - (time.perf_counter() - began)
        replies, round_trip = await asyncio.wait_for(self._ask(lane, conversation, known, said), remaining)
        took = time.perf_counter() - began
        messages = [reply.message for reply in replies] + await self._errands.run(conversation, turn_id, replies)
        await self._conversations.complete(conversation.id, turn_id, messages)
        self._metrics.answered(replies, took, round_trip)
        self._log.answered(conversation.id, turn_id, asked.text, replies, took, round_trip)
        return messages

    async def _ask(
        self, lane: _Lane, conversation: Conversation, asked: _Asked, said: Said
    ) -> tuple[Sequence[Reply], float]:
        async with lane.lock:
            began = time.perf_counter()
            replies = await self._dialogue.ask(
                conversation, asked.text, asked.filter, asked.reader, on_reply=lambda reply: said.add(reply.message)
            )
            return replies, time.perf_counter() - began

    def _forget(self, conversation_id: str, turn_id: str, task: TurnTask) -> None:
        lane = self._lanes[conversation_id]
        del lane.turns[turn_id]
        if not lane.turns:
            del self._lanes[conversation_id]
        if not task.cancelled():
            task.exception()  # else asyncio reports it as never retrieved where the caller has gone


def _demand_same(known: _Asked, asked: _Asked) -> None:
    """Refuse another message under a known id, and the same from somebody who may read less than who sent it first."""
    is_for_both = known.reader in ("public", asked.reader)
    if (known.text, known.filter) != (asked.text, asked.filter) or not is_for_both:
        raise ApiError(ErrorCode.MESSAGE_ID_REUSED)


def _as_api_error(error: BaseException) -> ApiError:
    if isinstance(error, asyncio.TimeoutError):
        logger.warning("A turn was given up: no answer in time")
        return ApiError(ErrorCode.TIMEOUT, retry_after=_RETRY_SECONDS)
    if isinstance(error, DialogueUnavailableError):
        logger.warning("A turn failed: %s", error)
        return ApiError(ErrorCode.UNAVAILABLE, retry_after=_RETRY_SECONDS)
    if isinstance(error, asyncio.CancelledError):
        logger.warning("A turn was cut off by the shutdown")
        return ApiError(ErrorCode.SHUTTING_DOWN, retry_after=_RETRY_SECONDS)
    log_unexpected(error)
    return ApiError(ErrorCode.INTERNAL)
