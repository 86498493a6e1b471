"""The state file: one SQLite connection, all calls in one thread, in the order they were made."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from pathlib import Path
from typing import TypeVar

from bot.processes.reserve import keep_reserve, with_reserve

Result = TypeVar("Result")

_BUSY_SECONDS = 5


class StateFile:
    """The file that the gateway's stores share with each other and with Rasa's tracker store."""

    def __init__(self, connection: sqlite3.Connection, thread: ThreadPoolExecutor, folder: Path) -> None:
        self.connection = connection
        self._thread = thread
        self._folder = folder

    @classmethod
    async def open(cls, path: Path, *schemas: str) -> "StateFile":
        """Open the file, making it and the tables of these schemas where they are missing, and room beside it for when
        the disk is full."""
        thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="state")
        connection = await asyncio.get_running_loop().run_in_executor(thread, connect, path, schemas)
        await asyncio.to_thread(keep_reserve, path.parent)
        return cls(connection, thread, path.parent)

    async def close(self) -> None:
        """Finish what was begun and let go of the file."""
        await self.call(self.connection.close)
        self._thread.shutdown()

    async def call(self, function: Callable[..., Result], *arguments: object) -> Result:
        """Run a function that uses the connection; with `maintain` the only way to touch it.

        It is run once more where the disk was full and room was left for that: what fails must have changed nothing.
        """
        return await self._run(lambda: with_reserve(self._folder, lambda: function(*arguments)))

    async def maintain(self, function: Callable[[sqlite3.Connection], Result]) -> Result:
        """Run what can wait until there is room again, and set room aside anew where there is."""
        await asyncio.to_thread(keep_reserve, self._folder)
        return await self._run(lambda: function(self.connection))

    async def _run(self, function: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, function)


def now() -> str:
    """This moment, as the tables keep it."""
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds")


def connect(path: Path, schemas: tuple[str, ...] = ()) -> sqlite3.Connection:
    """A connection to a state file, made readable by its owner alone where it is missing, with these tables."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)  # what people wrote is nobody else's business; SQLite's side files take the mode over
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten
    for schema in schemas:
        connection.executescript(schema)
    return connection
