"""Blocks of a Word document (DOCX, ECMA-376 part 1)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from knowledge.linguistics.text import clean
from knowledge.reading.blocks import Block, Heading, Paragraph
from knowledge.reading.headings import Line, with_headings
from knowledge.reading.package import Element, Malformed, Package, attribute, child, children, local
from knowledge.reading.tables import is_layout, table_blocks

_NAMED_HEADING = re.compile(r"(?:heading|überschrift|ueberschrift)\b ?(\d)?", re.IGNORECASE)
_NAMED_CONTENTS = re.compile(r"(?:toc|table of figures|table of authorities|index)\b", re.IGNORECASE)
_NAMED_MINOR = re.compile(r"(?:zwischenüberschrift|untertitel|subtitle|sub-?heading)", re.IGNORECASE)
# What tracked changes took away, and the older copy of what newer programs draw otherwise.
_LEFT_OUT = {"del", "moveFrom", "Fallback", "pPr", "rPr", "instrText", "delText", "sectPr", "tblPr", "tcPr", "trPr"}
_BODY_LEVEL = 9


@dataclass(frozen=True)
class _Style:
    name: str = ""
    level: int | None = None
    bold: bool = False
    size: float = 0.0
    listed: bool = False


@dataclass
class _Reader:
    package: Package
    styles: dict[str, _Style]
    notes: dict[str, str]
    shift: int = 0
    pending: list[str] = field(default_factory=list)
    """Footnotes whose marks were passed and that wait for the end of their list."""


def word_blocks(data: bytes) -> list[Block]:
    """Blocks of a Word document in reading order; raises `Malformed` where it is none.

    Headings are those marked by style or outline level, or set apart as such. Footnotes stand after the paragraph that
    refers to them. Tables of contents, heads and feet of pages and what tracked changes deleted are left out.
    """
    package = Package(data)
    main = _main(package)
    body = child(package.required(main), "body")
    if body is None:
        raise Malformed("the document has no body")
    linked = dict(package.targets(main).values())
    reader = _Reader(package, _styles(package.part(linked.get("styles", "word/styles.xml"))), {})
    for kind in ("footnote", "endnote"):
        reader.notes |= _notes(package.part(linked.get(f"{kind}s", f"word/{kind}s.xml")), kind)
    has_title = any(_style(reader, one).level == 0 and _words(one) for one in body.iter() if local(one) == "p")
    reader.shift = 1 if has_title else 0
    return with_headings(list(_joined_lists(_parts(reader, body))))


def word_running(data: bytes) -> tuple[str, ...]:
    """Lines of the heads and feet of a Word document's pages, each once; none where it cannot be read."""
    try:
        package = Package(data)
        main = _main(package)
        roots = [package.part(path) for kind, path in package.targets(main).values() if kind in ("header", "footer")]
    except Malformed:
        return ()
    paragraphs = [one for root in roots if root is not None for one in root.iter() if local(one) == "p"]
    lines = [" ".join(_words(one).split()) for one in paragraphs]
    return tuple(dict.fromkeys(line for line in lines if line))


def _main(package: Package) -> str:
    """The name of the part that holds the text."""
    return next((path for kind, path in package.targets("").values() if kind == "officeDocument"), "word/document.xml")


def _styles(root: Element | None) -> dict[str, _Style]:
    raw = {attribute(one, "styleId") or "": one for one in children(root, "style")}
    found: dict[str, _Style] = {}

    def resolve(key: str, depth: int) -> _Style:
        if key in found or key not in raw or depth > 20:
            return found.get(key, _Style())
        style = raw[key]
        parent = resolve(attribute(child(style, "basedOn"), "val") or "", depth + 1)
        name = attribute(child(style, "name"), "val") or ""
        size = attribute(child(style, "rPr", "sz"), "val")
        bold = child(style, "rPr", "b")
        found[key] = _Style(
            name=name,
            level=_style_level(name, style, parent),
            bold=_is_on(bold) if bold is not None else parent.bold,
            size=_points(size) or parent.size,
            listed=child(style, "pPr", "numPr") is not None or parent.listed,
        )
        return found[key]

    for key in raw:
        resolve(key, 0)
    return found


