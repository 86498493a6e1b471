"""Who a request comes from, behind proxies that are trusted and ones that are not."""

import pytest

from bot.gateway.limits import Limits, Rate

ONE_EACH = Limits(conversations=Rate(burst=1, per_second=0.001))


async def statuses(gateway, *forwarded):
    """The statuses of as many new conversations, each forwarded for an address."""
    responses = [
        await gateway.post("/api/conversations", json={}, headers={"X-Forwarded-For": addresses})
        for addresses in forwarded
    ]
    return [response.status for response in responses]


async def test_behind_a_trusted_proxy_each_address_has_its_own_limit(start):
    gateway = await start(limits=ONE_EACH, trusted_proxies="127.0.0.1, 10.0.0.0/8")
    assert await statuses(gateway, "192.0.2.1", "192.0.2.2", "192.0.2.1") == [201, 201, 429]
    assert await statuses(gateway, "192.0.2.3, 10.1.2.3", "192.0.2.3") == [201, 429]


async def test_a_forged_way_does_not_lead_around_the_limit(start):
    gateway = await start(limits=ONE_EACH, trusted_proxies="127.0.0.1")
    assert await statuses(gateway, "198.51.100.1, 192.0.2.1", "198.51.100.2, 192.0.2.1") == [201, 429]


async def test_the_port_that_a_proxy_adds_does_not_count(start):
    gateway = await start(limits=ONE_EACH, trusted_proxies="127.0.0.1")
    assert await statuses(gateway, "192.0.2.1:4711", "192.0.2.1:4712") == [201, 429]
    assert await statuses(gateway, "[2001:db8::1]:4711", "2001:db8::2") == [201, 429]


async def test_an_unknown_proxy_is_not_believed(start):
    gateway = await start(limits=ONE_EACH)
    assert await statuses(gateway, "192.0.2.1", "192.0.2.2") == [201, 429]


@pytest.mark.parametrize(
    ("proxies", "proto", "is_secure"),
    [("127.0.0.1", "https", True), ("127.0.0.1", "http", False), ("", "https", False)],
)
async def test_browsers_are_bound_to_tls_where_it_is_there(start, proxies, proto, is_secure):
    gateway = await start(trusted_proxies=proxies)
    response = await gateway.get("/", headers={"X-Forwarded-Proto": proto})
    assert ("Strict-Transport-Security" in response.headers) == is_secure


@pytest.mark.parametrize("listed", ["proxy.example", "10.0.0.0/99", "10.0.0.1/8"])
def test_what_is_no_network_is_told_at_the_start(start_refused, listed):
    assert f"'{listed}'" in start_refused(trusted_proxies=listed)


async def test_one_conversation_cannot_ask_without_end(start, begin):
    gateway = await start(limits=Limits(pace=Rate(burst=2, per_second=0.1)))
    one, other = await begin(gateway), await begin(gateway)
    assert [(await gateway.post(one, json={"text": "Frage"})).status for _ in range(3)] == [200, 200, 429]
    assert (await gateway.post(other, json={"text": "Frage"})).status == 200
