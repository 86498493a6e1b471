"""Turns as server-sent events."""

import asyncio
import json

from aiohttp import web

from bot.gateway.limits import Limits
from knowledge.messages import Citation, Kind, Message, Reply

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


def _item(words, *citations):
    message = Message(kind=Kind.ANSWER, text=words, lang="de", citations=list(citations), confidence=1)
    return json.dumps(
        {"recipient_id": "x", "custom": Reply(message=message).model_dump(mode="json")}, ensure_ascii=False
    )


def _in_pieces(channel, *pieces, then=None):
    """What Rasa's channel does when actions say one thing after another; waits before the last piece."""

    async def body():
        *first, last = pieces
        for piece in first:
            yield piece.encode() if isinstance(piece, str) else piece
            await asyncio.sleep(0.02)
        await channel.release.wait()
        if then is not None:
            then()
        yield last.encode()

    async def respond(_question):
        return web.Response(body=body(), content_type="application/json")

    return respond


async def _events(response, count):
    read = b"".join([await response.content.readuntil(b"\n\n") for _ in range(count)])
    return [(name, data.get("text")) for name, data in _parsed(read)]


async def test_each_message_comes_as_soon_as_it_was_said(gateway, begin, channel):
    channel.respond = _in_pieces(channel, f"[{_item('eins')}", f",{_item('zwei')}]")
    address = await begin(gateway)
    body = {"text": "Frage", "id": "m-1"}
    first = await gateway.post(address, json=body, headers=EVENTS)
    assert await _events(first, 2) == [("typing", None), ("message", "eins")]
    joined = await gateway.post(address, json=body, headers=EVENTS)
    assert await _events(joined, 2) == [("typing", None), ("message", "eins")]
    channel.release.set()
    for response in (first, joined):
        assert [name for name, _ in _parsed(await response.read())] == ["message", "done"]
    as_json = await (await gateway.post(address, json=body)).json()
    assert [message["text"] for message in as_json["messages"]] == ["eins", "zwei"]
    assert len(channel.asked) == 1


async def test_a_message_may_be_cut_anywhere_on_its_way(gateway, begin, channel):
    whole = f"[{_item('Förderung für Bürgerinnen')}, {_item('zwei')}]".encode()
    cut = whole.index("ü".encode()) + 1
    channel.respond = _in_pieces(channel, whole[:1], whole[1:cut], whole[cut:-1], "]")
    channel.release.set()
    answer = await (await gateway.post(await begin(gateway), json={"text": "Frage"})).json()
    assert [message["text"] for message in answer["messages"]] == ["Förderung für Bürgerinnen", "zwei"]


async def test_what_has_sources_can_be_read_before_they_come(gateway, begin, channel):
    source = Citation(title="Titel", url="/sources/a/1", quote="eins")
    channel.respond = _in_pieces(channel, "[", f"{_item('eins', source)},{_item('zwei')}]")
    channel.release.set()
    response = await gateway.post(await begin(gateway), json={"text": "Frage"}, headers=EVENTS)
    events = _parsed(await response.read())
    assert [name for name, _ in events] == ["typing", "text", "message", "message", "done"]
    assert events[1][1] == {"kind": "answer", "text": "eins", "lang": "de"}


async def test_an_answer_that_breaks_off_is_an_outage_and_comes_whole_later(gateway, begin, channel):
    def cut():
        for transport in channel.server.runner.server.connections:
            transport.force_close()

    channel.respond = _in_pieces(channel, f"[{_item('eins')}", f",{_item('zwei')}]", then=cut)
    address = await begin(gateway)
    body = {"text": "Frage", "id": "m-1"}
    response = await gateway.post(address, json=body, headers=EVENTS)
    assert await _events(response, 2) == [("typing", None), ("message", "eins")]
    channel.release.set()
    (name, error), *rest = _parsed(await response.read())
    assert (name, error["error"]["code"], rest) == ("error", "unavailable", [])
    (turn,) = (await (await gateway.get(address)).json())["turns"]
    assert (turn["state"], turn["messages"]) == ("unanswered", [])
    channel.respond = channel.echo
    again = await gateway.post(address, json=body, headers=EVENTS)
    assert [name for name, _ in _parsed(await again.read())] == ["typing", "message", "done"]
