"""Staff signs in at a real OpenID provider on loopback; what it cannot vouch for is refused."""

import asyncio
import time
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from aiohttp import ClientSession, CookieJar
from joserfc.jwk import OctKey, RSAKey

from bot.gateway.sign_in import PROVIDER
from tests.openid import CLIENT, SECRET, OpenIdProvider
from tests.unit.gateway.test_gateway_originals import folder, release  # noqa: F401  # fixtures

INTERNAL = "/sources/intern/2"


@pytest.fixture
async def provider():
    """A running provider."""
    provider = OpenIdProvider()
    await provider.server.start_server()
    yield provider
    await provider.server.close()


@pytest.fixture
def configured(monkeypatch, provider):
    """The variables of an installation whose staff signs in there."""
    monkeypatch.setenv("STADTLOTSE_OIDC_ISSUER", provider.issuer)
    monkeypatch.setenv("STADTLOTSE_OIDC_CLIENT_ID", CLIENT)
    monkeypatch.setenv("STADTLOTSE_OIDC_CLIENT_SECRET", SECRET)


class Browser:
    """Keeps cookies and follows redirects one by one, so that a test can step in between."""

    def __init__(self, gateway, session):
        self.gateway = gateway
        self.session = session

    async def get(self, url, **headers):
        return await self.session.get(self.gateway.make_url(url), allow_redirects=False, headers=headers)

    async def begin(self, path="/sign-in"):
        """Sign in at the provider; the address by which it leads back."""
        sent = await self.get(path)
        assert sent.status == 302, await sent.text()
        at_provider = await self.session.get(sent.headers["Location"], allow_redirects=False)
        assert at_provider.status == 302, await at_provider.text()
        return at_provider.headers["Location"]

    async def sign_in(self, path="/sign-in"):
        """The response to whoever comes back from the provider."""
        return await self.session.get(await self.begin(path), allow_redirects=False)

    async def is_signed_in(self):
        return (await (await self.get("/api/session")).json())["signed_in"]


@pytest.fixture
async def open_browser():
    """Opens browsers."""
    sessions = []

    async def open_one(gateway):
        sessions.append(ClientSession(cookie_jar=CookieJar(unsafe=True)))
        return Browser(gateway, sessions[-1])

    yield open_one
    for session in sessions:
        await session.close()


@pytest.fixture
async def browser(start, configured, open_browser):
    """A browser before a gateway whose staff can sign in."""
    return await open_browser(await start())


@pytest.mark.usefixtures("release")
async def test_staff_signs_in_sees_what_is_internal_and_signs_out(browser, provider):
    assert (await browser.get(INTERNAL)).status == 404
    back = await browser.sign_in("/sign-in?back=sources/intern/2%3Fquote%3D0-3")
    assert (back.status, back.headers["Location"]) == (302, "../sources/intern/2?quote=0-3")
    assert (await browser.get(INTERNAL)).status == 200
    assert await browser.is_signed_in()
    kept = [cookie.value for cookie in browser.session.cookie_jar if cookie.key == "stadtlotse_session"]
    out = await browser.session.post(browser.gateway.make_url("/api/sign-out"))
    address = urlsplit((await out.json())["url"])
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{provider.issuer}/logout"
    assert parse_qs(address.query)["client_id"] == [CLIENT]
    assert not await browser.is_signed_in()
    assert (await browser.get(INTERNAL)).status == 404
    browser.session.cookie_jar.update_cookies({"stadtlotse_session": kept[0]}, browser.gateway.make_url("/"))
    assert not await browser.is_signed_in()  # a copy of the cookie is good for nothing


