"""WCAG 2.2 AA by axe-core, in every state of the chat and its pages, light and dark, at a desk and on a phone."""

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.asking import ask

OpenPage = Callable[..., Page]

SCREENS = Path(__file__).parent.parent / ".cache" / "screens"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PDF_SOURCE = "sources/modellprojekte-smart-cities/2?quote=0-60&also=1,5&lang=de"
DESK = {"viewport": {"width": 1200, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}

every_look = pytest.mark.parametrize(
    "look",
    [{**size, "color_scheme": scheme} for size in (DESK, PHONE) for scheme in ("light", "dark")],
    ids=["desk, light", "desk, dark", "phone, light", "phone, dark"],
)


def assert_accessible(page: Page, part: str | None = None) -> None:
    """axe finds nothing in the page, or in a part of it, and did look; what it saw is kept for people to look at."""
    test = re.sub(r"\W+", "-", os.environ["PYTEST_CURRENT_TEST"].partition("::")[2].rpartition(" ")[0]).strip("-")
    SCREENS.mkdir(parents=True, exist_ok=True)
    number = next(number for number in range(1, 100) if not (SCREENS / f"{test}-{number}.png").exists())
    page.screenshot(path=SCREENS / f"{test}-{number}.png")
    result = Axe().run(page, context=part, options={"runOnly": {"type": "tag", "values": RULES}}).response
    assert result["passes"]
    found = [
        (rule["id"], node["target"], node["failureSummary"]) for rule in result["violations"] for node in rule["nodes"]
    ]
    assert found == []


@pytest.fixture(scope="module", autouse=True)
def _screens() -> None:
    """Nothing of the last run is left where this one's screens go."""
    shutil.rmtree(SCREENS, ignore_errors=True)


def test_axe_finds_what_is_wrong(open_page: OpenPage) -> None:
    page = open_page()
    expect(page.locator("#welcome")).to_be_visible()
    page.locator("#greeting").evaluate("(one) => { one.style.color = '#ddd'; }")
    with pytest.raises(AssertionError, match="color-contrast"):
        assert_accessible(page)


@every_look
def test_the_page_in_all_its_states(open_page: OpenPage, look: dict[str, Any]) -> None:
    page = open_page(quiet=False, **look)
    expect(page.locator("#welcome")).to_be_visible()
    assert_accessible(page)
    ask(page, "Wie viele Modellprojekte begannen mit einer Strategiephase?")
    ask(page, "Wie hoch ist die Hundesteuer in Castrop-Rauxel?")
    page.get_by_role("button", name="Nicht hilfreich").last.click()
    expect(page.locator(".reasons")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Abbrechen").click()
    ask(page, "Vergleiche mFUND und Gigabitförderung 2.0")
    page.locator(".folded summary").click()
    ask(page, "Welche Programme gibt es in Hessen?")
    ask(page, "Welche Förderung passt zu uns?")
    assert_accessible(page)
    page.get_by_role("button", name="Mehr").click()
    assert_accessible(page)
    page.get_by_role("button", name="Gespräch löschen").click()
    assert_accessible(page)
    page.keyboard.press("Escape")
    page.get_by_label("Ihre Frage").fill("ü" * 1001)
    expect(page.locator("#counter")).to_be_visible()
    assert_accessible(page)
    page.context.set_offline(True)
    page.get_by_label("Ihre Frage").fill("Was ist MPSC?")
    page.keyboard.press("Enter")
    expect(page.locator("#banner")).to_contain_text("nicht erreichbar")
    assert_accessible(page)


@every_look
def test_a_failed_question(open_page: OpenPage, look: dict[str, Any]) -> None:
    page = open_page(quiet=False, **look)
    body = '{"error": {"code": "internal", "message": "x"}}'
    page.route("**/messages", lambda route: route.fulfill(status=500, body=body, content_type="application/json"))
    page.get_by_label("Ihre Frage").fill("Was ist MPSC?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Noch einmal versuchen")).to_be_visible()
    assert_accessible(page)


@every_look
def test_the_panel_on_another_site(open_page: OpenPage, site_url: str, look: dict[str, Any]) -> None:
    page = open_page(f"{site_url}/?language=en", bypass_csp=True, **look)
    launcher = page.locator(".launcher")
    expect(launcher).to_be_visible()
    assert_accessible(page, "stadtlotse-chat")
    launcher.click()
    assert_accessible(page, "stadtlotse-chat")
    ask(page, "What is MPSC?")
    assert_accessible(page, "stadtlotse-chat")


@every_look
def test_the_other_pages(open_page: OpenPage, look: dict[str, Any]) -> None:
    page = open_page(PDF_SOURCE, quiet=False, **look)
    expect(page.locator("mark")).to_be_visible()
    page.locator(".original summary").click()
    picture = page.locator(".original img")
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("(one) => one.naturalWidth") > 1000
    assert_accessible(page)
    for address in ("accessibility?lang=de", "accessibility?lang=en", "sources/none/1?lang=de", "nothing/here"):
        page.goto(address)
        assert_accessible(page)


def test_the_source_page_needs_no_script(open_page: OpenPage) -> None:
    page = open_page(f"{PDF_SOURCE}#quote", java_script_enabled=False)
    expect(page.locator("mark")).to_be_in_viewport()
    page.locator(".original summary").click()
    expect(page.locator(".original img")).to_be_visible()
    page.get_by_role("link", name=re.compile("^Seite 2: ")).first.click()
    assert "#p" in page.url


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colours_keep_everything_visible(open_page: OpenPage, scheme: str) -> None:
    page = open_page(**DESK, forced_colors="active", color_scheme=scheme)
    ask(page, "Was ist MPSC?")
    page.get_by_role("button", name="Nicht hilfreich").click()
    for part in (".question", ".body", ".source", ".thumb.down", "#more", ".field"):
        assert page.locator(part).first.is_visible()
    width = page.locator(".thumb.down").evaluate("(one) => getComputedStyle(one).outlineStyle")
    assert width == "solid"
