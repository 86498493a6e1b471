"""Which processes go first: what is built or started beside the bot gives way to the one that answers."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_NICENESS = 10
_USUAL = 0


@contextmanager
def giving_way() -> Iterator[None]:
    """Within it, and in what it starts, this process goes behind others; its own niceness stays raised after it."""
    os.nice(_NICENESS)
    lower(os.getpid())
    try:
        yield
    finally:
        restore(os.getpid())


def lower(pid: int) -> None:
    """Let the whole session of a process go behind the others, where the system weighs sessions against each other.

    Linux does so by default outside of containers ('autogroup'), and then a process's own niceness counts only within
    its session: a retraining by cron would take as much of the processor as the bot. Unlike that niceness this can be
    taken back without being root.
    """
    _weigh(pid, _NICENESS)


def restore(pid: int) -> None:
    """Take `lower` back."""
    _weigh(pid, _USUAL)


def _weigh(pid: int, niceness: int) -> None:
    with suppress(OSError):  # no such process any more, or a system without
        Path(f"/proc/{pid}/autogroup").write_text(str(niceness), encoding="ascii")
