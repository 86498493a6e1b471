"""The website's files, their texts, and the headers every response carries."""

import re

import pytest
from yarl import URL

from bot.gateway.pages import WEB
from knowledge.texts import section, text


async def test_the_chat_page_and_all_its_files_are_served(gateway):
    page = await gateway.get("/")
    assert page.status == 200
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert await page.text() == (WEB / "index.html").read_text(encoding="utf-8")
    types = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
    files = [path for path in WEB.rglob("*") if path.suffix in types]
    assert len(files) > 3
    for path in files:
        response = await gateway.get(f"/static/{path.relative_to(WEB).as_posix()}")
        assert response.status == 200
        assert response.content_type == types[path.suffix]
        assert await response.read() == path.read_bytes()


async def test_a_file_that_did_not_change_is_not_sent_again(gateway):
    first = await gateway.get("/static/chat.js")
    assert first.headers["Cache-Control"] == "no-cache"
    again = await gateway.get("/static/chat.js", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status == 304
    assert await again.read() == b""


@pytest.mark.parametrize(
    "path",
    [
        "../gateway/templates/source.html",
        "index.html",
        "missing.js",
        "../gateway/app.py",
        "%2e%2e/gateway/templates/not_found.html",
        "..%2f..%2fpyproject.toml",
        "/etc/passwd",
        "chat.js%00",
        "x" * 400 + ".js",
    ],
)
async def test_nothing_else_is_served(gateway, path):
    response = await gateway.get(URL(f"/static/{path}", encoded=True))
    assert response.status == 404


@pytest.mark.parametrize(
    ("path", "way_back"), [("/nothing", "./"), ("/nothing/at/all/", "../../../"), ("/sign-in", "./")]
)
@pytest.mark.parametrize("lang", ["de", "en"])
async def test_a_link_to_nowhere_ends_on_a_page_that_leads_back(gateway, lang, path, way_back):
    response = await gateway.get(path, headers={"Accept": "text/html,*/*;q=0.8", "Accept-Language": lang})
    page = await response.text()
    assert (response.status, response.content_type) == (404, "text/html")
    assert f'<html lang="{lang}">' in page
    assert text(lang, "gateway.not_found") in page
    assert f'<a class="home" href="{way_back}">' in page


async def test_programs_are_told_in_json(gateway):
    response = await gateway.get("/nothing", headers={"Accept": "*/*"})
    assert (await response.json())["error"]["code"] == "not_found"


@pytest.mark.parametrize("lang", ["de", "en"])
async def test_the_pages_texts_are_served(gateway, lang):
    response = await gateway.get(f"/api/texts/{lang}")
    feedback = {f"feedback_{key}": words for key, words in section(lang, "feedback").items()}
    assert await response.json() == {**section(lang, "page"), **feedback}


async def test_another_language_has_no_texts(gateway):
    assert (await gateway.get("/api/texts/fr")).status == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/static/chat.js"),
        ("GET", "/static/none"),
        ("GET", "/sources/none/1"),
        ("GET", "/healthz"),
        ("GET", "/readyz"),
        ("GET", "/metrics"),
        ("GET", "/api/openapi.json"),
        ("POST", "/api/conversations"),
        ("PUT", "/api/conversations"),
        ("GET", "/nothing"),
    ],
)
async def test_every_response_is_locked_down(gateway, method, path):
    response = await gateway.request(method, path)
    policy = dict(part.strip().split(" ", 1) for part in response.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    assert re.fullmatch(r"'self'( 'sha256-[\w+/]{43}=')?", policy["style-src"])
    assert policy["frame-ancestors"] == "'self'"
    assert policy["base-uri"] == "'none'"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response.headers["Permissions-Policy"]
    assert "Server" not in response.headers
    if path.startswith("/api/"):
        assert response.headers["Cache-Control"] == "no-store"