async def test_the_browser_is_told_to_keep_the_session_from_scripts_and_other_sites(start, configured, open_browser):
    browser = await open_browser(await start(trusted_proxies="127.0.0.1", public_url=""))
    for proto, secure in (("http", ""), ("https", True)):
        begun = await browser.get("/sign-in", **{"X-Forwarded-Proto": proto})
        cookie = SimpleCookie(begun.headers["Set-Cookie"])["stadtlotse_sign_in"]
        assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Lax", secure)
        redirect = parse_qs(urlsplit(begun.headers["Location"]).query)["redirect_uri"][0]
        assert redirect.startswith(f"{proto}://") and redirect.endswith("/sign-in/callback")
    back = await browser.sign_in()
    cookies = [SimpleCookie(line) for line in back.headers.getall("Set-Cookie")]
    session = next(one["stadtlotse_session"] for one in cookies if "stadtlotse_session" in one)
    assert (session["httponly"], session["samesite"], session["max-age"]) == (True, "Lax", str(8 * 3600))
    assert 8 * 3600 - 60 < (await (await browser.get("/api/session")).json())["seconds"] <= 8 * 3600
    assert "4711" not in session.value and "no-store" in back.headers["Cache-Control"]


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example/realms/stadt"},
        {"aud": "another-client"},
        {"aud": [CLIENT, "another-client"], "azp": "another-client"},
        {"nonce": "guessed"},
        {"nonce": None},
        {"exp": int(time.time()) - 600, "iat": int(time.time()) - 900},
        {"exp": None},
        {"iat": int(time.time()) + 3600},
        {"sub": None},
    ],
)
async def test_a_token_that_is_not_for_this_sign_in_is_refused(browser, provider, claims):
    provider.claims = claims
    refused = await browser.sign_in()
    assert (refused.status, "Anmeldung nicht gelungen" in await refused.text()) == (400, True)
    assert not await browser.is_signed_in()


async def test_a_token_signed_with_an_unknown_key_is_refused(browser, provider):
    provider.signs_with = RSAKey.generate_key(2048, {"kid": "2"})
    assert (await browser.sign_in()).status == 400
    provider.signs_with = RSAKey.generate_key(2048, {"kid": "1"})  # the name of a known one
    assert (await browser.sign_in()).status == 400
    assert not await browser.is_signed_in()


async def test_a_token_signed_with_the_secret_is_refused_though_the_provider_offers_it(browser, provider):
    provider.signs_with = OctKey.import_key(SECRET.encode().ljust(32, b"-"), {"kid": "1"})
    provider.header = {"alg": "HS256"}
    assert (await browser.sign_in()).status == 400
    assert not await browser.is_signed_in()


async def test_a_new_key_of_the_provider_is_taken_up_and_forgers_cannot_make_it_be_asked_for_often(
    start, configured, open_browser, provider, monkeypatch
):
    gateway = await start()
    browser = await open_browser(gateway)
    assert (await browser.sign_in()).status == 302
    certs = [path for path in provider.requests if path.endswith("/certs")]
    provider.signs_with = RSAKey.generate_key(2048, {"kid": "2"})
    for _ in range(3):
        assert (await browser.sign_in()).status == 400
    assert [path for path in provider.requests if path.endswith("/certs")] == certs
    provider.published.append(provider.signs_with)
    later = time.monotonic() + 61
    monkeypatch.setattr(gateway.app[PROVIDER], "_clock", lambda: later)
    assert (await browser.sign_in()).status == 302


async def test_a_wrong_or_repeated_state_and_another_browser_are_refused(browser, open_browser):
    address = await browser.begin()
    stranger = await open_browser(browser.gateway)
    assert (await stranger.session.get(address, allow_redirects=False)).status == 400
    forged = address.replace("state=", "state=x")
    assert (await browser.session.get(forged, allow_redirects=False)).status == 400
    assert (await browser.session.get(address, allow_redirects=False)).status == 400  # begun no more
    address = await browser.begin()
    assert (await browser.session.get(address, allow_redirects=False)).status == 302
    assert (await browser.session.get(address, allow_redirects=False)).status == 400


async def test_a_denial_of_the_provider_is_told(browser):
    address = await browser.begin()
    state = parse_qs(urlsplit(address).query)["state"][0]
    denied = await browser.get(f"/sign-in/callback?error=access_denied&state={state}")
    assert denied.status == 400 and "access_denied" not in await denied.text()


@pytest.mark.parametrize(
    ("wanted", "status"),
    [("groups=stadtlotse", 302), ("groups=chefs", 403), ("realm_access.roles=staff", 302), ("nothing.here=x", 403)],
)
async def test_only_who_has_the_claim_is_staff(start, configured, open_browser, provider, monkeypatch, wanted, status):
    monkeypatch.setenv("STADTLOTSE_OIDC_STAFF", wanted)
    provider.claims = {"realm_access": {"roles": ["staff"]}}
    browser = await open_browser(await start())
    assert (await browser.sign_in()).status == status
    assert await browser.is_signed_in() == (status == 302)


@pytest.mark.parametrize(
    "back", ["//evil.example", "/sources/a/1", "https://evil.example", "\\\\evil.example", "a\r\nX: y", "javascript:1"]
)
async def test_nobody_is_led_to_another_site(browser, back):
    done = await browser.sign_in(f"/sign-in?back={quote(back)}")
    assert (done.status, done.headers["Location"]) == (302, "../")


