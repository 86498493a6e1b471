"""`stadtlotse chat`: a conversation with a running bot, in the terminal."""

import json
import select
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

from rich.console import Console

from bot.cli.rendering import print_message
from bot.parts import address
from knowledge.errors import StadtlotseError
from knowledge.messages import Language, Message
from knowledge.settings import settings
from knowledge.texts import text

_PASTE_SECONDS = 0.05


def chat(url: str | None, lang: Language | None) -> None:
    """Read messages from standard input and print what the bot says, until the input ends."""
    base = (url or address(settings())).rstrip("/")
    if not base.startswith(("http://", "https://")):
        raise StadtlotseError(f"{base} is no web address; give --url one that begins with http:// or https://.")
    console = Console()
    conversation = _post(base, "/api/conversations", {"lang": lang} if lang else {})
    for message in _messages(console, text(conversation["lang"], "terminal.you")):
        try:
            answer = _post(base, f"/api/conversations/{conversation['id']}/messages", {"text": message})
        except StadtlotseError as error:
            console.print(str(error), style="red", markup=False, soft_wrap=True)
            continue
        for said in answer["messages"]:
            console.print()
            print_message(console, Message.model_validate(said), base)
        console.print()


def _messages(console: Console, prompt: str) -> Iterator[str]:
    """What the person types; lines that are pasted together are one message, lines of a file are one each."""
    is_terminal = sys.stdin.isatty()
    while True:
        if is_terminal:
            console.print(f"{prompt}> ", end="", style="bold", markup=False)
        line = sys.stdin.readline()
        if not line:
            return
        lines = [line]
        while is_terminal and select.select([sys.stdin], [], [], _PASTE_SECONDS)[0] and (more := sys.stdin.readline()):
            lines.append(more)
        message = "".join(lines).strip()
        if message:
            yield message


def _post(base: str, path: str, body: dict[str, Any]) -> Any:
    request = urllib.request.Request(  # noqa: S310  # chat() has checked the scheme
        base + path, json.dumps(body).encode(), {"Content-Type": "application/json", "Accept": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=2 * settings().turn_timeout) as response:  # noqa: S310
            return json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            raise StadtlotseError(_reason(error)) from error
    except (OSError, ValueError) as error:
        raise StadtlotseError(f"No bot answers at {base}; start it with 'stadtlotse serve' or give --url.") from error


def _reason(error: urllib.error.HTTPError) -> str:
    try:
        return str(json.load(error)["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return f"The bot answered with status {error.code}; see its logs."
