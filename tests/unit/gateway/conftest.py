"""A gateway under test, and a server that stands where Rasa's dialogue channel stands."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.gateway.app import create_app
from bot.gateway.limits import DEFAULT_LIMITS, Limits
from knowledge.errors import StadtlotseError
from knowledge.messages import Kind, Message, Reply
from knowledge.settings import Settings


class Channel:
    """Speaks the protocol of Rasa's channel; `respond` decides what it says."""

    token = "token-of-this-test"

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.authorizations: list[str | None] = []
        self.respond: Callable[[dict[str, Any]], Awaitable[web.StreamResponse]] = self.echo
        self.status = 200
        self.seconds: dict[str, float] = {}
        self.kind = Kind.ANSWER
        self.release = asyncio.Event()
        app = web.Application()
        app.router.add_post("/webhooks/dialogue/webhook", self._webhook)
        app.router.add_get("/webhooks/dialogue/", self._alive)
        self.server = TestServer(app)

    @property
    def texts(self) -> list[str]:
        """What arrived, in its order."""
        return [item["message"] for item in self.asked]

    async def echo(self, question: dict[str, Any]) -> web.Response:
        """Repeat the question as a reply."""
        message = Message(
            kind=self.kind,
            text=f"echo: {question['message']}",
            lang="de",
            confidence=0.9,
        )
        reply = Reply(message=message, seconds=self.seconds)
        return web.json_response(
            [
                {
                    "recipient_id": question["sender"],
                    "custom": reply.model_dump(mode="json"),
                }
            ]
        )

    async def echo_when_released(self, question: dict[str, Any]) -> web.Response:
        """Wait until the test lets the answer go."""
        await self.release.wait()
        return await self.echo(question)

    async def wait_for_questions(self, count: int) -> None:
        """Return once that many questions have arrived."""
        async with _deadline():
            while len(self.asked) < count:
                await asyncio.sleep(0.005)

    async def _webhook(self, request: web.Request) -> web.StreamResponse:
        question = await request.json()
        self.authorizations.append(request.headers.get("Authorization"))
        self.asked.append(question)
        return await self.respond(question)

    async def _alive(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"}, status=self.status)


class _deadline:
    """Fails a test that would wait forever."""

    async def __aenter__(self) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._handle = asyncio.get_running_loop().call_later(10, task.cancel)

    async def __aexit__(self, *_: object) -> None:
        self._handle.cancel()


@pytest.fixture
async def channel() -> AsyncIterator[Channel]:
    """A running channel."""
    channel = Channel()
    await channel.server.start_server()
    yield channel
    channel.release.set()
    await channel.server.close()


@pytest.fixture
def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@pytest.fixture
async def start(
    tmp_path: Path, channel: Channel, closed_port: int, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Callable[..., Awaitable[TestClient]]]:
    """Starts gateways over one state folder, by default in front of `channel`."""
    monkeypatch.setenv("STADTLOTSE_TOKEN", channel.token)
    clients: list[TestClient] = []

    async def start_gateway(*, limits: Limits = DEFAULT_LIMITS, **values: Any) -> TestClient:
        ports = {"rasa_port": channel.server.port, "actions_port": closed_port}
        settings = Settings(**{"var": tmp_path, "turn_timeout": 5, **ports, **values})
        client = TestClient(TestServer(create_app(settings, limits)))
        await client.start_server()
        clients.append(client)
        return client

    yield start_gateway
    channel.release.set()
    for client in clients:
        await client.close()


@pytest.fixture
def start_refused(tmp_path: Path) -> Callable[..., str]:
    """Tries to make a gateway with settings that it cannot use; gives the sentence that says so."""

    def make(**values: Any) -> str:
        with pytest.raises(StadtlotseError) as refused:
            create_app(Settings(**{"var": tmp_path, **values}))
        return str(refused.value)

    return make


@pytest.fixture
async def gateway(start: Callable[..., Awaitable[TestClient]]) -> TestClient:
    """A gateway with its default limits."""
    return await start()


@pytest.fixture
def begin() -> Callable[..., Awaitable[str]]:
    """Begins a conversation and gives the address of its messages."""

    async def begin_conversation(client: TestClient, lang: str = "de") -> str:
        response = await client.post("/api/conversations", json={"lang": lang})
        assert response.status == 201
        return f"/api/conversations/{(await response.json())['id']}/messages"

    return begin_conversation
