"""The inbox: platform events are stored before they are acknowledged, and each is worked on exactly once.

What a platform delivers again is known by its id, also after a restart. Events that were not worked on when the process
ended, however it ended, are taken up by the next one.
"""

import asyncio
import json
import logging
import sqlite3
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.gateway.errors import log_unexpected
from bot.gateway.state import StateFile, now

logger = logging.getLogger(__name__)

SCHEMA = """
CREATE TABLE IF NOT EXISTS event (
    number INTEGER PRIMARY KEY, channel TEXT NOT NULL, id TEXT NOT NULL, lane TEXT NOT NULL, question TEXT NOT NULL,
    urgent INTEGER NOT NULL, body TEXT NOT NULL, state TEXT NOT NULL, received_at TEXT NOT NULL,
    UNIQUE (channel, id)
);
CREATE INDEX IF NOT EXISTS event_question ON event (channel, question);
CREATE INDEX IF NOT EXISTS event_state ON event (state);
"""

# A town hall's worth of questions; what comes above is refused, and the platforms deliver it again.
WAITING = 5_000
# Rasa takes turns of many conversations at once; more would only wait there.
WORKERS = 64
_RETRY_SECONDS = (2.0, 5.0, 15.0, 60.0, 300.0)


@dataclass(frozen=True)
class Event:
    """What a platform delivered.

    Events of one lane are worked on in the order they came. `question` names the message a question was asked with,
    so that its edits and its deletion find it. Urgent events wait for no worker. `body` is what the channel needs.
    """

    channel: str
    id: str
    lane: str
    body: Mapping[str, Any]
    question: str = ""
    urgent: bool = False


Work = Callable[[Event], Awaitable[None]]


class InboxFullError(Exception):
    """More waits than can be worked on; the platform should deliver again later."""


class TryLaterError(Exception):
    """The platform cannot be reached now; the message says why, without a word of the person."""

    def __init__(self, reason: str, seconds: float | None = None) -> None:
        super().__init__(reason)
        self.seconds = seconds


