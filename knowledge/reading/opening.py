"""Opening a file that anybody may have put there."""

import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from knowledge.reading.limits import MEGABYTE


@dataclass(frozen=True)
class Unreadable(Exception):
    """A file that gives no text; `reason` is one clause for the person who put it there."""

    reason: str
    needs_ocr: bool = False


BROKE_DOWN = "the program that reads files broke down on it"
TOO_DEEP = "it is nested too deeply to be read"
_SPECIAL = {
    stat.S_ISDIR: "it is a folder",
    stat.S_ISLNK: "it is a link, and links are not followed",
    stat.S_ISFIFO: "it is a pipe and not a file",
    stat.S_ISSOCK: "it is a socket and not a file",
    stat.S_ISCHR: "it is a device and not a file",
    stat.S_ISBLK: "it is a device and not a file",
}


@contextmanager
def opened(path: Path) -> Iterator[tuple[BinaryIO, Callable[[], None]]]:
    """An ordinary file, open for reading, and a call that raises `Unreadable` where the file has changed since.

    Raises `Unreadable` for what is no ordinary file or may not be opened.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise Unreadable(_refusal(path, error)) from error
    with os.fdopen(descriptor, "rb") as stream:
        before = os.fstat(descriptor)
        if reason := _special(before.st_mode):
            raise Unreadable(reason)

        def confirm() -> None:
            after = os.fstat(descriptor)
            if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
                raise Unreadable("it changed while it was read")

        yield stream, confirm


def _refusal(path: Path, error: OSError | ValueError) -> str:
    try:
        if reason := _special(path.lstat().st_mode, besides=stat.S_ISDIR):
            return reason
    except (OSError, ValueError):
        pass
    return f"it cannot be opened ({getattr(error, 'strerror', None) or error})"


def _special(mode: int, besides: object = None) -> str | None:
    return next((reason for is_kind, reason in _SPECIAL.items() if is_kind is not besides and is_kind(mode)), None)


def size_of(stream: BinaryIO) -> int:
    """How many bytes a stream holds."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    return size


def hash_of(stream: BinaryIO) -> str:
    """SHA-256 of all bytes of a stream, in hexadecimal digits."""
    stream.seek(0)
    digest = hashlib.sha256()
    while chunk := stream.read(MEGABYTE):
        digest.update(chunk)
    stream.seek(0)
    return digest.hexdigest()


def printable(name: str) -> str:
    """A file's name as it can be written down: bytes that are no UTF-8 as Windows-1252, control characters replaced."""
    raw = name.encode("utf-8", errors="surrogateescape")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    return "".join(char if char.isprintable() else "\ufffd" for char in text)
