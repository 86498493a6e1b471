"""From a file on disk to titled blocks, or to the reason why not."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import kreuzberg

from knowledge.reading.archive import refuse_attack
from knowledge.reading.blocks import Block, Paragraph, ReadFile, Table
from knowledge.reading.extraction import extract
from knowledge.reading.formats import known_blocks
from knowledge.reading.frontmatter import FrontMatter, split_front_matter
from knowledge.reading.kinds import (
    CSV,
    DAMAGED,
    DOCX,
    EML,
    HTML,
    MARKDOWN,
    PACKED_KINDS,
    PDF,
    PICTURE_KINDS,
    PPTX,
    PROTECTED,
    TEXT_KINDS,
    ZIP,
    checked_size,
    decoded,
    kind_of,
)
from knowledge.reading.limits import Limits
from knowledge.reading.mail import parted
from knowledge.reading.metadata import describe
from knowledge.reading.ocr import A4, MISSING, holds_scans, language_data, recognise_pages, recognise_picture
from knowledge.reading.opening import Unreadable, opened
from knowledge.reading.pdf import pdf_text
from knowledge.reading.plaintext import text_blocks
from knowledge.reading.rows import csv_rows
from knowledge.reading.structure import structure_blocks
from knowledge.reading.word import word_running

_MARKDOWN_HEADING = re.compile(r"^#{1,6} \S", re.MULTILINE)
NO_TEXT = "it holds no text"
# A page with fewer letters may be a picture with a stamp on it; one with none is a picture, or empty.
_FEW_LETTERS = 100
# With no more letters than on a stamp, it surely is one.
_STAMP_LETTERS = 20


@dataclass(frozen=True)
class Reading:
    """A file's text, and the pages that are pictures and left out for want of text recognition."""

    file: ReadFile
    pictures: tuple[int, ...] = ()


def read_file(path: Path) -> ReadFile:
    """Read one file in this process; raises `Unreadable` with the reason where it gives no text.

    `Reader` reads files that nobody has looked at; this is for those that the project brings with it. Of a mail only
    its own text is read.
    """
    limits = Limits()
    with opened(path) as (stream, confirm):
        checked_size(stream, limits.file_bytes)
        kind = kind_of(stream, path.name)
        if kind == ZIP:
            raise Unreadable("it is an archive")
        data = stream.read()
        reading = read_data(path.name, parted(data).text if kind == EML else data, kind, limits)
        confirm()
        return reading.file


def read_data(name: str, data: bytes, kind: str, limits: Limits, allow: Callable[[], None] = lambda: None) -> Reading:
    """Read the bytes of one document, given its MIME type as `kind_of` tells it.

    `name` serves as title where the document has none. `allow` is called before each page whose text has to be
    recognised. Raises `Unreadable` with the reason where it gives no text.
    """
    try:
        if kind in PICTURE_KINDS.values():
            return Reading(describe(name, _picture(recognise_picture(data, allow)), {}, FrontMatter()))
        if kind in TEXT_KINDS:
            return Reading(_text(name, data, kind, limits))
        if kind in PACKED_KINDS:
            refuse_attack(data, limits)
        return _document(name, data, kind, limits, allow)
    except kreuzberg.KreuzbergError as error:
        raise Unreadable(_cause(error)) from error


def _text(name: str, data: bytes, kind: str, limits: Limits) -> ReadFile:
    text = decoded(data)
    _refuse_length(len(text), limits)
    if kind == CSV:
        rows = csv_rows(text)
        return describe(name, _not_empty([Table(rows)] if rows else []), {}, FrontMatter())
    front = FrontMatter()
    if kind != HTML:
        front, text = split_front_matter(text)
        if _MARKDOWN_HEADING.search(text):
            kind = MARKDOWN
    data = text.encode("utf-8", errors="replace")
    result = extract(data, kind, structured=True)
    return describe(name, _not_empty(_structure(result, data, kind)), result.metadata, front)


def _document(name: str, data: bytes, kind: str, limits: Limits, allow: Callable[[], None]) -> Reading:
    # Plain text needs the least cleaning, but only as Markdown do slides keep their titles.
    result = extract(data, kind, output_format="markdown" if kind == PPTX else "plain", structured=kind != PDF)
    pictures: tuple[int, ...] = ()
    if kind == PDF:
        pages, pictures = _pages(result, data, allow)
        blocks, running = pdf_text(pages, data)
    else:
        blocks, running = _structure(result, data, kind), word_running(data) if kind == DOCX else ()
    _refuse_length(sum(map(_length, blocks)), limits)
    described = describe(name, _not_empty(blocks), _said(result.metadata), FrontMatter())
    return Reading(replace(described, running=running), pictures)


def _structure(result: Any, data: bytes, kind: str) -> list[Block]:
    return known_blocks(data, kind) or structure_blocks(result.document["nodes"] if result.document else [])


def _said(metadata: Any) -> dict[str, Any]:
    """What a file says of itself, the sender of a mail by name."""
    return {**metadata, "from": metadata.get("from_name") or metadata.get("from_email")}


def _not_empty(blocks: list[Block]) -> list[Block]:
    if any(isinstance(block, (Paragraph, Table)) for block in blocks):
        return blocks
    raise Unreadable(NO_TEXT)


def _length(block: Block) -> int:
    if isinstance(block, Table):
        return sum(len(cell) for row in block.rows for cell in row)
    return len(block.text)


def _refuse_length(length: int, limits: Limits) -> None:
    if length > limits.characters:
        raise Unreadable(f"its text is longer than {limits.characters // 1_000_000} million characters")


def _cause(error: Exception) -> str:
    words = str(error).lower()
    if "password" in words or "encrypt" in words:
        return PROTECTED
    return DAMAGED


def _pages(result: Any, data: bytes, allow: Callable[[], None]) -> tuple[list[tuple[int, str]], tuple[int, ...]]:
    """The text of a PDF's pages, recognised where they are pictures, and the pages for which that is not possible."""
    texts = {page["page_number"]: str(page["content"]) for page in result.pages or []}
    letters = {number: sum(map(str.isalpha, text)) for number, text in texts.items()}
    has_scans = holds_scans(data)
    pictures = [number for number, count in letters.items() if count < (_FEW_LETTERS if has_scans else 1)]
    if language_data() is None:
        if not any(letters.values()):
            raise Unreadable(MISSING, needs_ocr=True)
        unread = [number for number in pictures if letters[number] < _STAMP_LETTERS]
        return sorted(texts.items()), tuple(unread) if has_scans else ()
    known = (result.metadata.get("pages") or {}).get("pages", ())
    sizes = {page["number"]: tuple(page.get("dimensions") or A4) for page in known}
    for number, text in recognise_pages(data, {number: sizes.get(number, A4) for number in pictures}, allow):
        if sum(map(str.isalpha, text)) > letters[number]:
            texts[number] = text
    return sorted(texts.items()), ()


def _picture(pages: list[str]) -> list[Block]:
    """Blocks of the recognised text of a picture, numbered where it has several pages."""
    blocks = [
        replace(block, page=number) if len(pages) > 1 else block
        for number, page in enumerate(pages, start=1)
        for block in text_blocks(page)
    ]
    if not blocks:
        raise Unreadable("no text was recognised in the picture")
    return blocks
