"""Running processes of the bot from a test, and waiting for them."""

import json
import os
import pty
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from knowledge.settings import PROJECT, Settings

_CONTROL = re.compile(r"\x1b\[[\d;?]*[A-Za-z]")
"""What a terminal is told beside the text, such as to show it in bold."""


def environment(settings: Settings) -> dict[str, str]:
    """The variables that give a process these settings."""
    values = settings.model_dump(mode="json")
    return {f"STADTLOTSE_{name.upper()}": str(value) for name, value in values.items()}


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for taken in sockets:
            taken.bind(("127.0.0.1", 0))
        return [taken.getsockname()[1] for taken in sockets]


def status(url: str) -> int | None:
    """The HTTP status of an address, None where nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except OSError:
        return None


def post(url: str, body: object, **headers: str) -> tuple[int, Any]:
    """The status and the JSON with which an address answers a JSON body, None where it answers with nothing."""
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json", **headers})
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status, None if response.status == 204 else json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def eventually(condition: Callable[[], object], seconds: float = 180) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


@contextmanager
def process(
    command: list[str], variables: dict[str, str], folder: Path, log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that writes to `log` and is ended in the end."""
    with log.open("ab") as output:
        running = subprocess.Popen(command, env=variables, cwd=folder, stdout=output, stderr=subprocess.STDOUT)
    try:
        yield running
    finally:
        running.terminate()
        try:
            running.wait(20)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


@contextmanager
def serving(settings: Settings, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`stadtlotse serve` with these settings, ready; the supervisor's process."""
    command = [sys.executable, "-m", "bot.cli", "serve"]
    with process(command, os.environ | environment(settings), PROJECT, log) as supervisor:
        eventually(lambda: "Ready" in log.read_text() or supervisor.poll() is not None)
        assert supervisor.poll() is None, log.read_text()
        yield supervisor


def stadtlotse(
    settings: Settings, *arguments: str, words: str | None = None, **variables: str
) -> "subprocess.CompletedProcess[str]":
    """What `stadtlotse` says with these settings, without a terminal; `words` is what is typed."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith("STADTLOTSE_")}
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments],
        env=outside | environment(settings) | variables,
        cwd=PROJECT,
        input=words or "",
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )


def on_terminal(settings: Settings, columns: int, *arguments: str) -> list[str]:
    """The lines that `stadtlotse` shows with these settings on a terminal so wide; what it tells of progress aside."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith("STADTLOTSE_")}
    main, terminal = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "bot.cli", *arguments],
        env=outside | environment(settings) | {"NO_COLOR": "1", "TERM": "xterm", "COLUMNS": str(columns)},
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        stdout=terminal,
        stderr=subprocess.DEVNULL,
    ) as running:
        os.close(terminal)
        said = b""
        with suppress(OSError):  # told where the other end is closed
            while more := os.read(main, 65536):
                said += more
    os.close(main)
    assert running.returncode == 0, said
    return _CONTROL.sub("", said.decode()).splitlines()
