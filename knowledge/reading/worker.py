"""The reading process: takes paths from its input, gives what is in the files on its output."""

import ctypes
import json
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from knowledge.linguistics.language import detect_long
from knowledge.reading.archive import Budget, Exhausted, Member, members
from knowledge.reading.files import NO_TEXT, read_data
from knowledge.reading.kinds import EML, ZIP, checked_size, kind_of
from knowledge.reading.limits import Limits, too_much_memory
from knowledge.reading.mail import parted
from knowledge.reading.opening import BROKE_DOWN, TOO_DEEP, Unreadable, hash_of, opened, printable
from knowledge.reading.pipe import Message, ReadResult, receive, send

_DIE_WITH_PARENT = 1
# Address space is also taken by what is only mapped: libraries, stacks of threads.
_ADDRESS_SPACE = 3


class _Walk:
    """One file from the disk and all the files in it."""

    def __init__(self, tell: Callable[[Message], None], limits: Limits, done: int, failed: list[int]) -> None:
        self._tell = tell
        self._limits = limits
        self._done = done
        self._failed = failed
        self._count = 0
        self._sha256 = ""
        self._budget = Budget()
        self._confirm: Callable[[], None] = lambda: None

    def disk_file(self, name: str, path: Path) -> None:
        """Read a file and tell its results."""
        try:
            with opened(path) as (stream, self._confirm):
                self._file(name, lambda: stream, 0)
        except Unreadable as unreadable:
            self._begin(name)
            self._result(name, self._sha256, unreadable)

    def _file(self, name: str, open_it: Callable[[], BinaryIO], depth: int) -> None:
        """Read a file, or the files in it."""
        number = self._begin(name)
        if number in self._failed:
            return
        sha256 = ""
        try:
            stream = open_it()
            checked_size(stream, self._limits.archive_bytes)
            is_new = number >= self._done
            if is_new:
                sha256 = hash_of(stream)
                self._tell(Message("hashed", sha256=sha256))
                self._sha256 = self._sha256 or sha256
            kind = kind_of(stream, name)
            if kind == ZIP:
                self._archive(name, stream, depth)
                return
            checked_size(stream, self._limits.file_bytes)
            if kind == EML:
                self._mail(name, stream.read(), sha256, depth)
            elif is_new:
                self._document(name, sha256, stream.read(), kind)
        except Exhausted:
            raise
        except Exception as error:
            # What went wrong with an archive after files of it were read is news, too.
            if number >= self._done or self._count > self._done:
                self._result(name, sha256, self._understood(error))

    def _begin(self, name: str) -> int:
        number = self._count
        self._count += 1
        self._tell(Message("begin", number=number, name=name))
        return number

    def _archive(self, name: str, stream: BinaryIO, depth: int) -> None:
        self._refuse_depth(depth)
        is_empty = True
        for member in members(stream, self._budget, self._limits):
            is_empty = False
            self._file(f"{name}/{printable(member.name)}", self._opening(member), depth + 1)
        if is_empty:
            raise Unreadable("the archive is empty")

    def _opening(self, member: Member) -> Callable[[], BinaryIO]:
        return lambda: BytesIO(member.read(self._limits))

    def _mail(self, name: str, data: bytes, sha256: str, depth: int) -> None:
        """The mail's own text under its name, and what is attached as files in it."""
        mail = parted(data)
        number = self._begin(name)
        if number >= self._done and number not in self._failed:
            try:
                self._document(name, sha256, mail.text, EML)
            except Exception as error:
                unreadable = self._understood(error)
                if unreadable.reason != NO_TEXT or not mail.attachments:
                    self._result(name, sha256, unreadable)
        if mail.attachments:
            self._refuse_depth(depth)
        for attachment, content in mail.attachments:
            self._budget.spend(len(content), self._limits)
            self._file(f"{name}/{printable(attachment)}", partial(BytesIO, content), depth + 1)

    def _refuse_depth(self, depth: int) -> None:
        if depth >= self._limits.depth:
            raise Unreadable(f"it lies in {depth} archives, one in the other, and is not unpacked")

    def _document(self, name: str, sha256: str, data: bytes, kind: str) -> None:
        reading = read_data(name, data, kind, self._limits, self._allow)
        self._confirm()
        pictures = reading.pictures
        result = ReadResult(name, sha256, reading.file, needs_ocr=bool(pictures), pictures=pictures)
        self._tell(Message("result", result=result))

    def _understood(self, error: Exception) -> Unreadable:
        """The reason for any error: whatever a file brings readers to do, it alone is set aside."""
        if isinstance(error, Unreadable):
            return error
        if isinstance(error, MemoryError):
            return Unreadable(too_much_memory(self._limits))
        if isinstance(error, RecursionError):
            return Unreadable(TOO_DEEP)
        traceback.print_exception(error)
        return Unreadable(f"{BROKE_DOWN} ({type(error).__name__})")

    def _allow(self) -> None:
        self._tell(Message("allow", seconds=self._limits.ocr_seconds))

    def _result(self, name: str, sha256: str, unreadable: Unreadable) -> None:
        result = ReadResult(name, sha256, reason=unreadable.reason, needs_ocr=unreadable.needs_ocr)
        self._tell(Message("result", result=result))


def main(arguments: Sequence[str]) -> None:
    """Read files until the input ends; `arguments` are the parent's process id and the limits as JSON."""
    parent, limits = int(arguments[0]), Limits(**json.loads(arguments[1]))
    _bind_to(parent)
    _restrict(limits)
    # Libraries that write to standard output must not write into the answers.
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as replies:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        # The first use loads the statistics of the languages: not on the first file's time.
        detect_long("")
        send(replies, Message("ready"))
        while (order := receive(sys.stdin.buffer)) is not None:
            walk = _Walk(partial(send, replies), limits, order["done"], order["failed"])
            walk.disk_file(order["name"], Path(order["path"]))
            send(replies, Message("end"))


def _bind_to(parent: int) -> None:
    """End when the parent does, even in the middle of a file (Linux, prctl(2))."""
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(1)


def _restrict(limits: Limits) -> None:
    """What the parent's watch on the memory would notice too late, and what no reading needs."""
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE * limits.memory,) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2 * limits.file_bytes,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
