"""How many requests an address may send."""

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
