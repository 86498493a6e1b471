"""A message of the bot in a terminal."""

from rich.console import Console
from rich.text import Text

from bot.wording import source_label
from knowledge.messages import Message
from knowledge.texts import text


def print_message(console: Console, message: Message, base: str) -> None:
    """Print what the bot says, its numbered sources with date and link, and the questions it offers.

    `base` is the address of the bot, to which the links of sources are relative.
    """
    console.print(Text(message.text), soft_wrap=True)
    if message.citations:
        _print_heading(console, text(message.lang, "terminal.sources"))
        for number, citation in enumerate(message.citations, 1):
            console.print(Text(f"[{number}] {source_label(citation, message.lang)}"), soft_wrap=True)
            for link in [base + citation.url, *citation.origins]:
                console.print(Text(f"    {link}"), soft_wrap=True)
    if message.suggestions:
        _print_heading(console, text(message.lang, "terminal.suggestions"))
        for suggestion in message.suggestions:
            console.print(Text(f"- {suggestion.title}"), soft_wrap=True)


def _print_heading(console: Console, heading: str) -> None:
    console.print()
    console.print(Text(f"{heading}:", style="bold"))
