"""The chat on another site: `<stadtlotse-chat>` below a style sheet for everything and a strict policy."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.asking import ask
from tests.browser.sites import proxy, site
from tests.processes import free_ports

OpenPage = Callable[..., Page]

QUESTION = "Was ist MPSC?"


def launcher(page: Page) -> Locator:
    return page.locator("stadtlotse-chat .launcher")


def panel(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Stadtlotse")


def style(element: Locator, *names: str) -> list[str]:
    """Computed styles of an element."""
    found: list[str] = element.evaluate("(one, names) => names.map((name) => getComputedStyle(one)[name])", list(names))
    return found


def is_focused_inside(page: Page, selector: str) -> bool:
    """Whether the focus is on that part of the chat."""
    script = "(selector) => document.activeElement?.shadowRoot?.activeElement?.matches(selector) ?? false"
    return bool(page.evaluate(script, selector))


def test_the_chat_works_below_any_style_and_a_strict_policy(open_page: OpenPage, site_url: str) -> None:
    page = open_page(site_url)
    expect(launcher(page)).to_have_text("Fragen Sie den Stadtlotsen")
    assert style(launcher(page), "position", "textTransform", "fontSize", "letterSpacing") == [
        "fixed",
        "none",
        "16px",
        "normal",
    ]
    assert style(launcher(page), "opacity", "visibility") == ["1", "visible"]
    launcher(page).click()
    expect(panel(page)).to_be_in_viewport(ratio=1)
    assert style(page.locator("#input"), "fontSize", "color", "position") == ["16px", "rgb(20, 36, 42)", "static"]
    box = panel(page).bounding_box()
    assert box and box["width"] == pytest.approx(416, abs=1) and box["height"] > 400
    turn = ask(page, QUESTION)
    expect(turn.locator(".answer")).to_contain_text("Modellprojekte Smart Cities")
    with page.expect_popup() as opened:
        turn.locator(".source a").first.click()
    expect(opened.value.locator("mark")).to_be_in_viewport()


def test_escape_closes_and_the_focus_comes_back(open_page: OpenPage, site_url: str) -> None:
    page = open_page(site_url)
    launcher(page).focus()
    page.keyboard.press("Enter")
    expect(panel(page)).to_be_visible()
    expect(launcher(page)).to_be_hidden()
    assert is_focused_inside(page, "#input")
    page.keyboard.press("Escape")
    expect(panel(page)).to_be_hidden()
    assert is_focused_inside(page, ".launcher")
    page.keyboard.press("Space")
    page.get_by_role("button", name="Mehr").press("Enter")
    expect(page.locator("#menu")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#menu")).to_be_hidden()
    expect(panel(page)).to_be_visible()
    assert is_focused_inside(page, "#more")
    page.get_by_role("button", name="Chat schließen").click()
    assert is_focused_inside(page, ".launcher")


def press_until(page: Page, key: str, selector: str) -> None:
    """Press a key until the focus is on that part of the chat, where it can be seen."""
    for _ in range(40):
        page.keyboard.press(key)
        if is_focused_inside(page, selector):
            outline = "document.activeElement.shadowRoot.activeElement"
            assert page.evaluate(f"getComputedStyle({outline}).outlineStyle") == "solid"
            return
    raise AssertionError(f"{selector} is not reached with {key}")


def test_a_whole_conversation_needs_no_mouse(open_page: OpenPage, site_url: str) -> None:
    page = open_page(site_url)
    press_until(page, "Tab", ".launcher")
    page.keyboard.press("Enter")
    page.keyboard.type("Welche Förderung passt zu uns?")
    page.keyboard.press("Enter")
    expect(page.locator(".progress")).to_contain_text("Schritt 1 von 4")
    press_until(page, "Shift+Tab", ".suggestions button")
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_count(2)
    assert is_focused_inside(page, "#input")
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".answer")).to_be_visible()
    press_until(page, "Shift+Tab", ".thumb.down")
    page.keyboard.press("Enter")
    assert is_focused_inside(page, ".reasons input")
    page.keyboard.press("Escape")
    assert is_focused_inside(page, ".thumb.down")
    press_until(page, "Shift+Tab", "#more")
    page.keyboard.press("Enter")
    press_until(page, "Tab", "#menu li:nth-child(3) button")
    page.keyboard.press("Enter")
    assert is_focused_inside(page, "#menu .strong")
    page.keyboard.press("Enter")
    expect(page.locator("#banner")).to_have_text("Das Gespräch ist gelöscht.")
    assert is_focused_inside(page, "#input")
    page.keyboard.press("Escape")
    assert is_focused_inside(page, ".launcher")


def test_shortcuts_of_the_page_around_do_not_hear_what_is_written(open_page: OpenPage, site_url: str) -> None:
    page = open_page(site_url)
    launcher(page).click()
    page.keyboard.type("s/k")
    assert page.evaluate("window.keys") == []
    page.get_by_role("link", name="Startseite").focus()
    page.keyboard.press("k")
    assert page.evaluate("window.keys") == ["k"]


def test_the_panel_leaves_the_page_around_usable(open_page: OpenPage, site_url: str) -> None:
    page = open_page(site_url)
    launcher(page).click()
    page.get_by_role("link", name="Startseite").click()
    assert page.url.endswith("#top")
    expect(panel(page)).to_be_visible()


def test_on_a_phone_the_chat_fills_the_screen(open_page: OpenPage, site_url: str) -> None:
    page = open_page(site_url, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    launcher(page).tap()
    assert panel(page).bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    assert page.evaluate(
        "document.querySelector('stadtlotse-chat').shadowRoot.querySelector('dialog').matches(':modal')"
    )
    ask(page, QUESTION)
    page.get_by_role("button", name="Chat schließen").tap()
    expect(launcher(page)).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(320, 640), (320, 256)], ids=["narrow", "zoomed to 400 %"])
def test_nothing_is_cut_off_in_a_small_window(open_page: OpenPage, site_url: str, width: int, height: int) -> None:
    page = open_page(site_url, viewport={"width": width, "height": height})
    launcher(page).click()
    turn = ask(page, "Vergleiche mFUND und Gigabitförderung 2.0")
    expect(turn.get_by_role("table")).to_be_visible()
    wide = page.locator("stadtlotse-chat .shell").evaluate("(one) => [one.scrollWidth, one.clientWidth]")
    assert wide[0] <= wide[1]
    scroller = page.locator("#scroller").evaluate("(one) => [one.scrollWidth, one.clientWidth]")
    assert scroller[0] <= scroller[1]
    close = page.get_by_role("button", name="Chat schließen")
    close.scroll_into_view_if_needed()
    expect(close).to_be_in_viewport(ratio=1)
    close.click()
    expect(launcher(page)).to_be_in_viewport(ratio=1)


def test_the_conversation_goes_on_from_page_to_page(open_page: OpenPage, site_url: str) -> None:
    page = open_page(site_url)
    launcher(page).click()
    ask(page, QUESTION)
    page.goto(f"{site_url}/other")
    expect(panel(page)).to_be_visible()
    expect(page.locator(".question")).to_contain_text(QUESTION)
    assert page.evaluate("document.activeElement === document.body")
    page.get_by_role("button", name="Chat schließen").click()
    page.goto(f"{site_url}/third")
    expect(launcher(page)).to_be_visible()
    expect(panel(page)).to_be_hidden()


def test_an_answer_behind_a_closed_panel_is_told(open_page: OpenPage, site_url: str) -> None:
    page = open_page(site_url)
    launcher(page).click()
    page.get_by_label("Ihre Frage").fill(QUESTION)
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(launcher(page)).to_have_text("Neue Antwort vom Stadtlotsen")
    launcher(page).click()
    expect(page.locator(".answer")).to_be_visible()
    page.keyboard.press("Escape")
    expect(launcher(page)).to_have_text("Fragen Sie den Stadtlotsen")


def test_attributes_and_variables_shape_the_chat(open_page: OpenPage, site_url: str) -> None:
    asked = "What is MPSC?"
    page = open_page(
        f"{site_url}/?language=en&position=left&theme=dark&greeting=<b>Welcome</b>&suggestions={asked}|Hello"
    )
    box = launcher(page).bounding_box()
    assert box and box["x"] < 100
    launcher(page).click()
    expect(panel(page).get_by_role("heading", name="What would you like to know?")).to_be_visible()
    expect(page.locator("#greeting")).to_have_text("<b>Welcome</b>")
    expect(page.locator("#examples button")).to_have_text([asked, "Hello"])
    assert style(page.locator(".app"), "backgroundColor") == ["rgb(14, 25, 29)"]
    page.evaluate(
        "const {style} = document.documentElement; style.setProperty('--stadtlotse-color', 'rgb(120, 0, 80)');"
        "style.setProperty('--stadtlotse-radius', '0px'); style.setProperty('--stadtlotse-font', 'monospace');"
    )
    page.get_by_role("button", name=asked).click()
    expect(page.locator(".answer").first).to_be_visible()
    assert style(page.locator(".question"), "backgroundColor", "fontFamily") == ["rgb(120, 0, 80)", "monospace"]
    assert style(page.locator(".source").first, "borderTopLeftRadius") == ["0px"]
    page.evaluate("document.querySelector('stadtlotse-chat').setAttribute('language', 'de')")
    expect(page.get_by_role("button", name="Chat schließen")).to_be_visible()


def test_a_site_that_is_not_listed_gets_nothing(open_page: OpenPage, bot_url: str, browser: Any) -> None:
    with site(free_ports(1)[0], bot_url.rstrip("/")) as address:
        context = browser.new_context()
        page = context.new_page()
        refused = []
        page.on("requestfailed", lambda request: refused.append(request.url))
        page.goto(address)
        page.wait_for_timeout(500)
        assert [url for url in refused if url.endswith("/widget.js")]
        assert page.evaluate("customElements.get('stadtlotse-chat') === undefined")
        context.close()


def test_what_assistive_technology_sees_of_the_panel(open_page: OpenPage, site_url: str) -> None:
    page = open_page(site_url)
    launcher(page).click()
    ask(page, QUESTION)
    seen = panel(page).aria_snapshot()
    for part in (
        '- dialog "Stadtlotse"',
        'heading "Stadtlotse" [level=2]',
        'button "Chat schließen"',
        'log "Gesprächsverlauf"',
        'textbox "Ihre Frage"',
        'button "Hilfreich"',
        'button "Antwort mit Quelle kopieren"',
    ):
        assert part in seen


def test_the_page_works_below_a_path_of_a_proxy(open_page: OpenPage, bot_url: str) -> None:
    with proxy(free_ports(1)[0], bot_url.rstrip("/"), "/service/lotse/") as address:
        page = open_page(address)
        turn = ask(page, QUESTION)
        with page.expect_popup() as opened:
            turn.locator(".source a").first.click()
        source = opened.value
        expect(source.locator("mark")).to_be_in_viewport()
        assert source.url.startswith(f"{address}sources/")
        source.get_by_role("link", name="Zum Stadtlotsen").click()
        expect(source.locator(".question")).to_contain_text(QUESTION)
        page.get_by_role("button", name="Mehr").click()
        page.get_by_role("button", name="Gespräch löschen").click()
        page.get_by_role("button", name="Ja, löschen").click()
        expect(page.locator("#banner")).to_have_text("Das Gespräch ist gelöscht.")
        page.goto(f"{address}accessibility?lang=de")
        expect(page.get_by_role("heading", name="Barrierefreiheit")).to_be_visible()
