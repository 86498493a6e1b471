"""Thumbs up and down with their reasons: linked to a logged question, never to a person or a conversation."""

import sqlite3
from collections.abc import Iterable

from bot.gateway.metrics import Metrics
from bot.gateway.questions import References
from bot.gateway.state import StateFile, now
from knowledge.feedback import Opinion, Reason
from knowledge.linguistics.masking import without_contact_data

SCHEMA = """
DROP TABLE IF EXISTS feedback;
CREATE TABLE IF NOT EXISTS opinion (
    question TEXT PRIMARY KEY, verdict TEXT NOT NULL, reasons TEXT NOT NULL, words TEXT NOT NULL, at TEXT NOT NULL
) WITHOUT ROWID;
"""


class FeedbackStore:
    """The opinions in the state file: one an answer, the last one counts."""

    def __init__(self, state: StateFile, references: References, metrics: Metrics) -> None:
        self._state = state
        self._connection = state.connection
        self._references = references
        self._metrics = metrics

    async def keep(self, conversation_id: str, turn_id: str, opinion: Opinion) -> None:
        """Store what was thought of the answer in a turn, in place of what was thought before.

        Reasons and words given before stay where the verdict is the same and none are given now.
        """
        references = self._references.all_of(conversation_id, turn_id)
        before = await self._state.call(self._keep, references, opinion)
        self._metrics.judged(opinion, before)

    async def of_turn(self, conversation_id: str, turn_id: str) -> Opinion | None:
        """What was thought of the answer in a turn, if anybody said."""
        return (await self.of_turns(conversation_id, [turn_id])).get(turn_id)

    async def of_turns(self, conversation_id: str, turn_ids: Iterable[str]) -> dict[str, Opinion]:
        """What was thought of the answers in those of these turns of which anybody said."""
        turns = {name: turn_id for turn_id in turn_ids for name in self._references.all_of(conversation_id, turn_id)}
        found = await self._state.call(self._find, list(turns))
        return {turns[question]: opinion for question, opinion in found.items()}

    async def forget(self, conversation_id: str, turn_id: str) -> None:
        """Forget what was thought of the answer in a turn."""
        for reference in self._references.all_of(conversation_id, turn_id):
            await self._state.call(self._forget, reference)

    def _keep(self, references: list[str], opinion: Opinion) -> Opinion | None:
        question = next(filter(self._is_logged, references), references[0])
        before = self._find([question]).get(question)
        is_bare = not (opinion.reasons or opinion.words)
        kept = before if before and is_bare and before.verdict == opinion.verdict else opinion
        reasons = " ".join(sorted(kept.reasons))
        with self._connection:
            self._connection.execute(
                "INSERT OR REPLACE INTO opinion (question, verdict, reasons, words, at) VALUES (?, ?, ?, ?, ?)",
                (question, kept.verdict, reasons, without_contact_data(kept.words), now()),
            )
        return before

    def _find(self, questions: list[str]) -> dict[str, Opinion]:
        query = "SELECT * FROM opinion WHERE question = ?"
        rows = (self._connection.execute(query, (question,)).fetchone() for question in questions)
        return {row["question"]: opinion_of(row) for row in rows if row is not None}

    def _is_logged(self, question: str) -> bool:
        query = "SELECT 1 FROM question WHERE reference = ?"
        return self._connection.execute(query, (question,)).fetchone() is not None

    def _forget(self, question: str) -> None:
        with self._connection:
            self._connection.execute("DELETE FROM opinion WHERE question = ?", (question,))


def opinion_of(row: sqlite3.Row) -> Opinion:
    """The opinion that a row of the table holds."""
    reasons = frozenset(Reason(name) for name in row["reasons"].split())
    return Opinion(verdict=row["verdict"], reasons=reasons, words=row["words"])
