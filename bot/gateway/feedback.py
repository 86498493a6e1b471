"""Thumbs up and down, with a reason where one was given; never with a name."""

from dataclasses import dataclass
from typing import Literal

from bot.gateway.state import StateFile, now

Verdict = Literal["up", "down"]

REASON_LENGTH = 1_000
SCHEMA = """
CREATE TABLE IF NOT EXISTS feedback (
    conversation TEXT NOT NULL, message TEXT NOT NULL, verdict TEXT NOT NULL, reason TEXT NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (conversation, message)
) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Feedback:
    """What somebody thought of an answer; the message is named by the id of its turn."""

    conversation: str
    message: str
    verdict: Verdict
    reason: str = ""


class FeedbackStore:
    """The feedback in the state file: one verdict an answer, the last one counts."""

    def __init__(self, state: StateFile) -> None:
        self._state = state
        self._connection = state.connection

    async def keep(self, feedback: Feedback) -> None:
        """Store a verdict in place of an earlier one; a reason given before stays where none is given now."""
        await self._state.call(self._keep, feedback)

    async def of_conversation(self, conversation_id: str) -> list[Feedback]:
        """All verdicts on a conversation's answers."""
        return await self._state.call(self._of_conversation, conversation_id)

    def _keep(self, feedback: Feedback) -> None:
        with self._connection:
            self._connection.execute(
                "INSERT INTO feedback (conversation, message, verdict, reason, at) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (conversation, message) DO UPDATE SET verdict = excluded.verdict, at = excluded.at, "
                "reason = CASE WHEN excluded.reason = '' AND verdict = excluded.verdict THEN reason "
                "ELSE excluded.reason END",
                (feedback.conversation, feedback.message, feedback.verdict, feedback.reason, now()),
            )

    def _of_conversation(self, conversation_id: str) -> list[Feedback]:
        query = "SELECT conversation, message, verdict, reason FROM feedback WHERE conversation = ? ORDER BY at"
        rows = self._connection.execute(query, (conversation_id,))
        return [Feedback(row["conversation"], row["message"], row["verdict"], row["reason"]) for row in rows]
