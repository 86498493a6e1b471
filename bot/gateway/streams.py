"""A turn as server-sent events."""

from collections.abc import Iterator

from aiohttp import web

from bot.gateway.errors import ApiError
from bot.gateway.languages import language_of
from bot.gateway.running_turn import RunningTurn
from knowledge.messages import Message

_HEADERS = {"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}
_HEARTBEAT = b": waiting\n\n"


def wants_events(request: web.Request) -> bool:
    """Whether the caller asks for server-sent events rather than one JSON document."""
    kinds = request.headers.get("Accept", "").split(",")
    return any(kind.partition(";")[0].strip().lower() == "text/event-stream" for kind in kinds)


async def stream_turn(request: web.Request, turn: RunningTurn, heartbeat_seconds: float) -> web.StreamResponse:
    """Send `typing`, then each of the bot's messages as it comes, then `done`; or `error` with the API's error body.

    A message that has sources comes twice: as `text`, so that it can be read, and whole as `message`. A reader who goes
    away does not end the turn.
    """
    response = web.StreamResponse(headers=_HEADERS)
    try:
        await response.prepare(request)
        await response.write(_event("typing", "{}"))
        async for message in turn.messages(heartbeat_seconds):
            for event in _events(message):
                await response.write(event)
        await response.write(_end(request, turn))
        await response.write_eof()
    except ConnectionError:
        pass
    return response


def _events(message: Message | None) -> Iterator[bytes]:
    if message is None:
        yield _HEARTBEAT
        return
    if message.citations:
        text = message.model_copy(update={"text": message.lead or message.text})
        yield _event("text", text.model_dump_json(include={"kind", "text", "lang"}))
    yield _event("message", message.model_dump_json())


def _end(request: web.Request, turn: RunningTurn) -> bytes:
    try:
        turn.task.result()
    except ApiError as error:
        return _event("error", error.body(language_of(request)))
    return _event("done", "{}")


def _event(name: str, data: str) -> bytes:
    return f"event: {name}\ndata: {data}\n\n".encode()
