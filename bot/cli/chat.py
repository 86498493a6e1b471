"""`stadtlotse chat`: a conversation with a running bot, in the terminal."""

import select
import sys
from collections.abc import Iterator

from rich.console import Console

from bot.cli.rendering import print_message
from bot.client import Conversation
from bot.processes.parts import address
from knowledge.errors import StadtlotseError
from knowledge.messages import Language
from knowledge.settings import settings
from knowledge.texts import text

_PASTE_SECONDS = 0.05


def chat(url: str | None, lang: Language | None) -> None:
    """Read messages from standard input and print what the bot says, until the input ends."""
    base = (url or address(settings())).rstrip("/")
    console = Console()
    conversation = Conversation(base, lang)
    for message in _messages(console, text(conversation.lang, "terminal.you")):
        try:
            answer = conversation.say(message)
        except StadtlotseError as error:
            console.print(str(error), style="red", markup=False, soft_wrap=True)
            continue
        for said in answer:
            console.print()
            print_message(console, said, base)
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
