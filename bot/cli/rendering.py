"""A message of the bot in a terminal."""

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from bot.channels.common.listing import cell_text, item_lines
from bot.wording import source_label, step_label
from knowledge.messages import Kind, Message, Table
from knowledge.texts import text


def print_message(console: Console, message: Message, base: str) -> None:
    """Print what the bot says, its numbered sources with date and link, and the questions it offers.

    `base` is the address of the bot, to which the links of sources are relative.
    """
    if message.progress:
        console.print(Text(step_label(message.progress, message.lang), style="dim"), soft_wrap=True)
    console.print(Text(message.lead or message.text), soft_wrap=True)
    for number, item in enumerate(message.items, 1):
        title, *lines = item_lines(item)
        console.print(Text(f"{number}. {title}", style="bold"), soft_wrap=True)
        for line in lines:
            console.print(Text(f"   {line}"), soft_wrap=True)
    if message.table:
        console.print(_table(message.table))
    if message.citations:
        _print_heading(console, text(message.lang, "terminal.sources"))
        for number, citation in enumerate(message.citations, 1):
            console.print(Text(f"[{number}] {source_label(citation, message.lang)}"), soft_wrap=True)
            for link in [base + citation.url, *citation.origins]:
                console.print(Text(f"    {link}"), soft_wrap=True)
    if message.suggestions:
        label = "channels.choices" if message.kind is Kind.CHOICE else "terminal.suggestions"
        _print_heading(console, text(message.lang, label))
        for suggestion in message.suggestions:
            console.print(Text(f"- {suggestion.title}"), soft_wrap=True)


def _table(table: Table) -> Grid:
    grid = Grid(title=Text(table.caption), show_lines=True)
    for head in ("", *table.header):
        grid.add_column(Text(head))
    for row in table.rows:
        grid.add_row(Text(row.head, style="bold"), *(Text(cell_text(cell)) for cell in row.cells))
    return grid


def _print_heading(console: Console, heading: str) -> None:
    console.print()
    console.print(Text(f"{heading}:", style="bold"))
