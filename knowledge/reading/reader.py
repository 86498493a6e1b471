"""Reading files in a process of its own, which may break down, hang or swell without harm."""

import contextlib
import json
import logging
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from knowledge.errors import StadtlotseError
from knowledge.reading.limits import MEGABYTE, Limits, too_much_memory
from knowledge.reading.opening import BROKE_DOWN, printable
from knowledge.reading.pipe import Message, ReadResult, request, unpacked

_PROJECT = Path(__file__).resolve().parent.parent.parent
# A reader that grew beyond this, or has read this many files, is replaced: libraries keep what they once took.
_TIRED_BYTES = 600 * MEGABYTE
_TIRED_FILES = 2000
_WATCH_SECONDS = 0.1
_START_SECONDS = 120.0
# An archive in which so many files break the reading is given up.
_BREAKDOWNS = 10
# What the reading process may see: nothing of an operator's keys and tokens.
_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TESSDATA_PREFIX", "TMPDIR", "VIRTUAL_ENV")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


_log = logging.getLogger(__name__)


class _Broken(Exception):
    """The reading process ended, or was ended, in the middle of a file; says why."""


class _Process:
    """One reading process and the pipe to it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the process
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "knowledge.reading", str(os.getpid()), json.dumps(asdict(limits))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            cwd=_PROJECT,
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ} | {"OMP_THREAD_LIMIT": "1"},
            start_new_session=True,
        )
        self._buffer = bytearray()
        self._files = 0
        try:
            self._next(time.monotonic() + _START_SECONDS, _START_SECONDS)
        except _Broken as broken:
            self.end()
            raise StadtlotseError(
                f"The process that reads files does not start: {broken}. Run '{sys.executable} -m knowledge.reading' "
                "to see why."
            ) from broken

    @property
    def is_fit(self) -> bool:
        """Whether it can be given another file."""
        return self._process.poll() is None and self._files < _TIRED_FILES and self._memory() < _TIRED_BYTES

    def ask(self, order: bytes) -> None:
        """Give it a file to read."""
        assert self._process.stdin is not None  # noqa: S101
        self._files += 1
        # Where the process is gone, waiting for its answer tells so.
        with contextlib.suppress(OSError):
            self._process.stdin.write(order)
            self._process.stdin.flush()

    def messages(self) -> Iterator[Message]:
        """What it says, until it is through; raises `_Broken` where it dies, or breaks a limit and is killed."""
        seconds = self._limits.seconds
        deadline = time.monotonic() + seconds
        while True:
            message = self._next(deadline, seconds)
            yield message
            if message.kind == "end":
                return
            if message.kind in ("begin", "allow", "result"):
                # Counted from here, as whoever takes the results may have taken their time.
                seconds = message.seconds or self._limits.seconds
                deadline = time.monotonic() + seconds

    def _next(self, deadline: float, seconds: float) -> Message:
        assert self._process.stdout is not None  # noqa: S101
        pipe = self._process.stdout.fileno()
        while True:
            try:
                message = unpacked(self._buffer)
            except ValueError as error:
                raise _Broken(BROKE_DOWN) from error
            if message is not None:
                return message
            if select.select([pipe], [], [], _WATCH_SECONDS)[0]:
                if not (content := os.read(pipe, MEGABYTE)):
                    raise _Broken(self._cause_of_death())
                self._buffer += content
            if self._memory() > self._limits.memory:
                raise _Broken(too_much_memory(self._limits))
            if time.monotonic() > deadline:
                raise _Broken(f"reading it takes longer than {seconds:g} seconds")

    def _memory(self) -> int:
        try:
            return int(Path(f"/proc/{self._process.pid}/statm").read_text("ascii").split()[1]) * _PAGE_BYTES
        except (OSError, IndexError):
            return 0

    def _cause_of_death(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=5)
        self._errors.seek(max(0, self._errors.seek(0, os.SEEK_END) - 4096))
        last_words = self._errors.read()
        _log.debug(
            "The reading process ended with %s: %s", self._process.returncode, last_words.decode(errors="replace")
        )
        if b"memory allocation" in last_words or b"MemoryError" in last_words or b"bad_alloc" in last_words:
            return too_much_memory(self._limits)
        return BROKE_DOWN

    def end(self) -> None:
        """Kill it, whatever it does, with all that it started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._errors):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()


class _Story:
    """How far the reading of one file and of the files in it has come, over all breakdowns."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._sha256 = ""
        self._open: Message | None = None
        self._hash = ""
        self._done = 0
        self._failed: list[int] = []
        self.is_over = False

    @property
    def order(self) -> dict[str, Any]:
        """What is left to read: all files from the number `done` on, without going into those that failed."""
        return {"name": self._name, "done": self._done, "failed": self._failed}

    def told(self, message: Message) -> ReadResult | None:
        """Take in a message; gives the result that it brings."""
        if message.kind == "begin":
            self._open, self._hash = message, ""
        elif message.kind == "hashed":
            self._hash = message.sha256
            if self._open is not None and self._open.number == 0:
                self._sha256 = message.sha256
        elif message.kind == "result" and self._open is not None:
            self._done = max(self._done, self._open.number + 1)
            self._open = None
        return message.result

    def broken_off(self, reason: str) -> ReadResult:
        """The result of the file that broke the reading."""
        guilty, self._open = self._open, None
        if guilty is None or guilty.number in self._failed:
            self.is_over = True
            return ReadResult(self._name, self._sha256, reason=reason)
        self._failed.append(guilty.number)
        self._done = max(self._done, guilty.number + 1)
        self.is_over = guilty.number == 0
        if len(self._failed) == _BREAKDOWNS:
            self.is_over = True
            return ReadResult(self._name, self._sha256, reason=f"{reason}, as on others in it; the rest was left out")
        return ReadResult(guilty.name, self._hash, reason=reason)


class Reader:
    """Reads files of any kind, each within its limits, in a process that is replaced when it breaks.

    A context manager, for one thread at a time; the process ends with the thread that first had a file read.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._process: _Process | None = None

    def __enter__(self) -> "Reader":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the reading process; another `read` starts a new one."""
        if self._process is not None:
            self._process.end()
            self._process = None

    def read(self, name: str, path: Path) -> Iterator[ReadResult]:
        """What one file gives: one result, or one for each file in it where it is an archive or a mail.

        `name` is what the file is called in results, its path below the collection's folder; a file in an archive is
        called 'archive.zip/folder/file.pdf'. Never raises for the file's sake: what cannot be read has a reason, one
        clause in English. `sha256` is of the bytes that were read, and empty where there are none.
        """
        story = _Story(printable(name))
        while not story.is_over:
            process = self._fit_process()
            process.ask(request({"path": str(path.absolute()), **story.order}))
            is_through = False
            try:
                for message in process.messages():
                    if (result := story.told(message)) is not None:
                        yield result
                is_through = True
            except _Broken as broken:
                reason = str(broken)
            finally:
                if not is_through:
                    self.close()
            if is_through:
                return
            yield story.broken_off(reason)

    def _fit_process(self) -> _Process:
        if self._process is not None and not self._process.is_fit:
            self.close()
        if self._process is None:
            self._process = _Process(self._limits)
        return self._process


def read_files(files: Iterable[tuple[str, Path]], limits: Limits | None = None) -> Iterator[ReadResult]:
    """The results of many files, given as (name, path); see `Reader.read`."""
    with Reader(limits) as reader:
        for name, path in files:
            yield from reader.read(name, path)
