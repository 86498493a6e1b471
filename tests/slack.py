"""Slack on loopback: signed requests as Slack sends them, and a small stand-in for its Web API."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import count
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientSession, WSMsgType, web
from aiohttp.test_utils import TestServer

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
TEAM, BOT = "T0001", "U0BOT"
EVENTS = "/slack/events"
READING = ("conversations.replies", "conversations.history")


class SlackServer:
    """Speaks as much of Slack's Web API and Socket Mode as the app uses, and remembers every call."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.responses: list[dict[str, Any]] = []
        self.refuse: Callable[[str], web.Response | None] = lambda _method: None
        self.sockets: list[web.WebSocketResponse] = []
        self.acknowledged: list[dict[str, Any]] = []
        self._stamps = count(1)
        app = web.Application(client_max_size=2**22)
        app.router.add_post("/api/{method}", self._call)
        app.router.add_get("/api/{method}", self._call)
        app.router.add_post("/respond/{id}", self._respond)
        app.router.add_get("/socket", self._socket)
        self.server = TestServer(app)

    @property
    def api_url(self) -> str:
        """The address of the Web API."""
        return str(self.server.make_url("/api/"))

    @property
    def response_url(self) -> str:
        """An address for answers that one person sees."""
        return str(self.server.make_url("/respond/1"))

    def of(self, method: str) -> list[dict[str, Any]]:
        """The arguments of all calls of a method, in their order."""
        return [arguments for called, arguments in self.calls if called == method]

    async def wait_for(self, method: str, number: int = 1, seconds: float = 10) -> list[dict[str, Any]]:
        """Wait until a method was called so many times."""
        async with timeout(seconds):
            while len(self.of(method)) < number:
                await asyncio.sleep(0.01)
        return self.of(method)

    async def wait_for_responses(self, number: int = 1) -> list[dict[str, Any]]:
        """Wait until so many answers came that one person sees."""
        async with timeout(10):
            while len(self.responses) < number:
                await asyncio.sleep(0.01)
        return self.responses

    async def send(self, envelope: dict[str, Any]) -> None:
        """Deliver an event through Socket Mode, once somebody is connected."""
        async with timeout(10):
            while not self.sockets:
                await asyncio.sleep(0.01)
        await self.sockets[-1].send_json(envelope)

    async def _call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        refusal = self.refuse(method)
        if refusal is not None:
            return refusal
        if (request.method == "GET") is not (method in READING):
            return web.json_response({"ok": False, "error": "invalid_arguments"})
        raw = await request.read()
        arguments = json.loads(raw) if request.content_type == "application/json" and raw else dict(request.query)
        self.calls.append((method, arguments))
        match method:
            case "auth.test":
                answer = {"team": "Stadt", "team_id": TEAM, "user_id": BOT}
            case "apps.connections.open":
                answer = {"url": str(self.server.make_url("/socket")).replace("http", "ws", 1)}
            case "chat.postMessage":
                answer = {"channel": arguments["channel"], "ts": f"2000.{next(self._stamps):06}"}
                arguments["posted_ts"] = answer["ts"]
            case "conversations.replies" | "conversations.history":
                posted = self.of("chat.postMessage")
                answer = {"messages": [{"ts": sent["posted_ts"], **sent} for sent in posted]}
            case _:
                answer = {}
        return web.json_response({"ok": True, **answer})

    async def _respond(self, request: web.Request) -> web.Response:
        self.responses.append(await request.json())
        return web.Response(text="ok")

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1})
        self.sockets.append(socket)
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                self.acknowledged.append(json.loads(message.data))
        return socket


def timeout(seconds: float) -> Any:
    """Fails a test that would wait for ever."""
    return _Timeout(seconds)


class _Timeout:
    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    async def __aenter__(self) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._handle = asyncio.get_running_loop().call_later(self._seconds, task.cancel, "it did not happen in time")

    async def __aexit__(self, *_: object) -> None:
        self._handle.cancel()


def headers(body: bytes, *, secret: str = SECRET, age: float = 0) -> dict[str, str]:
    """The headers with which Slack signs a request (https://docs.slack.dev/authentication)."""
    stamp = str(int(time.time() - age))
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


def callback(event: dict[str, Any], event_id: str) -> dict[str, Any]:
    """The body in which the Events API delivers an event."""
    return {
        "token": "XXYYZZ",
        "team_id": TEAM,
        "api_app_id": "A0001",
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(time.time()),
        "event_context": "4-abc",
        "authorizations": [{"enterprise_id": None, "team_id": TEAM, "user_id": BOT, "is_bot": True}],
        "is_ext_shared_channel": False,
    }


def direct(text: str, ts: str, *, user: str = "U1", channel: str = "D1", thread: str | None = None) -> dict[str, Any]:
    """A direct message."""
    threaded = {"thread_ts": thread} if thread else {}
    return {"type": "message", "channel_type": "im", "channel": channel, "user": user, "text": text, "ts": ts,
            "event_ts": ts, "client_msg_id": f"c{ts}", "team": TEAM, **threaded}  # fmt: skip


