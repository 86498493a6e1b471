"""Blocks of formats of which another library knows the structure: older office formats, mail, e-books."""

from collections.abc import Iterator
from typing import Any

from knowledge.linguistics.text import clean
from knowledge.reading.blocks import Block, Heading, Paragraph
from knowledge.reading.markup import plain
from knowledge.reading.tables import table_blocks

_SKIPPED = {"image", "metadata_block"}
_FURNITURE = {"header", "footer"}


def structure_blocks(nodes: list[dict[str, Any]]) -> list[Block]:
    """Blocks from the reader's tree of nodes, in reading order; page furniture is left out."""
    blocks: list[Block] = []
    for index, node in enumerate(nodes):
        if node.get("content_layer") not in _FURNITURE:
            blocks.extend(_node_blocks(nodes, index, node))
    return blocks


def _node_blocks(nodes: list[dict[str, Any]], index: int, node: dict[str, Any]) -> Iterator[Block]:
    content = node["content"]
    kind = content["node_type"]
    if kind == "heading":
        if text := _text(content):
            yield Heading(level=content.get("level") or 1, text=" ".join(text.split()))
    elif kind == "table":
        yield from table_blocks(_rows(content["grid"]))
    elif kind == "list":
        if items := [_text(nodes[child]["content"]) for child in node.get("children", ())]:
            yield Paragraph("\n".join(f"– {' '.join(item.split())}" for item in items if item))
    elif kind == "list_item":
        if node.get("parent") is None and (text := _text(content)):
            yield Paragraph(f"– {text}")
    elif kind not in _SKIPPED and kind != "group":
        if text := _text(content):
            yield Paragraph(text)


def _text(content: dict[str, Any]) -> str:
    """The words of a node, line by line as they run on, its blank lines dropped."""
    lines = plain(clean(str(content.get("text") or ""))).splitlines()
    return " ".join(line for line in lines if line).strip() if content.get("node_type") != "code" else "\n".join(lines)


def _rows(grid: dict[str, Any]) -> tuple[tuple[str, ...], ...]:
    cells = [[""] * grid["cols"] for _ in range(grid["rows"])]
    for cell in grid["cells"]:
        cells[cell["row"]][cell["col"]] = " ".join(plain(clean(cell["content"])).split())
    return tuple(tuple(row) for row in cells if any(row))
