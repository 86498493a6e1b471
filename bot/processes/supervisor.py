"""Keeps child processes running until it is told to end them."""

import asyncio
import contextlib
import errno
import os
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Notice = Callable[[str], None]

_LOG_BYTES = 5_000_000
_CHUNK = 65_536
_POLL_SECONDS = 0.1
_DYING = """
import ctypes, os, sys
_, parent, number, *command = sys.argv
ctypes.CDLL(None).prctl(1, int(number))  # PR_SET_PDEATHSIG; it outlives execve
if os.getppid() == int(parent):
    os.execvp(command[0], command)
"""


@dataclass(frozen=True)
class Child:
    """A process to keep running: its command, what it adds to the environment, and the file for what it says."""

    name: str
    command: Sequence[str]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None


@dataclass(frozen=True)
class Pace:
    """Seconds to wait before a restart, to live until counted as healthy, and to be granted for an orderly end."""

    first_delay: float = 0.5
    longest_delay: float = 30.0
    healthy_after: float = 60.0
    end_within: float = 10.0


class Supervisor:
    """Starts children, starts them again when they die, and ends them all together.

    They die with this process too, whatever ends it.
    """

    def __init__(self, children: Iterable[Child], notice: Notice, pace: Pace | None = None) -> None:
        self._children = list(children)
        self._notice = notice
        self._pace = pace or Pace()
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self._keeping: dict[str, asyncio.Task[None]] = {}
        self._restarts: Counter[str] = Counter()
        self._failed: asyncio.Future[Any] | None = None

    @property
    def pids(self) -> dict[str, int]:
        """Process ids of the children that run now, by name."""
        return {name: process.pid for name, process in self._running.items()}

    async def run(
        self,
        is_ready: Callable[[], Awaitable[bool]] | None = None,
        on_ready: Callable[[], None] = lambda: None,
        beside: Callable[["Supervisor"], Coroutine[Any, Any, None]] | None = None,
    ) -> None:
        """Keep the children running until SIGINT, SIGTERM or SIGHUP, then end them.

        `on_ready` is called once, when `is_ready` first says so. `beside` runs along and may start and stop children.
        An error that no restart mends, such as a command that does not exist, ends the children and is raised.
        """
        async with _signalled() as ending:
            self._failed = asyncio.get_running_loop().create_future()
            for child in self._children:
                self.start(child)
            announcing = asyncio.create_task(_announce(is_ready, on_ready))
            along = [self._watched(asyncio.create_task(beside(self)))] if beside else []
            told: asyncio.Future[Any] = asyncio.create_task(ending.wait())
            # A child is kept for ever, so that only a signal or an error gets past here.
            await asyncio.wait({told, self._failed}, return_when=asyncio.FIRST_COMPLETED)
            tasks: list[asyncio.Future[Any]] = [told, announcing, *along, *self._keeping.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._end(list(self._running))
        if self._failed.done():
            self._failed.result()

    def start(self, child: Child) -> None:
        """Keep one more child running."""
        self._keeping[child.name] = self._watched(asyncio.create_task(self._keep(child)))

    async def stop(self, name: str) -> None:
        """End a child for good."""
        keeping = self._keeping.pop(name)
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        await self._end([name])

    def restarts(self, name: str) -> int:
        """How often a child ended by itself."""
        return self._restarts[name]

    def _watched(self, task: "asyncio.Task[None]") -> "asyncio.Task[None]":
        task.add_done_callback(self._notice_failure)
        return task

    def _notice_failure(self, task: "asyncio.Task[None]") -> None:
        if not task.cancelled() and (error := task.exception()) and self._failed and not self._failed.done():
            self._failed.set_exception(error)

    async def _keep(self, child: Child) -> None:
        delay = self._pace.first_delay
        while True:
            started = time.monotonic()
            process = self._running[child.name] = await _start(child)
            reading = asyncio.create_task(_keep_log(process, child.log))
            code = await process.wait()
            _signal_group(process, signal.SIGKILL)  # what it started and left behind
            await reading
            del self._running[child.name]
            self._restarts[child.name] += 1
            if time.monotonic() - started >= self._pace.healthy_after:
                delay = self._pace.first_delay
            self._notice(f"{child.name} {_end_of(code)}; it starts again in {delay:g} s. See {child.log}.")
            await asyncio.sleep(delay)
            delay = min(2 * delay, self._pace.longest_delay)

    async def _end(self, names: Iterable[str]) -> None:
        running = [self._running.pop(name) for name in names if name in self._running]
        for process in running:
            _signal_group(process, signal.SIGTERM)
        ended = asyncio.gather(*(process.wait() for process in running))
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(ended, self._pace.end_within)
        for process in running:
            _signal_group(process, signal.SIGKILL)
            await process.wait()


async def _start(child: Child) -> asyncio.subprocess.Process:
    if shutil.which(child.command[0]) is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), child.command[0])
    return await asyncio.create_subprocess_exec(
        *dying_with(os.getpid()),
        *child.command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=os.environ | child.environment,
        cwd=child.folder,
        start_new_session=True,  # Ctrl-C reaches this process alone, which then ends the children in order
    )


def dying_with(parent: int, number: signal.Signals = signal.SIGKILL) -> list[str]:
    """What to put before a command, so that its process gets a signal when the process `parent` ends.

    A program of its own and no function for the child to call after the fork: Python calls that unsafe in a process
    that has threads.
    """
    return [sys.executable, "-I", "-S", "-c", _DYING, str(parent), str(int(number))]


async def _keep_log(process: asyncio.subprocess.Process, path: Path) -> None:
    """Write what a process says to its log; what finds no room there is lost, lest the process waits or ends for it."""
    if process.stdout is None:
        return
    while chunk := await process.stdout.read(_CHUNK):
        with contextlib.suppress(OSError):
            _append(path, chunk)


def _append(path: Path, chunk: bytes) -> None:
    """Add to a log; a full one is kept as `<name>.1` in place of the one before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size + len(chunk) > _LOG_BYTES:
        path.replace(path.with_name(f"{path.name}.1"))
    with path.open("ab") as log:
        log.write(chunk)


def _signal_group(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _end_of(code: int) -> str:
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"


async def _announce(is_ready: Callable[[], Awaitable[bool]] | None, on_ready: Callable[[], None]) -> None:
    if is_ready is None:
        return
    while not await is_ready():  # noqa: ASYNC110  # another process becomes ready: nothing tells but asking
        await asyncio.sleep(_POLL_SECONDS)
    on_ready()


@contextlib.asynccontextmanager
async def _signalled() -> AsyncIterator[asyncio.Event]:
    """An event that is set by the signals that end a program."""
    loop = asyncio.get_running_loop()
    event = asyncio.Event()
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for number in numbers:
        loop.add_signal_handler(number, event.set)
    try:
        yield event
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)
