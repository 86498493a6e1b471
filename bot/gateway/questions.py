"""The question log: what was asked and what came of it, without a trace of who asked."""

import asyncio
import logging
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime, timezone

from bot.gateway.conversations import Conversation
from bot.gateway.pseudonyms import Pseudonyms, channel_of
from bot.gateway.state import StateFile
from knowledge.messages import Kind, Language, Reply

logger = logging.getLogger(__name__)

# Without row numbers, which would tell the order of the questions and with it what belongs together.
SCHEMA = """
CREATE TABLE IF NOT EXISTS question (
    reference TEXT PRIMARY KEY, text TEXT NOT NULL, outcome TEXT NOT NULL, confidence REAL NOT NULL,
    release TEXT NOT NULL, channel TEXT NOT NULL, lang TEXT NOT NULL, asked_at TEXT NOT NULL, seconds REAL NOT NULL
) WITHOUT ROWID;
"""
ERROR = "error"
_MAIL_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_TELEPHONE = re.compile(
    r"(?<![\w.])(?![0-9]{1,2}\.[0-9]{1,2}\.)(?:\+|00?(?=[1-9]))[0-9](?:[ /().-]{0,3}[0-9]){5,}(?!\w)"  # but no date
)


class References:
    """Names of logged questions: nobody can guess one or trace it back without this installation's key."""

    def __init__(self, pseudonyms: Pseudonyms) -> None:
        self._pseudonyms = pseudonyms

    def of(self, conversation_id: str, turn_id: str) -> str:
        """The reference of the question that was asked in a turn."""
        return self._pseudonyms.name("question", conversation_id, turn_id)


@dataclass(frozen=True)
class LoggedQuestion:
    """A question and what came of it: the kind of the message that answered, or 'error'."""

    reference: str
    text: str
    outcome: str
    confidence: float
    release: str
    channel: str
    lang: Language
    asked_at: str
    seconds: float


class QuestionLog:
    """The logged questions in the state file, written while the answer is on its way."""

    def __init__(self, state: StateFile, references: References) -> None:
        self._state = state
        self._connection = state.connection
        self._references = references
        self._writing: set[asyncio.Task[None]] = set()

    def answered(self, conversation_id: str, turn_id: str, text: str, replies: Sequence[Reply], seconds: float) -> None:
        """Log a question that was answered; what was no question, or may tell who spoke, is left out."""
        decisive = next((reply for reply in replies if reply.message.kind is not Kind.TEXT), None)
        if decisive is None or any(reply.is_private for reply in replies):
            return
        message = decisive.message
        self._note(
            LoggedQuestion(
                reference=self._references.of(conversation_id, turn_id),
                text=without_contact_data(text),
                outcome=message.kind.value,
                confidence=message.confidence,
                release=decisive.release,
                channel=channel_of(conversation_id),
                lang=message.lang,
                asked_at=_this_minute(),
                seconds=round(seconds, 3),
            )
        )

    def failed(self, conversation: Conversation, turn_id: str, text: str, seconds: float) -> None:
        """Log a question that nobody answered; an answer under the same turn takes its place."""
        self._note(
            LoggedQuestion(
                reference=self._references.of(conversation.id, turn_id),
                text=without_contact_data(text),
                outcome=ERROR,
                confidence=0.0,
                release="",
                channel=channel_of(conversation.id),
                lang=conversation.lang,
                asked_at=_this_minute(),
                seconds=round(seconds, 3),
            )
        )

    async def forget(self, conversation_id: str, turn_id: str) -> None:
        """Forget the question of a turn."""
        await self._state.call(self._forget, self._references.of(conversation_id, turn_id))

    async def close(self) -> None:
        """Wait until everything is written."""
        await asyncio.gather(*self._writing, return_exceptions=True)

    def _note(self, question: LoggedQuestion) -> None:
        task = asyncio.create_task(self._write(question))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def _write(self, question: LoggedQuestion) -> None:
        try:
            await self._state.call(self._store, question)
        except sqlite3.Error as error:
            logger.error("A question could not be logged: %s", type(error).__name__)

    def _store(self, question: LoggedQuestion) -> None:
        with self._connection:
            self._connection.execute(
                "INSERT OR REPLACE INTO question VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", astuple(question)
            )

    def _forget(self, reference: str) -> None:
        with self._connection:
            self._connection.execute("DELETE FROM question WHERE reference = ?", (reference,))


def without_contact_data(text: str) -> str:
    """`text` with an ellipsis in place of mail addresses and telephone numbers."""
    return _TELEPHONE.sub("…", _MAIL_ADDRESS.sub("…", text))


def _this_minute() -> str:
    """The time, no finer: the moment itself would tell which conversation a question belongs to."""
    return datetime.now(timezone.utc).isoformat(timespec="minutes")
