"""How many requests an address may send."""

import asyncio
import gc
import re
from pathlib import Path

import aiohttp
import pytest

from bot.gateway import limits as limits_module
from bot.gateway.errors import ApiError
from bot.gateway.limits import Buckets, Limits, Rate


class Clock:
    """A clock that a test moves."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_tokens_come_back_with_time():
    clock = Clock()
    buckets = Buckets(Rate(burst=2, per_second=0.5), clock)
    buckets.take("192.0.2.1")
    buckets.take("192.0.2.1")
    with pytest.raises(ApiError) as refused:
        buckets.take("192.0.2.1")
    assert refused.value.headers == {"Retry-After": "2"}
    clock.now += 2
    buckets.take("192.0.2.1")
    clock.now += 1_000
    buckets.take("192.0.2.1")
    buckets.take("192.0.2.1")
    with pytest.raises(ApiError):
        buckets.take("192.0.2.1")


def test_addresses_have_buckets_of_their_own_and_an_ipv6_network_has_one():
    buckets = Buckets(Rate(burst=1, per_second=0.1), Clock())
    for address in (
        "192.0.2.1",
        "192.0.2.2",
        "2001:db8::1",
        "2001:db8:0:1::1",
        "::ffff:192.0.2.9",
        "::ffff:192.0.2.8",
        "",
    ):
        buckets.take(address)
    with pytest.raises(ApiError):
        buckets.take("2001:db8::2")


def test_addresses_that_were_quiet_longest_are_forgotten(monkeypatch):
    monkeypatch.setattr(limits_module, "MAX_BUCKETS", 2)
    buckets = Buckets(Rate(burst=1, per_second=0.1), Clock())
    for address in ("192.0.2.1", "192.0.2.2", "192.0.2.3"):
        buckets.take(address)
    buckets.take("192.0.2.1")
    with pytest.raises(ApiError):
        buckets.take("192.0.2.3")


@pytest.mark.parametrize(("header", "words"), [("de", "in 10 Sekunden"), ("en", "in 10 seconds")])
async def test_too_many_conversations_are_refused(start, header, words):
    gateway = await start(limits=Limits(conversations=Rate(burst=2, per_second=0.1)))
    statuses = [(await gateway.post("/api/conversations", json={})).status for _ in range(2)]
    refused = await gateway.post("/api/conversations", json={}, headers={"Accept-Language": header})
    assert [*statuses, refused.status] == [201, 201, 429]
    assert refused.headers["Retry-After"] == "10"
    error = (await refused.json())["error"]
    assert error["code"] == "too_many_requests"
    assert words in error["message"]


async def test_too_many_messages_are_refused_and_not_asked(start, begin, channel):
    gateway = await start(limits=Limits(messages=Rate(burst=2, per_second=0.1)))
    addresses = [await begin(gateway) for _ in range(3)]
    statuses = [(await gateway.post(address, json={"text": "Frage"})).status for address in addresses]
    assert statuses == [200, 200, 429]
    assert len(channel.asked) == 2
    assert (await gateway.get(addresses[0])).status == 200


async def test_all_conversations_together_wait_for_no_more_than_the_bot_can_answer(start, begin, channel):
    gateway = await start(limits=Limits(running_turns=2))
    channel.respond = channel.echo_when_released
    addresses = [await begin(gateway) for _ in range(3)]
    waiting = [asyncio.create_task(gateway.post(address, json={"text": "Frage"})) for address in addresses[:2]]
    await channel.wait_for_questions(2)
    refused = await gateway.post(addresses[2], json={"text": "Frage"})
    assert refused.status == 429
    assert int(refused.headers["Retry-After"]) > 0
    channel.release.set()
    assert [(await response).status for response in waiting] == [200, 200]
    assert (await gateway.post(addresses[2], json={"text": "Frage"})).status == 200


async def test_ten_thousand_conversations_leave_memory_as_it_is(start):
    plenty = Rate(burst=1_000_000, per_second=1_000_000)
    gateway = await start(limits=Limits(conversations=plenty))
    address = gateway.make_url("/api/conversations")

    async def begin(session, count):
        for _ in range(count):
            async with session.post(address, json={}) as response:
                assert response.status == 201
        gc.collect()
        return resident_kilobytes()

    async with aiohttp.ClientSession() as session:
        before = await begin(session, 2_000)
        assert await begin(session, 10_000) - before < 4_096


def resident_kilobytes():
    """The memory that this process holds."""
    return int(re.search(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text())[1])
