"""Lists and tables in Block Kit (https://docs.slack.dev/reference/block-kit/blocks/table-block)."""

from collections.abc import Iterator
from typing import Any

from bot.channels.common.listing import cell_text, item_lines, table_parts
from knowledge.messages import Item, Message, Table

Block = dict[str, Any]

# Of all cells of a table together; Slack refuses messages with more than about 12,000 characters.
_TABLE_LENGTH = 6_000
_ITEMS = 5


def listing_blocks(message: Message) -> list[Block]:
    """What a message holds beside its text, in parts that Slack takes: numbered lists and tables."""
    groups = [message.items[at : at + _ITEMS] for at in range(0, len(message.items), _ITEMS)]
    lists = [_list(group, offset=at * _ITEMS) for at, group in enumerate(groups)]
    tables = [_table(part) for part in table_parts(message.table, _TABLE_LENGTH)] if message.table else []
    return [*lists, *tables]


def _list(items: list[Item], offset: int) -> Block:
    entries = [{"type": "rich_text_section", "elements": list(_entry(item))} for item in items]
    numbered = {"type": "rich_text_list", "style": "ordered", "offset": offset, "elements": entries}
    return {"type": "rich_text", "elements": [numbered]}


def _entry(item: Item) -> Iterator[Block]:
    title, *lines = item_lines(item)
    yield _run(title, bold=True)
    for line in lines:
        yield _run(f"\n{line}")


def _table(table: Table) -> Block:
    header = [_cell("", bold=True), *(_cell(head, bold=True) for head in table.header)]
    rows = [[_cell(row.head, bold=True), *(_cell(cell_text(cell)) for cell in row.cells)] for row in table.rows]
    settings = [{"is_wrapped": True} for _ in header]
    return {"type": "table", "column_settings": settings, "rows": [header, *rows]}


def _cell(words: str, *, bold: bool = False) -> Block:
    section = {"type": "rich_text_section", "elements": [_run(words or " ", bold=bold)]}
    return {"type": "rich_text", "elements": [section]}


def _run(words: str, *, bold: bool = False) -> Block:
    return {"type": "text", "text": words, **({"style": {"bold": True}} if bold else {})}
