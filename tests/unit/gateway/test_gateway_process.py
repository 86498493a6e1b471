"""The gateway as a process of its own."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import aiohttp
import pytest

from bot.gateway.__main__ import serve
from bot.gateway.app import create_app
from knowledge.settings import Settings

HEAVY = ("torch", "faiss", "rasa", "tensorflow", "transformers", "openvino", "kreuzberg", "numpy")
OF_PLATFORMS = ("slack_bolt", "microsoft_agents", "msal")


@pytest.fixture
def environment(tmp_path, closed_port):
    """Settings of a process under test."""
    own = {
        "STADTLOTSE_VAR": str(tmp_path),
        "STADTLOTSE_PORT": str(closed_port),
        "STADTLOTSE_TOKEN": "t",
    }
    return {**os.environ, **own}


def _start(environment):
    return subprocess.Popen(
        [sys.executable, "-m", "bot.gateway"],
        env=environment,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_it_starts_and_stops_when_told(environment):
    process = _start(environment)
    try:
        address = f"http://127.0.0.1:{environment['STADTLOTSE_PORT']}/healthz"
        assert _body_within(address, seconds=20) == b'{"status":"ok"}'
        with socket.create_connection(("127.0.0.1", int(environment["STADTLOTSE_PORT"])), timeout=5) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nno\x01header\r\n\r\n")
            assert b" 400 " in connection.recv(1_000)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=10)
    finally:
        process.kill()
    assert process.returncode == 0
    assert "Traceback" not in out + err


def test_a_body_without_an_end_is_refused_and_cut_off(environment):
    port = int(environment["STADTLOTSE_PORT"])
    process = _start(environment)
    try:
        _body_within(f"http://127.0.0.1:{port}/healthz", seconds=20)
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            head = "POST /api/conversations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            connection.sendall(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode())
            began = time.monotonic()
            with pytest.raises(ConnectionError):
                while time.monotonic() - began < 8:
                    connection.sendall(b"400\r\n" + b"a" * 1024 + b"\r\n")
            assert b" 413 " in connection.recv(1_000)
    finally:
        process.kill()
        process.communicate()


def test_a_port_in_use_gives_one_sentence(environment):
    first = _start(environment)
    try:
        _body_within(f"http://127.0.0.1:{environment['STADTLOTSE_PORT']}/healthz", seconds=20)
        second = _start(environment)
        _, err = second.communicate(timeout=20)
    finally:
        first.kill()
        first.communicate()
    assert second.returncode == 1
    assert f"port {environment['STADTLOTSE_PORT']}" in err
    assert err.count("\n") == 1


async def test_more_connections_than_it_can_hold_are_turned_away(tmp_path, closed_port):
    serving = asyncio.create_task(serve(create_app(Settings(var=tmp_path)), "127.0.0.1", closed_port, connections=2))

    async def ask():
        reader, writer = await asyncio.open_connection("127.0.0.1", closed_port)
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        return await asyncio.wait_for(reader.readline(), 5), writer

    try:
        async with aiohttp.ClientSession() as session:
            await _until_answered(session, f"http://127.0.0.1:{closed_port}/healthz", serving)
        held = [await ask() for _ in range(2)]
        full, refused = await ask()
        assert [b" 200 " in line for line, _ in held] == [True, True]
        assert b" 503 " in full
        for writer in (refused, held[0][1]):
            writer.close()
        await asyncio.sleep(0.1)
        line, again = await ask()
        assert b" 200 " in line
        for writer in (again, held[1][1]):
            writer.close()
    finally:
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(serving, 10)


async def _until_answered(session, address, serving):
    for _ in range(200):
        assert not serving.done()
        try:
            async with session.get(address) as response:
                assert response.status == 200
                return
        except aiohttp.ClientConnectionError:
            await asyncio.sleep(0.05)
    raise AssertionError("it never answered")


def test_it_needs_no_heavy_library():
    unwanted = HEAVY + OF_PLATFORMS  # a platform's libraries are loaded where it is configured
    code = (
        "import sys; from bot.gateway.app import create_app; from knowledge.settings import settings; "
        f"create_app(settings()); print([name for name in {unwanted!r} if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def _body_within(address, seconds):
    until = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(address, timeout=1) as response:
                return response.read()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
