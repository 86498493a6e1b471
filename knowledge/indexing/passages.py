"""Cutting documents and fact sheets into passages: the stretches that are searched and quoted."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from knowledge.document import Document, Passage
from knowledge.factsheet import Attribute, Claim, Fact, FactSheet, Level, State
from knowledge.indexing.rows import CELL
from knowledge.indexing.versions import opening_headings, version_of
from knowledge.linguistics.text import sentences
from knowledge.messages import Language
from knowledge.reading.blocks import Block, Heading, Paragraph, ReadFile, Table
from knowledge.recognition.genres import Genre
from knowledge.recognition.names import Names

# Of a passage's words; shorter ones lack context for an embedding, longer ones blur several subjects into one.
MIN_WORDS = 180
MAX_WORDS = 260
_ITEM = "– "
# Of an announcement of a list; a longer text that ends in a colon says something of its own.
_LEAD_IN_WORDS = 60
_CAPTION = re.compile(r"(?:Tab(?:elle|\.)|Table)\s*\d+\b")
# Headings that only count ('Artikel 3') stand next to those that name what they head.
_COUNTED = re.compile(r"(?:§+|Art(?:ikel|icle|\.)|Kapitel|Chapter|Teil|Part|Abschnitt|Section)\s*\(?(?:\d|[IVX]+\b)")
# Stands in place of an attribute in the passage that tells what a programme is.
PROFILE = "profile"
# Numbers of a fact sheet's passages.
PROFILE_PLACE = 1
FIRST_FACT = 2


@dataclass
class _Piece:
    text: str
    page: int | None
    lead_in: str = ""
    """What announces the list that this is an item or a part of, if it stands on the same page."""

    @property
    def words(self) -> int:
        return len(self.text.split())


@dataclass
class _Section:
    headings: tuple[str, ...]
    pieces: list[_Piece] = field(default_factory=list)


def file_passages(document: Document, read: ReadFile, names: Names) -> list[Passage]:
    """The passages of a read file: 80 to 200 words where its sections allow, never across a heading or page.

    Where a table or list has to be divided, every part begins with its header or lead-in. `names` tells of which
    programmes each passage speaks.
    """
    passages: list[Passage] = []
    position = 0
    for section in _sections(read.blocks):
        for pieces in _groups(section.pieces):
            text = "\n".join(piece.text for piece in pieces)
            spoken_of = names.exact(" . ".join(section.headings[1:])) or names.exact(text)
            passages.append(
                Passage(
                    document_id=document.id,
                    id=len(passages) + 1,
                    text=text,
                    headings=section.headings,
                    page=pieces[0].page,
                    start=position,
                    end=position + len(text),
                    lang=document.lang,
                    programmes=spoken_of,
                )
            )
            position += len(text) + 1
    return passages


def _sections(blocks: Iterable[Block]) -> Iterator[_Section]:
    path: list[tuple[int, str]] = []
    section = _Section(())
    for block in blocks:
        if isinstance(block, Heading):
            if section.pieces:
                yield section
            path = [*_above(path, block, is_empty=not section.pieces), (block.level, block.text)]
            section = _Section(tuple(text for _, text in path))
        elif isinstance(block, Table):
            section.pieces.extend(_table_pieces(block))
        else:
            section.pieces.extend(_paragraph_pieces(block, _open_lead_in(section.pieces, block)))
    if section.pieces:
        yield section


def _above(path: list[tuple[int, str]], heading: Heading, *, is_empty: bool) -> list[tuple[int, str]]:
    """The headings above one: those of higher rank, and one just above it if either of the two only counts."""
    above = [(level, text) for level, text in path if level < heading.level]
    if is_empty and path and path[-1][0] == heading.level:
        if bool(_COUNTED.match(path[-1][1])) != bool(_COUNTED.match(heading.text)):
            above.append(path[-1])
    return above


def _open_lead_in(pieces: list[_Piece], paragraph: Paragraph) -> str:
    """What announces the list that a paragraph is or goes on with."""
    if not paragraph.text.startswith(_ITEM) or not pieces or pieces[-1].page != paragraph.page:
        return ""
    return pieces[-1].text if _announces(pieces[-1]) else pieces[-1].lead_in


def _paragraph_pieces(paragraph: Paragraph, lead_in: str) -> Iterator[_Piece]:
    """A paragraph whole, or cut between sentences or items where it is too long for one passage."""
    longest = MAX_WORDS - len(lead_in.split())
    if len(paragraph.text.split()) <= longest:
        yield _Piece(paragraph.text, paragraph.page, lead_in)
        return
    spans = _item_spans(paragraph.text) if paragraph.text.startswith(_ITEM) else []
    if any(len(paragraph.text[begin:end].split()) > longest for begin, end in spans):
        spans = []
    start = count = 0
    for begin, end in spans or sentences(paragraph.text):
        length = len(paragraph.text[begin:end].split())
        if count and count + length > longest:
            yield _Piece(paragraph.text[start:begin].rstrip(), paragraph.page, lead_in)
            start, count = begin, 0
        count += length
    yield _Piece(paragraph.text[start:].rstrip(), paragraph.page, lead_in)


def _item_spans(text: str) -> list[tuple[int, int]]:
    """Spans of the items of a list, one a line."""
    return [match.span() for match in re.finditer(r"[^\n]+", text)]


def _table_pieces(table: Table) -> Iterator[_Piece]:
    lines = [CELL.join(row) for row in table.rows]
    header, rows = lines[0], lines[1:]
    if not rows:
        yield _Piece(header, table.page)
    part: list[str] = []
    for row in rows:
        if part and len(" ".join([header, *part, row]).split()) > MAX_WORDS:
            yield _Piece("\n".join([header, *part]), table.page)
            part = []
        part.append(row)
    if part:
        yield _Piece("\n".join([header, *part]), table.page)


def _groups(pieces: list[_Piece]) -> Iterator[list[_Piece]]:
    """Neighbouring pieces of one page put together until a passage is long enough."""
    group: list[_Piece] = []
    count = 0
    for piece in pieces:
        turns_page = bool(group) and piece.page != group[-1].page
        if group and (turns_page or count >= MIN_WORDS or count + piece.words > MAX_WORDS):
            if turns_page or not _is_lead_in(group[-1]):
                yield group
                group, count = [], 0
            elif len(group) > 1 and count + piece.words > MAX_WORDS:
                yield group[:-1]
                group, count = group[-1:], group[-1].words
        if not group and piece.lead_in:
            group = [_Piece(piece.lead_in, piece.page)]
            count = group[0].words
        group.append(piece)
        count += piece.words
    if group:
        yield group


def _is_lead_in(piece: _Piece) -> bool:
    """Whether a piece announces what follows, as 'Voraussetzungen:' does a list, or names it, as a caption."""
    return _announces(piece) or (piece.words < _LEAD_IN_WORDS and bool(_CAPTION.match(piece.text)))


def _announces(piece: _Piece) -> bool:
    return piece.text.endswith(":") and piece.words < _LEAD_IN_WORDS


def file_document(read: ReadFile, names: Names, *, document_id: str, path: str, sha256: str) -> Document:
    """The document under which a read file is shown; it is about the programmes that title and headings name."""
    headings = (block.text for block in read.blocks if isinstance(block, Heading))
    return Document(
        id=document_id,
        title=read.title,
        lang=read.lang,
        as_of=read.as_of,
        kind="document",
        path=path,
        sha256=sha256,
        origins=list(read.origins),
        has_pages=read.has_pages,
        publisher=read.publisher,
        date=read.date,
        year=int(read.date[:4]) if read.date else None,
        version=version_of(read, path),
        names=opening_headings(read),
        genre=read.genre,
        laender=list(read.laender),
        programmes=names.exact(" . ".join((read.title, *headings))),
    )


def sheet_id(key: str, lang: Language) -> str:
    """The id of the document under which a fact sheet is shown in a language."""
    return key if lang == "de" else f"{key}-en"


def sheet_document(sheet: FactSheet, lang: Language, path: str, sha256: str) -> Document:
    """The document under which a fact sheet is shown in one of its two languages."""
    origins = dict.fromkeys(str(url) for fact in sheet.facts for url in _sources(fact))
    as_of = max((fact.as_of for fact in sheet.facts if fact.as_of[:1].isdigit()), default=None)
    level = [sheet.level.value] if sheet.level in (Level.BUND, Level.EU) else []
    return Document(
        id=sheet_id(sheet.key, lang),
        title=getattr(sheet.name, lang),
        lang=lang,
        as_of=as_of,
        kind="fact sheet",
        path=path,
        sha256=sha256,
        origins=list(origins),
        date=as_of,
        year=int(as_of[:4]) if as_of else None,
        genre=Genre.FACT_SHEET.value,
        laender=[land.value for land in sheet.laender] or level,
        programmes=[sheet.key],
    )


def sheet_passages(sheet: FactSheet, document: Document, texts: dict[str, str]) -> list[Passage]:
    """A profile of what the sheet is about, then one passage a fact, in the document's language.

    `texts` words the profile, and conflicts ('conflict', 'conflict_claim').
    """
    profile = _profile(sheet, document, texts)
    passages = [profile]
    position = profile.end + 1
    for number, fact in enumerate(sheet.facts, start=FIRST_FACT):
        text = fact_text(fact, document.lang, texts)
        passages.append(
            Passage(
                document_id=document.id,
                id=number,
                text=text,
                headings=(getattr(fact.label, document.lang),),
                start=position,
                end=position + len(text),
                lang=document.lang,
                as_of=fact.as_of,
                origins=[str(url) for url in dict.fromkeys(_sources(fact))],
                fact=fact.id,
                attribute=fact.attribute.value,
                programmes=[sheet.key],
            )
        )
        position += len(text) + 1
    return passages


def _profile(sheet: FactSheet, document: Document, texts: dict[str, str]) -> Passage:
    """What to say when asked what something is: its name and kind, what it is for, whether it still goes on."""
    lang = document.lang
    told = next((fact for fact in sheet.facts if fact.attribute is Attribute.PURPOSE), sheet.facts[0])
    short = [name for name in sheet.short_names[:1] if name not in document.title]
    text = (
        texts["profile_text"]
        .format(
            name=" ".join([document.title, *(f"({name})" for name in short)]),
            kind=texts[f"kind_{sheet.kind.value.replace(' ', '_')}"],
            fact=fact_text(told, lang, texts),
            status=" ".join(
                [
                    *([texts["profile_funder"].format(funder=sheet.funder)] if sheet.funder else []),
                    *([getattr(sheet.status.text, lang)] if sheet.status.state is not State.UNKNOWN else []),
                ]
            ),
        )
        .strip()
    )
    return Passage(
        document_id=document.id,
        id=PROFILE_PLACE,
        text=text,
        headings=(texts["profile"],),
        start=0,
        end=len(text),
        lang=lang,
        as_of=told.as_of,
        origins=[str(url) for url in dict.fromkeys(_sources(told))],
        fact=sheet.key,
        attribute=PROFILE,
        programmes=[sheet.key],
    )


def fact_text(fact: Fact, lang: Language, texts: dict[str, str]) -> str:
    """A fact in words: its value, or its contradicting claims, each with the hosts that make it."""
    if fact.value is not None:
        return str(getattr(fact.value, lang))
    claims = [_claim_text(claim, lang, texts) for claim in fact.claims]
    return "\n".join([texts["conflict"], *claims])


def _claim_text(claim: Claim, lang: Language, texts: dict[str, str]) -> str:
    hosts = dict.fromkeys((url.host or "").removeprefix("www.") for url in claim.sources)
    return texts["conflict_claim"].format(value=getattr(claim.value, lang), sources=", ".join(hosts))


def _sources(fact: Fact) -> list[object]:
    return [*fact.sources, *(url for claim in fact.claims for url in claim.sources)]
