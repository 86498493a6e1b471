"""Which sites' pages may use the chat."""

import pytest

SITE = "https://www.stadt.example"
PREFLIGHT = {"Origin": SITE, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}


@pytest.fixture
async def listed(start):
    """A gateway that knows one site."""
    return await start(widget_origins=f"{SITE}, http://intranet.example:8000")


async def test_a_listed_sites_page_may_do_all_a_conversation_needs(listed):
    headers = {"Origin": SITE}
    begun = await listed.post("/api/conversations", json={}, headers=headers)
    assert begun.status == 201
    address = begun.headers["Location"]
    responses = [
        await listed.get("/widget.js", headers=headers),
        await listed.get("/api/texts/de", headers=headers),
        await listed.get("/readyz", headers=headers),
        begun,
        await listed.post(address, json={"text": "Frage", "id": "m1"}, headers=headers),
        await listed.get(address, headers=headers),
        await listed.post(
            address.replace("messages", "feedback"), json={"message": "m1", "verdict": "up"}, headers=headers
        ),
        await listed.delete(address.removesuffix("/messages"), headers=headers),
    ]
    for response in responses:
        assert response.headers["Access-Control-Allow-Origin"] == SITE
        assert "Origin" in response.headers["Vary"]
        assert "Access-Control-Allow-Credentials" not in response.headers
        assert "Set-Cookie" not in response.headers


async def test_answers_as_events_may_be_read_there_too(listed):
    begun = await listed.post("/api/conversations", json={}, headers={"Origin": SITE})
    headers = {"Origin": SITE, "Accept": "text/event-stream"}
    response = await listed.post(begun.headers["Location"], json={"text": "Frage"}, headers=headers)
    assert response.headers["Access-Control-Allow-Origin"] == SITE
    assert "event: done" in await response.text()


async def test_an_error_can_be_read_on_a_listed_site(listed):
    response = await listed.get("/api/conversations/unknown/messages", headers={"Origin": SITE})
    assert response.status == 404
    assert response.headers["Access-Control-Allow-Origin"] == SITE
    assert "Retry-After" in response.headers["Access-Control-Expose-Headers"]


async def test_a_listed_site_is_told_what_it_may_send(listed):
    response = await listed.options("/api/conversations", headers=PREFLIGHT)
    assert response.status == 204
    assert response.headers["Access-Control-Allow-Origin"] == SITE
    assert {"POST", "DELETE"} <= set(response.headers["Access-Control-Allow-Methods"].split(", "))
    assert "Content-Type" in response.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize(
    "origin",
    [
        "https://elsewhere.example",
        "https://www.stadt.example.evil.example",
        "https://www.stadt.example:444",
        "http://www.stadt.example",
        "https://stadt.example",
        "null",
        "https://[broken",
        "",
    ],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/widget.js"),
        ("GET", "/api/texts/de"),
        ("POST", "/api/conversations"),
        ("OPTIONS", "/api/conversations"),
    ],
)
async def test_every_other_site_is_refused_with_a_sentence(listed, origin, method, path):
    headers = {**PREFLIGHT, "Origin": origin, "Accept-Language": "en"}
    response = await listed.request(method, path, headers=headers)
    assert response.status == 403
    assert "Access-Control-Allow-Origin" not in response.headers
    error = (await response.json())["error"]
    assert error["code"] == "foreign_origin"
    assert "STADTLOTSE_WIDGET_ORIGINS" in error["message"]


async def test_without_a_list_no_other_site_may(gateway):
    assert (await gateway.get("/widget.js", headers={"Origin": SITE})).status == 403
    assert (await gateway.get("/widget.js")).status == 200


@pytest.mark.parametrize(
    "listed",
    ["www.stadt.example", "https://www.stadt.example/", "https://www.stadt.example/pfad", "ftp://a.example", "*"],
)
def test_what_is_no_origin_is_told_at_the_start(start_refused, listed):
    told = start_refused(widget_origins=listed)
    assert "STADTLOTSE_WIDGET_ORIGINS" in told
    assert f"'{listed}'" in told
