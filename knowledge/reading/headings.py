"""Headings that no style marks: short lines in bold or larger print, or with a section's number."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.reading.blocks import Block, Heading, Paragraph

_NUMBER = re.compile(r"(?:§+ ?\d+\w?|(?:\d{1,2}\.)*\d{1,2}\.?|[A-Z]\.|[IVX]{1,5}\.)\s+(?=[A-ZÄÖÜ„\"])")
_SECTION = re.compile(r"(?:(?:\d{1,2}\.)+\d{1,2}\.?|§+ ?\d+\w?)\s+[A-ZÄÖÜ„\"]")
_DATE = re.compile(r"\d{1,2}\.\s*(?:\d{1,2}\.|[A-Z][a-zä]+)\s*\d{4}")
_CAPTION = re.compile(r"(?:Abb(?:ildung|\.)|Tab(?:elle|\.)|Fig(?:ure|\.)|Table|Quelle|Source|Hinweis|Note)\b")
_CODE = re.compile(r"[<>{}=\n]|://|@")
_MAX_WORDS = 14
_MAX_LETTERS = 110
# Of the size of most of the text.
_LARGER = 1.15
# With so many the author marks headings, and means something else by bold print.
_MARKED_HEADINGS = 2


@dataclass(frozen=True)
class Line:
    """A paragraph with how it looks; `size` is that of its print in points, 0 where it is not known."""

    text: str
    bold: bool = False
    size: float = 0.0
    page: int | None = None
    marked: bool = False
    """Whether its style says that it is a heading, but not of which rank."""


def looks_like_heading(text: str) -> bool:
    """Whether words could be a heading: few, with letters, and no sentence, lead-in or caption."""
    if len(text) > _MAX_LETTERS or len(text.split()) > _MAX_WORDS or _CODE.search(text):
        return False
    if text.startswith(("–", "•", "-", "*")):
        return False
    if text.endswith((".", ":", ";", ",", "!")) and not _NUMBER.fullmatch(text + " A"):
        return False
    letters = sum(char.isalpha() for char in text)
    return letters >= 3 and letters >= len(text.replace(" ", "")) / 2 and not (is_caption(text) or _DATE.match(text))


def is_caption(text: str) -> bool:
    """Whether words name a picture, a table or where something is from."""
    return bool(_CAPTION.match(text))


def is_section_number(text: str) -> bool:
    """Whether words begin with a number of at least two levels ('3.2 Fristen') or a paragraph sign."""
    return bool(_SECTION.match(text)) and not _DATE.match(text)


def section_depth(text: str) -> int | None:
    """Of how many levels the number is with which a heading begins: '3.2 Fristen' → 2."""
    match = _NUMBER.match(text)
    if match is None or _DATE.match(text):
        return None
    return match.group().strip().rstrip(".").count(".") + 1


def with_headings(parts: Sequence[Block | Line], *, by_bold: bool | None = None) -> list[Block]:
    """Blocks with those lines turned into headings that look like ones and have something below them.

    `by_bold` says whether bold print alone makes a heading; where it is not given, it does in documents that do not
    mark their headings. A bold line that is none stands at the head of its paragraph. Lines without a letter or
    figure, such as rules, are left out.
    """
    parts = [part for part in parts if not isinstance(part, Line) or any(map(str.isalnum, part.text))]
    sizes = [part.size for part in parts if isinstance(part, Line) for _ in part.text.split()]
    body = sorted(sizes)[len(sizes) // 2] if sizes else 0.0
    if by_bold is None:
        by_bold = sum(isinstance(part, Heading) for part in parts) < _MARKED_HEADINGS
    stands_out = [isinstance(part, Line) and _stands_out(part, body) for part in parts]
    is_heading = [
        isinstance(part, Line)
        and stands_out[place]
        and (by_bold or _is_certain(part, body))
        and _has_text_below(parts, place, body)
        for place, part in enumerate(parts)
    ]
    unstyled = [part for part, found in zip(parts, is_heading, strict=True) if found and isinstance(part, Line)]
    ranks = {weight: rank for rank, weight in enumerate(sorted({_weight(line) for line in unstyled}), start=1)}
    blocks: list[Block] = []
    styled = 0
    head = ""
    for place, part in enumerate(parts):
        if isinstance(part, Heading):
            styled = part.level
        if not isinstance(part, Line):
            blocks.append(part)
        elif is_heading[place]:
            blocks.append(Heading(styled + ranks[_weight(part)], part.text, part.page))
        elif stands_out[place] and _is_text(parts[place + 1 : place + 2], stands_out[place + 1 : place + 2]):
            head = f"{part.text}\n"
            continue
        else:
            blocks.append(Paragraph(head + part.text, part.page))
        head = ""
    return blocks


def _is_text(following: Sequence[Block | Line], stands_out: Sequence[bool]) -> bool:
    return bool(following) and isinstance(following[0], Line) and not stands_out[0]


def _is_certain(line: Line, body: float) -> bool:
    """Whether more than bold print speaks for a heading."""
    return line.marked or (body > 0 and line.size >= _LARGER * body) or is_section_number(line.text)


def _weight(line: Line) -> tuple[float, int]:
    """Orders headings: larger print first, then numbers of fewer levels."""
    return (-line.size, section_depth(line.text) or 1)


def _stands_out(line: Line, body: float) -> bool:
    if not looks_like_heading(line.text):
        return False
    return line.bold or _is_certain(line, body)


def _has_text_below(parts: Sequence[Block | Line], place: int, body: float) -> bool:
    """Whether text follows, maybe after headings of lower rank; a line in bold at a chapter's end heads nothing."""
    for part in parts[place + 1 : place + 4]:
        if isinstance(part, Line) and _stands_out(part, body):
            continue
        return not isinstance(part, Heading)
    return False
