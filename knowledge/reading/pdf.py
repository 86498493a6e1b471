"""Blocks of a PDF, which knows only lines on pages: running heads dropped, lines joined, headings found."""

import re

from knowledge.reading.blocks import Block, Heading, Paragraph
from knowledge.reading.extraction import extract
from knowledge.reading.markup import plain
from knowledge.text import clean

_MARKED_HEADING = re.compile(r"^(#{1,2}) +(.+)$", re.MULTILINE)
_NUMBERED_HEADING = re.compile(r"^\d{1,2}(\.\d{1,2})*\.? [A-ZÄÖÜ][^.!?;,:]{2,80}$")
_LEADERS = re.compile(r"\.{4,}|(?:\. ){4,}")
_BULLET = re.compile(r"^(?:[•▪◦‣∙·\uf0b7\uf0a7–—-]|\(?[a-z0-9]{1,2}\)|\d{1,2}\.)\s+\S")
_PAGE_NUMBER = re.compile(r"^(?:(?:Seite|Page|S\.)\s*)?\d{1,4}(?:\s*(?:/|von|of)\s*\d{1,4})?$")
_HYPHENATED = re.compile(r"[^\W\d_]{2,}-$")
_SENTENCE_END = (".", "!", "?", ":", ";", "…", "“", "”", ")")
# A line that is shorter than this share of the page's longest lines ends its paragraph.
_FULL_LINE = 0.75
_EDGE_LINES = 3


def pdf_blocks(pages: list[tuple[int, str]], data: bytes) -> list[Block]:
    """Blocks of a PDF from (page number, plain text) pairs; `data`, the whole file, tells the size of print."""
    lines = {number: [line for line in clean(text).split("\n") if line] for number, text in pages}
    running = _running_lines(lines)
    headings = _marked_headings(data)
    blocks: list[Block] = []
    for number, page in lines.items():
        body = [line for place, line in enumerate(page) if not _is_furniture(line, place, len(page), running)]
        _continue(blocks, _page_blocks(number, body, headings))
    return blocks


def _shape(line: str) -> str:
    return re.sub(r"\d+", "#", line)


def _at_edge(place: int, count: int) -> bool:
    edge = min(_EDGE_LINES, max(1, count // 4))
    return place < edge or place >= count - edge


def _running_lines(pages: dict[int, list[str]]) -> set[str]:
    """Shapes of lines that stand at the edge of half of the pages, the same or counting with them: heads and feet."""
    seen: dict[str, dict[int, str]] = {}
    for number, page in pages.items():
        for place, line in enumerate(page):
            if _at_edge(place, len(page)):
                seen.setdefault(_shape(line), {})[number] = line
    often = max(3, len(pages) / 2)
    return {shape for shape, lines in seen.items() if len(lines) >= often and _runs(lines)}


def _runs(lines: dict[int, str]) -> bool:
    """Whether lines of one shape are all the same or differ by the page's number alone."""
    if len(set(lines.values())) == 1:
        return True
    counted = [[int(figure) - number for figure in re.findall(r"\d+", line)] for number, line in lines.items()]
    return any(len(set(offsets)) == 1 for offsets in zip(*counted, strict=True))


def _is_furniture(line: str, place: int, count: int, running: set[str]) -> bool:
    if _LEADERS.search(line):
        return True
    return _at_edge(place, count) and (_shape(line) in running or bool(_PAGE_NUMBER.match(line)))


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


def _page_blocks(number: int, lines: list[str], headings: dict[str, int]) -> list[Block]:
    blocks: list[Block] = []
    open_lines: list[str] = []
    longest = max(map(len, lines), default=0)
    index = 0
    while index < len(lines):
        heading, taken = _heading_at(lines, index, headings)
        if heading is not None:
            _close(blocks, open_lines, number)
            blocks.append(Heading(heading[0], heading[1], number))
            index += taken
            continue
        if open_lines and (_BULLET.match(lines[index]) or _ends_paragraph(open_lines[-1], longest)):
            _close(blocks, open_lines, number)
        open_lines.append(lines[index])
        index += 1
    _close(blocks, open_lines, number)
    return blocks


def _heading_at(lines: list[str], index: int, headings: dict[str, int]) -> tuple[tuple[int, str] | None, int]:
    """The heading that begins at a line, and over how many lines it runs."""
    for taken in (3, 2, 1):
        text = " ".join(lines[index : index + taken])
        if index + taken <= len(lines) and (level := headings.get(_letters(text))) and len(text) < 160:
            return (level, text), taken
    if _NUMBERED_HEADING.match(lines[index]):
        depth = lines[index].split()[0].rstrip(".").count(".")
        return (depth + 2, lines[index]), 1
    return None, 0


def _ends_paragraph(line: str, longest: int) -> bool:
    return line.endswith(_SENTENCE_END) and len(line) < _FULL_LINE * longest


def _close(blocks: list[Block], lines: list[str], page: int) -> None:
    if lines:
        blocks.append(Paragraph(_joined(lines), page))
        lines.clear()


def _joined(lines: list[str]) -> str:
    """Lines as one, words that were divided at a line's end whole again."""
    text = lines[0]
    for line in lines[1:]:
        if _HYPHENATED.search(text) and line[:1].islower() and not re.match(r"(?:und|oder|bzw\.|sowie)\b", line):
            text = text[:-1] + line
        else:
            text = f"{text} {line}"
    return text


def _continue(blocks: list[Block], following: list[Block]) -> None:
    """Add a page's blocks; a sentence that runs over the page break stays with the page on which it begins."""
    last = blocks[-1] if blocks else None
    first = following[0] if following else None
    if isinstance(last, Paragraph) and isinstance(first, Paragraph):
        runs_on = not last.text.endswith(_SENTENCE_END) and first.text[:1].islower()
        if runs_on:
            blocks[-1] = Paragraph(_joined([last.text, first.text]), last.page)
            following = following[1:]
    blocks.extend(following)
