"""What was delivered in answer to which question: so that nothing is sent twice, and buttons find their answer."""

import secrets
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, fields

from bot.channels.common.inbox import TryLaterError
from bot.gateway.state import StateFile, now

SCHEMA = """
CREATE TABLE IF NOT EXISTS delivery (
    channel TEXT NOT NULL, event TEXT NOT NULL, part INTEGER NOT NULL, reference TEXT NOT NULL UNIQUE,
    question TEXT NOT NULL, conversation TEXT NOT NULL, turn TEXT NOT NULL, message INTEGER NOT NULL,
    post INTEGER NOT NULL, platform_id TEXT, begun_at TEXT NOT NULL,
    PRIMARY KEY (channel, event, part)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS delivery_question ON delivery (channel, question);
"""
_REFERENCE_BYTES = 15


@dataclass(frozen=True)
class Delivery:
    """One message on a platform: the post `post` of the message number `message` of a turn, `part` of its event.

    `reference` travels in the buttons and tells nothing to whoever reads it. `platform_id` is the platform's name of
    the message once it is known to have arrived.
    """

    channel: str
    event: str
    part: int
    question: str
    conversation: str
    turn: str
    message: int
    post: int
    reference: str
    platform_id: str | None = None


class UncertainError(Exception):
    """A message was sent, but whether it arrived is not known."""


Send = Callable[[Delivery], Awaitable[str]]
Find = Callable[[Delivery], Awaitable[str | None]]


class Deliveries:
    """The deliveries in the state file."""

    def __init__(self, state: StateFile) -> None:
        self._state = state
        self._connection = state.connection

    async def deliver(self, wanted: Delivery, send: Send, find: Find) -> None:
        """Send a part unless it was sent before.

        That it will be sent is stored first. Where an earlier attempt may or may not have arrived, `find` asks the
        platform: it gives the message's name there, an empty string where nobody can tell, or None where the message
        is not there; only then it is sent again.
        """
        stored, is_new = await self._state.call(self._begin, wanted)
        if stored.platform_id is not None:
            return
        name = None if is_new else await find(stored)
        if name is None:
            name = await self._send(stored, send, find)
        await self._state.call(self._sent, stored, name)

    async def _send(self, delivery: Delivery, send: Send, find: Find) -> str:
        try:
            return await send(delivery)
        except TryLaterError:
            await self._state.call(self._forget_part, delivery)  # it was not sent, so that there is nothing to find
            raise
        except UncertainError:
            name = await find(delivery)
            return name if name is not None else await send(delivery)

    async def find(self, reference: str) -> Delivery | None:
        """The delivery that a button speaks of."""
        return await self._state.call(self._find, reference)

    async def of_question(self, channel: str, question: str) -> list[Delivery]:
        """What was delivered in answer to a question, in its order."""
        return await self._state.call(self._of_question, channel, question)

    async def forget(self, channel: str, question: str, *, but: str = "") -> None:
        """Forget what was delivered in answer to a question, but for what was by the event `but`."""
        await self._state.call(self._forget, channel, question, but)

    async def forget_event(self, channel: str, event: str) -> None:
        """Forget what was delivered because of an event."""
        await self._state.call(self._forget_event, channel, event)

    def _begin(self, wanted: Delivery) -> tuple[Delivery, bool]:
        with self._connection:
            added = self._connection.execute(
                "INSERT INTO delivery (channel, event, part, reference, question, conversation, turn, message, post, "
                "begun_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (
                    *(wanted.channel, wanted.event, wanted.part, wanted.reference, wanted.question),
                    *(wanted.conversation, wanted.turn, wanted.message, wanted.post, now()),
                ),
            )
        query = "SELECT * FROM delivery WHERE channel = ? AND event = ? AND part = ?"
        row = self._connection.execute(query, (wanted.channel, wanted.event, wanted.part)).fetchone()
        return _delivery(row), added.rowcount == 1

    def _sent(self, delivery: Delivery, name: str) -> None:
        with self._connection:
            self._connection.execute(
                "UPDATE delivery SET platform_id = ? WHERE reference = ?", (name, delivery.reference)
            )

    def _find(self, reference: str) -> Delivery | None:
        row = self._connection.execute("SELECT * FROM delivery WHERE reference = ?", (reference,)).fetchone()
        return _delivery(row) if row else None

    def _of_question(self, channel: str, question: str) -> list[Delivery]:
        query = "SELECT * FROM delivery WHERE channel = ? AND question = ? ORDER BY begun_at, part"
        return [_delivery(row) for row in self._connection.execute(query, (channel, question))]

    def _forget(self, channel: str, question: str, but: str) -> None:
        with self._connection:
            self._connection.execute(
                "DELETE FROM delivery WHERE channel = ? AND question = ? AND event != ?", (channel, question, but)
            )

    def _forget_event(self, channel: str, event: str) -> None:
        with self._connection:
            self._connection.execute("DELETE FROM delivery WHERE channel = ? AND event = ?", (channel, event))

    def _forget_part(self, delivery: Delivery) -> None:
        with self._connection:
            self._connection.execute("DELETE FROM delivery WHERE reference = ?", (delivery.reference,))


def new_reference() -> str:
    """A name for a delivery that cannot be guessed."""
    return secrets.token_urlsafe(_REFERENCE_BYTES)


def _delivery(row: sqlite3.Row) -> Delivery:
    return Delivery(**{field.name: row[field.name] for field in fields(Delivery)})
