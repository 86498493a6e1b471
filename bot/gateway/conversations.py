"""Conversations and their turns in SQLite, so that neither a reload nor a restart loses one."""

import secrets
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import get_args

from pydantic import TypeAdapter

from bot.gateway.state import StateFile, now
from knowledge.document import Group
from knowledge.filters import Filter
from knowledge.messages import Kind, Language, Message
from knowledge.texts import text

SCHEMA = """
CREATE TABLE IF NOT EXISTS conversation (
    id TEXT PRIMARY KEY, lang TEXT NOT NULL, created_at TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS turn (
    number INTEGER PRIMARY KEY, conversation TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    id TEXT NOT NULL, text TEXT NOT NULL, asked_at TEXT NOT NULL, messages TEXT, answered_at TEXT,
    UNIQUE (conversation, id)
);
CREATE TABLE IF NOT EXISTS turn_filter (
    conversation TEXT NOT NULL, turn TEXT NOT NULL, filter TEXT NOT NULL, PRIMARY KEY (conversation, turn),
    FOREIGN KEY (conversation, turn) REFERENCES turn (conversation, id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS staff_turn (
    conversation TEXT NOT NULL, turn TEXT NOT NULL, PRIMARY KEY (conversation, turn),
    FOREIGN KEY (conversation, turn) REFERENCES turn (conversation, id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS person (
    name TEXT NOT NULL, conversation TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    PRIMARY KEY (name, conversation)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS person_conversation ON person (conversation);
"""
_TURNS = """
SELECT turn.*, filter FROM turn
LEFT JOIN turn_filter ON turn_filter.conversation = turn.conversation AND turn_filter.turn = turn.id
WHERE turn.conversation = ?
"""
_MESSAGES = TypeAdapter(list[Message])
_ID_BYTES = 24


@dataclass(frozen=True)
class Conversation:
    """A conversation with one person."""

    id: str
    lang: Language


@dataclass(frozen=True)
class StoredTurn:
    """What a person said, and the bot's messages where there are any yet."""

    id: str
    text: str
    at: datetime
    messages: list[Message] | None
    filter: Filter | None = None
    """What may answer it, where not everything may."""
    reader: Group = "public"
    """For whom it is answered: 'internal' where staff was signed in."""
    was_known: bool = False
    """Whether it had been begun before."""

    def shown_to(self, reader: Group, lang: Language) -> "StoredTurn":
        """The turn as a reader may see it: what was answered to staff is withheld from everybody else."""
        if self.messages is None or self.reader == "public" or reader == "internal":
            return self
        withheld = Message(kind=Kind.TEXT, text=text(lang, "gateway.withheld"), lang=lang, confidence=1.0)
        return replace(self, messages=[withheld])


def _unguessable() -> str:
    """An id that no command line takes for an option."""
    while (made := secrets.token_urlsafe(_ID_BYTES)).startswith("-"):
        pass
    return made


