"""When Rasa or the action server fails: a kind message, never a hang, and no question lost."""

import asyncio
import logging
import sqlite3
import time
from contextlib import closing

import pytest
from aiohttp import web


async def _status_500(_question):
    return web.Response(status=500, text="Traceback (most recent call last)")


async def _garbage(_question):
    return web.Response(text="<html>", content_type="text/html")


async def _no_unicode(_question):
    return web.Response(body=b"\xff\xfe[", content_type="application/json")


async def _nothing(_question):
    return web.json_response([])


async def _no_list(_question):
    return web.json_response({"text": "hi"})


async def _no_reply(_question):
    return web.json_response([{"recipient_id": "x", "custom": {"message": "hi"}}])


async def _nothing_usable(_question):
    return web.json_response([{"recipient_id": "x", "image": "a.png"}, "text", 7])


FAILURES = [
    _status_500,
    _garbage,
    _no_unicode,
    _nothing,
    _no_list,
    _no_reply,
    _nothing_usable,
]


@pytest.mark.parametrize("respond", FAILURES, ids=lambda respond: respond.__name__)
async def test_a_failing_dialogue_is_unavailable(gateway, begin, channel, respond, caplog):
    channel.respond = respond
    with caplog.at_level(logging.DEBUG, logger="bot"):
        response = await gateway.post(await begin(gateway), json={"text": "Streng vertrauliche Frage"})
    assert response.status == 503
    assert int(response.headers["Retry-After"]) > 0
    error = (await response.json())["error"]
    assert error["code"] == "unavailable"
    assert "Traceback" not in error["message"]
    assert "vertrauliche" not in caplog.text


async def test_a_dialogue_that_is_not_there_is_unavailable(start, begin, closed_port):
    gateway = await start(rasa_port=closed_port)
    response = await gateway.post(await begin(gateway, "en"), json={"text": "Hello"})
    assert response.status == 503
    error = (await response.json())["error"]
    assert error["code"] == "unavailable"
    assert error["message"].startswith("I cannot answer right now")


async def test_a_dialogue_that_is_killed_in_the_middle_is_unavailable(gateway, begin, channel):
    channel.respond = channel.echo_when_released
    address = await begin(gateway)
    task = asyncio.create_task(gateway.post(address, json={"text": "Frage"}))
    await channel.wait_for_questions(1)
    for transport in channel.server.runner.server.connections:
        transport.force_close()
    assert (await task).status == 503


async def test_a_silent_dialogue_is_given_up_in_time(start, begin, channel):
    gateway = await start(turn_timeout=1.0)
    channel.respond = channel.echo_when_released
    address = await begin(gateway)
    began = time.monotonic()
    tasks = [asyncio.create_task(gateway.post(address, json={"text": f"Frage {number}"})) for number in range(3)]
    responses = [await task for task in tasks]
    assert time.monotonic() - began < 2.0
    assert [response.status for response in responses] == [503, 503, 503]
    assert {(await response.json())["error"]["code"] for response in responses} == {"timeout"}


async def test_an_unanswered_turn_stays_and_can_be_asked_again(gateway, begin, channel):
    channel.respond = _status_500
    address = await begin(gateway)
    await gateway.post(address, json={"text": "Frage", "id": "m-1"})
    await gateway.post(address, json={"text": "Ohne Kennung"})
    turns = (await (await gateway.get(address)).json())["turns"]
    assert [(turn["state"], turn["messages"]) for turn in turns] == [
        ("unanswered", []),
        ("unanswered", []),
    ]
    channel.respond = channel.echo
    for turn in turns:
        response = await gateway.post(address, json={"text": turn["text"], "id": turn["id"]})
        assert response.status == 200
    turns = (await (await gateway.get(address)).json())["turns"]
    assert [(turn["text"], turn["state"]) for turn in turns] == [
        ("Frage", "answered"),
        ("Ohne Kennung", "answered"),
    ]


async def test_a_turn_left_by_a_crash_is_shown_and_asked_again(start, begin, channel, tmp_path):
    gateway = await start(turn_timeout=0.1)
    channel.respond = channel.echo_when_released
    address = await begin(gateway)
    await gateway.post(address, json={"text": "Frage", "id": "m-1"})
    await gateway.close()
    channel.respond = channel.echo
    restarted = await start()
    assert (await (await restarted.get(address)).json())["turns"][0]["state"] == "unanswered"
    assert (await restarted.post(address, json={"text": "Frage", "id": "m-1"})).status == 200


async def test_a_stopping_gateway_finishes_its_turns(start, begin, channel):
    gateway = await start()
    channel.respond = channel.echo_when_released
    address = await begin(gateway)
    turn = asyncio.create_task(gateway.post(address, json={"text": "Frage", "id": "m-1"}))
    await channel.wait_for_questions(1)
    stopping = asyncio.create_task(gateway.server.close())
    await asyncio.sleep(0.05)
    assert not stopping.done()
    channel.release.set()
    assert (await turn).status == 200
    await stopping
    restarted = await start()
    assert (await (await restarted.get(address)).json())["turns"][0]["state"] == "answered"


async def test_an_unexpected_error_tells_nothing_but_that_it_happened(gateway, begin, tmp_path, caplog):
    address = await begin(gateway)
    with closing(sqlite3.connect(tmp_path / "state.db")) as connection:
        connection.execute("DROP TABLE turn")
    for accept in ("application/json", "text/event-stream"):
        response = await gateway.post(address, json={"text": "Streng vertraulich"}, headers={"Accept": accept})
        body = await response.text()
        assert '"internal"' in body
        assert "table" not in body
    response = await gateway.get(address)
    assert response.status == 500
    assert "OperationalError" in caplog.text
    assert "vertraulich" not in caplog.text
