"""How a person asks in the chat: through its field, waiting until the answer is whole."""

import re

from playwright.sync_api import Locator, Page, expect


def field(page: Page) -> Locator:
    """Where questions are typed, on the page and in the widget, in both languages."""
    return page.get_by_label(re.compile("^(Ihre Frage|Your question)$"))


def ask(page: Page, question: str) -> Locator:
    """Type a question and send it; gives its turn once nothing more is to come of the answer."""
    asked = page.locator(".turn").count()
    field(page).fill(question)
    field(page).press("Enter")
    turn = page.locator(".turn").nth(asked)
    expect(turn.locator(".message").first).to_be_visible()
    expect(turn.locator(".status")).to_have_count(0)
    return turn
