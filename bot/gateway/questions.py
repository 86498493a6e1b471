"""The question log: what was asked and what came of it, without a trace of who asked."""

import asyncio
import json
import logging
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime, timezone

from pydantic import BaseModel, ConfigDict, TypeAdapter

from bot.gateway.conversations import Conversation
from bot.gateway.pseudonyms import Pseudonyms, channel_of
from bot.gateway.state import StateFile
from knowledge.linguistics.masking import without_contact_data
from knowledge.messages import Citation, Kind, Language, Reply

logger = logging.getLogger(__name__)

# Without row numbers, which would tell the order of the questions and with it what belongs together.
SCHEMA = """
CREATE TABLE IF NOT EXISTS question (
    reference TEXT PRIMARY KEY, text TEXT NOT NULL, outcome TEXT NOT NULL, confidence REAL NOT NULL,
    release TEXT NOT NULL, channel TEXT NOT NULL, lang TEXT NOT NULL, asked_at TEXT NOT NULL, seconds REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS answer (
    reference TEXT PRIMARY KEY REFERENCES question (reference) ON DELETE CASCADE,
    citations TEXT NOT NULL, stages TEXT NOT NULL
) WITHOUT ROWID;
"""
ERROR = "error"
_QUOTE_LENGTH = 400
_SOURCE = re.compile(r"/sources/(?P<document>[^/?]+)/(?P<passage>[0-9]+)")


class References:
    """Names of logged questions: nobody can guess one or trace it back without this installation's key."""

    def __init__(self, pseudonyms: Pseudonyms) -> None:
        self._pseudonyms = pseudonyms

    def of(self, conversation_id: str, turn_id: str) -> str:
        """The reference of the question that was asked in a turn."""
        return self._pseudonyms.name("question", conversation_id, turn_id)

    def all_of(self, conversation_id: str, turn_id: str) -> list[str]:
        """That reference, and after it those under former keys: an older question is logged under one of them."""
        return self._pseudonyms.names("question", conversation_id, turn_id)


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


class Cited(BaseModel):
    """A source of a logged answer: the passage, and what there is to say of it once its release is gone."""

    model_config = ConfigDict(frozen=True)

    document: str
    passage: int
    title: str
    page: int | None = None
    heading: str | None = None
    as_of: str | None = None
    quote: str = ""


CITATIONS = TypeAdapter(list[Cited])
STAGES = ("gateway", "dialogue", "retrieval")


class QuestionLog:
    """The logged questions in the state file, written while the answer is on its way."""

    def __init__(self, state: StateFile, references: References) -> None:
        self._state = state
        self._connection = state.connection
        self._references = references
        self._writing: set[asyncio.Task[None]] = set()

    def answered(
        self,
        conversation_id: str,
        turn_id: str,
        text: str,
        replies: Sequence[Reply],
        seconds: float,
        round_trip: float,
    ) -> None:
        """Log a question that was answered; what was no question, or may tell who spoke, is left out.

        `round_trip` of the `seconds` were spent in Rasa and the action server.
        """
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
            ),
            [cited for reply in replies for citation in reply.message.citations if (cited := _cited(citation))],
            _stages(replies, seconds, round_trip),
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
        for reference in self._references.all_of(conversation_id, turn_id):
            await self._state.call(self._forget, reference)

    async def close(self) -> None:
        """Wait until everything is written."""
        await asyncio.gather(*self._writing, return_exceptions=True)

    def _note(
        self, question: LoggedQuestion, citations: Sequence[Cited] = (), stages: dict[str, float] | None = None
    ) -> None:
        task = asyncio.create_task(self._write(question, list(citations), stages or {}))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def _write(self, question: LoggedQuestion, citations: list[Cited], stages: dict[str, float]) -> None:
        try:
            await self._state.call(self._store, question, citations, stages)
        except sqlite3.Error as error:
            logger.error("A question could not be logged: %s", type(error).__name__)

    def _store(self, question: LoggedQuestion, citations: list[Cited], stages: dict[str, float]) -> None:
        with self._connection:
            self._connection.execute(
                "INSERT OR REPLACE INTO question VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", astuple(question)
            )
            if citations or stages:
                self._connection.execute(
                    "INSERT OR REPLACE INTO answer VALUES (?, ?, ?)",
                    (question.reference, CITATIONS.dump_json(citations).decode(), json.dumps(stages)),
                )

    def _forget(self, reference: str) -> None:
        with self._connection:
            self._connection.execute("DELETE FROM question WHERE reference = ?", (reference,))


def _this_minute() -> str:
    """The time, no finer: the moment itself would tell which conversation a question belongs to."""
    return datetime.now(timezone.utc).isoformat(timespec="minutes")


def _cited(citation: Citation) -> Cited | None:
    place = _SOURCE.match(citation.url)
    if place is None:
        return None
    return Cited(
        document=place["document"],
        passage=int(place["passage"]),
        title=citation.title,
        page=citation.page,
        heading=citation.heading,
        as_of=citation.as_of,
        quote=citation.quote[:_QUOTE_LENGTH],
    )


def _stages(replies: Sequence[Reply], seconds: float, round_trip: float) -> dict[str, float]:
    retrieval = sum(reply.seconds.get("retrieval", 0.0) for reply in replies)
    spent = (seconds - round_trip, round_trip - retrieval, retrieval)
    return {stage: round(max(0.0, one), 4) for stage, one in zip(STAGES, spent, strict=True)}
