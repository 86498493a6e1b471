"""Conversations and their turns in SQLite, so that neither a reload nor a restart loses one."""

import asyncio
import secrets
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import TypeVar, get_args

from pydantic import TypeAdapter

from knowledge.messages import Language, Message

Result = TypeVar("Result")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS conversation (
    id TEXT PRIMARY KEY, lang TEXT NOT NULL, created_at TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS turn (
    number INTEGER PRIMARY KEY, conversation TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    id TEXT NOT NULL, text TEXT NOT NULL, asked_at TEXT NOT NULL, messages TEXT, answered_at TEXT,
    UNIQUE (conversation, id)
);
"""
_MESSAGES = TypeAdapter(list[Message])
_ID_BYTES = 24
_BUSY_SECONDS = 5


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


class Conversations:
    """The state file, which Rasa's tracker store shares; all calls run in one thread, in the order they were made."""

    def __init__(self, connection: sqlite3.Connection, thread: ThreadPoolExecutor) -> None:
        self._connection = connection
        self._thread = thread

    @classmethod
    async def open(cls, path: Path) -> "Conversations":
        """Open the state file, making it and its tables where they are missing."""
        thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="state")
        connection = await asyncio.get_running_loop().run_in_executor(thread, _connect, path)
        return cls(connection, thread)

    async def close(self) -> None:
        """Finish what was begun and let go of the file."""
        await self._call(self._connection.close)
        self._thread.shutdown()

    async def create(self, lang: Language) -> Conversation:
        """Begin a conversation under an id that cannot be guessed."""
        conversation = Conversation(secrets.token_urlsafe(_ID_BYTES), lang)
        await self._call(self._create, conversation)
        return conversation

    async def find(self, conversation_id: str) -> Conversation | None:
        """The conversation of that id, if there is one."""
        return await self._call(self._find, conversation_id)

    async def begin(self, conversation_id: str, turn_id: str, text: str) -> StoredTurn:
        """Store a turn as unanswered; where the conversation has one of that id, return it as it is."""
        return await self._call(self._begin, conversation_id, turn_id, text)

    async def complete(self, conversation_id: str, turn_id: str, messages: Sequence[Message]) -> None:
        """Store the bot's messages of a turn."""
        await self._call(
            self._complete,
            conversation_id,
            turn_id,
            _MESSAGES.dump_json(list(messages)).decode(),
        )

    async def turns(self, conversation_id: str) -> list[StoredTurn]:
        """All turns of a conversation, in the order they were begun."""
        return await self._call(self._turns, conversation_id)

    async def _call(self, function: Callable[..., Result], *arguments: object) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, function, *arguments)

    def _create(self, conversation: Conversation) -> None:
        with self._connection:
            self._connection.execute(
                "INSERT INTO conversation (id, lang, created_at) VALUES (?, ?, ?)",
                (conversation.id, conversation.lang, _now()),
            )

    def _find(self, conversation_id: str) -> Conversation | None:
        query = "SELECT id, lang FROM conversation WHERE id = ?"
        row = self._connection.execute(query, (conversation_id,)).fetchone()
        return Conversation(row["id"], _language(row["lang"])) if row else None

    def _begin(self, conversation_id: str, turn_id: str, text: str) -> StoredTurn:
        with self._connection:
            self._connection.execute(
                "INSERT INTO turn (conversation, id, text, asked_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (conversation_id, turn_id, text, _now()),
            )
        query = "SELECT * FROM turn WHERE conversation = ? AND id = ?"
        return _turn(self._connection.execute(query, (conversation_id, turn_id)).fetchone())

    def _complete(self, conversation_id: str, turn_id: str, messages: str) -> None:
        with self._connection:
            self._connection.execute(
                "UPDATE turn SET messages = ?, answered_at = ? WHERE conversation = ? AND id = ?",
                (messages, _now(), conversation_id, turn_id),
            )

    def _turns(self, conversation_id: str) -> list[StoredTurn]:
        query = "SELECT * FROM turn WHERE conversation = ? ORDER BY number"
        return [_turn(row) for row in self._connection.execute(query, (conversation_id,))]


def _connect(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)  # what people wrote is nobody else's business; SQLite's side files take the mode over
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.executescript(_SCHEMA)
    return connection


def _turn(row: sqlite3.Row) -> StoredTurn:
    messages = _MESSAGES.validate_json(row["messages"]) if row["messages"] is not None else None
    return StoredTurn(row["id"], row["text"], datetime.fromisoformat(row["asked_at"]), messages)


def _language(value: str) -> Language:
    return next(lang for lang in get_args(Language) if lang == value)


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds")
