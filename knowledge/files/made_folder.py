"""Folders made once and then only read: written aside, recorded with their hashes, put in place by a rename."""

import fcntl
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from knowledge.files.integrity import digest, sync

_RECORD = "complete.json"


def ensure_made(folder: Path, make: Callable[[Path], None]) -> Path:
    """`folder`, which `make` fills when it is not there or not as it was made.

    `make` is given an empty folder beside it. An interrupted or damaged folder is replaced, never used; a second
    process waits for the first. Raises `OSError` where it cannot be written, and whatever `make` raises.
    """
    if is_whole(folder):
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _sole_writer(folder):
        if not is_whole(folder):
            _remove_leftovers(folder)
            try:
                _make(folder, make)
            finally:
                _remove_leftovers(folder)
    return folder


def _make(folder: Path, make: Callable[[Path], None]) -> None:
    part = _new_part(folder)
    make(part)
    files = [path for path in sorted(part.rglob("*")) if path.is_file()]
    record = {str(path.relative_to(part)): digest(path) for path in files}
    (part / _RECORD).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    for path in [*files, part / _RECORD, part]:
        sync(path)
    if folder.exists():
        folder.rename(_new_part(folder) / "old")
    part.rename(folder)
    sync(folder.parent)


def is_whole(folder: Path) -> bool:
    """Whether a folder is there and each file in it as it was made; reads them all."""
    try:
        record = json.loads((folder / _RECORD).read_bytes())
        return bool(record) and all(digest(folder / name) == made for name, made in record.items())
    except (OSError, ValueError, AttributeError):
        return False


@contextmanager
def _sole_writer(folder: Path) -> Iterator[None]:
    """Holds a lock that the system releases even when the process is killed."""
    with folder.with_name(f".{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _new_part(folder: Path) -> Path:
    part = folder.with_name(f".{folder.name}.{uuid4().hex}.part")
    part.mkdir()
    return part


def _remove_leftovers(folder: Path) -> None:
    """Clears what an interrupted call left; with the lock held nobody else is writing."""
    for leftover in folder.parent.glob(f".{folder.name}.*.part"):
        shutil.rmtree(leftover)
