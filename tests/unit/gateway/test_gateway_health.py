"""Whether the gateway runs, and whether questions can be answered."""

import asyncio
import time

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.gateway import health
from knowledge.releases.release import draft
from knowledge.settings import Settings


@pytest.fixture(autouse=True)
def fresh_probes(monkeypatch):
    """Ask anew each time, so that tests need not wait."""
    monkeypatch.setattr(health, "_KEPT_SECONDS", 0.0)


@pytest.fixture
async def answers():
    """Stands where the action server stands."""

    async def get_health(_request):
        return web.json_response({"status": "ok"}, status=server.status)

    app = web.Application()
    app.router.add_get("/health", get_health)
    server = TestServer(app)
    server.status = 200
    await server.start_server()
    yield server
    await server.close()


@pytest.fixture
def release(tmp_path):
    """An activated release."""
    with draft(Settings(var=tmp_path), "1"):
        pass


async def _readiness(gateway):
    response = await gateway.get("/readyz")
    return response.status, await response.json()


async def test_the_gateway_is_healthy_whatever_else_is_not(start, closed_port):
    gateway = await start(rasa_port=closed_port)
    response = await gateway.get("/healthz")
    assert (response.status, await response.json()) == (200, {"status": "ok"})


async def test_nothing_is_ready_at_first(start, closed_port):
    gateway = await start(rasa_port=closed_port)
    parts = {"dialogue": "starting", "answers": "starting", "knowledge": "missing"}
    assert await _readiness(gateway) == (503, {"ready": False, "parts": parts})


async def test_all_parts_are_ready(start, answers, release):
    gateway = await start(actions_port=answers.port)
    parts = {"dialogue": "ready", "answers": "ready", "knowledge": "ready"}
    assert await _readiness(gateway) == (200, {"ready": True, "parts": parts})


async def test_a_dialogue_that_is_not_well_is_starting(start, answers, release, channel):
    channel.status = 503
    gateway = await start(actions_port=answers.port)
    status, body = await _readiness(gateway)
    assert (status, body["parts"]["dialogue"]) == (503, "starting")


async def test_a_part_that_was_ready_and_is_gone_is_down(start, answers, release, channel):
    gateway = await start(actions_port=answers.port)
    assert (await _readiness(gateway))[0] == 200
    answers.status = 503
    assert (await _readiness(gateway))[1]["parts"]["answers"] == "starting"
    await answers.close()
    await channel.server.close()
    status, body = await _readiness(gateway)
    assert status == 503
    assert body["parts"] == {
        "dialogue": "down",
        "answers": "down",
        "knowledge": "ready",
    }


async def test_a_silent_part_does_not_hold_up_the_answer(start, closed_port):
    async def keep_silent(reader, writer):
        await reader.read()
        writer.close()

    server = await asyncio.start_server(keep_silent, "127.0.0.1", 0)
    gateway = await start(rasa_port=server.sockets[0].getsockname()[1])
    began = time.monotonic()
    status, body = await _readiness(gateway)
    assert time.monotonic() - began < 3
    assert (status, body["parts"]["dialogue"]) == (503, "starting")
    await gateway.close()
    server.close()
    await server.wait_closed()


async def test_many_callers_share_one_probe(start, answers, monkeypatch):
    monkeypatch.setattr(health, "_KEPT_SECONDS", 60.0)
    gateway = await start(actions_port=answers.port)
    before = await _readiness(gateway)
    await answers.close()
    assert await _readiness(gateway) == before
