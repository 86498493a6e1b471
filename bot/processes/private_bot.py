"""A bot beside the one that runs: with ports and a folder of its own, the same model and the same release."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from shutil import rmtree
from typing import IO

from bot.processes.supervisor import dying_with
from knowledge.errors import StadtlotseError
from knowledge.releases.release import current_release
from knowledge.settings import PROJECT, Settings

# What is expensive to make and may be shared; each is only added to.
_SHARED = ("models", "cache")
_PREFIX = ".private-"
_VARIABLES = "STADTLOTSE_"
_LOOPBACK = "127.0.0.1"
_POLL_SECONDS = 0.2
_END_SECONDS = 30


@contextmanager
def private_bot(settings: Settings, documents: Path | None, output: IO[str]) -> Iterator[Settings]:
    """The settings of a bot that was started for the caller and answers; it is ended and its folder deleted after that.

    It answers from the current release, whose stale parts it builds anew for itself, or with `documents` from that
    folder's documents beside the fact sheets; what it says while it indexes them goes to `output`. Raises
    `StadtlotseError` where it cannot be built or started.
    """
    with _own_folder(settings) as var:
        port, rasa_port, actions_port = _free_ports(3)
        ports = {"host": _LOOPBACK, "port": port, "rasa_port": rasa_port, "actions_port": actions_port}
        own = settings.model_copy(update={"var": var, **ports})
        if documents is not None:
            indexing = _command(own, output, "index", "--documents", str(documents.resolve()))
            if indexing.wait() != 0:
                raise StadtlotseError(f"The documents in {documents} could not be indexed; see above.")
        with (var / "output").open("w+", encoding="utf-8") as said:
            serving = _command(own, said, "serve")
            try:
                if not _became_ready(own, serving):
                    said.seek(0)
                    raise StadtlotseError(f"The private bot could not be started: {_last_line(said)}")
                yield own
            finally:
                _end(serving)


@contextmanager
def _own_folder(settings: Settings) -> Iterator[Path]:
    """A folder on the releases' disk, as they are linked into it; those of runs that were killed are removed."""
    settings.releases.mkdir(parents=True, exist_ok=True)
    beside = settings.releases.resolve()
    for left in beside.glob(f"{_PREFIX}*"):
        if not Path("/proc", left.name.removeprefix(_PREFIX)).exists():
            rmtree(left, ignore_errors=True)
    folder = beside / f"{_PREFIX}{os.getpid()}"
    folder.mkdir()
    try:
        for name in _SHARED:
            (settings.var / name).mkdir(exist_ok=True)
            (folder / name).symlink_to(settings.var.resolve() / name)
        release = current_release(settings)
        if release is not None:
            (folder / "releases").mkdir()
            (folder / "releases" / release.id).symlink_to(release.path)
            (folder / "current").symlink_to(Path("releases", release.id))
        yield folder
    finally:
        rmtree(folder, ignore_errors=True)


def _command(settings: Settings, output: IO[str], *arguments: str) -> subprocess.Popen[bytes]:
    """The `stadtlotse` command under these settings and no others, so that no platform is served; ends with us."""
    others = {name: value for name, value in os.environ.items() if not name.startswith(_VARIABLES)}
    values = settings.model_dump(mode="json", exclude_none=True)
    return subprocess.Popen(  # noqa: S603  # our own command
        [*dying_with(os.getpid(), signal.SIGTERM), sys.executable, "-m", "bot.cli", *arguments],
        cwd=PROJECT,
        env=others | {f"{_VARIABLES}{name.upper()}": str(value) for name, value in values.items()},
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
    )


def _became_ready(settings: Settings, serving: subprocess.Popen[bytes]) -> bool:
    """Wait until questions are answered; whether that came before the end of the process."""
    while serving.poll() is None:
        try:
            with urllib.request.urlopen(f"http://{_LOOPBACK}:{settings.port}/readyz", timeout=2):
                return True
        except OSError:
            time.sleep(_POLL_SECONDS)
    return False


def _end(serving: subprocess.Popen[bytes]) -> None:
    serving.terminate()
    try:
        serving.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        serving.kill()
        serving.wait()


def _last_line(said: IO[str]) -> str:
    lines = [line.strip() for line in said if line.strip()]
    return lines[-1] if lines else "it said nothing."


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for taken in sockets:
            taken.bind((_LOOPBACK, 0))
        return [taken.getsockname()[1] for taken in sockets]
