"""Blocks of Markdown (CommonMark with tables), the HTML in it and footnotes included."""

import re

from markdown_it import MarkdownIt

from knowledge.reading.blocks import Block
from knowledge.reading.webpage import page_blocks

_NOTE = re.compile(r"^\[\^([^\]\s]+)\]:[ \t]*(.+(?:\n(?:[ \t]+\S.*|(?=\S)(?!\[\^|[#>|*-]|\d+\.).+))*)\n?", re.MULTILINE)
_MARK = re.compile(r"\[\^([^\]\s]+)\]")
# What site generators put among the words: attribute lists, includes, template tags.
_TEMPLATE = re.compile(r"\{:[^}\n]*\}|\{%.*?%\}|\{\{<.*?>\}\}|^:{3,}.*$", re.MULTILINE)
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")


def markdown_blocks(text: str) -> list[Block]:
    """Blocks of a Markdown text; a footnote stands after the paragraph, list or table that refers to it."""
    rendered = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    html = rendered.render(_with_notes_in_place(_TEMPLATE.sub("", text)))
    return page_blocks(f"<main>{html}</main>")


def _with_notes_in_place(text: str) -> str:
    notes = {match.group(1): " ".join(match.group(2).split()) for match in _NOTE.finditer(text)}
    if not notes:
        return text
    placed: list[str] = []
    waiting: list[str] = []
    fenced = False
    for line in [*_NOTE.sub("", text).split("\n"), ""]:
        fenced ^= bool(_FENCE.match(line))
        if fenced:
            placed.append(line)
            continue
        if waiting and not line.strip():
            placed.extend(part for note in waiting for part in ("", note))
            waiting = []
        waiting.extend(notes[key] for key in _MARK.findall(line) if key in notes)
        placed.append(_MARK.sub(lambda match: "" if match.group(1) in notes else match.group(), line))
    return "\n".join(placed)
