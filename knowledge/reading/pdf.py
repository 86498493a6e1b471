"""Blocks of a PDF, which knows only print on pages: running heads dropped, lines joined, headings and tables found."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from knowledge.linguistics.text import clean
from knowledge.reading.blocks import Block, Heading, Paragraph, Table
from knowledge.reading.furniture import is_furniture, is_running, running_lines
from knowledge.reading.headings import Line, is_caption, with_headings
from knowledge.reading.layout import page_parts
from knowledge.reading.pdftext import text_page
from knowledge.reading.printed import Print, PrintedPage, Word, printed
from knowledge.reading.printedlines import PrintedLine, PrintedTable, joined, visual_lines
from knowledge.reading.tables import table_blocks

_BULLET = re.compile(r"^(?:[•▪◦‣∙·●○■□➢✓\uf000-\uf0ff–—*-]|o(?= [A-ZÄÖÜa-zäöü]))\s+(?=\S)")
_NUMBERED = re.compile(r"^(?:\(?[a-z]\)|\(?\d{1,2}\)|\d{1,2}\.)\s+\S")
_NOTE = re.compile(r"^\d{1,3}\)?\s+(?=\S)")
_CONTENTS = re.compile(
    r"(?:Inhalt(?:s(?:verzeichnis|übersicht|angabe))?|(?:Table of )?Contents|(?:Abbildungs|Tabellen)verzeichnis"
    r"|List of (?:Figures|Tables))",
    re.IGNORECASE,
)
_SENTENCE_END = (".", "!", "?", ":", ";", "…", "“", "”", ")")
# A line that is shorter than this share of its column ends its paragraph if it also ends a sentence.
_FULL_LINE = 0.85
# One that is even shorter ends it in any case, unless the next begins in the middle of a sentence.
_SHORT_LINE = 0.55
# Of a paragraph that a page break may divide before a noun; a shorter text without a full stop is no sentence.
_RUNNING_WORDS = 12
_WIDE_LEADING = 1.35
# Print of a footnote, of the size of the body.
_NOTE_SIZE = 0.93
_NOTE_PLACE = 0.4


def pdf_text(pages: list[tuple[int, str]], data: bytes) -> tuple[list[Block], tuple[str, ...]]:
    """Blocks of a PDF, and the heads and feet of its pages, which stand in none, each once.

    `data` is the whole file, `pages` its text as (page number, plain text) pairs. The text serves where the places of
    the words cannot be had, as on pages that are pictures. A sentence that runs over a page break stays with the page
    on which it begins; nothing else crosses pages.
    """
    found = printed(data)
    texts = {number: [line for line in clean(text).split("\n") if line] for number, text in pages}
    edges: dict[str, str] = {}
    parts = _printed_parts(found, texts, edges) if found is not None else _text_parts(texts)
    return with_headings(parts, by_bold=True), tuple(edges.values())


def _text_parts(texts: dict[int, list[str]]) -> list[Block | Line]:
    return [part for number, lines in texts.items() for part in text_page(number, lines)]


def _printed_parts(document: Print, texts: dict[int, list[str]], edges: dict[str, str]) -> list[Block | Line]:
    """The parts of all pages; heads and feet go into `edges` by their letters, with which page numbers differ."""
    lines = {page.number: visual_lines(page.words) for page in document.pages}
    running = running_lines({number: [line.text for line in found] for number, found in lines.items()})
    outline = {(_letters(title), page): level for title, level, page in document.outline}
    body = _body_size(document)
    parts: list[Block | Line] = []
    for page in document.pages:
        count = len(lines[page.number])
        furniture: set[Word] = set()
        for place, line in enumerate(lines[page.number]):
            if is_running(line.text, place, count, running):
                edges.setdefault(re.sub(r"\d+", "", _letters(line.text)), line.text)
            if is_furniture(line.text, place, count, running):
                furniture.update(line.words)
        words = [word for word in page.words if word not in furniture]
        if _is_picture(page, texts.get(page.number, [])):
            found = text_page(page.number, texts[page.number])
        else:
            found = [_titled(part, outline) for part in _page_parts(page, words, body)]
        _continue(parts, found)
    return _without_contents(parts)


def _without_contents(parts: list[Block | Line]) -> list[Block | Line]:
    """Parts without tables of contents: the short lines below such a title, until the first of them comes again."""
    kept: list[Block | Line] = []
    listed: set[str] | None = None
    for part in parts:
        if listed is None and isinstance(part, (Line, Heading)) and _CONTENTS.fullmatch(part.text):
            listed = set()
        elif listed is None or not isinstance(part, (Line, Heading)):
            kept.append(part)
        elif _letters(part.text) in listed or (len(part.text.split()) > 12 and part.text.endswith(_SENTENCE_END)):
            listed = None
            kept.append(part)
        else:
            listed.add(_letters(re.sub(r"\s*\d+$", "", part.text)))
    return kept


def _is_picture(page: PrintedPage, recognised: Sequence[str]) -> bool:
    """Whether most of a page's text was recognised in a picture, which holds no print."""
    return sum(map(len, recognised)) > 2 * sum(len(word.text) for word in page.words) + 40


def _body_size(document: Print) -> float:
    sizes = [word.size for page in document.pages for word in page.words]
    return float(median(sizes)) if sizes else 0.0


