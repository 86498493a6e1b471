"""Filters of messages: checked, passed on, and part of what a message is."""

import asyncio

import pytest

FILTER = {"kinds": ["guideline"], "laender": ["HE"], "since": 2020}


async def test_the_dialogue_gets_the_filter(gateway, begin, channel):
    response = await gateway.post(await begin(gateway), json={"text": "Frage", "filter": FILTER})
    assert response.status == 200
    assert channel.asked[0]["metadata"]["filter"] == FILTER


@pytest.mark.parametrize("empty", [None, {}, {"kinds": [], "since": None}])
async def test_a_filter_that_limits_nothing_is_none(gateway, begin, channel, empty):
    address = await begin(gateway)
    await gateway.post(address, json={"text": "Frage", "id": "m-1", "filter": empty})
    assert "filter" not in channel.asked[0]["metadata"]
    assert (await gateway.post(address, json={"text": "Frage", "id": "m-1"})).status == 200
    assert len(channel.asked) == 1


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"kinds": ["novel"]}, "invalid_field", "filter.kinds"),
        ({"laender": ["Atlantis"]}, "invalid_field", "filter"),
        ({"since": 23}, "invalid_field", "filter.since"),
        ({"land": ["HE"]}, "unknown_field", "filter.land"),
        ({"documents": "bericht.pdf"}, "invalid_field", "filter.documents"),
        (["guideline"], "invalid_field", "filter"),
    ],
)
async def test_a_wrong_filter_is_refused(gateway, begin, channel, wrong, code, field):
    response = await gateway.post(await begin(gateway), json={"text": "Frage", "filter": wrong})
    assert response.status == 400
    error = (await response.json())["error"]
    assert error["code"] == code
    assert field in error["message"]
    assert not channel.asked


async def test_another_filter_under_a_used_id_is_another_message(start, begin, channel):
    gateway = await start()
    address = await begin(gateway)
    sent = {"text": "Frage", "id": "m-1", "filter": FILTER}
    first = await (await gateway.post(address, json=sent)).json()
    await gateway.close()
    restarted = await start()
    reordered = dict(reversed(FILTER.items()))
    assert await (await restarted.post(address, json={**sent, "filter": reordered})).json() == first
    for other in ({**FILTER, "since": 2021}, {}):
        assert (await restarted.post(address, json={**sent, "filter": other})).status == 409
    assert len(channel.asked) == 1


async def test_another_filter_for_a_turn_that_runs_is_refused(gateway, begin, channel):
    channel.respond = channel.echo_when_released
    address = await begin(gateway)
    running = asyncio.create_task(gateway.post(address, json={"text": "Frage", "id": "m-1", "filter": FILTER}))
    await channel.wait_for_questions(1)
    assert (await gateway.post(address, json={"text": "Frage", "id": "m-1"})).status == 409
    channel.release.set()
    assert (await running).status == 200


async def test_the_transcript_tells_the_filter(gateway, begin):
    address = await begin(gateway)
    await gateway.post(address, json={"text": "Eins", "filter": FILTER})
    await gateway.post(address, json={"text": "Zwei"})
    filtered, plain = (await (await gateway.get(address)).json())["turns"]
    assert {name: value for name, value in filtered["filter"].items() if value} == FILTER
    assert plain["filter"] is None


async def test_the_filter_is_described(gateway):
    schemas = (await (await gateway.get("/api/openapi.json")).json())["components"]["schemas"]
    assert "filter" in schemas["NewMessage"]["properties"]
    described = next(schema for name, schema in schemas.items() if name.startswith("Filter"))
    assert {"programmes", "kinds", "laender", "since", "until", "documents"} == set(described["properties"])
