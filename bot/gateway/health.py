"""Whether the gateway runs, and whether questions can be answered."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import aiohttp
from aiohttp import web

from bot.gateway.dialogue import DialogueClient
from bot.gateway.schemas import Health, Parts, PartState, Readiness
from knowledge.errors import StadtlotseError
from knowledge.releases.release import open_release
from knowledge.settings import Settings

_PROBE_SECONDS = 1.0
_KEPT_SECONDS = 1.0


class _Probe:
    """Asks one part for its state and remembers whether it was ever ready."""

    def __init__(self, status: Callable[[], Awaitable[int]]) -> None:
        self._status = status
        self._was_ready = False

    async def state(self) -> PartState:
        """A part that refuses connections is starting, or down where it had been ready before."""
        try:
            is_ready = await self._status() == 200
        except asyncio.TimeoutError:
            return "starting"
        except (aiohttp.ClientError, OSError):
            return "down" if self._was_ready else "starting"
        self._was_ready = self._was_ready or is_ready
        return "ready" if is_ready else "starting"


class ReadinessCheck:
    """Asks every part that an answer needs, at most once a second however many callers want to know."""

    def __init__(self, settings: Settings, dialogue: DialogueClient) -> None:
        self._settings = settings
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_PROBE_SECONDS))
        self._dialogue = _Probe(lambda: dialogue.status(_PROBE_SECONDS))
        self._answers = _Probe(self._answers_status)
        self._lock = asyncio.Lock()
        self._asked = float("-inf")
        self._known: Readiness | None = None

    async def close(self) -> None:
        """Let go of the connections."""
        await self._session.close()

    async def readiness(self) -> Readiness:
        """The state of all parts, not older than a second."""
        async with self._lock:
            if self._known is None or time.monotonic() - self._asked > _KEPT_SECONDS:
                self._known = await self._ask()
                self._asked = time.monotonic()
            return self._known

    async def _ask(self) -> Readiness:
        dialogue, answers, knowledge = await asyncio.gather(
            self._dialogue.state(),
            self._answers.state(),
            asyncio.to_thread(_knowledge_state, self._settings),
        )
        parts = Parts(dialogue=dialogue, answers=answers, knowledge=knowledge)
        return Readiness(ready=dialogue == answers == knowledge == "ready", parts=parts)

    async def _answers_status(self) -> int:
        async with self._session.get(f"http://127.0.0.1:{self._settings.actions_port}/health") as response:
            return response.status


READINESS = web.AppKey("readiness", ReadinessCheck)


async def get_health(_request: web.Request) -> web.Response:
    """`GET /healthz`: 200 as long as the gateway runs."""
    return web.Response(text=Health().model_dump_json(), content_type="application/json")


async def get_readiness(request: web.Request) -> web.Response:
    """`GET /readyz`: 200 when questions can be answered, else 503; the body names the state of each part."""
    readiness = await request.app[READINESS].readiness()
    status = 200 if readiness.ready else 503
    return web.Response(text=readiness.model_dump_json(), status=status, content_type="application/json")


def _knowledge_state(settings: Settings) -> PartState:
    try:
        open_release(settings)
    except StadtlotseError:
        return "missing"
    return "ready"
