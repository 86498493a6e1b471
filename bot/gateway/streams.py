"""A turn as server-sent events."""

import asyncio

from aiohttp import web

from bot.gateway.errors import ApiError
from bot.gateway.languages import language_of
from bot.gateway.turns import TurnTask

_HEADERS = {"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}
_HEARTBEAT = b": waiting\n\n"


def wants_events(request: web.Request) -> bool:
    """Whether the caller asks for server-sent events rather than one JSON document."""
    kinds = request.headers.get("Accept", "").split(",")
    return any(kind.partition(";")[0].strip().lower() == "text/event-stream" for kind in kinds)


async def stream_turn(request: web.Request, task: TurnTask, heartbeat_seconds: float) -> web.StreamResponse:
    """Send `typing`, then a `message` for each of the bot's, then `done`; or `error` with the API's error body.

    A reader who goes away does not end the turn.
    """
    response = web.StreamResponse(headers=_HEADERS)
    try:
        await response.prepare(request)
        await response.write(_event("typing", "{}"))
        while not (await asyncio.wait({task}, timeout=heartbeat_seconds))[0]:
            await response.write(_HEARTBEAT)
        await response.write(_outcome(request, task))
        await response.write_eof()
    except ConnectionError:
        pass
    return response


def _outcome(request: web.Request, task: TurnTask) -> bytes:
    try:
        messages = task.result()
    except ApiError as error:
        return _event("error", error.body(language_of(request)))
    return b"".join(_event("message", message.model_dump_json()) for message in messages) + _event("done", "{}")


def _event(name: str, data: str) -> bytes:
    return f"event: {name}\ndata: {data}\n\n".encode()
