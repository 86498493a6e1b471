"""Blocks of a LibreOffice text (ODT, OpenDocument 1.3)."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from knowledge.linguistics.text import clean
from knowledge.reading.blocks import Block, Heading, Paragraph
from knowledge.reading.headings import Line, with_headings
from knowledge.reading.package import Element, Malformed, Package, attribute, child, children, local
from knowledge.reading.tables import is_layout, table_blocks

_LEFT_OUT = {
    *("table-of-content", "illustration-index", "table-index", "alphabetical-index", "bibliography", "user-index"),
    *("tracked-changes", "annotation", "forms", "sequence-decls", "note", "frame"),
}
_TEXT = {"p", "h"}


@dataclass
class _Reader:
    looks: dict[str, tuple[bool, float]]
    """Style → whether it is bold, and its size in points."""
    titles: set[str]
    pending: list[str] = field(default_factory=list)
    shift: int = 0


def opendocument_blocks(data: bytes) -> list[Block]:
    """Blocks of a text document in reading order; raises `Malformed` where it is none.

    Footnotes stand after the paragraph or list that refers to them; indexes and comments are left out.
    """
    package = Package(data)
    content = package.required("content.xml")
    text = child(content, "body", "text")
    if text is None:
        raise Malformed("the document has no text")
    looks: dict[str, tuple[bool, float]] = {}
    parents: dict[str, str] = {}
    for root in (package.part("styles.xml"), content):
        for group in ("styles", "automatic-styles"):
            for style in children(child(root, group), "style"):
                name = attribute(style, "name") or ""
                parents[name] = attribute(style, "parent-style-name") or ""
                looks[name] = _look(style, looks.get(parents[name], (False, 0.0)))
    titles = {"Title"} | {name for name, parent in parents.items() if parent == "Title"}
    reader = _Reader(looks, titles)
    reader.shift = int(any(local(one) == "p" and attribute(one, "style-name") in titles for one in text.iter()))
    return with_headings(list(_parts(reader, text)))


def _look(style: Element, parent: tuple[bool, float]) -> tuple[bool, float]:
    properties = child(style, "text-properties")
    weight = attribute(properties, "font-weight")
    size = attribute(properties, "font-size") or ""
    points = float(size[:-2]) if size.endswith("pt") and size[:-2].replace(".", "", 1).isdigit() else parent[1]
    return (weight == "bold" if weight else parent[0], points)


def _parts(reader: _Reader, container: Element) -> Iterator[Block | Line]:
    for one in container:
        kind = local(one)
        if kind in _TEXT:
            yield from _paragraph(reader, one)
        elif kind == "list":
            if lines := list(_items(reader, one)):
                yield Paragraph("\n".join(lines))
        elif kind == "table":
            yield from _table(reader, one)
        elif kind not in _LEFT_OUT:
            yield from _parts(reader, one)
        yield from (Paragraph(note) for note in reader.pending)
        reader.pending.clear()


def _paragraph(reader: _Reader, paragraph: Element) -> Iterator[Block | Line]:
    text = _words(reader, paragraph)
    style = attribute(paragraph, "style-name") or ""
    if text and local(paragraph) == "h":
        level = attribute(paragraph, "outline-level") or "1"
        yield Heading((int(level) if level.isdigit() else 1) + reader.shift, " ".join(text.split()))
    elif text and style in reader.titles:
        yield Heading(1, " ".join(text.split()))
    elif text:
        bold, size = reader.looks.get(style, (False, 0.0))
        yield Line(text, bold or _all_bold(reader, paragraph), size)
    for frame in paragraph.iter():
        if local(frame) == "text-box":
            yield from _parts(reader, frame)


def _all_bold(reader: _Reader, paragraph: Element) -> bool:
    spans = list(paragraph)
    return (
        not (paragraph.text or "").strip()
        and bool(spans)
        and all(
            local(span) == "span"
            and reader.looks.get(attribute(span, "style-name") or "", (False, 0.0))[0]
            and not (span.tail or "").strip()
            for span in spans
        )
    )


def _words(reader: _Reader, element: Element) -> str:
    return clean("".join(_characters(reader, element)))


def _characters(reader: _Reader, element: Element) -> Iterator[str]:
    yield element.text or ""
    for one in element:
        kind = local(one)
        if kind in ("s", "tab"):
            yield " "
        elif kind == "line-break":
            yield "\n"
        elif kind == "note":
            body = child(one, "note-body")
            note = " ".join(text for part in children(body, "p") if (text := _words(reader, part)))
            reader.pending.extend([note] if note else [])
        elif kind not in _LEFT_OUT:
            yield from _characters(reader, one)
        yield one.tail or ""


def _items(reader: _Reader, items: Element) -> Iterator[str]:
    """The items of a list, one a line, those of lists in it below their own item."""
    for item in items:
        own = [text for part in item if local(part) in _TEXT and (text := _words(reader, part))]
        if own:
            yield f"– {' '.join(' '.join(own).split())}"
        for inner in children(item, "list"):
            yield from _items(reader, inner)


def _table(reader: _Reader, table: Element) -> Iterator[Block | Line]:
    rows = list(_rows(table))
    cells = [cell for row, _ in rows for cell in row if local(cell) == "table-cell"]
    if any(local(one) == "table" for cell in cells for one in cell.iter()) or is_layout(
        ["".join(cell.itertext()) for cell in cells]
    ):
        for cell in cells:
            yield from _parts(reader, cell)
        return
    grid: list[dict[int, str]] = [{} for _ in rows]
    for place, (row, _) in enumerate(rows):
        column = 0
        for cell in row:
            repeated = min(_number(cell, "number-columns-repeated"), 64)
            if local(cell) == "covered-table-cell":
                column += repeated
                continue
            text = " ".join(words for part in cell.iter() if local(part) in _TEXT and (words := _words(reader, part)))
            for below in range(place, min(place + _number(cell, "number-rows-spanned"), len(rows))):
                for right in range(column, column + max(repeated, _number(cell, "number-columns-spanned"))):
                    grid[below][right] = text
            column += repeated
    headers = sum(is_header for _, is_header in rows)
    yield from table_blocks(
        [[row.get(column, "") for column in range(max(row, default=-1) + 1)] for row in grid], headers=headers or None
    )


def _rows(table: Element, *, header: bool = False) -> Iterator[tuple[Element, bool]]:
    for one in table:
        kind = local(one)
        if kind == "table-row":
            yield one, header
        elif kind in ("table-rows", "table-row-group", "table-header-rows"):
            yield from _rows(one, header=header or kind == "table-header-rows")


def _number(element: Element, name: str) -> int:
    value = attribute(element, name) or "1"
    return max(1, min(int(value), 10_000)) if value.isdigit() else 1