def _titled(part: Block | Line, outline: dict[tuple[str, int], int]) -> Block | Line:
    """A line that the document's outline names, as a heading."""
    if not isinstance(part, Line) or not outline:
        return part
    unnumbered = re.sub(r"^[\dIVX.]+\s+", "", part.text)
    for text in (part.text, unnumbered):
        level = outline.get((_letters(text), part.page or 0))
        if level is not None:
            return Heading(level, part.text, part.page)
    return part


def _page_parts(page: PrintedPage, words: Sequence[Word], body: float) -> list[Block | Line]:
    found: list[Block | Line] = []
    paragraph: list[PrintedLine] = []
    laid_out = page_parts(page, words)
    leading = _leading([part for part in laid_out if isinstance(part, PrintedLine)])
    for part in laid_out:
        if paragraph and (isinstance(part, PrintedTable) or _begins_paragraph(paragraph, part, leading)):
            found.append(_paragraph(paragraph, page, body))
            paragraph = []
        if isinstance(part, PrintedTable):
            found.extend(table_blocks(part.grid, page=page.number))
        else:
            paragraph.append(part)
    if paragraph:
        found.append(_paragraph(paragraph, page, body))
    return found


def _leading(lines: Sequence[PrintedLine]) -> float:
    """The usual distance of a page's lines."""
    steps = [before.base - line.base for before, line in itertools.pairwise(lines)]
    steps = [step for step in steps if step > 0]
    return float(median(steps)) if steps else 0.0


def _begins_paragraph(paragraph: Sequence[PrintedLine], line: PrintedLine, leading: float) -> bool:
    last = paragraph[-1]
    step = last.base - line.base
    if abs(line.size - last.size) > 0.08 * last.size:
        return True
    if step < 0:
        return last.text.endswith(_SENTENCE_END) or not line.text[0].islower()
    if leading and step > _WIDE_LEADING * leading:
        return True
    if last.bold and not line.bold:
        return not last.text.endswith(":")
    if line.bold and not last.bold and last.right < _FULL_LINE * last.edge:
        return True
    if _BULLET.match(line.text) or _NUMBERED.match(line.text):
        return True
    width = last.edge - paragraph[0].left
    starts = line.text[0].isupper() or line.text[0].isdigit()
    if starts and (last.right - paragraph[0].left < _SHORT_LINE * width):
        return True
    if starts and line.words[0].bold and not last.words[-1].bold and last.text.endswith(_SENTENCE_END):
        return True
    return last.text.endswith(_SENTENCE_END) and last.right - paragraph[0].left < _FULL_LINE * width


def _paragraph(lines: Sequence[PrintedLine], page: PrintedPage, body: float) -> Block | Line:
    text = clean(joined([line.text for line in lines]))
    size = lines[0].size
    if _BULLET.match(text):
        return Paragraph(_BULLET.sub("– ", text), page.number)
    if size < _NOTE_SIZE * body and _NOTE.match(text) and lines[0].base < _NOTE_PLACE * page.height:
        return Paragraph(_NOTE.sub("", text), page.number)
    if any(line.is_gapped for line in lines):
        return Paragraph(text, page.number)
    return Line(text, all(line.bold for line in lines), size, page.number)


def _continue(parts: list[Block | Line], following: list[Block | Line]) -> None:
    """Add a page's parts: a broken sentence is made whole on its first page, a table gets the header it had there."""
    place = len(parts) - 1
    while place >= 0 and isinstance(parts[place], Paragraph) and following and isinstance(following[0], Line):
        place -= 1
    last = parts[place] if place >= 0 else None
    first = following[0] if following else None
    if isinstance(last, Line) and isinstance(first, Line) and last.page != first.page:
        if _runs_on(last, first):
            parts[place] = replace(last, text=joined([last.text, first.text]))
            following = following[1:]
    if isinstance(last, Table) and isinstance(first, Table) and place == len(parts) - 1:
        header = last.rows[0]
        if len(header) == len(first.rows[0]) and len(header) > 1 and header != first.rows[0]:
            if not _looks_like_header(first.rows, header):
                first = replace(first, rows=(header, *first.rows))
        following = [first, *following[1:]]
        _continue_row(parts, following)
    parts.extend(following)


def _runs_on(last: Line, first: Line) -> bool:
    """Whether the first paragraph of a page goes on with the last one of the page before."""
    if last.text.endswith(_SENTENCE_END) or last.bold or first.bold or abs(last.size - first.size) > 0.5:
        return False
    if first.text[:1].islower():
        return True
    is_running = len(last.text.split()) >= _RUNNING_WORDS and not is_caption(last.text)
    return is_running and first.text.endswith(_SENTENCE_END)


def _continue_row(parts: list[Block | Line], following: list[Block | Line]) -> None:
    """A table's row that runs over a page break made whole on its first page."""
    last, first = parts[-1], following[0]
    if not isinstance(last, Table) or not isinstance(first, Table) or len(first.rows) < 2:
        return
    begun, rest = last.rows[-1], first.rows[1]
    if rest[0] or len(begun) != len(rest) or len(last.rows) < 2:
        return
    whole = tuple(joined([part for part in pair if part] or [""]) for pair in zip(begun, rest, strict=True))
    parts[-1] = replace(last, rows=(*last.rows[:-1], whole))
    rows = (first.rows[0], *first.rows[2:])
    following[:1] = [replace(first, rows=rows)] if len(rows) > 1 else []


def _looks_like_header(rows: Sequence[Sequence[str]], header: Sequence[str]) -> bool:
    """Whether a table begins with a header of its own: its first row shares words with the one before it."""
    return sum(cell == other and bool(cell) for cell, other in zip(rows[0], header, strict=True)) * 2 >= len(header)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
