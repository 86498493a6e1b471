"""The tree of an HTML page, tags that its author left open closed where the standard closes them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_CLOSES_PARAGRAPH = {
    *(
        "address",
        "article",
        "aside",
        "blockquote",
        "details",
        "div",
        "dl",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
    ),
    *("form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "main", "menu", "nav", "ol", "p", "pre", "section"),
    *("table", "ul"),
}
# A tag ends those that it stands in, up to the element that holds them all (HTML Living Standard, 13.1.2.4).
_ENDS: dict[str, tuple[set[str], set[str]]] = {
    "li": ({"li"}, {"ul", "ol", "menu"}),
    "dt": ({"dt", "dd"}, {"dl"}),
    "dd": ({"dt", "dd"}, {"dl"}),
    "tr": ({"tr", "td", "th"}, {"table"}),
    "td": ({"td", "th"}, {"table"}),
    "th": ({"td", "th"}, {"table"}),
    "tbody": ({"tbody", "thead", "tfoot", "tr", "td", "th"}, {"table"}),
    "thead": ({"tbody", "thead", "tfoot", "tr", "td", "th"}, {"table"}),
    "tfoot": ({"tbody", "thead", "tfoot", "tr", "td", "th"}, {"table"}),
    "option": ({"option"}, {"select"}),
}
# Deeper elements stand beside each other, so that walking the tree cannot exhaust the stack.
_DEEPEST = 200


@dataclass
class Node:
    """An element with its attributes and what stands in it: text and elements in order."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Node | str"] = field(default_factory=list)

    @property
    def elements(self) -> "Iterator[Node]":
        """The elements directly in it."""
        return (child for child in self.children if isinstance(child, Node))

    def all(self, *tags: str) -> "Iterator[Node]":
        """The elements of these tags in it at any depth, in order."""
        waiting = list(self.elements)[::-1]
        while waiting:
            node = waiting.pop()
            if node.tag in tags:
                yield node
            waiting.extend(list(node.elements)[::-1])

    def text(self) -> str:
        """All its text, as written."""
        return "".join(child if isinstance(child, str) else child.text() for child in self.children)


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("html")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _CLOSES_PARAGRAPH:
            self._end({"p"}, {"div", "section", "article", "li", "td", "th", "dd", "body", "main", "table"})
        if tag in _ENDS:
            self._end(*_ENDS[tag])
        if tag in ("html", "body"):
            return
        node = Node(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(node)
        if tag not in _VOID and len(self._open) < _DEEPEST:
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self._open) - 1, 0, -1):
            if self._open[place].tag == tag:
                del self._open[place:]
                return
            if self._open[place].tag == "table" and tag not in ("html", "body"):
                return

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)

    def _end(self, ended: set[str], within: set[str]) -> None:
        """Close the outermost of some elements that are open inside the nearest element that may hold them."""
        lowest = None
        for place in range(len(self._open) - 1, 0, -1):
            if self._open[place].tag in within:
                break
            if self._open[place].tag in ended:
                lowest = place
        if lowest is not None:
            del self._open[lowest:]


def parse(text: str) -> Node:
    """The tree of a page; any text makes one."""
    builder = _Builder()
    builder.feed(text)
    builder.close()
    return builder.root
