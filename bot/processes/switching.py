"""The switch to another dialogue while people talk: a second Rasa starts beside the first and takes over new turns."""

import asyncio
import json
import socket
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bot.processes.dialogue_port import set_dialogue_port
from bot.processes.reserve import with_reserve
from bot.processes.supervisor import Child, Supervisor
from knowledge.files.integrity import digest
from knowledge.releases.release import DIALOGUE_MODEL, Release, current_release
from knowledge.settings import Settings

_LOOPBACK = "127.0.0.1"
_FOLLOW_SECONDS = 0.5
_POLL_SECONDS = 0.2
_PROBE_SECONDS = 2.0
# Rasa loads its model in half a minute on two busy cores.
_START_SECONDS = 300.0
# A turn that read the old port just before the switch is at Rasa's by then.
_GRACE_SECONDS = 2.0


class DialogueSwitch:
    """Follows the current release, and goes over to its dialogue whenever that is another one than the running."""

    def __init__(self, settings: Settings, first: Child, release: Release, notice: Callable[[str], None]) -> None:
        """`first` is the Rasa that is started with the dialogue of `release`."""
        self._settings = settings
        self._running = first
        self._number = 1
        self._model = _model_of(release)
        self._refused: str | None = None
        self._seen: str | None = None
        self._notice = notice

    async def follow(self, supervisor: Supervisor) -> None:
        """Watch for another dialogue until cancelled."""
        while True:
            await asyncio.sleep(_FOLLOW_SECONDS)
            if (link := _link(self._settings)) == self._seen:
                continue
            self._seen = link
            release = await asyncio.to_thread(current_release, self._settings, damaged_is_none=True)
            model = await asyncio.to_thread(_model_of, release) if release else None
            if release is None or model in (None, self._model, self._refused):
                continue
            await self._go_over(supervisor, release, model)
            self._seen = None  # whatever went live meanwhile

    async def _go_over(self, supervisor: Supervisor, release: Release, model: str | None) -> None:
        port = _free_port(self._settings.rasa_port)
        self._number += 1
        second = replace(
            self._running,
            name=f"Rasa no. {self._number}",
            command=[*self._running.command[:-1], str(release.path / DIALOGUE_MODEL)],
            environment={**self._running.environment, "STADTLOTSE_RASA_PORT": str(port)},
        )
        supervisor.start(second)
        if not await self._became_ready(supervisor, second, port, model):
            await supervisor.stop(second.name)
            return
        old, old_port = self._running, _port_of(self._running, self._settings)
        try:
            await asyncio.to_thread(with_reserve, self._settings.var, lambda: set_dialogue_port(self._settings, port))
        except OSError as error:
            self._refused = model
            self._notice(f"The new dialogue cannot take over ({error.strerror}); the one before goes on.")
            await supervisor.stop(second.name)
            return
        self._running, self._model, self._refused = second, model, None
        self._notice(f"New turns go to the dialogue of release {release.id}.")
        await self._finish_turns(old_port)
        await supervisor.stop(old.name)

    async def _became_ready(self, supervisor: Supervisor, child: Child, port: int, model: str | None) -> bool:
        """Wait until the second Rasa answers; not where it ends, takes too long or is not wanted any more."""
        deadline = time.monotonic() + _START_SECONDS
        while await _turns_at(port) is None:
            release = await asyncio.to_thread(current_release, self._settings, damaged_is_none=True)
            if release is not None and await asyncio.to_thread(_model_of, release) != model:
                return False
            if supervisor.restarts(child.name) or time.monotonic() > deadline:
                self._refused = model
                self._notice(f"The new dialogue does not start; the one before goes on. See {child.log}.")
                return False
            await asyncio.sleep(_POLL_SECONDS)
        return True

    async def _finish_turns(self, port: int) -> None:
        """Wait until a Rasa has answered what it was asked, but no longer than a turn may last."""
        await asyncio.sleep(_GRACE_SECONDS)
        deadline = time.monotonic() + self._settings.turn_timeout
        while await _turns_at(port) and time.monotonic() < deadline:  # noqa: ASYNC110  # nothing tells but asking
            await asyncio.sleep(_POLL_SECONDS)


def _link(settings: Settings) -> str | None:
    try:
        return str(settings.current_release.readlink())
    except OSError:
        return None


def _model_of(release: Release) -> str | None:
    """Hash of a release's dialogue model; None where it has none."""
    noted = release.manifest.files.get(DIALOGUE_MODEL)
    return noted or _hash_of(release.path / DIALOGUE_MODEL)


def _hash_of(path: Path) -> str | None:
    try:
        return digest(path)
    except OSError:
        return None


def _port_of(child: Child, settings: Settings) -> int:
    return int(child.environment.get("STADTLOTSE_RASA_PORT", settings.rasa_port))


def _free_port(preferred: int) -> int:
    """The preferred port where nobody listens on it, else any."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((_LOOPBACK, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no port is free")


async def _turns_at(port: int) -> int | None:
    """How many turns Rasa is at on a port; None where it does not answer."""
    try:
        return await asyncio.wait_for(_asked(port), _PROBE_SECONDS)
    except (OSError, ValueError, KeyError, IndexError, TypeError, asyncio.TimeoutError, EOFError):
        return None


async def _asked(port: int) -> int:
    reader, writer = await asyncio.open_connection(_LOOPBACK, port)
    try:
        writer.write(f"GET /webhooks/dialogue/ HTTP/1.1\r\nHost: {_LOOPBACK}\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        body = (await reader.read()).partition(b"\r\n\r\n")[2]
        return int(json.loads(body)["turns"])
    finally:
        writer.close()
