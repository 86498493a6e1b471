"""Which processes go first: what is built beside the bot gives way to the one that answers."""

import ctypes
import os
import signal
from contextlib import suppress
from pathlib import Path
from types import FrameType

_NICENESS = 10
_DIES_WITH_PARENT = 1  # PR_SET_PDEATHSIG


def step_behind() -> None:
    """Go on in a child process that goes behind others; the one that called passes on signals and ends as that ends.

    The child has a session of its own: Linux weighs sessions against each other outside of containers ('autogroup'),
    where the niceness of a process counts only within its session, and a retraining by cron would take as much of the
    processor as the bot. A session that others share would stay behind after a SIGKILL. To be called before there are
    threads.
    """
    parent = os.getpid()
    child = os.fork()
    if child:
        _wait_for(child)
    ctypes.CDLL(None).prctl(_DIES_WITH_PARENT, int(signal.SIGKILL))
    if os.getppid() != parent:
        os._exit(1)
    os.setsid()
    os.nice(_NICENESS)
    with suppress(OSError):  # a system without
        Path("/proc/self/autogroup").write_text(str(_NICENESS), encoding="ascii")


def _wait_for(child: int) -> None:
    def pass_on(number: int, _: FrameType | None) -> None:
        with suppress(ProcessLookupError):
            os.kill(child, number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, pass_on)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code)
