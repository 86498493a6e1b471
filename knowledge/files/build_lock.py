"""One build at a time in an installation, from whichever process."""

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

from knowledge.errors import StadtlotseError
from knowledge.settings import Settings

_LOCK = "build.lock"
_POLL_SECONDS = 0.2


class BuildRunningError(StadtlotseError):
    """Another build is at work."""


@contextmanager
def sole_builder(settings: Settings, waiting: Callable[[str], None] | None) -> Iterator[None]:
    """Holds the installation's lock for building, which the system lets go of however the process ends.

    Where another process has it, `waiting` is told once by whom and since when, and then the lock is waited for;
    without `waiting` that raises `BuildRunningError`. Raises `StadtlotseError` where nothing can be written there.
    """
    with _opened(settings.var) as lock:
        if not _taken(lock):
            if waiting is None:
                raise BuildRunningError(f"{_holder(lock)} is building; try again when it has ended.")
            waiting(f"{_holder(lock)} is building; waiting for its end.")
            while not _taken(lock):
                time.sleep(_POLL_SECONDS)
        lock.seek(0)
        lock.truncate()
        lock.write(json.dumps({"pid": os.getpid(), "since": datetime.now().astimezone().isoformat()}))
        lock.flush()
        yield


def _opened(folder: Path) -> IO[str]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return (folder / _LOCK).open("a+", encoding="utf-8")
    except OSError as error:
        raise StadtlotseError(
            f"Nothing can be written in {folder} ({error.strerror}); set STADTLOTSE_VAR to another folder."
        ) from error


def _taken(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(lock: IO[str]) -> str:
    lock.seek(0)
    try:
        held = json.loads(lock.read())
        return f"Process {held['pid']}, begun at {datetime.fromisoformat(held['since']):%H:%M:%S},"
    except (ValueError, KeyError, TypeError):
        return "Another process"
