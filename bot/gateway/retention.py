"""How long what people wrote is kept: what is older is deleted once a day, and overwritten in the file."""

import asyncio
import logging
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from bot.gateway.state import StateFile
from knowledge.settings import Settings

logger = logging.getLogger(__name__)

_DAY_SECONDS = 86_400.0
_BUSY_SECONDS = 60.0


@dataclass(frozen=True)
class Kind:
    """One kind of record: its table, and which rows of it are older than `:before` (ISO 8601) or `:seconds` (Unix)."""

    table: str
    is_old: str
    is_logged: bool = False
    """Whether it belongs to the question log, which may be kept longer."""


# Turns before conversations: a conversation goes once nothing of it is left. `events` is the dialogue's own memory,
# written by Rasa.
KINDS = (
    Kind("turn", "asked_at < :before"),
    Kind("conversation", "created_at < :before AND id NOT IN (SELECT conversation FROM turn)"),
    Kind("events", "timestamp < :seconds"),
    Kind("event", "received_at < :before"),
    Kind("delivery", "begun_at < :before"),
    Kind("handover", "begun_at < :before"),
    Kind("question", "asked_at < :before", is_logged=True),
    Kind("opinion", "at < :before", is_logged=True),
)


class Retention:
    """Deletes what is older than the operator wants it to be kept."""

    def __init__(self, state: StateFile, settings: Settings, *, pause: float = _DAY_SECONDS) -> None:
        self._state = state
        self._connection = state.connection
        self._days = settings.retention_days
        self._log_days = settings.question_retention_days or settings.retention_days
        self._pause = pause
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Delete now, and once a day from now on."""
        self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Stop."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def apply(self) -> dict[str, int]:
        """Delete what is too old; how many records of which table that were."""
        deleted = {kind.table: await self._state.call(self._delete, kind) for kind in KINDS}
        return {table: count for table, count in deleted.items() if count}

    async def _run(self) -> None:
        while True:
            try:
                deleted = await self.apply()
                await self._state.call(self._overwrite)
            except sqlite3.OperationalError:  # another process writes
                await asyncio.sleep(min(_BUSY_SECONDS, self._pause))
                continue
            if deleted:
                logger.info("Deleted after %d days: %s", self._days, _listed(deleted))
            await asyncio.sleep(self._pause)

    def _delete(self, kind: Kind) -> int:
        if not self._has(kind.table):
            return 0
        days = self._log_days if kind.is_logged else self._days
        before = datetime.now(timezone.utc) - timedelta(days=days)
        limits = {"before": before.isoformat(timespec="milliseconds"), "seconds": before.timestamp()}
        with self._connection:
            return self._connection.execute(f"DELETE FROM {kind.table} WHERE {kind.is_old}", limits).rowcount

    def _has(self, table: str) -> bool:
        query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
        return self._connection.execute(query, (table,)).fetchone() is not None

    def _overwrite(self) -> None:
        """Let the deleted words go from the file's journal too."""
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _listed(deleted: dict[str, int]) -> str:
    return ", ".join(f"{count} of {table}" for table, count in deleted.items())
