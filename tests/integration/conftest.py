"""What the tests of the whole bot share: a conversation with it."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.processes import post

Ask = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def ask(bot_url: str) -> Ask:
    """Asks in a conversation of its own; gives the messages."""
    _, begun = post(f"{bot_url}/api/conversations", {})

    def ask(words: str) -> list[dict[str, Any]]:
        status, body = post(f"{bot_url}/api/conversations/{begun['id']}/messages", {"text": words})
        assert status == 200, body
        messages: list[dict[str, Any]] = body["messages"]
        return messages

    return ask