def _style_level(name: str, style: Element, parent: _Style) -> int | None:
    """Of a heading's style, from 1; 0 for the document's title."""
    if name.lower() in ("title", "titel"):
        return 0
    if named := _NAMED_HEADING.match(name):
        return int(named.group(1) or 1)
    outline = attribute(child(style, "pPr", "outlineLvl"), "val")
    if outline is not None and outline.isdigit():
        return int(outline) + 1 if int(outline) < _BODY_LEVEL else None
    return parent.level


def _is_on(toggle: Element | None) -> bool:
    return toggle is not None and attribute(toggle, "val") not in ("0", "false", "off")


def _points(half: str | None) -> float:
    return int(half) / 2 if half and half.isdigit() else 0.0


def _notes(root: Element | None, kind: str) -> dict[str, str]:
    found = {}
    for note in children(root, kind):
        if attribute(note, "type") is None and (text := " ".join(_words(one) for one in children(note, "p")).strip()):
            found[f"{kind}{attribute(note, 'id')}"] = text
    return found


def _style(reader: _Reader, paragraph: Element) -> _Style:
    key = attribute(child(paragraph, "pPr", "pStyle"), "val") or ""
    return reader.styles.get(key, _Style())


def _words(element: Element) -> str:
    return clean("".join(_characters(element)))


def _characters(element: Element) -> Iterator[str]:
    for one in element:
        kind = local(one)
        if kind == "t":
            yield one.text or ""
        elif kind in ("tab", "ptab"):
            yield " "
        elif kind in ("br", "cr"):
            yield "\n"
        elif kind == "noBreakHyphen":
            yield "-"
        elif kind == "r" and child(one, "rPr", "vanish") is not None:
            continue
        elif kind not in _LEFT_OUT and kind != "txbxContent":
            yield from _characters(one)


def _parts(reader: _Reader, container: Element) -> Iterator[Block | Line | tuple[str]]:
    """Blocks, plain paragraphs as lines, and list items as one-tuples, until their list is put together."""
    for one in container:
        kind = local(one)
        if kind == "p":
            yield from _paragraph(reader, one)
        elif kind == "tbl":
            yield from _flushed(reader)
            yield from _table(reader, one)
        elif kind == "sdt":
            gallery = attribute(child(one, "sdtPr", "docPartObj", "docPartGallery"), "val") or ""
            content = child(one, "sdtContent")
            if content is not None and "Contents" not in gallery:
                yield from _parts(reader, content)
        elif kind in ("customXml", "smartTag", "ins", "moveTo"):
            yield from _parts(reader, one)
    yield from _flushed(reader)


def _flushed(reader: _Reader) -> Iterator[Paragraph]:
    yield from (Paragraph(note) for note in reader.pending)
    reader.pending.clear()


def _paragraph(reader: _Reader, paragraph: Element) -> Iterator[Block | Line | tuple[str]]:
    style = _style(reader, paragraph)
    text = _words(paragraph)
    if _is_contents(style, paragraph):
        return
    numbered = child(paragraph, "pPr", "numPr")
    listed = style.listed if numbered is None else attribute(child(numbered, "numId"), "val") != "0"
    level = _level(style, paragraph)
    if text:
        if not listed or level is not None:
            yield from _flushed(reader)
        if level is not None:
            yield Heading(max(1, level + reader.shift), " ".join(text.split()))
        elif listed:
            yield (" ".join(text.split()),)
        else:
            bold, size = _look(style, paragraph)
            yield Line(_lines(text), bold, size, marked=bool(_NAMED_MINOR.match(style.name)))
    _note(reader, paragraph)
    if not listed:
        yield from _flushed(reader)
    for box in _text_boxes(paragraph):
        yield from _parts(reader, box)


def _is_contents(style: _Style, paragraph: Element) -> bool:
    if _NAMED_CONTENTS.match(style.name):
        return True
    return any(local(one) == "instrText" and "PAGEREF" in (one.text or "") for one in paragraph.iter())


