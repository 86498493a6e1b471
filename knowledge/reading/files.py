"""From a file on disk to titled blocks, or to the reason why not."""

import re
from dataclasses import dataclass
from datetime import date
from email.utils import parsedate
from pathlib import Path
from typing import Any, Literal

import kreuzberg

from knowledge.language import detect_long
from knowledge.reading.blocks import Block, Heading, Paragraph, ReadFile, Table
from knowledge.reading.extraction import extract
from knowledge.reading.frontmatter import FrontMatter, split_front_matter
from knowledge.reading.markup import plain
from knowledge.reading.pdf import pdf_blocks
from knowledge.reading.structure import structure_blocks
from knowledge.text import clean

MIME_TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".html": "text/html",
    ".htm": "text/html",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".txt": "text/plain",
    ".eml": "message/rfc822",
}
_TEXT_TYPES = {"text/html", "text/markdown", "text/plain"}
_MARKDOWN_HEADING = re.compile(r"^#{1,6} \S", re.MULTILINE)
_STATED_DATE = re.compile(r"\bStand:?\s+(\d{1,2}\.\s?(?:\d{1,2}\.|[A-Za-zä]+)\s?\d{4}|\w+ \d{4}|\d{4}-\d{2}-\d{2})")
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
# Larger files are someone's archive or an accident.
MAX_BYTES = 100 * 1024 * 1024


@dataclass(frozen=True)
class Unreadable(Exception):
    """A file that gives no text; `reason` is one clause for the person who put it there."""

    reason: str


def read_file(path: Path) -> ReadFile:
    """Read one file; raises `Unreadable` with the reason where it gives no text."""
    mime_type = MIME_TYPES.get(path.suffix.lower())
    if mime_type is None:
        raise Unreadable(f"the format {path.suffix or 'without an ending'} is not read")
    try:
        size = path.stat().st_size
        if size == 0:
            raise Unreadable("the file is empty")
        if size > MAX_BYTES:
            raise Unreadable(f"the file is larger than {MAX_BYTES // 1024**2} MB")
        data = path.read_bytes()
    except OSError as error:
        raise Unreadable(f"it cannot be opened ({error.strerror})") from error
    front = FrontMatter()
    if mime_type in _TEXT_TYPES:
        text = _decoded(data)
        if mime_type != "text/html":
            front, text = split_front_matter(text)
            if _MARKDOWN_HEADING.search(text):
                mime_type = "text/markdown"
        data = text.encode("utf-8")
    try:
        result = extract(data, mime_type, output_format=_output(mime_type), structured=mime_type != MIME_TYPES[".pdf"])
        blocks = _blocks(result, data, mime_type)
    except kreuzberg.KreuzbergError as error:
        protected = any(word in str(error).lower() for word in ("password", "encrypt"))
        reason = "it is protected by a password" if protected else "it is damaged or not what its name says"
        raise Unreadable(reason) from error
    if not any(isinstance(block, (Paragraph, Table)) for block in blocks):
        is_pdf = mime_type == MIME_TYPES[".pdf"]
        raise Unreadable("it needs text recognition (OCR): no text was found in it" if is_pdf else "it holds no text")
    return _described(path, blocks, result, front, mime_type)


def _decoded(data: bytes) -> str:
    """Text in UTF-8 or, where it is not, in Windows-1252, of which Latin-1 text is a part."""
    if b"\x00" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable("it is not text although its name says so")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _output(mime_type: str) -> Literal["plain", "markdown"]:
    """Plain text needs the least cleaning, but only as Markdown do slides keep their titles."""
    return "markdown" if mime_type == MIME_TYPES[".pptx"] else "plain"


def _blocks(result: Any, data: bytes, mime_type: str) -> list[Block]:
    if mime_type == MIME_TYPES[".pdf"]:
        return pdf_blocks([(page["page_number"], page["content"]) for page in result.pages or []], data)
    return structure_blocks(result.document["nodes"] if result.document else [])


def _described(path: Path, blocks: list[Block], result: Any, front: FrontMatter, mime_type: str) -> ReadFile:
    metadata = result.metadata
    first_heading = next((block.text for block in blocks if isinstance(block, Heading)), None)
    named = plain(clean(str(metadata.get("title") or "")))
    title = front.title or named or first_heading or path.stem.replace("-", " ").replace("_", " ")
    full_text = "\n".join(block.text for block in blocks if isinstance(block, (Heading, Paragraph)))
    if first_heading is None or mime_type == MIME_TYPES[".eml"]:
        title = front.title or str(metadata.get("subject") or "") or named or title
    return ReadFile(
        title=title,
        lang=front.lang or detect_long(full_text or title),
        as_of=front.date or _stated_date(full_text, metadata),
        blocks=tuple(blocks),
        origins=front.sources,
        has_pages=any(block.page is not None for block in blocks),
    )


def _stated_date(text: str, metadata: Any) -> str | None:
    """The date a document gives as its own: its words before its metadata, a change before its making."""
    if stated := _STATED_DATE.search(text):
        return stated.group(1)
    tags = metadata.get("meta_tags") or {}
    for value in (tags.get("date"), tags.get("dcterms.date"), metadata.get("modified_at"), metadata.get("created_at")):
        if value and (iso := _ISO_DATE.match(str(value))):
            return iso.group()
        if value and (sent := parsedate(str(value))):
            return date(*sent[:3]).isoformat()
    return None