async def test_a_session_ends(start, configured, open_browser, monkeypatch):
    monkeypatch.setenv("STADTLOTSE_OIDC_HOURS", "0.0005")
    browser = await open_browser(await start())
    await browser.sign_in()
    cookie = [cookie.value for cookie in browser.session.cookie_jar if cookie.key == "stadtlotse_session"]
    await asyncio.sleep(2)
    browser.session.cookie_jar.update_cookies({"stadtlotse_session": cookie[0]}, browser.gateway.make_url("/"))
    assert not await browser.is_signed_in()


@pytest.mark.parametrize("forged", ["", "x", "gAAAAABk", "{}"])
async def test_forged_cookies_sign_nobody_in(browser, forged):
    url = browser.gateway.make_url("/")
    browser.session.cookie_jar.update_cookies({"stadtlotse_session": forged}, url)
    assert not await browser.is_signed_in()
    begun = await browser.get("/sign-in")
    other = SimpleCookie(begun.headers["Set-Cookie"])["stadtlotse_sign_in"].value
    browser.session.cookie_jar.update_cookies({"stadtlotse_session": other}, url)
    assert not await browser.is_signed_in()  # sealed by us, but for something else


@pytest.mark.parametrize("metadata", [{"issuer": "https://evil.example"}, {"jwks_uri": "http://evil.example/certs"}])
async def test_a_provider_that_describes_itself_wrongly_is_not_used(browser, provider, metadata):
    provider.metadata = metadata
    response = await browser.get("/sign-in")
    assert (response.status, "nicht erreichbar" in await response.text()) == (503, True)


async def test_a_provider_that_is_away_is_told(browser, provider):
    await provider.server.close()
    assert (await browser.get("/sign-in")).status == 503


async def test_sessions_outlast_a_restart_and_end_with_their_key(start, configured, open_browser, tmp_path):
    first = await start()
    browser = await open_browser(first)
    await browser.sign_in()
    await first.close()
    cookie = [one.value for one in browser.session.cookie_jar if one.key == "stadtlotse_session"]
    assert (tmp_path / "sessions.key").stat().st_mode & 0o077 == 0
    for expected in (True, False):
        again = await open_browser(await start())
        again.session.cookie_jar.update_cookies({"stadtlotse_session": cookie[0]}, again.gateway.make_url("/"))
        assert await again.is_signed_in() == expected
        (tmp_path / "sessions.key").unlink()


async def test_without_a_provider_there_is_nothing_to_sign_in_to(gateway):
    assert (await gateway.get("/sign-in")).status == 404
    session = {"signed_in": False, "can_sign_in": False, "seconds": None}
    assert await (await gateway.get("/api/session")).json() == session


async def test_where_sign_in_is_required_pages_lead_there_and_the_rest_is_refused(start, configured, open_browser):
    browser = await open_browser(await start(sign_in="required"))
    for page, address in (
        ("/", "sign-in?back="),
        ("/sources/a/1?quote=0-3", "../../sign-in?back=sources%2Fa%2F1%3Fquote%3D0-3"),
    ):
        led = await browser.get(page)
        assert (led.status, led.headers["Location"]) == (302, address)
    begun = await browser.session.post(browser.gateway.make_url("/api/conversations"), json={})
    assert (begun.status, (await begun.json())["error"]["code"]) == (401, "sign_in_needed")
    assert (await browser.get("/sources/a/original")).status == 401
    for path in ("/healthz", "/static/theme.css", "/api/texts/de", "/accessibility", "/widget.js"):
        assert (await browser.get(path)).status == 200, path
    assert (await browser.sign_in()).status == 302
    assert (await browser.get("/")).status == 200
    begun = await browser.session.post(browser.gateway.make_url("/api/conversations"), json={})
    assert begun.status == 201


def test_a_chat_for_staff_that_nobody_can_sign_in_to_does_not_start(start_refused):
    assert "nobody can sign in" in start_refused(sign_in="required")


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("ISSUER", "http://login.stadt.example", "https://"),
        ("ISSUER", "", "ISSUER is missing"),
        ("CLIENT_ID", "", "CLIENT_ID is missing"),
        ("STAFF", "groups", "STAFF must name"),
        ("HOURS", "0", "STADTLOTSE_OIDC_HOURS cannot be read"),
    ],
)
def test_a_mistake_is_named_without_the_secret(start_refused, configured, monkeypatch, name, value, told):
    monkeypatch.setenv(f"STADTLOTSE_OIDC_{name}", value)
    sentence = start_refused()
    assert told in sentence and SECRET not in sentence
