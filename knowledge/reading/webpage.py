"""Blocks of a web page: its main content in the order in which it is read."""

import re
from collections.abc import Iterator, Sequence

from knowledge.linguistics.text import clean
from knowledge.reading.blocks import Block, Heading, Paragraph
from knowledge.reading.headings import Line, with_headings
from knowledge.reading.markuptree import Node, parse
from knowledge.reading.tables import is_layout, table_blocks

_LEFT_OUT = {
    *("script", "style", "noscript", "template", "svg", "math", "iframe", "object", "canvas", "audio", "video", "img"),
    *("head", "nav", "button", "select", "input", "textarea", "dialog", "datalist", "map", "picture", "title"),
}
_FRAME = {"footer", "aside"}
_ROLES = {"navigation", "banner", "contentinfo", "search", "complementary", "dialog", "alertdialog", "menu", "menubar"}
_FURNITURE = re.compile(
    r"(?:^|[-_\s])(?:nav|navbar|navigation|menu|breadcrumbs?|brotkrumen?|cookies?|consent|skip(?:-?(?:link|to|nav)s?)?"
    r"|sidebar|sidenav|footer|fusszeile|pagination|pager|share|sharing|social|headerlink|toc|table-of-contents"
    r"|inhaltsverzeichnis|visually-?hidden|sr-only|screen-?reader-text|search|suche|login|related|prev-?next)(?:$|[-_\s])",
    re.IGNORECASE,
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = {"ul", "ol", "menu"}
_BLOCKS = {
    *("address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset"),
    *("figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "html", "legend", "li", "main", "p", "pre"),
    *("section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr"),
    *_LISTS,
    *_HEADINGS,
}
_MARK = re.compile(r"\s*[\[(]?(?:\d{1,3}|[*†↩¶#§\ufffd])[\])]?\ufe0e?\s*")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
# Of a page's words: what holds more is the page itself, whatever it is called.
_PAGE_SHARE = 0.5
_NAVIGATION_LINKS = 4


def page_blocks(text: str) -> list[Block]:
    """Blocks of an HTML page.

    What leads through the site and not to the text is left out: navigation, cookie notices, heads and feet, links that
    skip. Without a `main` element the whole body is read, lists of nothing but links left out.
    """
    root = parse(text)
    total = len(root.text().split()) or 1
    _drop_furniture(root, total)
    main = _main(root)
    if main is root:
        _drop_link_lists(root)
    return with_headings(list(_Walk().blocks(main)))


def _drop_furniture(node: Node, total: int) -> None:
    node.children = [
        child for child in node.children if isinstance(child, str) or not _is_furniture(child, node, total)
    ]
    for element in node.elements:
        _drop_furniture(element, total)


def _is_furniture(node: Node, parent: Node, total: int) -> bool:
    attributes = node.attributes
    if node.tag in _LEFT_OUT or "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    if "display:none" in attributes.get("style", "").replace(" ", ""):
        return True
    named = f"{attributes.get('class', '')} {attributes.get('id', '')}"
    suspected = node.tag in _FRAME or attributes.get("role") in _ROLES or bool(_FURNITURE.search(named))
    suspected = suspected or (node.tag == "header" and parent.tag in ("html", "div"))
    if not suspected or node.tag in ("main", "article") or attributes.get("role") == "main":
        return False
    if any(node.all("main")) or (node.tag != "footer" and any(node.all("h1")) and not attributes.get("role")):
        return False
    return len(node.text().split()) <= _PAGE_SHARE * total


def _main(root: Node) -> Node:
    """The element that says it holds the page's content, or the whole page."""
    candidates = [node for node in root.all("main") if node.text().strip()]
    candidates += [node for node in root.all("div", "section", "article") if node.attributes.get("role") == "main"]
    if candidates:
        return max(candidates, key=lambda node: len(node.text()))
    articles = [node for node in root.all("article") if node.text().strip()]
    return articles[0] if len(articles) == 1 and len(articles[0].text()) > len(root.text()) / 2 else root


def _drop_link_lists(node: Node) -> None:
    node.children = [child for child in node.children if isinstance(child, str) or not _is_link_list(child)]
    for element in node.elements:
        _drop_link_lists(element)


def _is_link_list(node: Node) -> bool:
    if node.tag not in _LISTS:
        return False
    links = list(node.all("a"))
    linked = sum(len(link.text().split()) for link in links)
    return len(links) >= _NAVIGATION_LINKS and linked >= 0.9 * len(node.text().split()) and linked <= 4 * len(links)


class _Walk:
    """One walk over a page; knows the heading under which it is."""

    def __init__(self) -> None:
        self._level = 0
        self._heading: Heading | None = None

    def blocks(self, node: Node) -> Iterator[Block | Line]:
        """What stands in an element, running text between its block elements as paragraphs of their own."""
        inline: list[Node | str] = []
        for child in node.children:
            if isinstance(child, str) or not _is_block(child):
                inline.append(child)
                continue
            yield from _paragraph(inline)
            inline = []
            yield from self._block(child)
        yield from _paragraph(inline)

    def _block(self, node: Node) -> Iterator[Block | Line]:
        level = _HEADINGS.get(node.tag) or _role_level(node)
        if level:
            yield from self._headed(level, _line(node.children))
        elif node.tag in _LISTS:
            if lines := list(_items(node)):
                yield Paragraph("\n".join(lines))
        elif node.tag == "dl":
            if lines := list(_definitions(node)):
                yield Paragraph("\n".join(lines))
        elif node.tag == "table":
            yield from self._table(node)
        elif node.tag == "pre":
            if text := clean(node.text()):
                yield Paragraph(text)
        elif node.tag == "details":
            yield from self._details(node)
        else:
            yield from self.blocks(node)

    def _headed(self, level: int, text: str) -> Iterator[Heading]:
        if text:
            self._level, self._heading = level, Heading(level, text)
            yield self._heading

    def _details(self, node: Node) -> Iterator[Block | Line]:
        """What can be folded out, its summary as a heading that ends with it."""
        above, level = self._heading, self._level
        summary = next((child for child in node.elements if child.tag == "summary"), None)
        if summary is not None:
            yield from self._headed(min(level + 1, 7), _line(summary.children))
        yield from self.blocks(Node("div", {}, [child for child in node.children if child is not summary]))
        self._heading, self._level = above, level
        if above is not None and summary is not None:
            yield above

    def _table(self, table: Node) -> Iterator[Block | Line]:
        rows = list(table.all("tr"))
        cells = [cell for row in rows for cell in row.elements]
        placed = table.attributes.get("role") in ("presentation", "none")
        if placed or any(table.all("table", "h1", "h2", "h3")) or is_layout([_line(cell.children) for cell in cells]):
            for child in table.elements:
                yield from self.blocks(child)
            return
        for caption in table.all("caption"):
            yield from _paragraph(caption.children)
        headers = _header_rows(rows)
        keyed = not headers and bool(rows) and all(row.children and _first_tag(row) == "th" for row in rows)
        yield from table_blocks(_grid(rows), headers=headers or None, keyed=keyed)


def _is_block(node: Node) -> bool:
    return node.tag in _BLOCKS or any(child.tag in _BLOCKS or _is_block(child) for child in node.elements)


def _role_level(node: Node) -> int:
    level = node.attributes.get("aria-level", "2")
    return int(level) if node.attributes.get("role") == "heading" and level.isdigit() else 0


def _text(parts: Sequence[Node | str]) -> str:
    """Text of inline elements; a line break stays one, other white space is a blank."""
    found: list[str] = []
    for part in parts:
        if isinstance(part, str):
            found.append(re.sub(r"\s+", " ", part))
        elif part.tag == "br":
            found.append("\n")
        elif part.tag == "sup" and _MARK.fullmatch(part.text()):
            found.append("" if any(part.all("a")) else part.text().strip().translate(_RAISED))
        elif part.tag == "a" and _is_note_mark(part):
            continue
        elif part.tag == "q":
            found.append(f"„{_text(part.children)}“")
        else:
            blank = " " if part.tag in _BLOCKS else ""
            found.append(f"{blank}{_text(part.children)}{blank}")
    return "".join(found)


def _is_note_mark(link: Node) -> bool:
    """Whether a link leads to a footnote or back from it."""
    attributes = link.attributes
    named = "noteref" in attributes.get("role", "") or "footnote" in attributes.get("class", "")
    return bool(_MARK.fullmatch(link.text())) and (named or not link.text().strip().isdigit())


def _line(parts: Sequence[Node | str]) -> str:
    return " ".join(clean(_text(parts)).split())


def _paragraph(parts: Sequence[Node | str]) -> Iterator[Block | Line]:
    lines = [line for line in clean(_text(parts)).split("\n") if line]
    if not lines:
        return
    short = all(len(line) < 80 or line.endswith((".", ":", ";", "!", "?")) for line in lines)
    text = ("\n" if short else " ").join(lines)
    bold = [part for part in parts if not isinstance(part, str) or part.strip()]
    yield Line(text, all(isinstance(part, Node) and part.tag in ("b", "strong", "br") for part in bold))


def _items(node: Node) -> Iterator[str]:
    """The items of a list, one a line, those of lists in it below their own item."""
    for item in node.elements:
        if item.tag in _LISTS:
            yield from _items(item)
            continue
        own: list[Node | str] = [child for child in item.children if isinstance(child, str) or child.tag not in _LISTS]
        if text := _line(own):
            yield f"– {text}"
        for inner in item.elements:
            if inner.tag in _LISTS:
                yield from _items(inner)


def _definitions(node: Node) -> Iterator[str]:
    """The entries of a glossary, one a line: terms before what they mean."""
    terms: list[str] = []
    for entry in _entries(node):
        text = _line(entry.children)
        if entry.tag == "dt":
            terms = [*terms, text] if terms and terms[-1] != "" else [text]
        elif text:
            term = ", ".join(term for term in terms if term and not _MARK.fullmatch(term))
            yield f"{term}{'' if term.endswith((':', '?')) else ':'} {text}" if term else text
            terms = [""]
    if any(terms):
        yield ", ".join(terms)


def _entries(node: Node) -> Iterator[Node]:
    for child in node.elements:
        if child.tag in ("dt", "dd"):
            yield child
        elif child.tag == "div":
            yield from _entries(child)


def _first_tag(row: Node) -> str:
    return next((child.tag for child in row.elements), "")


def _header_rows(rows: Sequence[Node]) -> int:
    """How many rows at the top hold nothing but header cells."""
    count = 0
    for row in rows:
        tags = [cell.tag for cell in row.elements if cell.tag in ("td", "th")]
        if not tags or any(tag != "th" for tag in tags):
            break
        count += 1
    return count if count < len(rows) else 0


def _grid(rows: Sequence[Node]) -> list[list[str]]:
    """Cells by row and column, those that span several standing in each."""
    grid: list[dict[int, str]] = [{} for _ in rows]
    for place, row in enumerate(rows):
        column = 0
        for cell in row.elements:
            if cell.tag not in ("td", "th"):
                continue
            while column in grid[place]:
                column += 1
            text = _cell(cell)
            for below in range(place, min(place + _span(cell, "rowspan"), len(rows))):
                for right in range(column, column + _span(cell, "colspan")):
                    grid[below][right] = text
            column += _span(cell, "colspan")
    return [[row.get(column, "") for column in range(max(row, default=-1) + 1)] for row in grid]


def _cell(cell: Node) -> str:
    lists = [line.removeprefix("– ") for inner in cell.elements if inner.tag in _LISTS for line in _items(inner)]
    own: list[Node | str] = [child for child in cell.children if isinstance(child, str) or child.tag not in _LISTS]
    return " ".join(part for part in [_line(own), *lists] if part)


def _span(cell: Node, name: str) -> int:
    value = cell.attributes.get(name, "1").strip()
    return max(1, min(int(value), 100)) if value.isdigit() else 1
