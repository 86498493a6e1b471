"""What is counted and measured."""

import asyncio
import time

import pytest
from aiohttp import web
from prometheus_client.parser import text_string_to_metric_families

from knowledge.messages import Kind


async def _samples(gateway):
    text = await (await gateway.get("/metrics")).text()
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_everything_is_there_from_the_start(gateway):
    samples = await _samples(gateway)
    for kind in ("answer", "abstention", "text", "choice", "error"):
        assert samples["stadtlotse_turns_total", kind] == 0
    for stage in ("gateway", "dialogue", "retrieval"):
        assert samples["stadtlotse_turn_seconds_count", stage] == 0
    assert samples["process_resident_memory_bytes",] > 0


@pytest.mark.parametrize("kind", list(Kind))
async def test_turns_are_counted_by_kind(gateway, begin, channel, kind):
    channel.kind = kind
    address = await begin(gateway)
    for _ in range(2):
        await gateway.post(address, json={"text": "Frage", "id": "same"})
    samples = await _samples(gateway)
    assert samples["stadtlotse_turns_total", kind.value] == 1
    assert sum(value for key, value in samples.items() if key[0] == "stadtlotse_turns_total") == 1


async def test_failed_turns_are_counted_as_errors(gateway, begin, channel):
    async def respond(_question):
        return web.Response(status=500)

    channel.respond = respond
    await gateway.post(await begin(gateway), json={"text": "Frage"})
    samples = await _samples(gateway)
    assert samples["stadtlotse_turns_total", "error"] == 1
    assert samples["stadtlotse_turn_seconds_count", "dialogue"] == 0


async def test_seconds_are_told_apart_by_stage(gateway, begin, channel):
    async def respond(question):
        await asyncio.sleep(0.2)
        return await channel.echo(question)

    channel.respond = respond
    channel.seconds = {"retrieval": 0.15, "wording": 0.01}
    address = await begin(gateway)
    began = time.perf_counter()
    await gateway.post(address, json={"text": "Frage"})
    took = time.perf_counter() - began
    samples = await _samples(gateway)
    seconds = {stage: samples["stadtlotse_turn_seconds_sum", stage] for stage in ("gateway", "dialogue", "retrieval")}
    assert seconds["retrieval"] == pytest.approx(0.15)
    assert seconds["dialogue"] >= 0.05
    assert seconds["gateway"] > 0
    assert 0.2 <= sum(seconds.values()) <= took


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded"])
async def test_callers_behind_a_proxy_do_not_see_them(gateway, header):
    response = await gateway.get("/metrics", headers={header: "192.0.2.1"})
    assert response.status == 403
    assert (await response.json())["error"]["code"] == "forbidden"


async def test_feedback_is_counted_by_verdict_and_reason(gateway, begin):
    address = await begin(gateway)
    await gateway.post(address, json={"text": "Frage", "id": "m1"})
    for body in ({"verdict": "down"}, {"verdict": "down", "reasons": ["wrong", "outdated"]}, {"verdict": "up"}):
        await gateway.post(address.replace("/messages", "/feedback"), json={"message": "m1", **body})
    samples = await _samples(gateway)
    assert samples["stadtlotse_feedback_total", "down"] == 1
    assert samples["stadtlotse_feedback_total", "up"] == 1
    assert samples["stadtlotse_feedback_reasons_total", "wrong"] == 1
    assert samples["stadtlotse_feedback_reasons_total", "not_asked"] == 0