class Conversations:
    """The conversations in the state file."""

    def __init__(self, state: StateFile) -> None:
        self._state = state
        self._connection = state.connection

    async def create(self, lang: Language) -> Conversation:
        """Begin a conversation under an id that cannot be guessed."""
        return await self.open(_unguessable(), lang)

    async def open(self, conversation_id: str, lang: Language, person: str | None = None) -> Conversation:
        """The conversation of that id, begun in `lang` where there is none yet.

        `person` is the pseudonym under which who takes part can ask for it and have it forgotten.
        """
        return await self._state.call(self._open, conversation_id, lang, person)

    async def find(self, conversation_id: str) -> Conversation | None:
        """The conversation of that id, if there is one."""
        return await self._state.call(self._find, conversation_id)

    async def begin(
        self, conversation_id: str, turn_id: str, text: str, filter: Filter | None = None, reader: Group = "public"
    ) -> StoredTurn:
        """Store a turn as unanswered; where the conversation has one of that id, return it as it is."""
        return await self._state.call(self._begin, conversation_id, turn_id, text, filter, reader)

    async def complete(self, conversation_id: str, turn_id: str, messages: Sequence[Message]) -> None:
        """Store the bot's messages of a turn."""
        dumped = _MESSAGES.dump_json(list(messages)).decode()
        await self._state.call(self._complete, conversation_id, turn_id, dumped)

    async def turns(self, conversation_id: str) -> list[StoredTurn]:
        """All turns of a conversation, in the order they were begun."""
        return await self._state.call(self._turns, conversation_id)

    async def turn(self, conversation_id: str, turn_id: str) -> StoredTurn | None:
        """One turn of a conversation, if it is there."""
        return await self._state.call(self._turn, conversation_id, turn_id)

    async def last_answered(self, conversation_id: str, *, before: str) -> str | None:
        """The id of the last turn before another one in which a question was answered, if there is one."""
        return await self._state.call(self._last_answered, conversation_id, before)

    async def remove_turn(self, conversation_id: str, turn_id: str) -> None:
        """Forget what was asked and answered in a turn."""
        await self._state.call(self._remove_turn, conversation_id, turn_id)

    def _open(self, conversation_id: str, lang: Language, person: str | None) -> Conversation:
        with self._connection:
            self._connection.execute(
                "INSERT INTO conversation (id, lang, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                (conversation_id, lang, now()),
            )
            if person is not None:
                self._connection.execute(
                    "INSERT INTO person VALUES (?, ?) ON CONFLICT DO NOTHING", (person, conversation_id)
                )
        return self._find(conversation_id) or Conversation(conversation_id, lang)

    def _find(self, conversation_id: str) -> Conversation | None:
        query = "SELECT id, lang FROM conversation WHERE id = ?"
        row = self._connection.execute(query, (conversation_id,)).fetchone()
        return Conversation(row["id"], _language(row["lang"])) if row else None

    def _begin(self, conversation_id: str, turn_id: str, text: str, limits: Filter | None, reader: Group) -> StoredTurn:
        with self._connection:
            begun = self._connection.execute(
                "INSERT INTO turn (conversation, id, text, asked_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (conversation_id, turn_id, text, now()),
            )
            if limits and begun.rowcount:
                self._connection.execute(
                    "INSERT INTO turn_filter VALUES (?, ?, ?)", (conversation_id, turn_id, limits.model_dump_json())
                )
            if reader == "internal" and begun.rowcount:
                self._connection.execute("INSERT INTO staff_turn VALUES (?, ?)", (conversation_id, turn_id))
        row = self._connection.execute(f"{_TURNS} AND turn.id = ?", (conversation_id, turn_id)).fetchone()
        return replace(self._with_reader(conversation_id, [_turn(row)])[0], was_known=not begun.rowcount)

    def _with_reader(self, conversation_id: str, turns: Sequence[StoredTurn]) -> list[StoredTurn]:
        """The turns with who they are answered for."""
        rows = self._connection.execute("SELECT turn FROM staff_turn WHERE conversation = ?", (conversation_id,))
        of_staff = {row["turn"] for row in rows}
        return [replace(turn, reader="internal") if turn.id in of_staff else turn for turn in turns]

    def _complete(self, conversation_id: str, turn_id: str, messages: str) -> None:
        with self._connection:
            self._connection.execute(
                "UPDATE turn SET messages = ?, answered_at = ? WHERE conversation = ? AND id = ?",
                (messages, now(), conversation_id, turn_id),
            )

    def _turns(self, conversation_id: str) -> list[StoredTurn]:
        return self._with_reader(conversation_id, conversation_turns(self._connection, conversation_id))

    def _turn(self, conversation_id: str, turn_id: str) -> StoredTurn | None:
        row = self._connection.execute(f"{_TURNS} AND turn.id = ?", (conversation_id, turn_id)).fetchone()
        return self._with_reader(conversation_id, [_turn(row)])[0] if row else None

    def _last_answered(self, conversation_id: str, before: str) -> str | None:
        query = (
            "SELECT id, messages FROM turn WHERE conversation = ? AND messages IS NOT NULL AND number < "
            "(SELECT number FROM turn WHERE conversation = ? AND id = ?) ORDER BY number DESC"
        )
        for row in self._connection.execute(query, (conversation_id, conversation_id, before)):
            if any(message.may_be_judged for message in _MESSAGES.validate_json(row["messages"])):
                return str(row["id"])
        return None

    def _remove_turn(self, conversation_id: str, turn_id: str) -> None:
        with self._connection:
            self._connection.execute("DELETE FROM turn WHERE conversation = ? AND id = ?", (conversation_id, turn_id))


def conversation_turns(connection: sqlite3.Connection, conversation_id: str) -> list[StoredTurn]:
    """All turns of a conversation, in the order they were begun."""
    return [_turn(row) for row in connection.execute(f"{_TURNS} ORDER BY number", (conversation_id,))]


def _turn(row: sqlite3.Row) -> StoredTurn:
    messages = _MESSAGES.validate_json(row["messages"]) if row["messages"] is not None else None
    limits = Filter.model_validate_json(row["filter"]) if row["filter"] is not None else None
    return StoredTurn(row["id"], row["text"], datetime.fromisoformat(row["asked_at"]), messages, limits)


def _language(value: str) -> Language:
    return next(lang for lang in get_args(Language) if lang == value)
