"""What a file consists of once it is read."""

from dataclasses import dataclass, field

from knowledge.messages import Language


@dataclass(frozen=True)
class Heading:
    """A heading; `level` counts from 1, the document's own title."""

    level: int
    text: str
    page: int | None = None


@dataclass(frozen=True)
class Paragraph:
    """Running text, or a list with one line an item."""

    text: str
    page: int | None = None


@dataclass(frozen=True)
class Table:
    """Rows of cells; the first row is the header."""

    rows: tuple[tuple[str, ...], ...]
    page: int | None = None


Block = Heading | Paragraph | Table


@dataclass(frozen=True)
class ReadFile:
    """A file's text in reading order and what it says of itself; `metadata.describe` makes it."""

    title: str
    lang: Language
    as_of: str | None
    blocks: tuple[Block, ...]
    origins: tuple[str, ...] = field(default=())
    has_pages: bool = False
    date: str | None = None
    """`as_of` in ISO form, as far as it goes."""
    publisher: str | None = None
    genre: str | None = None
    laender: tuple[str, ...] = ()
    running: tuple[str, ...] = ()
    """Heads and feet of its pages, which belong to no block, each once as far as they are told apart."""
