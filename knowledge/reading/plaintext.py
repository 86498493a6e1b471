"""Blocks of plain text: paragraphs between blank lines, lists, and headings as people type them."""

import re
from collections.abc import Iterator
from itertools import dropwhile, takewhile

from knowledge.linguistics.dates import holds_date
from knowledge.linguistics.text import clean
from knowledge.reading.blocks import Block, Heading, Paragraph
from knowledge.reading.headings import Line, is_section_number, looks_like_heading, section_depth, with_headings
from knowledge.reading.tables import table_blocks

_RULE = re.compile(r"([=\-_*~#+])\1{2,}")
_FRAMED = re.compile(r"([=*#~-])\1*\s+(.*?\w.*?)\s+\1{2,}")
_ITEM = re.compile(r"\s*(?:[-*+•–▪◦·]|\(?(?:\d{1,3}|[a-z])[.)])\s+(?=\S)")
_BULLET = re.compile(r"\s*[-*+•–▪◦·]\s+")
# A line that ends earlier than this share of the longest ones ends its sentence or stands for itself.
_FULL_LINE = 0.6
_TITLE_LINES = 3


def text_blocks(text: str) -> list[Block]:
    """Blocks of a text without markup.

    A heading is underlined, framed by a rule, numbered ('§ 5 Gebühren'), or a short line alone between blank ones; a
    title may have more lines. Lines that only break a sentence are joined, list items keep their lines, columns set
    apart by tabs are a table.
    """
    lines = [line.rstrip() for line in text.expandtabs(1).split("\n")]
    title, rest = _title(lines)
    return with_headings([*title, *_parts(rest, text.split("\n")[len(lines) - len(rest) :])], by_bold=True)


def _title(lines: list[str]) -> tuple[list[Block | Line], list[str]]:
    """What a text opens with if that is a title with a date below it ('Satzung', 'vom 3. Mai 2024'), and the rest."""
    above = list(takewhile(str.strip, dropwhile(lambda line: not line.strip(), lines)))
    if (
        not 1 < len(above) <= _TITLE_LINES
        or above[-1].endswith(".")
        or not holds_date(above[1])
        or not looks_like_heading(clean(above[0]))
    ):
        return [], lines
    if any(_ITEM.match(line) or _RULE.fullmatch(line.strip()) or "\t" in line for line in above):
        return [], lines
    rest = lines[lines.index(above[0]) + len(above) :]
    return [Heading(1, clean(above[0])), Paragraph(clean(" ".join(above[1:])))], rest


def _parts(lines: list[str], raw: list[str]) -> Iterator[Block | Line]:
    group: list[tuple[str, str]] = []
    for line, typed in zip([*lines, ""], [*raw, ""], strict=True):
        rule = _RULE.fullmatch(line.strip())
        if rule and group and len(group) == 1 and looks_like_heading(clean(group[0][0])):
            yield Heading(1 if rule.group(1) in "=#*" else 2, clean(group[0][0]))
            group = []
        elif _is_section(clean(line)):
            yield from _group(group)
            yield Line(clean(line), bold=True)
            group = []
        elif line.strip() and not rule:
            group.append((line, typed))
        else:
            yield from _group(group)
            group = []


def _group(group: list[tuple[str, str]]) -> Iterator[Block | Line]:
    lines = [line for line, _ in group]
    rows = [re.split(r"\t+", typed.strip()) for _, typed in group]
    if len(rows) > 1 and len(rows[0]) > 1 and len({len(row) for row in rows}) == 1:
        yield from table_blocks(rows)
    elif len(lines) == 1 and (framed := _FRAMED.fullmatch(lines[0].strip())):
        yield Heading(1, clean(framed.group(2)))
    elif len(lines) == 1 and not _BULLET.match(lines[0]):
        yield Line(clean(lines[0]), bold=True)
    elif lines and _opens(lines):
        yield Line(clean(lines[0]), bold=True)
        yield from _group(group[1:])
    elif lines:
        yield from _paragraphs(lines)


def _is_section(words: str) -> bool:
    """Whether a line is the heading of a section by its number, whatever stands above and below it."""
    return is_section_number(words) and looks_like_heading(words)


def _opens(lines: list[str]) -> bool:
    """Whether the first of some lines is a numbered heading of the others ('1. Zweck'), and no item of a list."""
    first = clean(lines[0])
    if section_depth(first) is None or not looks_like_heading(first) or _runs_on(lines[0], max(map(len, lines))):
        return False
    return clean(lines[1])[:1].isupper() and not _ITEM.match(lines[1])


def _paragraphs(lines: list[str]) -> Iterator[Block | Line]:
    """A lead-in or text, and the list that may follow it."""
    longest = max(map(len, lines))
    found: list[str] = []
    listed = False
    previous = ""
    for line in lines:
        item = _ITEM.match(line)
        if item and not listed and found:
            yield Paragraph("\n".join(found))
            found = []
        listed = listed or bool(item)
        words = clean(line)
        if item:
            found.append(_BULLET.sub("– ", line, count=1) if _BULLET.match(line) else words)
        elif found and (listed or _runs_on(previous, longest)):
            found[-1] = f"{found[-1]} {words}"
        else:
            found.append(words)
        previous = line
    yield Paragraph("\n".join(clean(line) for line in found))


def _runs_on(line: str, longest: int) -> bool:
    return (len(line) >= _FULL_LINE * longest and longest > 40) or line.rstrip()[-1:] in ",-–"
