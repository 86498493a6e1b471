"""How long what people wrote is kept: what is older is deleted once a day, and overwritten in the file."""

import asyncio
import contextlib
import logging
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from bot.gateway.pseudonyms import Pseudonyms
from bot.gateway.state import StateFile
from knowledge.errors import StadtlotseError
from knowledge.settings import Settings

logger = logging.getLogger(__name__)

_DAY_SECONDS = 86_400.0
_BUSY_SECONDS = 60.0


@dataclass(frozen=True)
class Kind:
    """One kind of record: its table, which rows are older than `:before` (ISO 8601) or `:seconds` (Unix), its days."""

    table: str
    is_old: str
    days: Callable[[Settings], int]


def conversation_days(settings: Settings) -> int:
    """Days for which conversations are kept."""
    return settings.retention_days


def question_days(settings: Settings) -> int:
    """Days for which logged questions are kept."""
    return settings.question_retention_days or settings.retention_days


def feedback_days(settings: Settings) -> int:
    """Days for which feedback is kept."""
    return settings.feedback_retention_days or question_days(settings)


def platform_days(settings: Settings) -> int:
    """Days for which events and deliveries of platforms are kept."""
    return settings.platform_retention_days or settings.retention_days


# Turns before conversations: a conversation goes once nothing of it is left. `events` is the dialogue's own memory,
# written by Rasa.
KINDS = (
    Kind("turn", "asked_at < :before", conversation_days),
    Kind("conversation", "created_at < :before AND id NOT IN (SELECT conversation FROM turn)", conversation_days),
    Kind("events", "timestamp < :seconds", conversation_days),
    Kind("event", "received_at < :before", platform_days),
    Kind("delivery", "begun_at < :before", platform_days),
    Kind("handover", "begun_at < :before", conversation_days),
    Kind("question", "asked_at < :before", question_days),
    Kind("opinion", "at < :before", feedback_days),
)


def delete_old(connection: sqlite3.Connection, settings: Settings) -> dict[str, int]:
    """Delete from the state file what is too old; how many records of which table that were.

    Raises `sqlite3.OperationalError` where another process writes for too long.
    """
    deleted = {kind.table: _delete(connection, kind, kind.days(settings)) for kind in KINDS}
    return {table: count for table, count in deleted.items() if count}


def overwrite_deleted(connection: sqlite3.Connection) -> None:
    """Let the words of deleted records go from the state file's free pages and its journal.

    Raises `sqlite3.OperationalError` where another process reads or writes for too long; nothing is lost then.
    """
    connection.execute("VACUUM")  # other processes' writes leave copies of records behind in pages that were divided
    blocked, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if blocked:
        raise sqlite3.OperationalError("database is locked")


def delete_old_files(settings: Settings) -> list[Path]:
    """Delete logs and exports that are too old; which those were."""
    folders = {
        settings.var / "logs": settings.log_retention_days or settings.retention_days,
        settings.exports: settings.export_retention_days or settings.retention_days,
    }
    deleted = []
    for folder, days in folders.items():
        before = time.time() - timedelta(days=days).total_seconds()
        for path in sorted(folder.glob("*")):
            with contextlib.suppress(FileNotFoundError):  # rotated or deleted meanwhile
                if path.is_file() and path.stat().st_mtime < before:
                    path.unlink()
                    deleted.append(path)
    return deleted


def _delete(connection: sqlite3.Connection, kind: Kind, days: int) -> int:
    if not has_table(connection, kind.table):
        return 0
    before = datetime.now(timezone.utc) - timedelta(days=days)
    limits = {"before": before.isoformat(timespec="milliseconds"), "seconds": before.timestamp()}
    with connection:
        return connection.execute(f"DELETE FROM {kind.table} WHERE {kind.is_old}", limits).rowcount


def has_table(connection: sqlite3.Connection, table: str) -> bool:
    """Whether the state file has a table of that name yet."""
    query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    return connection.execute(query, (table,)).fetchone() is not None


class Retention:
    """Deletes what is older than the operator wants it to be kept."""

    def __init__(
        self,
        state: StateFile,
        settings: Settings,
        pseudonyms: Pseudonyms | None = None,
        *,
        backups: Callable[[Settings], object] = lambda _settings: None,
        pause: float = _DAY_SECONDS,
    ) -> None:
        """`pseudonyms` get a new key from time to time, so that nobody can be followed for longer.

        `backups` deletes what is too old from backups, in a thread of its own.
        """
        self._backups = backups
        self._state = state
        self._pseudonyms = pseudonyms
        self._settings = settings
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
        return await self._state.call(delete_old, self._state.connection, self._settings)

    def _clean_files(self) -> None:
        try:
            delete_old_files(self._settings)
            self._backups(self._settings)
        except (OSError, StadtlotseError) as error:
            logger.error("Files with what is too old could not be cleaned: %s", error)

    def _rotate(self) -> None:
        if self._pseudonyms is None:
            return
        kept = max(kind.days(self._settings) for kind in KINDS)
        try:
            self._pseudonyms.rotate(conversation_days(self._settings), kept)
        except OSError as error:
            logger.error("The pseudonyms' key could not be changed: %s", error.strerror)

    async def _run(self) -> None:
        needs_overwriting = True  # an earlier process may have been ended before it came to that
        while True:
            try:
                deleted = await self.apply()
                needs_overwriting = needs_overwriting or bool(deleted)
                if needs_overwriting:
                    await self._state.maintain(overwrite_deleted)
                    needs_overwriting = False
                await asyncio.to_thread(self._clean_files)
            except sqlite3.OperationalError:  # another process writes
                await asyncio.sleep(min(_BUSY_SECONDS, self._pause))
                continue
            await asyncio.to_thread(self._rotate)
            if deleted:
                logger.info("Deleted what is too old: %s", _listed(deleted))
            await asyncio.sleep(self._pause)


def _listed(deleted: dict[str, int]) -> str:
    return ", ".join(f"{count} of {table}" for table, count in deleted.items())
