"""Blocks of a presentation (PPTX, ECMA-376 part 1): a slide is a page, its title a heading."""

from collections.abc import Iterator

from knowledge.linguistics.text import clean
from knowledge.reading.blocks import Block, Heading, Paragraph
from knowledge.reading.package import Element, Malformed, Package, attribute, child, children, local
from knowledge.reading.tables import table_blocks

_TITLES = {"title", "ctrTitle"}
_FURNITURE = {"sldNum", "dt", "ftr", "hdr", "sldImg"}


def slide_blocks(data: bytes) -> list[Block]:
    """Blocks of the slides that are shown, in their order, what the speaker notes say last; raises `Malformed`."""
    package = Package(data)
    main = next((path for kind, path in package.targets("").values() if kind == "officeDocument"), "")
    presentation = package.required(main or "ppt/presentation.xml")
    links = package.targets(main or "ppt/presentation.xml")
    blocks: list[Block] = []
    for page, entry in enumerate(children(child(presentation, "sldIdLst"), "sldId"), start=1):
        key = next((value for name, value in entry.attrib.items() if name.endswith("}id")), "")
        if key not in links:
            raise Malformed("a slide is missing")
        path = links[key][1]
        slide = package.required(path)
        if attribute(slide, "show") != "0":
            blocks.extend(_slide(package, path, slide, page))
    return blocks


def _slide(package: Package, path: str, slide: Element, page: int) -> Iterator[Block]:
    shapes = list(_shapes(child(slide, "cSld", "spTree")))
    titles = [" ".join(_texts(shape)) for shape in shapes if _placeholder(shape) in _TITLES]
    title = next((text for text in titles if text), None)
    if title:
        yield Heading(1, title, page)
    for shape in shapes:
        if _placeholder(shape) in _TITLES | _FURNITURE:
            continue
        yield from _shape(shape, page)
    notes = next((target for kind, target in package.targets(path).values() if kind == "notesSlide"), None)
    root = package.part(notes) if notes else None
    for shape in _shapes(child(root, "cSld", "spTree")):
        if _placeholder(shape) == "body":
            yield from (Paragraph(text, page) for text in _texts(shape))


def _shapes(tree: Element | None) -> Iterator[Element]:
    for one in tree if tree is not None else ():
        kind = local(one)
        if kind in ("grpSp", "AlternateContent", "Choice"):
            yield from _shapes(one)
        elif kind in ("sp", "graphicFrame"):
            yield one


def _placeholder(shape: Element) -> str | None:
    """The part a shape plays on its slide: 'title', 'body', …; None for one that was drawn freely."""
    for properties in shape:
        mark = child(properties, "nvPr", "ph")
        if mark is not None:
            return attribute(mark, "type") or "body"
    return None


def _shape(shape: Element, page: int) -> Iterator[Block]:
    table = next((one for one in shape.iter() if local(one) == "tbl"), None)
    if table is not None:
        yield from table_blocks(_grid(table), page=page)
        return
    texts = _texts(shape)
    if len(texts) > 1 and _placeholder(shape) == "body":
        lead_in = texts[0].endswith(":")
        lines = [text if place == 0 and lead_in else f"– {text}" for place, text in enumerate(texts)]
        yield Paragraph("\n".join(lines), page)
    else:
        yield from (Paragraph(text, page) for text in texts)


def _texts(element: Element) -> list[str]:
    """The paragraphs of a shape or cell."""
    found = []
    for paragraph in element.iter():
        if local(paragraph) == "p":
            pieces = [
                " " if local(one) in ("br", "tab") else one.text or ""
                for one in paragraph.iter()
                if local(one) in ("t", "br", "tab")
            ]
            found.append(" ".join(clean("".join(pieces)).split()))
    return [text for text in found if text]


def _grid(table: Element) -> list[list[str]]:
    grid: list[list[str]] = []
    for row in children(table, "tr"):
        filled: list[str] = []
        for cell in children(row, "tc"):
            if attribute(cell, "hMerge") == "1" and filled:
                filled.append(filled[-1])
            elif attribute(cell, "vMerge") == "1" and grid and len(grid[-1]) > len(filled):
                filled.append(grid[-1][len(filled)])
            else:
                filled.append(" ".join(_texts(cell)))
        grid.append(filled)
    return grid
