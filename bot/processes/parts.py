"""The three processes that make up the bot: how each is started, where it listens, whether it is ready."""

import asyncio
import errno
import secrets
import socket
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from bot.processes.supervisor import Child
from bot.processes.training import rasa_environment
from knowledge.errors import StadtlotseError
from knowledge.settings import PROJECT, Settings

_LOOPBACK = "127.0.0.1"
_PROBE_SECONDS = 2.0
# Where a gateway that listens on all addresses is reached from this machine.
_EVERYWHERE = {"": _LOOPBACK, "0.0.0.0": _LOOPBACK, "::": "::1"}  # noqa: S104  # compared with, not bound to
# The parts by the modules that they run.
_PROGRAMS = {"bot.processes.dialogue_server": "Rasa", "actions": "The action server", "bot.gateway": "The gateway"}


def children(settings: Settings, model: Path) -> list[Child]:
    """The processes of the bot with the dialogue model at `model`; they share a secret token made here."""
    own = {
        "STADTLOTSE_TOKEN": secrets.token_urlsafe(32),
        "STADTLOTSE_VAR": str(settings.var.resolve()),
        "STADTLOTSE_ACTIONS_PORT": str(settings.actions_port),
        "STADTLOTSE_STATE": str(settings.state.resolve()),
        "PYTHONUNBUFFERED": "1",
    }
    modules = {
        "Rasa": ("rasa", ["bot.processes.dialogue_server", str(model)], own | rasa_environment()),
        "The action server": ("actions", ["actions"], own),
        "The gateway": ("gateway", ["bot.gateway"], own),
    }
    return [
        Child(name, [sys.executable, "-m", *module], log_file(settings, log), environment, PROJECT)
        for name, (log, module, environment) in modules.items()
    ]


def program(process: Path) -> str:
    """What runs as a process, given its folder below /proc: 'stadtlotse retrain', 'The gateway', or the program's name.

    Raises `OSError` where it ended meanwhile. Beyond the command's name its arguments may hold words of people.
    """
    arguments = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
    names = [Path(one).name for one in arguments]
    for place, name in enumerate(names[:-1]):
        if name in ("stadtlotse", "bot.cli"):
            return f"stadtlotse {names[place + 1]}".strip()
        if name in _PROGRAMS:
            return _PROGRAMS[name]
    return names[0]


def log_file(settings: Settings, name: str) -> Path:
    """Where what a part says is written."""
    return settings.var.resolve() / "logs" / f"{name}.log"


def listening(settings: Settings) -> dict[str, tuple[str, int, str]]:
    """Address, port and the setting of the port, by part."""
    return {
        "gateway": (settings.host, settings.port, "STADTLOTSE_PORT"),
        "rasa": (_LOOPBACK, settings.rasa_port, "STADTLOTSE_RASA_PORT"),
        "actions": (_LOOPBACK, settings.actions_port, "STADTLOTSE_ACTIONS_PORT"),
    }


def check_ports(settings: Settings) -> None:
    """Raise `StadtlotseError` where a port is in use, asked for twice, or on an address this machine does not have."""
    taken: set[int] = set()
    for host, port, variable in listening(settings).values():
        if port in taken:
            raise StadtlotseError(f"Port {port} is asked for twice; set {variable} to another one.")
        taken.add(port)
        _check_port(host, port, variable)


def prepare_state(settings: Settings) -> None:
    """Make the file for conversations, readable by its owner alone, so that several processes can write to it."""
    settings.state.parent.mkdir(parents=True, exist_ok=True)
    settings.state.touch(mode=0o600)
    try:
        with closing(sqlite3.connect(settings.state, timeout=10)) as state:
            state.execute("PRAGMA journal_mode=WAL")
    except sqlite3.Error as error:
        raise StadtlotseError(
            f"{settings.state} cannot be used ({error}); move it away to begin with an empty one."
        ) from error


def address(settings: Settings) -> str:
    """The address at which people on this machine reach the bot."""
    is_local = settings.host in (*_EVERYWHERE, "::1", "localhost") or settings.host.startswith("127.")
    host = "localhost" if is_local else settings.host
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


async def is_ready(settings: Settings) -> bool:
    """Whether the gateway says that questions are answered."""
    host = _EVERYWHERE.get(settings.host, settings.host)
    try:
        return await asyncio.wait_for(_status(host, settings.port, "/readyz"), _PROBE_SECONDS) == 200
    except (OSError, ValueError, asyncio.TimeoutError):
        return False


async def is_listening(host: str, port: int) -> bool:
    """Whether something accepts connections there."""
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(host, port), _PROBE_SECONDS)
    except (OSError, asyncio.TimeoutError):
        return False
    writer.close()
    return True


def _check_port(host: str, port: int, variable: str) -> None:
    try:
        family, kind, protocol, _, bound = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(bound)
            probe.listen()
    except socket.gaierror as error:
        raise StadtlotseError(f"{host} is no address; set STADTLOTSE_HOST to one of this machine.") from error
    except PermissionError as error:
        raise StadtlotseError(f"Port {port} needs an administrator; set {variable} to one above 1023.") from error
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            raise StadtlotseError(
                f"{host} is no address of this machine; set STADTLOTSE_HOST to another one."
            ) from error
        raise StadtlotseError(f"Port {port} is in use; stop the other program or set {variable}.") from error


async def _status(host: str, port: int, path: str) -> int:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        return int((await reader.readline()).split()[1])
    except IndexError:
        return 0
    finally:
        writer.close()
