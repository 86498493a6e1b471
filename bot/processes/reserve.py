"""Room that is kept for what people write: given up once the disk is full, so that the bot goes on for a while."""

import errno
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

Result = TypeVar("Result")

_FILE = ".reserve"
# Some thousand turns.
_BYTES = 32 * 1024**2
# A smaller disk has room for what matters more.
_LEFT = 4


def keep_reserve(folder: Path) -> None:
    """Set room aside in a folder where there is plenty; no error where there is not."""
    reserve = folder / _FILE
    with suppress(OSError):
        if reserve.exists() or shutil.disk_usage(folder).free < _LEFT * _BYTES:
            return
        with reserve.open("xb") as file:
            os.posix_fallocate(file.fileno(), 0, _BYTES)


def is_used_up(folder: Path) -> bool:
    """Whether the room was given up, or there was never enough to set it aside."""
    return not (folder / _FILE).exists()


def with_reserve(folder: Path, function: Callable[[], Result]) -> Result:
    """What a function gives, tried a second time with the room that was set aside where the disk is full."""
    try:
        return function()
    except (OSError, sqlite3.Error) as error:
        if not _is_full(error) or is_used_up(folder):
            raise
        with suppress(OSError):
            (folder / _FILE).unlink()
    return function()


def _is_full(error: OSError | sqlite3.Error) -> bool:
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return "full" in str(error) or "disk I/O" in str(error)