class Inbox:
    """Stores events, works on them in the background and remembers their ids."""

    def __init__(self, state: StateFile, *, waiting: int = WAITING, workers: int = WORKERS) -> None:
        self._state = state
        self._connection = state.connection
        self._limit = waiting
        self._workers = asyncio.Semaphore(workers)
        self._work: dict[str, Work] = {}
        self._lanes: dict[str, deque[Event]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._count = 0
        self._is_closing = False

    async def start(self, work: Mapping[str, Work]) -> None:
        """Begin to work, first on what an earlier process left; `work` holds each channel's way to do it."""
        self._work = dict(work)
        for event in await self._state.call(self._pending):
            if event.channel in self._work:
                self._schedule(event)

    async def put(self, event: Event) -> bool:
        """Store an event and see to it that it is worked on; False where its id is known already.

        Once this returns, the event survives a crash, so that it may be acknowledged. Raises `InboxFullError`.
        """
        if self._count >= self._limit:
            logger.warning("An event was refused: %d wait already", self._count)
            raise InboxFullError
        self._count += 1  # before the first await, so that a burst cannot overtake the limit
        is_new = False
        try:
            is_new = await self._state.call(self._store, event)
        finally:
            self._count -= 1
        if is_new and not self._is_closing:
            self._schedule(event)
        return is_new

    async def withdraw(self, channel: str, question: str) -> None:
        """Let questions that were not answered yet go unanswered, because the person took them back."""
        await self._state.call(self._withdraw, channel, question)

    async def forget(self, channel: str, event_id: str) -> None:
        """Forget an event, so that it counts as new when it comes again."""
        await self._state.call(self._forget, channel, event_id)

    async def is_pending(self, event: Event) -> bool:
        """Whether an event still is to be worked on: nobody took it back."""
        return await self._state.call(self._is_pending, event.channel, event.id)

    async def knows(self, channel: str, question: str) -> bool:
        """Whether a question came in."""
        return await self._state.call(self._knows, channel, question)

    async def close(self, seconds: float) -> None:
        """Give running work that long to finish; the rest stays stored for the next process."""
        self._is_closing = True
        tasks = set(self._tasks)
        if tasks:
            _, unfinished = await asyncio.wait(tasks, timeout=seconds)
            for task in unfinished:
                task.cancel()
            await asyncio.gather(*unfinished, return_exceptions=True)

    def _schedule(self, event: Event) -> None:
        self._count += 1
        if event.urgent:
            self._spawn(self._attend(event))
            return
        lane = self._lanes.get(event.lane)
        if lane is not None:
            lane.append(event)
            return
        self._lanes[event.lane] = deque([event])
        self._spawn(self._walk(event.lane))

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _walk(self, name: str) -> None:
        lane = self._lanes[name]
        try:
            while lane and not self._is_closing:
                event = lane.popleft()
                async with self._workers:
                    await self._attend(event)
        finally:
            self._count -= len(lane)
            del self._lanes[name]

    async def _attend(self, event: Event) -> None:
        """Work on one event until it is done or given up; what a shutdown interrupts stays stored."""
        try:
            if await self._try(event):
                await self._state.call(self._finish, event.channel, event.id)
        except Exception as error:
            if self._is_closing:
                return  # the turns end too: what they refuse now, the next process asks
            log_unexpected(error)
            await self._state.call(self._finish, event.channel, event.id)
        finally:
            self._count -= 1

    async def _try(self, event: Event) -> bool:
        for seconds in (*_RETRY_SECONDS, None):
            if self._is_closing:
                return False
            if not await self.is_pending(event):
                return True
            try:
                await self._work[event.channel](event)
                return True
            except TryLaterError as error:
                if seconds is None:
                    logger.error("%s: an event was given up: %s", event.channel, error)
                    return True
                logger.warning("%s: an event waits: %s", event.channel, error)
                await asyncio.sleep(max(seconds, error.seconds or 0))
        return True

    def _store(self, event: Event) -> bool:
        with self._connection:
            stored = self._connection.execute(
                "INSERT INTO event (channel, id, lane, question, urgent, body, state, received_at) "
                "VALUES (?, ?, ?, ?, ?, ?, 'pending', ?) ON CONFLICT DO NOTHING",
                (event.channel, event.id, event.lane, event.question, event.urgent, json.dumps(event.body), now()),
            )
        return stored.rowcount == 1

    def _pending(self) -> list[Event]:
        rows = self._connection.execute("SELECT * FROM event WHERE state = 'pending' ORDER BY number")
        return [_event(row) for row in rows]

    def _is_pending(self, channel: str, event_id: str) -> bool:
        query = "SELECT 1 FROM event WHERE channel = ? AND id = ? AND state = 'pending'"
        return self._connection.execute(query, (channel, event_id)).fetchone() is not None

    def _knows(self, channel: str, question: str) -> bool:
        query = "SELECT 1 FROM event WHERE channel = ? AND question = ?"
        return self._connection.execute(query, (channel, question)).fetchone() is not None

    def _withdraw(self, channel: str, question: str) -> None:
        with self._connection:
            self._connection.execute(
                "UPDATE event SET state = 'withdrawn', body = '{}' "
                "WHERE channel = ? AND question = ? AND state = 'pending'",
                (channel, question),
            )

    def _finish(self, channel: str, event_id: str) -> None:
        """Keep the id alone: what people wrote, and who, is not needed any more."""
        with self._connection:
            self._connection.execute(
                "UPDATE event SET state = 'done', body = '{}' WHERE channel = ? AND id = ?", (channel, event_id)
            )

    def _forget(self, channel: str, event_id: str) -> None:
        with self._connection:
            self._connection.execute("DELETE FROM event WHERE channel = ? AND id = ?", (channel, event_id))


def _event(row: sqlite3.Row) -> Event:
    return Event(row["channel"], row["id"], row["lane"], json.loads(row["body"]), row["question"], bool(row["urgent"]))