def _level(style: _Style, paragraph: Element) -> int | None:
    outline = attribute(child(paragraph, "pPr", "outlineLvl"), "val")
    if outline is not None and outline.isdigit():
        return int(outline) + 1 if int(outline) < _BODY_LEVEL else None
    return style.level


def _look(style: _Style, paragraph: Element) -> tuple[bool, float]:
    """Whether all of a paragraph's words are in bold, and the size of its first ones in points."""
    runs = [run for run in paragraph.iter() if local(run) == "r" and _words(run)]
    bold = bool(runs) and all(
        _is_on(mark) if (mark := child(run, "rPr", "b")) is not None else style.bold for run in runs
    )
    size = _points(attribute(child(runs[0], "rPr", "sz"), "val")) if runs else 0.0
    return bold, size or style.size


def _lines(text: str) -> str:
    """Text with line breaks where every line stands for itself, without where they only break a sentence."""
    lines = [line for line in text.split("\n") if line]
    apart = all(line.endswith((".", ":", ";", ",", "!", "?")) or len(line) < 60 for line in lines)
    return ("\n" if apart else " ").join(lines)


def _text_boxes(element: Element) -> Iterator[Element]:
    for one in element:
        if local(one) == "txbxContent":
            yield one
        elif local(one) not in _LEFT_OUT:
            yield from _text_boxes(one)


def _joined_lists(parts: Iterator[Block | Line | tuple[str]]) -> Iterator[Block | Line]:
    items: list[str] = []
    for part in parts:
        if isinstance(part, tuple):
            items.append(f"– {part[0]}")
            continue
        if items:
            yield Paragraph("\n".join(items))
            items = []
        yield part
    if items:
        yield Paragraph("\n".join(items))


def _table(reader: _Reader, table: Element) -> Iterator[Block | Line | tuple[str]]:
    rows = [row for row in _rows(table) if child(row, "trPr", "del") is None]
    cells = [_cells(row) for row in rows]
    every = [cell for row in cells for cell, _ in row]
    if any(local(one) == "tbl" for cell in every for one in cell.iter()) or is_layout(list(map(_cell_text, every))):
        for cell in every:
            yield from _parts(reader, cell)
        return
    grid: list[list[str]] = []
    for row in cells:
        filled: list[str] = []
        for cell, span in row:
            merge = child(cell, "tcPr", "vMerge")
            goes_on = merge is not None and attribute(merge, "val") != "restart"
            above = grid[-1][len(filled)] if goes_on and grid and len(grid[-1]) > len(filled) else None
            filled.extend([_cell_text(cell) if above is None else above] * span)
        grid.append(filled)
    marked = sum(_is_on(child(row, "trPr", "tblHeader")) for row in rows)
    yield from table_blocks(grid, headers=marked or None)
    for cell in every:
        _note(reader, cell)
    yield from _flushed(reader)


def _note(reader: _Reader, element: Element) -> None:
    """Keep the footnotes to which an element refers until the end of its list or table."""
    for mark in element.iter():
        if local(mark) in ("footnoteReference", "endnoteReference"):
            note = reader.notes.get(f"{local(mark).removesuffix('Reference')}{attribute(mark, 'id')}")
            reader.pending.extend([note] if note else [])


def _rows(table: Element) -> Iterator[Element]:
    for one in table:
        if local(one) == "tr":
            yield one
        elif local(one) in ("sdt", "sdtContent", "ins", "customXml"):
            yield from _rows(one)


def _cells(row: Element) -> list[tuple[Element, int]]:
    """A row's cells, each with the number of columns it covers."""
    found: list[tuple[Element, int]] = []
    for one in row:
        if local(one) == "tc":
            span = attribute(child(one, "tcPr", "gridSpan"), "val") or "1"
            found.append((one, min(int(span), 64) if span.isdigit() else 1))
        elif local(one) in ("sdt", "sdtContent", "ins", "customXml"):
            found.extend(_cells(one))
    return found


def _cell_text(cell: Element) -> str:
    return " ".join(text for one in cell.iter() if local(one) == "p" and (text := _words(one)))
