"""Deleting a conversation because the person wants it gone: everywhere, at once, and overwritten in the file."""

import asyncio
import sqlite3
from collections.abc import Sequence

from bot.gateway.state import StateFile
from bot.gateway.turns import Turns

# By the column that holds the conversation's id; the last are Rasa's own. A conversation's turns go with it.
_TABLES = (("handover", "conversation"), ("conversation", "id"), ("events", "sender_id"))
_LATE_SECONDS = 30.0


class Erasure:
    """Deletes conversations with all that belongs to them."""

    def __init__(self, state: StateFile, turns: Turns, *, late_seconds: float = _LATE_SECONDS) -> None:
        self._state = state
        self._connection = state.connection
        self._turns = turns
        self._late_seconds = late_seconds
        self._late: set[asyncio.Task[None]] = set()

    async def erase(self, conversation_id: str) -> None:
        """Delete what was said in a conversation, what was thought of it, and what the dialogue remembers of it.

        A turn that is being answered is waited for, so that nothing is written afterwards.
        """
        async with self._turns.closing(conversation_id) as is_settled:
            await self._state.call(self._delete, conversation_id)
        if not is_settled:
            task = asyncio.create_task(self._erase_late(conversation_id))
            self._late.add(task)
            task.add_done_callback(self._late.discard)

    async def close(self) -> None:
        """Delete at once what was to be deleted later."""
        for task in self._late:
            task.cancel()
        await asyncio.gather(*self._late, return_exceptions=True)

    async def _erase_late(self, conversation_id: str) -> None:
        """Delete what Rasa wrote of a turn that the gateway had given up."""
        try:
            await asyncio.sleep(self._late_seconds)
        finally:
            await self._state.call(self._delete, conversation_id)

    def _delete(self, conversation_id: str) -> None:
        with self._connection:
            for table, column in self._present():
                self._connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (conversation_id,))
        # Lets the words go from the file's journal too; where somebody reads it just now, the next one does.
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _present(self) -> Sequence[tuple[str, str]]:
        rows: Sequence[sqlite3.Row] = self._connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
        ).fetchall()
        names = {row["name"] for row in rows}
        return [(table, column) for table, column in _TABLES if table in names]
