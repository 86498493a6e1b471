"""Parts of a PDF of which only the text is known, as of a recognised page: lines joined, headings found."""

import re
from collections.abc import Sequence

from knowledge.reading.blocks import Block, Heading, Paragraph
from knowledge.reading.headings import Line, is_section_number, looks_like_heading, section_depth
from knowledge.reading.printedlines import joined

_BULLET = re.compile(r"^(?:[•▪◦‣∙·●○■□➢✓\uf000-\uf0ff–—*-]|o(?= [A-ZÄÖÜa-zäöü]))\s+(?=\S)")
_NUMBERED = re.compile(r"^(?:\(?[a-z]\)|\(?\d{1,2}\)|\d{1,2}\.)\s+\S")
_SENTENCE_END = (".", "!", "?", ":", ";", "…", "“", "”", ")")
# A line that is shorter than this share of the page's longest lines ends its paragraph.
_FULL_LINE = 0.75


def text_page(number: int, lines: Sequence[str]) -> list[Block | Line]:
    """Parts of one page; a heading is known by its section number."""
    longest = max(map(len, lines), default=0)
    found: list[Block | Line] = []
    paragraph: list[str] = []
    for line in lines:
        if is_section_number(line) and looks_like_heading(line):
            _close(found, paragraph, number)
            found.append(Heading((section_depth(line) or 1) + 1, line, number))
            continue
        ends = paragraph and paragraph[-1].endswith(_SENTENCE_END) and len(paragraph[-1]) < _FULL_LINE * longest
        if paragraph and (ends or _BULLET.match(line) or _NUMBERED.match(line)):
            _close(found, paragraph, number)
        paragraph.append(line)
    _close(found, paragraph, number)
    return found


def _close(found: list[Block | Line], paragraph: list[str], number: int) -> None:
    if paragraph:
        found.append(Paragraph(_BULLET.sub("– ", joined(paragraph)), number))
        paragraph.clear()
