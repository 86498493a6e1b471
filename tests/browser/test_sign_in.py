"""Staff signs in and out on the chat page, at a real OpenID provider on loopback."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, expect

from bot.processes.parts import address
from knowledge.settings import Settings
from tests.browser.test_accessibility import assert_accessible
from tests.openid import CLIENT, SECRET, OpenIdProvider
from tests.processes import serving


@pytest.fixture(scope="module")
def provider() -> Iterator[OpenIdProvider]:
    """A running provider; Playwright has the event loop of this thread."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def begin() -> OpenIdProvider:
        made = OpenIdProvider()
        await made.server.start_server()
        return made

    made = asyncio.run_coroutine_threadsafe(begin(), loop).result(30)
    yield made
    asyncio.run_coroutine_threadsafe(made.server.close(), loop).result(30)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(30)
    loop.close()


@pytest.fixture(scope="module")
def url(
    install: Callable[[], Settings], provider: OpenIdProvider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Address of a bot whose staff signs in there."""
    settings = install()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STADTLOTSE_OIDC_ISSUER", provider.issuer)
        patch.setenv("STADTLOTSE_OIDC_CLIENT_ID", CLIENT)
        patch.setenv("STADTLOTSE_OIDC_CLIENT_SECRET", SECRET)
        with serving(settings, tmp_path_factory.mktemp("bot") / "output"):
            yield address(settings)


def test_staff_signs_in_and_out_from_the_menu(browser: Browser, url: str, provider: OpenIdProvider) -> None:
    context = browser.new_context(base_url=url, locale="de-DE")
    complaints: list[str] = []
    context.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page = context.new_page()
    page.goto("/")
    menu = page.get_by_role("button", name="Mehr")
    menu.click()
    page.get_by_role("link", name="Anmelden (für Beschäftigte)").click()
    page.wait_for_url(f"{url}/")
    session = next(cookie for cookie in context.cookies() if cookie["name"] == "stadtlotse_session")
    assert (session["httpOnly"], session["sameSite"]) == (True, "Lax")
    menu.click()
    expect(page.get_by_role("link", name="Anmelden (für Beschäftigte)")).to_have_count(0)
    with page.expect_navigation():
        page.get_by_role("button", name="Abmelden").click()
    page.wait_for_url(f"{url}/")
    assert provider.requests[-1].endswith("/logout")
    menu.click()
    expect(page.get_by_role("link", name="Anmelden (für Beschäftigte)")).to_be_visible()
    assert not [cookie for cookie in context.cookies() if cookie["name"] == "stadtlotse_session"]
    assert complaints == []
    context.close()


def test_a_source_that_is_not_there_offers_to_sign_in_and_leads_back(browser: Browser, url: str) -> None:
    context = browser.new_context(base_url=url, locale="de-DE")
    page = context.new_page()
    page.goto("/sources/nirgends/1?quote=0-3")
    page.get_by_role("link", name="Anmelden").click()
    page.wait_for_url("**/sources/nirgends/1?quote=0-3")
    expect(page.get_by_role("link", name="Anmelden")).to_have_count(0)
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_around_the_sign_in_are_accessible(
    browser: Browser, url: str, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(base_url=url, locale="de-DE", color_scheme=scheme)
    page = context.new_page()
    for path in ("/sources/nirgends/1?quote=0-3", "/sign-in/callback?code=a&state=b"):
        page.goto(path)
        expect(page.get_by_role("main").get_by_role("link")).to_have_count(1)
        assert_accessible(page)
    page.goto("/")
    page.get_by_role("button", name="Mehr").click()
    expect(page.get_by_role("link", name="Anmelden (für Beschäftigte)")).to_be_visible()
    assert_accessible(page)
    context.close()
