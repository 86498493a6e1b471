"""A real browser for the pages of the bot."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.sites import site

CHROMIUM = Path("/usr/bin/chromium")
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
_ANSWER_MILLISECONDS = 30_000

OpenPage = Callable[..., Page]


# Not for the whole session: while it lives, Playwright's event loop is in the way of asynchronous tests.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; without it the test is skipped, under CI=true it fails."""
    if not CHROMIUM.exists():
        reason = f"{CHROMIUM} is missing; install it with 'apt-get install chromium'."
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    expect.set_options(timeout=_ANSWER_MILLISECONDS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser, bot_url: str) -> Iterator[OpenPage]:
    """Opens the chat page as a new visitor; takes the options of a browser context.

    Afterwards the test fails if a page asked another machine or wrote an error to the console. `quiet=False`
    allows errors in the console, which Chromium writes for every failed request.
    """
    hosts: set[str] = set()
    complaints: list[str] = []
    contexts = []

    def open_page(path: str = "", *, quiet: bool = True, **options: Any) -> Page:
        context = browser.new_context(**{"base_url": bot_url, "reduced_motion": "reduce", **options})
        contexts.append(context)
        context.on("request", lambda request: hosts.add(urlsplit(request.url).hostname or ""))
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        if quiet:
            context.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        page = context.new_page()
        page.goto(urljoin(f"{bot_url.rstrip('/')}/", path))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
    assert hosts <= {urlsplit(bot_url).hostname, "127.0.0.1"}


@pytest.fixture(scope="module")
def site_url(bot_url: str, site_port: int) -> Iterator[str]:
    """Address of another site that may show the chat."""
    with site(site_port, bot_url.rstrip("/")) as address:
        yield address
