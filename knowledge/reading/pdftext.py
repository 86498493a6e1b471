"""Parts of a PDF of which only the text is known, as of a recognised page: lines joined, headings found."""

import re
from collections.abc import Mapping, Sequence

from knowledge.reading.blocks import Block, Heading, Paragraph
from knowledge.reading.extraction import extract
from knowledge.reading.furniture import is_furniture, running_lines
from knowledge.reading.headings import Line, is_section_number, looks_like_heading, section_depth
from knowledge.reading.markup import plain
from knowledge.reading.printedlines import joined

_MARKED_HEADING = re.compile(r"^(#{1,2}) +(.+)$", re.MULTILINE)
_BULLET = re.compile(r"^(?:[•▪◦‣∙·●○■□➢✓\uf000-\uf0ff–—*-]|o(?= [A-ZÄÖÜa-zäöü]))\s+(?=\S)")
_NUMBERED = re.compile(r"^(?:\(?[a-z]\)|\(?\d{1,2}\)|\d{1,2}\.)\s+\S")
_SENTENCE_END = (".", "!", "?", ":", ";", "…", "“", "”", ")")
# A line that is shorter than this share of the page's longest lines ends its paragraph.
_FULL_LINE = 0.75


def text_parts(texts: Mapping[int, Sequence[str]], data: bytes) -> list[Block | Line]:
    """Parts from the lines of each page; `data`, the whole file, tells the size of print."""
    running = running_lines({number: list(page) for number, page in texts.items()})
    headings = _marked_headings(data)
    parts: list[Block | Line] = []
    for number, page in texts.items():
        body = [line for place, line in enumerate(page) if not is_furniture(line, place, len(page), running)]
        _continue(parts, text_page(number, body, headings))
    return parts


def text_page(number: int, lines: Sequence[str], headings: Mapping[str, int]) -> list[Block | Line]:
    """Parts of one page; `headings` gives the levels of those that are known, by their letters."""
    longest = max(map(len, lines), default=0)
    found: list[Block | Line] = []
    paragraph: list[str] = []
    index = 0
    while index < len(lines):
        heading, taken = _heading_at(lines, index, headings)
        if heading is not None:
            _close(found, paragraph, number)
            found.append(Heading(heading[0], heading[1], number))
            index += taken
            continue
        line = lines[index]
        ends = paragraph and paragraph[-1].endswith(_SENTENCE_END) and len(paragraph[-1]) < _FULL_LINE * longest
        if paragraph and (ends or _BULLET.match(line) or _NUMBERED.match(line)):
            _close(found, paragraph, number)
        paragraph.append(line)
        index += 1
    _close(found, paragraph, number)
    return found


def _close(found: list[Block | Line], paragraph: list[str], number: int) -> None:
    if paragraph:
        found.append(Paragraph(_BULLET.sub("– ", joined(paragraph)), number))
        paragraph.clear()


def _continue(parts: list[Block | Line], following: list[Block | Line]) -> None:
    """Add a page's parts; a sentence that runs over the page break stays with the page on which it begins."""
    last = parts[-1] if parts else None
    first = following[0] if following else None
    if isinstance(last, Paragraph) and isinstance(first, Paragraph):
        if not last.text.endswith(_SENTENCE_END) and first.text[:1].islower():
            parts[-1] = Paragraph(joined([last.text, first.text]), last.page)
            following = following[1:]
    parts.extend(following)


def _marked_headings(data: bytes) -> dict[str, int]:
    """Headings by the size of their print, as the reader's Markdown marks them: words → level.

    Its third level also marks table cells and captions, so two are believed.
    """
    content = extract(data, "application/pdf", output_format="markdown").content
    found: dict[str, int] = {}
    for match in _MARKED_HEADING.finditer(content):
        found.setdefault(_letters(plain(match.group(2))), len(match.group(1)))
    return found


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _heading_at(lines: Sequence[str], index: int, headings: Mapping[str, int]) -> tuple[tuple[int, str] | None, int]:
    """The heading that begins at a line, and over how many lines it runs."""
    for taken in (3, 2, 1):
        text = " ".join(lines[index : index + taken])
        if index + taken <= len(lines) and (level := headings.get(_letters(text))) and len(text) < 160:
            return (level, text), taken
    if is_section_number(lines[index]) and looks_like_heading(lines[index]):
        return ((section_depth(lines[index]) or 1) + 1, lines[index]), 1
    return None, 0
