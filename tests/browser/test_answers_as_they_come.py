"""Answers that appear as they come, over lines that are slow, break, or hold everything back."""

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from bot.processes.parts import address
from knowledge.settings import Settings
from tests.browser.sites import proxy
from tests.processes import free_ports, serving

OpenPage = Callable[..., Page]

QUESTION = "Was ist MPSC?"
# What stands in the last turn at each change of it: messages, source cards, the words beside the dots.
WATCH = """
window.seen = [];
const note = () => {
  const turn = [...document.querySelector('stadtlotse-chat').shadowRoot.querySelectorAll('.turn')].at(-1);
  if (!turn) return;
  const [messages, cards] = ['.message', '.source'].map((part) => turn.querySelectorAll(part).length);
  const now = JSON.stringify([messages, cards, turn.querySelector('.status')?.textContent ?? '']);
  if (window.seen.at(-1) !== now) window.seen.push(now);
};
new MutationObserver(note).observe(
  document.querySelector('stadtlotse-chat').shadowRoot.querySelector('#log'), { childList: true, subtree: true });
"""
HEARD = """
window.heard = [];
new MutationObserver((changes) => changes.forEach(({ addedNodes }) =>
  addedNodes.forEach((node) => window.heard.push(node.textContent)))).observe(
  document.querySelector('stadtlotse-chat').shadowRoot.querySelector('#announcements'), { childList: true });
"""


def watched(page: Page) -> Page:
    """The page, once it notes what is seen and announced."""
    expect(page.locator("#welcome")).to_be_visible()
    page.evaluate(WATCH)
    page.evaluate(HEARD)
    return page


def send(page: Page, question: str) -> None:
    """Ask through the field."""
    page.get_by_label("Ihre Frage").fill(question)
    page.keyboard.press("Enter")


def seen(page: Page) -> list[Any]:
    """What stood in the last turn, change by change."""
    return [json.loads(one) for one in page.evaluate("window.seen")]


def test_the_text_can_be_read_before_its_sources_have_come(open_page: OpenPage, bot_url: str) -> None:
    with proxy(free_ports(1)[0], bot_url.rstrip("/"), "/lotse/", passes=lambda *_: True, seconds=0.5) as address:
        page = watched(open_page(address))
        send(page, QUESTION)
        expect(page.locator(".source").first).to_be_visible()
        expect(page.locator(".status")).to_have_count(0)
        expect(page.locator(".message .body")).to_contain_text("Modellprojekte Smart Cities")
        steps = [(messages, bool(cards)) for messages, cards, _ in seen(page)]
        assert list(dict.fromkeys(steps)) == [(0, False), (1, False), (1, True)]
        words = {(messages, cards): words for messages, cards, words in seen(page) if words}
        assert "sucht in den Dokumenten" in words[0, 0] and "Es geht noch weiter" in words[1, 0]
        heard = page.evaluate("window.heard")
        assert len(heard) == 2 and "Modellprojekte" in heard[1]


def test_messages_come_in_their_order_and_what_has_the_focus_keeps_it(open_page: OpenPage, bot_url: str) -> None:
    with proxy(free_ports(1)[0], bot_url.rstrip("/"), "/lotse/", passes=lambda *_: True, seconds=0.5) as address:
        page = watched(open_page(address))
        send(page, "Welche Förderung passt zu uns?")
        expect(page.locator(".progress")).to_be_visible()
        send(page, QUESTION)
        turn = page.locator(".turn").nth(1)
        turn.locator(".source a").first.focus()
        expect(turn.locator(".progress")).to_contain_text("Schritt 1 von 4")
        expect(turn.locator(".status")).to_have_count(0)
        expect(turn.locator(".source a").first).to_be_focused()
        expect(turn.locator(".message").nth(0)).to_contain_text("Modellprojekte Smart Cities")
        expect(turn.locator(".message").nth(1)).to_contain_text("In welchem Land")
        heard = page.evaluate("window.heard.filter((words) => !words.includes('sucht in den Dokumenten'))")
        assert [any(word in words for word in ("Land", "Modellprojekte")) for words in heard] == [True] * 3


def test_an_answer_that_breaks_off_is_asked_for_again_as_one_document(open_page: OpenPage, bot_url: str) -> None:
    asked: list[tuple[str | None, Any]] = []

    def passes(number: int, event: str) -> bool:
        return "event: message" not in event

    with proxy(free_ports(1)[0], bot_url.rstrip("/"), "/lotse/", passes=passes) as address:
        page = watched(open_page(address, quiet=False))
        page.on(
            "request",
            lambda one: (
                one.method == "POST"
                and one.url.endswith("/messages")
                and asked.append((one.headers.get("accept"), one.post_data_json["id"]))
            ),
        )
        send(page, QUESTION)
        expect(page.locator("#banner")).to_contain_text("startet gerade neu")
        expect(page.locator(".message .body")).to_contain_text("Modellprojekte Smart Cities")
        expect(page.locator(".source").first).to_be_visible()
        assert [accept for accept, _ in asked] == ["text/event-stream", "application/json"]
        assert len({turn for _, turn in asked}) == 1
        assert [messages for messages, *_ in seen(page)] == sorted(messages for messages, *_ in seen(page))
        assert page.evaluate("window.heard.filter((words) => words.includes('Modellprojekte')).length") == 1
        page.reload()
        expect(page.locator(".question")).to_have_count(1)


def test_a_line_that_holds_everything_back_brings_it_at_once(open_page: OpenPage, bot_url: str) -> None:
    with proxy(free_ports(1)[0], bot_url.rstrip("/"), "/lotse/") as address:
        page = watched(open_page(address))
        send(page, QUESTION)
        expect(page.locator(".source").first).to_be_visible()
        assert [messages for messages, *_ in seen(page)][-1] == 1


def child(supervisor: int, module: str) -> int:
    """The process that runs a module below the supervisor."""
    children = Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split()
    return next(int(pid) for pid in children if module in Path(f"/proc/{pid}/cmdline").read_text().split("\0"))


def test_a_gateway_that_is_killed_while_it_answers(open_page: OpenPage, installation: Settings, tmp_path: Path) -> None:
    with serving(installation, tmp_path / "output") as supervisor:
        page = watched(open_page(address(installation), quiet=False))
        send(page, QUESTION)
        expect(page.locator(".source").first).to_be_visible()
        dialogue = child(supervisor.pid, "bot.processes.dialogue_server")
        os.kill(dialogue, signal.SIGSTOP)  # so that the answer is certainly not there yet
        try:
            send(page, "und wie hoch ist die Förderquote?")
            expect(page.locator(".status")).to_contain_text("sucht in den Dokumenten")
            page.wait_for_timeout(300)
            os.kill(child(supervisor.pid, "bot.gateway"), signal.SIGKILL)
        finally:
            os.kill(dialogue, signal.SIGCONT)
        expect(page.locator("#banner")).to_contain_text("startet gerade neu")
        expect(page.locator(".turn").nth(1).locator(".answer")).to_contain_text("65 Prozent")
        assert page.evaluate("window.heard.filter((words) => words.includes('65 Prozent')).length") == 1
        page.reload()
        expect(page.locator(".question")).to_have_count(2)
        expect(page.locator(".turn").nth(1).locator(".answer")).to_contain_text("65 Prozent")
