"""Lists and tables in Adaptive Cards (https://adaptivecards.io/explorer/Table.html)."""

from typing import Any

from bot.channels.common.listing import cell_text, item_lines, table_parts
from knowledge.messages import Item, Message, Table

Card = dict[str, Any]

# Of all cells of a table together; with its markup it stays below what a card of ours may weigh.
_TABLE_LENGTH = 5_000


def listing_elements(message: Message) -> list[Card]:
    """What a message holds beside its text: a container for each item of a list, tables in parts that a card takes."""
    items = [_item(number, item) for number, item in enumerate(message.items, 1)]
    tables = [_table(part) for part in table_parts(message.table, _TABLE_LENGTH)] if message.table else []
    return [*items, *tables]


def _item(number: int, item: Item) -> Card:
    title, *lines = item_lines(item)
    shown = [_words(f"{number}. {title}", weight="Bolder"), *(_words(line, isSubtle=item.is_past) for line in lines)]
    return {"type": "Container", "spacing": "Medium", "items": shown}


def _table(table: Table) -> Card:
    header = _row([_words("", weight="Bolder"), *(_words(head, weight="Bolder") for head in table.header)])
    rows = [
        _row([_words(row.head, weight="Bolder"), *(_words(cell_text(cell)) for cell in row.cells)])
        for row in table.rows
    ]
    # Its first row is the header by default.
    return {"type": "Table", "columns": [{"width": 1}, *({"width": 2} for _ in table.header)], "rows": [header, *rows]}


def _row(cells: list[Card]) -> Card:
    return {"type": "TableRow", "cells": [{"type": "TableCell", "items": [cell]} for cell in cells]}


def _words(words: str, **look: Any) -> Card:
    """Words as they are: a TextBlock would take asterisks and brackets for markup."""
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": words or " ", **look}]}
