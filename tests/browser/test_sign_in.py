"""Staff signs in and out on the chat page, at a real OpenID provider on loopback."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

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
    with running(install(), provider, tmp_path_factory.mktemp("bot") / "output") as found:
        yield found


@pytest.fixture(scope="module")
def closed_url(
    install: Callable[[], Settings], provider: OpenIdProvider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Address of a bot that answers signed-in staff alone."""
    settings = install().model_copy(update={"sign_in": "required"})
    with running(settings, provider, tmp_path_factory.mktemp("closed") / "output") as found:
        yield found


@contextmanager
def running(settings: Settings, provider: OpenIdProvider, log: Path) -> Iterator[str]:
    """A bot whose staff signs in at the provider; gives its address."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STADTLOTSE_OIDC_ISSUER", provider.issuer)
        patch.setenv("STADTLOTSE_OIDC_CLIENT_ID", CLIENT)
        patch.setenv("STADTLOTSE_OIDC_CLIENT_SECRET", SECRET)
        with serving(settings, log):
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


QUESTION, FOLLOW_UP = "Was ist MPSC?", "und wie hoch ist die Förderquote?"


def send(page: Page, question: str) -> None:
    """Ask through the field."""
    page.get_by_label("Ihre Frage").fill(question)
    page.keyboard.press("Enter")


def signed_out_in_the_middle(page: Page) -> None:
    """A conversation in which the sign-in has ended between one question and the next."""
    send(page, QUESTION)
    expect(page.locator(".source").first).to_be_visible()
    page.context.clear_cookies(name="stadtlotse_session")
    send(page, FOLLOW_UP)
    expect(page.locator(".failure")).to_contain_text("Sie sind nicht mehr angemeldet. Ihre Frage ist aufgehoben")
    expect(page.locator("#announcements p", has_text="nicht mehr angemeldet")).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_who_was_signed_out_mid_chat_signs_in_again_and_is_answered(
    browser: Browser, closed_url: str, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(base_url=closed_url, locale="de-DE", color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    page.goto("/")
    signed_out_in_the_middle(page)
    assert_accessible(page)
    page.get_by_label("Ihre Frage").fill("Noch nicht gesendet")
    page.get_by_role("link", name="Wieder anmelden").press("Enter")
    page.wait_for_url(f"{closed_url}/")
    expect(page.locator(".question")).to_have_count(2)
    expect(page.locator(".turn").nth(1).locator(".answer").first).to_contain_text("65 Prozent")
    expect(page.get_by_label("Ihre Frage")).to_have_value("Noch nicht gesendet")
    page.reload()
    expect(page.locator(".question")).to_have_count(2)
    context.close()


def test_who_signs_in_again_in_another_tab_is_answered_without_a_reload(browser: Browser, closed_url: str) -> None:
    context = browser.new_context(base_url=closed_url, locale="de-DE")
    page = context.new_page()
    page.goto("/")
    signed_out_in_the_middle(page)
    page.evaluate("window.isTheSame = true")
    page.get_by_label("Ihre Frage").fill("Noch nicht gesendet")
    other = context.new_page()
    other.goto("/")
    expect(other.locator(".turn").nth(1).locator(".answer").first).to_contain_text("65 Prozent")
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator(".turn").nth(1).locator(".answer").first).to_contain_text("65 Prozent")
    expect(page.locator(".failure")).to_have_count(0)
    expect(page.get_by_label("Ihre Frage")).to_have_value("Noch nicht gesendet")
    assert page.evaluate("window.isTheSame")
    context.close()


def test_a_proxy_that_leads_to_a_sign_in_of_its_own(browser: Browser, url: str) -> None:
    context = browser.new_context(base_url=url, locale="de-DE")
    page = context.new_page()
    page.goto("/")
    expect(page.locator("#welcome")).to_be_visible()
    for path in ("**/readyz", "**/api/**"):
        page.route(path, lambda route: route.fulfill(status=302, headers={"Location": "https://login.example/"}))
    send(page, QUESTION)
    expect(page.locator(".failure")).to_contain_text("Sie sind nicht mehr angemeldet.")
    page.unroute_all()
    page.get_by_role("link", name="Wieder anmelden").click()
    expect(page.locator(".source").first).to_be_visible()
    expect(page.locator(".question")).to_have_count(1)
    context.close()


def test_that_a_sign_in_ends_is_told_in_time(browser: Browser, url: str) -> None:
    context = browser.new_context(base_url=url, locale="de-DE", reduced_motion="reduce")
    page = context.new_page()
    page.clock.install()
    page.goto("/sign-in")
    page.wait_for_url(f"{url}/")
    expect(page.locator("#welcome")).to_be_visible()
    expect(page.locator("#banner")).to_be_empty()
    page.clock.fast_forward("07:56:00")
    expect(page.locator("#banner[role=status]")).to_contain_text("Ihre Anmeldung endet in fünf Minuten.")
    expect(page.locator("#banner").get_by_role("link", name="Wieder anmelden")).to_be_visible()
    assert_accessible(page)
    page.clock.fast_forward("00:05:00")
    expect(page.locator("#banner")).to_contain_text("Ihre Anmeldung ist beendet.")
    context.close()
