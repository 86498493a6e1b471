"""What a state file keeps of a person: found, told and deleted."""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path

from pydantic import BaseModel, Field

from bot.gateway.conversations import conversation_turns
from bot.gateway.feedback import opinion_of
from bot.gateway.pseudonyms import Pseudonyms, channel_of
from bot.gateway.questions import References
from bot.gateway.retention import has_table, overwrite_deleted
from bot.gateway.state import connect
from knowledge.errors import StadtlotseError
from knowledge.feedback import Opinion
from knowledge.messages import Message
from knowledge.settings import Settings

SHORTEST = 8
"""Characters from which on a text is looked for in files: shorter ones stand anywhere."""


class KeptTurn(BaseModel):
    """What a person said, and what became of it."""

    said: str
    at: datetime
    answers: list[Message]
    opinion: Opinion | None = None
    in_question_log: bool = Field(description="Whether the question is logged, without a trace of who asked it")
    sent_to: str | None = Field(None, description="Key of the office to which the conversation up to here was mailed")


class KeptConversation(BaseModel):
    """One conversation of a person."""

    id: str
    channel: str
    lang: str
    begun_at: datetime
    turns: list[KeptTurn]
    dialogue_events: int = Field(description="Records of the dialogue's own memory")
    platform_records: int = Field(description="Records of what a platform delivered and was sent")


class KeptOfPerson(BaseModel):
    """All that is kept of a person."""

    made_at: datetime
    conversations: list[KeptConversation]


