"""Turns as server-sent events."""

import asyncio
import json

from aiohttp import web

from bot.gateway.limits import Limits
from knowledge.messages import Kind, Message, Reply

EVENTS = {"Accept": "text/event-stream"}


def _parsed(stream: bytes) -> list[tuple[str, object]]:
    events = []
    for block in stream.decode().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if line and not line.startswith(":"))
        if fields:
            events.append((fields["event"], json.loads(fields["data"])))
    return events


async def test_an_answer_comes_as_events(gateway, begin, channel):
    async def respond(question):
        replies = [
            Reply(
                message=Message(
                    kind=Kind.TEXT,
                    text=f"{word}\nzweite Zeile",
                    lang="de",
                    confidence=1,
                )
            )
            for word in ("eins", "zwei")
        ]
        return web.json_response([{"recipient_id": "x", "custom": reply.model_dump(mode="json")} for reply in replies])

    channel.respond = respond
    address = await begin(gateway)
    response = await gateway.post(address, json={"text": "Frage", "id": "m-1"}, headers=EVENTS)
    assert response.status == 200
    assert response.headers["Content-Type"] == "text/event-stream"
    assert response.headers["Cache-Control"] == "no-store"
    events = _parsed(await response.read())
    assert [name for name, _ in events] == ["typing", "message", "message", "done"]
    as_json = await (await gateway.post(address, json={"text": "Frage", "id": "m-1"})).json()
    assert [data for name, data in events if name == "message"] == as_json["messages"]


async def test_typing_is_told_before_the_answer_and_the_connection_kept_alive(start, begin, channel):
    gateway = await start(limits=Limits(heartbeat_seconds=0.02))
    channel.respond = channel.echo_when_released
    response = await gateway.post(await begin(gateway), json={"text": "Frage"}, headers=EVENTS)
    assert await response.content.readuntil(b"\n\n") == b"event: typing\ndata: {}\n\n"
    assert await response.content.readuntil(b"\n\n") == b": waiting\n\n"
    assert await response.content.readuntil(b"\n\n") == b": waiting\n\n"
    channel.release.set()
    assert [name for name, _ in _parsed(await response.read())] == ["message", "done"]


async def test_an_outage_comes_as_an_event(gateway, begin, channel):
    async def respond(_question):
        return web.Response(status=500)

    channel.respond = respond
    response = await gateway.post(await begin(gateway, "en"), json={"text": "Hello"}, headers=EVENTS)
    events = _parsed(await response.read())
    assert [name for name, _ in events] == ["typing", "error"]
    error = events[1][1]["error"]
    assert error["code"] == "unavailable"
    assert error["message"].startswith("I cannot answer")


async def test_what_is_refused_at_once_keeps_its_status(gateway, begin, channel):
    response = await gateway.post(await begin(gateway), json={"text": ""}, headers=EVENTS)
    assert response.status == 400
    assert (await response.json())["error"]["code"] == "text_empty"


async def test_a_reader_who_goes_away_does_not_end_the_turn(start, begin, channel):
    gateway = await start(limits=Limits(heartbeat_seconds=0.01))
    channel.respond = channel.echo_when_released
    address = await begin(gateway)
    response = await gateway.post(address, json={"text": "Frage", "id": "m-1"}, headers=EVENTS)
    await response.content.readuntil(b"\n\n")
    response.close()
    await asyncio.sleep(0.05)
    channel.release.set()
    answer = await (await gateway.post(address, json={"text": "Frage", "id": "m-1"})).json()
    assert answer["messages"][0]["text"] == "echo: Frage"
    assert len(channel.asked) == 1
