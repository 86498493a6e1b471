"""The chat page in a browser, with the real bot behind it."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser import asking
from tests.browser.asking import field

OpenPage = Callable[..., Page]

WORKSHOP = "Wann fand der Smart-City-Workshop der VKU-Landesgruppe NRW statt, und wie viele Menschen nahmen teil?"
UNANSWERABLE = "Wie hoch ist die Hundesteuer in Castrop-Rauxel?"


def turns(page: Page) -> Locator:
    return page.locator(".turn")


def ask(page: Page, question: str) -> Locator:
    """Ask through the field; gives what the bot said to it once it has answered."""
    return asking.ask(page, question).locator(".message")


def assert_fits(page: Page) -> None:
    """Nothing reaches beyond the sides of the window."""
    wide, window = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    inner, scroller = page.locator("#scroller").evaluate("({scrollWidth, clientWidth}) => [scrollWidth, clientWidth]")
    assert wide <= window and inner <= scroller


def one_line(text: str | None) -> str:
    return " ".join((text or "").split())


def test_starter_question_is_answered_with_its_source(open_page: OpenPage) -> None:
    page = open_page()
    expect(page.get_by_role("heading", name="Was möchten Sie wissen?")).to_be_visible()
    page.get_by_role("button", name=WORKSHOP).click()
    answer = page.locator(".answer")
    expect(answer).to_contain_text("20. November 2019")
    expect(answer.locator(".body")).to_contain_text(re.compile(r"[Rr]und 50"))
    expect(answer.locator("q").first).to_be_visible()
    expect(answer.locator(".source").first).to_contain_text("Stand: ")
    expect(field(page)).to_be_focused()


@pytest.mark.parametrize(("lang", "more"), [("de", []), ("en", ["/api/texts/en"])])
def test_a_first_visit_asks_for_little(open_page: OpenPage, lang: str, more: list[str]) -> None:
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    with page.expect_response("**/readyz"):
        page.goto(f"{page.url}?lang={lang}")
    expect(page.locator("#welcome")).to_be_visible()
    assert sorted(set(asked) - {"/static/logo.svg"}) == sorted(["/", "/widget.js", "/readyz", *more])


def test_a_conversation_comes_with_what_is_to_be_known_of_the_bot(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, WORKSHOP)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path.rpartition("/")[2]))
    page.reload()
    expect(page.locator(".answer")).to_contain_text("20. November 2019")
    assert sorted(set(asked) - {"logo.svg"}) == ["", "messages", "widget.js"]
    assert page.locator("#banner").text_content() == ""
    page.route("**/messages", as_if_not_ready)
    page.reload()
    expect(page.locator("#banner")).to_contain_text("startet gerade neu")


def as_if_not_ready(route: Route) -> None:
    """What the server says, with the bot away."""
    response = route.fetch()
    route.fulfill(response=response, json={**response.json(), "ready": False})


def test_number_in_the_answer_leads_to_its_card(open_page: OpenPage) -> None:
    page = open_page()
    answer = ask(page, WORKSHOP)
    answer.locator("q + .reference").first.click()
    expect(answer.locator(".source a").first).to_be_focused()
    assert page.url.endswith("/")


def test_every_card_opens_the_source_with_the_quoted_words_marked(open_page: OpenPage) -> None:
    page = open_page()
    cards = ask(page, WORKSHOP).locator(".source")
    assert cards.count() >= 1
    for number in range(cards.count()):
        card = cards.nth(number)
        quote = one_line(card.locator("blockquote").text_content())
        with page.expect_popup() as popup:
            card.get_by_role("link").click()
        source = popup.value
        mark = source.locator("mark")
        expect(mark).to_be_in_viewport()
        assert one_line(mark.text_content()) == quote
        expect(source.get_by_role("link", name="Zum Stadtlotsen")).to_be_visible()
        source.close()


def test_source_page_leads_back_to_the_conversation(open_page: OpenPage) -> None:
    page = open_page()
    with page.context.expect_page() as opened:
        ask(page, WORKSHOP).locator(".source a").first.click()
    opened.value.get_by_role("link", name="Zum Stadtlotsen").click()
    expect(opened.value.locator(".question")).to_contain_text(WORKSHOP)


def test_follow_up_keeps_the_subject(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "Was ist MPSC?")
    expect(ask(page, "Und wie hoch ist die Förderquote?").first).to_contain_text("65 Prozent")


def test_suggestion_is_asked_with_one_click(open_page: OpenPage) -> None:
    page = open_page()
    reply = ask(page, UNANSWERABLE)
    expect(reply.first).to_have_class(re.compile("abstention"))
    reply.locator(".suggestions button").first.click()
    expect(turns(page)).to_have_count(2)
    expect(turns(page).last.locator(".message").first).to_be_visible()
    expect(field(page)).to_be_focused()


def test_everything_can_be_done_with_the_keyboard(open_page: OpenPage) -> None:
    page = open_page()
    expect(field(page)).to_be_focused()
    page.keyboard.type("Wann war der VKU-Workshop")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("in Köln?")
    page.keyboard.press("Escape")
    expect(field(page)).to_have_value("Wann war der VKU-Workshop\nin Köln?")
    page.keyboard.press("Enter")
    expect(page.locator(".source").first).to_be_visible()
    expect(field(page)).to_be_focused()
    expect(field(page)).to_have_value("")
    page.keyboard.press("ArrowUp")
    expect(field(page)).to_have_value("Wann war der VKU-Workshop\nin Köln?")
    for _ in range(20):
        page.keyboard.press("Shift+Tab")
        if page.locator(".source a:focus").count():
            break
    with page.expect_popup() as popup:
        page.keyboard.press("Enter")
    expect(popup.value.locator("mark")).to_be_visible()


def test_text_that_is_too_long_is_counted_and_not_sent(open_page: OpenPage) -> None:
    page = open_page()
    send = page.get_by_role("button", name="Senden")
    field(page).fill("ü" * 899)
    expect(page.locator("#counter")).to_be_hidden()
    field(page).fill("ü" * 900)
    expect(page.locator("#counter")).to_have_text("900 von 1000 Zeichen")
    field(page).fill("😀" * 1000)
    expect(send).to_be_enabled()
    field(page).fill("ü" * 1001)
    expect(page.locator("#counter")).to_contain_text("um 1 Zeichen zu lang")
    expect(send).to_be_disabled()
    field(page).press("Enter")
    expect(turns(page)).to_have_count(0)
    expect(field(page)).to_have_value("ü" * 1001)


def test_question_waits_for_the_bot_and_is_asked_once(open_page: OpenPage) -> None:
    page = open_page(quiet=False)
    ask(page, "Was ist MPSC?")
    page.context.set_offline(True)
    field(page).fill(WORKSHOP)
    field(page).press("Enter")
    expect(page.locator("#banner")).to_contain_text("nicht erreichbar")
    expect(turns(page).last).to_contain_text("Wird gesendet")
    page.context.set_offline(False)
    expect(turns(page).last.locator(".answer")).to_contain_text("20. November 2019")
    expect(page.locator("#banner")).not_to_contain_text("nicht erreichbar")
    page.reload()
    expect(page.locator(".question", has_text=WORKSHOP)).to_have_count(1)


def test_question_whose_answer_got_lost_is_not_asked_twice(open_page: OpenPage) -> None:
    page = open_page(quiet=False)

    def lose_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/messages", lose_answer, times=1)
    field(page).fill(WORKSHOP)
    field(page).press("Enter")
    expect(page.locator("#banner")).to_contain_text("startet gerade neu")
    expect(page.locator(".answer")).to_contain_text("20. November 2019")
    page.reload()
    expect(page.locator(".answer")).to_contain_text("20. November 2019")
    expect(turns(page)).to_have_count(1)


def test_unsent_question_survives_a_reload(open_page: OpenPage) -> None:
    page = open_page(quiet=False)
    page.route("**/api/conversations", lambda route: route.abort())
    field(page).fill(WORKSHOP)
    field(page).press("Enter")
    expect(turns(page)).to_contain_text("Wird gesendet")
    page.unroute("**/api/conversations")
    page.reload()
    expect(page.locator(".answer")).to_contain_text("20. November 2019")
    expect(turns(page)).to_have_count(1)


def test_reload_keeps_the_conversation(open_page: OpenPage) -> None:
    page = open_page()
    said = one_line(ask(page, WORKSHOP).first.text_content())
    page.reload()
    expect(page.locator(".question")).to_contain_text(WORKSHOP)
    assert one_line(page.locator(".message").first.text_content()) == said
    expect(page.locator("#welcome")).to_be_hidden()


def test_new_conversation_starts_empty(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "Hallo")
    page.get_by_role("button", name="Neues Gespräch").click()
    expect(page.locator("#welcome")).to_be_visible()
    expect(turns(page)).to_have_count(0)
    page.reload()
    expect(page.locator("#welcome")).to_be_visible()


def test_forgotten_conversation_is_begun_anew(open_page: OpenPage) -> None:
    page = open_page(quiet=False)
    page.evaluate("localStorage.setItem('stadtlotse.conversation', JSON.stringify('A'.repeat(22)))")
    page.reload()
    expect(page.locator("#welcome")).to_be_visible()
    expect(ask(page, WORKSHOP).first).to_contain_text("20. November 2019")


def test_works_where_storage_is_blocked(open_page: OpenPage) -> None:
    page = open_page()
    page.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('blocked') }})")
    page.reload()
    ask(page, "Hallo")
    expect(ask(page, WORKSHOP).first).to_contain_text("20. November 2019")


def test_page_speaks_english_and_remembers_it(open_page: OpenPage) -> None:
    page = open_page()
    page.get_by_role("button", name="EN", exact=True).click()
    expect(page.get_by_role("heading", name="What would you like to know?")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("button", name="When did the VKU").click()
    expect(page.locator(".answer .source").first).to_contain_text("As of: ")
    page.reload()
    expect(page.get_by_role("button", name="New conversation")).to_be_visible()


def test_each_answer_is_announced_once(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, WORKSHOP)
    expect(page.locator("[aria-live=polite] p", has_text="20. November 2019")).to_have_count(1)
    expect(page.get_by_role("log")).to_have_attribute("aria-live", "off")


def test_markup_in_a_question_stays_text(open_page: OpenPage) -> None:
    page = open_page()
    markup = "<img src=x onerror=alert(1)> <b>Was ist MPSC?</b>"
    ask(page, markup)
    expect(page.locator(".question")).to_contain_text(markup)
    assert page.locator(".question img, .question b").count() == 0


@pytest.mark.parametrize(("width", "height"), [(390, 844), (320, 640), (320, 256)], ids=["phone", "narrow", "zoomed"])
def test_small_windows_need_no_sideways_scrolling(open_page: OpenPage, width: int, height: int) -> None:
    page = open_page(viewport={"width": width, "height": height}, has_touch=True, is_mobile=True)
    expect(page.get_by_role("heading", name="Was möchten Sie wissen?")).to_be_in_viewport()
    assert_fits(page)
    answer = ask(page, WORKSHOP)
    assert_fits(page)
    address = answer.locator(".source a").first.get_attribute("href")
    assert address
    page.goto(address)
    expect(page.locator("mark")).to_be_in_viewport()
    wide, window = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide <= window


def test_every_button_and_link_is_large_enough_to_hit(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, UNANSWERABLE)
    ask(page, WORKSHOP)
    for target in page.locator("button:visible, .reference:visible").all():
        box = target.bounding_box()
        assert box and box["width"] >= 24 and box["height"] >= 24, target.text_content()


def test_composer_stays_in_view_under_a_long_answer(open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 1280, "height": 720})
    ask(page, WORKSHOP)
    ask(page, "Was ist MPSC?")
    expect(field(page)).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="Neues Gespräch")).to_be_in_viewport(ratio=1)


def test_last_answer_stays_in_view_while_the_question_grows(open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 1280, "height": 720})
    ask(page, WORKSHOP)
    last = ask(page, "Hallo").last
    field(page).fill("Zeile\n" * 8)
    expect(last.locator(".body")).to_be_in_viewport(ratio=1)


def test_a_comparison_is_a_table_with_scopes_and_leads_to_its_sources(open_page: OpenPage) -> None:
    page = open_page()
    answer = ask(page, "Vergleiche mFUND und Gigabitförderung 2.0")
    table = answer.get_by_role("table", name="Vergleich von mFUND und Gigabitförderung 2.0")
    expect(table.locator("thead th[scope=col]")).to_have_text(["mFUND", "Gigabitförderung 2.0"])
    expect(table.get_by_role("rowheader", name="Förderquote")).to_be_visible()
    expect(table.locator(".empty").first).to_contain_text("dazu ist nichts bekannt")
    expect(answer.locator(".source").first).to_be_hidden()
    table.locator(".reference").first.click()
    expect(answer.locator(".source a").first).to_be_focused()


def test_a_list_and_a_table_fit_a_narrow_window(open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 320, "height": 640})
    answer = ask(page, "Welche Programme gibt es in Hessen?")
    expect(answer.get_by_role("listitem").first).to_contain_text("Starke Heimat Hessen")
    assert_fits(page)
    table = ask(page, "Vergleiche mFUND und Gigabitförderung 2.0").get_by_role("table")
    expect(table.get_by_role("rowheader").first).to_be_visible()
    expect(table.locator("td .cell-head").first).to_be_visible()
    assert_fits(page)


def test_the_guided_search_shows_its_steps_and_goes_on_by_buttons(open_page: OpenPage) -> None:
    page = open_page()
    step = ask(page, "Welche Förderung passt zu uns?")
    expect(step.locator(".progress")).to_contain_text("Schritt 1 von 4: Land")
    step.get_by_role("button", name="Hessen").click()
    expect(turns(page).nth(1).locator(".progress")).to_contain_text("Schritt 2 von 4: Kommune")
    expect(step.get_by_role("button", name="Bayern")).to_be_visible()


def menu(page: Page, entry: str) -> None:
    """Choose from what can be done with the whole conversation."""
    page.get_by_role("button", name="Mehr").click()
    page.locator("#menu").get_by_text(entry, exact=True).click()


def test_the_first_visit_says_that_a_machine_answers_and_what_is_kept(open_page: OpenPage) -> None:
    page = open_page()
    notice = page.locator("#first-visit")
    expect(notice).to_contain_text("Hier antwortet eine Maschine, kein Mensch.")
    expect(notice).to_contain_text("nach 30 Tagen gelöscht")
    expect(notice.get_by_role("link", name="Datenschutz")).to_have_attribute("href", "https://www.example.org/privacy")


def test_a_conversation_is_deleted_here_and_on_the_server(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, WORKSHOP)
    conversation = page.evaluate("JSON.parse(localStorage['stadtlotse.conversation'])")
    address = f"api/conversations/{conversation}/messages"
    assert page.request.get(address).status == 200
    menu(page, "Gespräch löschen")
    page.get_by_role("button", name="Abbrechen").click()
    expect(page.get_by_role("button", name="Mehr")).to_be_focused()
    expect(turns(page)).to_have_count(1)
    menu(page, "Gespräch löschen")
    page.get_by_role("button", name="Ja, löschen").click()
    expect(page.locator("#banner")).to_have_text("Das Gespräch ist gelöscht.")
    expect(field(page)).to_be_focused()
    expect(turns(page)).to_have_count(0)
    assert page.request.get(address).status == 404
    assert "stadtlotse.conversation" not in page.evaluate("Object.keys(localStorage)")
    expect(ask(page, "Hallo").first).to_be_visible()


def test_what_could_not_be_deleted_stays(open_page: OpenPage) -> None:
    page = open_page(quiet=False)
    ask(page, "Hallo")
    page.context.set_offline(True)
    menu(page, "Gespräch löschen")
    page.get_by_role("button", name="Ja, löschen").click()
    expect(page.locator("#banner")).to_contain_text("konnte nicht gelöscht werden")
    expect(turns(page)).to_have_count(1)


def test_a_conversation_is_saved_as_text(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, WORKSHOP)
    with page.expect_download() as download:
        menu(page, "Gespräch als Text speichern")
    text = download.value.path().read_text(encoding="utf-8")
    assert WORKSHOP in text
    assert "20. November 2019" in text
    assert "/sources/" in text


def test_an_answer_is_copied_with_its_source(open_page: OpenPage) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    ask(page, WORKSHOP)
    page.get_by_role("button", name="Antwort mit Quelle kopieren").click()
    expect(page.locator(".copied")).to_have_text("Kopiert")
    text = page.evaluate("navigator.clipboard.readText()")
    assert "20. November 2019" in text
    assert re.search(r"Quelle: .+, Stand: .+\nhttp://.+/sources/.+quote=", text)


def test_copying_works_where_the_clipboard_is_locked(open_page: OpenPage) -> None:
    page = open_page()
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('locked')); }")
    ask(page, WORKSHOP)
    copying = page.get_by_role("button", name="Antwort mit Quelle kopieren")
    copying.click()
    expect(page.locator(".copied")).to_have_text("Kopiert")
    expect(copying).to_be_focused()


def test_in_print_the_conversation_stands_alone(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, WORKSHOP)
    ask(page, "Was ist MPSC?")
    page.emulate_media(media="print")
    for part in ("#composer", ".bar", ".feedback"):
        expect(page.locator(part).first).to_be_hidden()
    for part in (".question", ".answer .body", ".source blockquote"):
        expect(page.locator(part).first).to_be_visible()
    high, window = page.locator("#scroller").evaluate("(one) => [one.scrollHeight, one.clientHeight]")
    assert high <= window


def test_two_tabs_hold_one_conversation(open_page: OpenPage) -> None:
    page = open_page()
    other = page.context.new_page()
    other.goto("")
    ask(page, WORKSHOP)
    expect(other.locator(".answer")).to_contain_text("20. November 2019")
    ask(other, "Was ist MPSC?")
    expect(turns(page)).to_have_count(2)
    expect(turns(page).nth(1).locator(".answer").first).to_be_visible()
    page.reload()
    expect(turns(page)).to_have_count(2)
    menu(page, "Gespräch löschen")
    page.get_by_role("button", name="Ja, löschen").click()
    expect(turns(other)).to_have_count(0)
    expect(other.locator("#welcome")).to_be_visible()


def test_two_tabs_keep_what_both_could_not_send(open_page: OpenPage) -> None:
    page = open_page(quiet=False)
    other = page.context.new_page()
    other.goto("")
    ask(page, "Hallo")
    expect(turns(other)).to_have_count(1)
    page.context.set_offline(True)
    for tab, question in ((page, WORKSHOP), (other, "Was ist MPSC?")):
        field(tab).fill(question)
        field(tab).press("Enter")
        expect(turns(tab).last).to_contain_text("Wird gesendet")
    page.context.set_offline(False)
    for tab in (page, other):
        expect(tab.locator(".answer")).to_have_count(2)
    page.reload()
    expect(page.locator(".question")).to_have_count(3)
    for question in ("Hallo", WORKSHOP, "Was ist MPSC?"):
        expect(page.locator(".question", has_text=question)).to_have_count(1)


def test_a_thumb_down_takes_reasons_and_is_remembered(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, WORKSHOP)
    down = page.get_by_role("button", name="Nicht hilfreich")
    down.click()
    expect(page.get_by_label("Die Angabe ist falsch")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".reasons")).to_have_count(0)
    expect(down).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.get_by_label("Mit Ihren Worten").fill("<b>Frist</b> verlängert")
    page.get_by_role("button", name="Senden").first.click()
    expect(page.locator(".feedback-status")).to_contain_text("Danke für den Hinweis")
    expect(down).to_be_focused()
    page.reload()
    expect(down).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Hilfreich", exact=True).click()
    expect(page.locator(".feedback-status")).to_contain_text("freut mich")
    expect(down).to_have_attribute("aria-pressed", "false")


def test_an_opinion_that_could_not_be_sent_is_told(open_page: OpenPage) -> None:
    page = open_page(quiet=False)
    ask(page, WORKSHOP)
    page.context.set_offline(True)
    page.get_by_role("button", name="Hilfreich", exact=True).click()
    expect(page.locator(".feedback-status")).to_contain_text("nicht geklappt")
    expect(page.get_by_role("button", name="Hilfreich", exact=True)).to_have_attribute("aria-pressed", "false")
