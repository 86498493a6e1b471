"""What the operating system says of a disk, in words that help."""

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from knowledge.errors import StadtlotseError

_CAUSES = {
    errno.ENOSPC: "the disk is full; make room ('stadtlotse releases prune' deletes old releases)",
    errno.EDQUOT: "the quota is used up; make room ('stadtlotse releases prune' deletes old releases)",
    errno.EFBIG: "a file would become larger than this process may write; raise the limit ('ulimit -f')",
    errno.EROFS: "it is mounted read-only; mount it writable",
    errno.EACCES: "this user may not write there; give it the right or run as the user that owns the folder",
    errno.EPERM: "this user may not write there; give it the right or run as the user that owns the folder",
    errno.EIO: "the disk reports an error; check it",
}


def demand_room(folder: Path, megabytes: float) -> None:
    """Raise `StadtlotseError` where a disk has less room than is needed."""
    free = shutil.disk_usage(folder).free / 1024**2
    if free < megabytes:
        raise StadtlotseError(
            f"{folder} has {free:.0f} MB left, but a build needs {megabytes:.0f} MB; make room"
            " ('stadtlotse releases prune' deletes old releases)."
        )


@contextmanager
def writing_to(folder: Path) -> Iterator[None]:
    """Turns an error of the disk inside the block into a `StadtlotseError` that says what to do; others pass."""
    try:
        yield
    except OSError as error:
        cause = _CAUSES.get(error.errno or 0)
        if cause is None:
            raise
        raise StadtlotseError(f"{error.filename or folder} cannot be written: {cause}.") from error
    except sqlite3.OperationalError as error:
        text = str(error)
        known = "full" in text or "readonly" in text or "disk I/O" in text or "unable to open" in text
        if not known:
            raise
        raise StadtlotseError(f"{folder} cannot be written ({text}); make room or the folder writable.") from error
