"""What the bot says to remarks that are typed one after the other."""

from typing import Any


def said(ask: Any, *turns: str) -> dict[str, Any]:
    """The bot's last message after these turns, put by `ask` (see `tests/integration/conftest.py`)."""
    for turn in turns:
        message = ask(turn)[-1]
    return dict(message)