def mention(text: str, ts: str, *, user: str = "U1", channel: str = "C1", thread: str | None = None) -> dict[str, Any]:
    """A mention in a channel."""
    threaded = {"thread_ts": thread} if thread else {}
    return {"type": "app_mention", "channel": channel, "user": user, "text": f"<@{BOT}> {text}", "ts": ts,
            "event_ts": ts, "team": TEAM, **threaded}  # fmt: skip


def changed(event: dict[str, Any], text: str) -> dict[str, Any]:
    """The event that reports that the message of another event was edited."""
    before = {key: event[key] for key in ("user", "text", "ts", "thread_ts", "team") if key in event}
    message = {**before, "type": "message", "text": text, "edited": {"user": event["user"], "ts": "9.0"}}
    return {"type": "message", "subtype": "message_changed", "hidden": True, "channel": event["channel"], "ts": "9.1",
            "event_ts": "9.1", "channel_type": event.get("channel_type", "channel"), "message": message,
            "previous_message": {**before, "type": "message"}}  # fmt: skip


def deleted(event: dict[str, Any]) -> dict[str, Any]:
    """The event that reports that the message of another event was deleted."""
    before = {key: event[key] for key in ("user", "text", "ts", "thread_ts", "team") if key in event}
    return {"type": "message", "subtype": "message_deleted", "hidden": True, "channel": event["channel"],
            "deleted_ts": event["ts"], "ts": "9.2", "event_ts": "9.2",
            "channel_type": event.get("channel_type", "channel"),
            "previous_message": {**before, "type": "message"}}  # fmt: skip


def click(
    action_id: str, value: str, post: dict[str, Any], *, user: str = "U1", trigger: str = "1.2.a"
) -> dict[str, Any]:
    """The body that tells of a click on a button of a posted message."""
    thread = {"thread_ts": post["thread_ts"]} if post.get("thread_ts") else {}
    return {
        "type": "block_actions",
        "user": {"id": user, "username": "x", "team_id": TEAM},
        "api_app_id": "A0001",
        "token": "XXYYZZ",
        "container": {"type": "message", "message_ts": post["posted_ts"], "channel_id": post["channel"],
                      "is_ephemeral": False, **thread},
        "trigger_id": trigger,
        "team": {"id": TEAM, "domain": "stadt"},
        "channel": {"id": post["channel"], "name": "allgemein"},
        "message": {"type": "message", "ts": post["posted_ts"], "text": post["text"], "blocks": post["blocks"],
                    **thread},
        "response_url": "https://hooks.slack.com/actions/T0001/1/x",
        "actions": [{"action_id": action_id, "block_id": _block(post, action_id), "type": "button", "value": value,
                     "text": {"type": "plain_text", "text": "x"}, "action_ts": "1.0"}],
    }  # fmt: skip


def _block(post: dict[str, Any], action_id: str) -> str:
    """The name of the block of a button; Slack makes one up where the message has none."""
    for block in post["blocks"]:
        if any(element["action_id"] == action_id for element in block.get("elements", []) if "action_id" in element):
            return str(block.get("block_id", "b"))
    return "b"


def button(post: dict[str, Any], action_id: str) -> dict[str, Any]:
    """A button of a posted message."""
    elements = [element for block in post["blocks"] if block["type"] == "actions" for element in block["elements"]]
    return next(element for element in elements if element["action_id"] == action_id)


class SlackClient:
    """Sends a gateway what Slack would send it."""

    def __init__(self, session: ClientSession, url: str) -> None:
        self._session = session
        self._url = url.rstrip("/") + EVENTS

    async def event(self, event: dict[str, Any], event_id: str, **how: Any) -> int:
        """Deliver an event; the status of the acknowledgement."""
        return await self.post(json.dumps(callback(event, event_id)).encode(), "application/json", **how)

    async def interaction(self, payload: dict[str, Any]) -> int:
        """Deliver a click or a submitted modal."""
        return await self.post(urlencode({"payload": json.dumps(payload)}).encode())

    async def command(self, text: str, response_url: str, *, user: str = "U1", trigger: str = "9.9.z") -> int:
        """Deliver a slash command."""
        form = {"token": "XXYYZZ", "team_id": TEAM, "channel_id": "C1", "channel_name": "allgemein", "user_id": user,
                "user_name": "x", "command": "/lotse", "text": text, "api_app_id": "A0001",
                "response_url": response_url, "trigger_id": trigger, "is_enterprise_install": "false"}  # fmt: skip
        return await self.post(urlencode(form).encode())

    async def post(self, body: bytes, kind: str = "application/x-www-form-urlencoded", **how: Any) -> int:
        """Sign and send a body."""
        signed = how.pop("headers", None) or headers(body, **how)
        async with self._session.post(self._url, data=body, headers={"Content-Type": kind, **signed}) as response:
            await response.read()
            return response.status


@asynccontextmanager
async def running_server() -> AsyncIterator[SlackServer]:
    """Slack's side."""
    server = SlackServer()
    await server.server.start_server()
    try:
        yield server
    finally:
        await server.server.close()