class People:
    """Finds people in the state file; use it as a context manager."""

    def __init__(self, settings: Settings, state: Path | None = None) -> None:
        """Opens `state`, or the installation's own; raises `StadtlotseError` where there is none."""
        path = state or settings.state
        if not path.is_file():
            raise StadtlotseError(f"There is no {path} yet, so that nothing is kept of anybody.")
        self._settings = settings
        self._connection = connect(path)
        self._pseudonyms = Pseudonyms.open(settings.pseudonym_key)
        self._references = References(self._pseudonyms)

    def __enter__(self) -> "People":
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def conversations(self, person: str) -> list[str]:
        """The ids of a person's conversations, none where nothing is kept under that name.

        A person is named by a conversation's id, or by a platform and the id there: 'slack:U024BE7LH', 'teams:6e1f…'.
        """
        found: list[str] = []
        if has_table(self._connection, "conversation"):
            query = "SELECT id FROM conversation WHERE id = ?"
            found = [row["id"] for row in self._connection.execute(query, (person,))]
        channel, _, name = person.partition(":")
        if not found and name and has_table(self._connection, "person"):
            for pseudonym in self._pseudonyms.people(channel.lower(), name):
                query = "SELECT conversation FROM person WHERE name = ? ORDER BY conversation"
                found += [row["conversation"] for row in self._connection.execute(query, (pseudonym,))]
        return found

    def is_waiting(self, conversations: Sequence[str], seconds: float) -> bool:
        """Whether something asked in these conversations within so many seconds has no answer yet."""
        since = datetime.now(timezone.utc) - timedelta(seconds=seconds)
        return any(
            turn.messages is None and turn.at > since
            for conversation in conversations
            for turn in conversation_turns(self._connection, conversation)
        )

    def existing(self, conversations: Sequence[str]) -> list[str]:
        """Those of these conversations that are there."""
        return [one for one in conversations if self._count("conversation", "id", [one])]

    def containing(self, words: str) -> list[tuple[str, datetime]]:
        """Conversations in which somebody said these words, and when last, the newest first."""
        if not has_table(self._connection, "turn"):
            return []
        rows = self._connection.execute("SELECT conversation, text, asked_at FROM turn ORDER BY number DESC")
        found: dict[str, datetime] = {}
        for row in rows:
            if words.casefold() in row["text"].casefold():
                found.setdefault(row["conversation"], datetime.fromisoformat(row["asked_at"]))
        return list(found.items())

    def kept(self, conversations: Sequence[str]) -> KeptOfPerson:
        """All that is kept of these conversations."""
        return KeptOfPerson(made_at=datetime.now(timezone.utc), conversations=[*map(self._kept, conversations)])

    def words(self, conversations: Sequence[str]) -> list[str]:
        """What somebody said in these conversations, and their ids: what must be found nowhere after forgetting."""
        said: list[str] = []
        for conversation in conversations:
            said.append(conversation)
            for turn in conversation_turns(self._connection, conversation):
                said.append(turn.text)
                if opinion := self._opinion(conversation, turn.id):
                    said.append(opinion.words)
        return [words for words in dict.fromkeys(said) if len(words) >= SHORTEST]

    def questions(self, conversations: Sequence[str]) -> list[str]:
        """The references under which the questions of these conversations are logged."""
        return [
            reference
            for conversation in conversations
            for turn in conversation_turns(self._connection, conversation)
            for reference in self._references.all_of(conversation, turn.id)
        ]

    def delete(self, conversations: Sequence[str]) -> dict[str, int]:
        """Delete all that is kept of these conversations and overwrite it; how many records of which table.

        Raises `StadtlotseError` where another process keeps the file busy; it can be tried again then.
        """
        questions = self.questions(conversations)
        rows = (
            ("opinion", "question", questions),
            ("question", "reference", questions),
            ("handover", "conversation", conversations),
            ("event", "id", self._events(conversations)),
            ("delivery", "conversation", conversations),
            ("events", "sender_id", conversations),
            ("turn", "conversation", conversations),
            ("conversation", "id", conversations),
        )
        try:
            with self._connection:
                deleted = {table: self._delete(table, column, values) for table, column, values in rows}
            overwrite_deleted(self._connection)
        except sqlite3.OperationalError as error:
            raise StadtlotseError(
                f"{self._settings.state} is busy ({error}); run the command again in a moment."
            ) from error
        return {table: count for table, count in deleted.items() if count}

    def _events(self, conversations: Sequence[str]) -> list[str]:
        """The platform events that belong to conversations: those of their lanes and those that were answered there."""
        found: set[str] = set()
        for table, column, wanted in (("event", "id", "lane"), ("delivery", "event", "conversation")):
            if has_table(self._connection, table):
                for conversation in conversations:
                    query = f"SELECT {column} FROM {table} WHERE {wanted} = ?"
                    found.update(row[0] for row in self._connection.execute(query, (conversation,)))
        return sorted(found)

    def _delete(self, table: str, column: str, values: Iterable[str]) -> int:
        if not has_table(self._connection, table):
            return 0
        query = f"DELETE FROM {table} WHERE {column} = ?"
        return sum(self._connection.execute(query, (value,)).rowcount for value in values)

    def _kept(self, conversation: str) -> KeptConversation:
        row = self._connection.execute("SELECT * FROM conversation WHERE id = ?", (conversation,)).fetchone()
        return KeptConversation(
            id=conversation,
            channel=channel_of(conversation),
            lang=row["lang"],
            begun_at=datetime.fromisoformat(row["created_at"]),
            turns=[
                KeptTurn(
                    said=turn.text,
                    at=turn.at,
                    answers=turn.messages or [],
                    opinion=self._opinion(conversation, turn.id),
                    in_question_log=self._is_logged(conversation, turn.id),
                    sent_to=self._sent_to(conversation, turn.id),
                )
                for turn in conversation_turns(self._connection, conversation)
            ],
            dialogue_events=self._count("events", "sender_id", [conversation]),
            platform_records=self._count("event", "id", self._events([conversation]))
            + self._count("delivery", "conversation", [conversation]),
        )

    def _count(self, table: str, column: str, values: Sequence[str]) -> int:
        if not has_table(self._connection, table):
            return 0
        query = f"SELECT count(*) FROM {table} WHERE {column} = ?"
        return sum(self._connection.execute(query, (value,)).fetchone()[0] for value in values)

    def _opinion(self, conversation: str, turn: str) -> Opinion | None:
        for reference in self._references.all_of(conversation, turn):
            if has_table(self._connection, "opinion"):
                query = "SELECT * FROM opinion WHERE question = ?"
                if row := self._connection.execute(query, (reference,)).fetchone():
                    return opinion_of(row)
        return None

    def _is_logged(self, conversation: str, turn: str) -> bool:
        return bool(self._count("question", "reference", self._references.all_of(conversation, turn)))

    def _sent_to(self, conversation: str, turn: str) -> str | None:
        if not has_table(self._connection, "handover"):
            return None
        query = "SELECT contact FROM handover WHERE conversation = ? AND turn = ? AND outcome != 'not_sent'"
        row = self._connection.execute(query, (conversation, turn)).fetchone()
        return row["contact"] if row else None
