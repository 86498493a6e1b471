"""What a file is called, who published it and when, what sort of text it is: from its words and its properties."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import PurePosixPath
from typing import Any

from knowledge.linguistics.dates import (
    WrittenDate,
    date_in_name,
    labelled_date,
    lone_date,
    meeting_date,
    parse_date,
    placed_date,
    signing_date,
)
from knowledge.linguistics.labels import either, label_words, labels
from knowledge.linguistics.language import detect_long
from knowledge.linguistics.text import clean, folded, words
from knowledge.reading.blocks import Block, Heading, Paragraph, ReadFile, Table
from knowledge.reading.frontmatter import FrontMatter
from knowledge.reading.markup import plain
from knowledge.recognition.genres import Genre, genre_of_format, genre_of_title
from knowledge.recognition.laender import LAENDER, counted_laender, named_laender

# Where a document speaks of itself: its first and last characters (title page, imprint, signature).
_HEAD = 3000
_TAIL = 2500
# The part of its beginning and end in which a letter is dated, and the one in which a text says when it was resolved.
_LETTER = 1500
_TOP = 600
# Of a title or heading no more is looked at.
_LONGEST = 300
# A Land is a document's where the text names it so often, in so many of its words, and above all others.
_LAND_MENTIONS = 4
_LAND_EVERY_WORDS = 400
_LAND_SHARE = 0.7

_PROGRAM_TITLE = re.compile(r"^(?:Microsoft (?:Office )?\w+|Word|Excel|PowerPoint|OpenOffice \w+|LibreOffice \w+) - ")
_ENDING = re.compile(r"\.(?:docx?|dotx?|pptx?|xlsx?|pdf|odt|odp|ods|rtf|html?|txt|md|eml|indd|tex|qxd)$", re.IGNORECASE)
_ANCHOR = re.compile(r" ?\{#[^}]*\}| ?[¶§#] ?$")
_WORKBOOKS = (".xlsx", ".ods", ".xls")
_EMPTY_TITLES = frozenset(folded(word) for word in label_words("empty_titles"))
_EMPTY_AUTHORS = frozenset(folded(word) for word in label_words("empty_authors"))
_SALUTATION = re.compile(r"^(?:sehr geehrte|liebe[rs]?\b|hallo|guten tag|dear\b|hi\b)", re.IGNORECASE)
_LABELLED = [
    re.compile(
        rf"(?:^|(?<=[\n.|;–] )|(?<=[\n.|;–]))\W{{0,3}}{either(labels(name))}"
        r"(?P<sign>\s*[:|–]\s*|\s*\n\s*|\s+)(?P<who>\S[^\n|;]*)",
        re.IGNORECASE,
    )
    for name in ("publisher_labels", "author_labels")
]
_BY = re.compile(r"(?:von|vom|durch|by)$", re.IGNORECASE)
# Where a name ends and the address begins.
_ADDRESS = re.compile(
    r"\s*(?:[,–•·]?\s+\S*(?:stra(?:ß|ss)e|str\.|platz|allee|ufer|damm|weg|ring)\s+\d|,?\s+\d{5}\s+[A-ZÄÖÜ]|\bTel(?:efon|\.)?\b"
    r"|\bE-?Mail\b|https?:|www\.|\(?Stand\b|\bRedaktion\b|\bAutor|\bGestaltung\b|\bText\b:|\bDatum\b|\bVersion\b|\bISBN\b).*",
    re.DOTALL,
)
_ORGANISATION = re.compile(r"[^\W\d_]")
_LOGIN = re.compile(r"[a-z0-9._-]+|[A-Z0-9]+\\.*")
_DATE_TAGS = (
    "article:modified_time",
    "og:updated_time",
    "dcterms.modified",
    "dc.date.modified",
    "last-modified",
    "dcterms.date",
    "dc.date",
    "date",
    "article:published_time",
    "dcterms.created",
)
_PUBLISHER_TAGS = ("dcterms.publisher", "dc.publisher", "publisher", "article:publisher", "og:site_name", "copyright")


@dataclass(frozen=True)
class _Text:
    """A document's words as metadata is looked for in them."""

    headings: list[str]
    opening: str
    """The first words of running text, where they are no more than a line."""
    full: str

    @classmethod
    def of(cls, blocks: Sequence[Block]) -> "_Text":
        headings = [_ANCHOR.sub("", clean(block.text[:_LONGEST])) for block in blocks if isinstance(block, Heading)]
        first = blocks[0].text if blocks and isinstance(blocks[0], Paragraph) else ""
        return cls(headings, first[:_LONGEST].split("\n")[0], "\n".join(map(_words_of, blocks)))

    @property
    def edges(self) -> tuple[str, str]:
        """Where it speaks of itself, the beginning first."""
        return self.full[:_HEAD], self.full[max(_HEAD, len(self.full) - _TAIL) :]


def describe(
    name: str,
    blocks: Sequence[Block],
    said: Mapping[str, Any],
    front: FrontMatter,
    *,
    is_mail: bool | None = None,
    margins: str = "",
) -> ReadFile:
    """What a file gives, from its blocks and from what it says of itself.

    `name` is the file's name, with folders and archives before it or without. `said` holds its properties as kreuzberg
    names them, each of which may be missing: 'title', 'subject', 'authors', 'company', of mails 'from' and 'created_at'
    (in ISO form or that of mails), and of HTML 'meta_tags' and 'open_graph' (name to content). `margins` is the
    text of its running heads and feet, in which dates often stand. Without `is_mail` the name's ending tells whether it
    is a mail. What nothing tells stays None.
    """
    file = PurePosixPath(name.replace("\\", "/"))
    text = _Text.of(blocks)
    is_mail = genre_of_format(file.suffix) is Genre.EMAIL if is_mail is None else is_mail
    title = front.title or _title(file, text, said, is_mail=is_mail)
    publisher = front.publisher or _publisher(text, said, is_mail=is_mail)
    written = _date(file, title, text, said, front, margins, is_mail=is_mail)
    genre = Genre.EMAIL if is_mail else _genre(file, title, text)
    return ReadFile(
        title=title,
        lang=front.lang or detect_long(text.full or title),
        as_of=front.date or (written.shown if written else None),
        blocks=tuple(blocks),
        origins=front.sources,
        has_pages=any(block.page is not None for block in blocks),
        date=written.iso if written else None,
        publisher=publisher,
        genre=genre.value if genre else None,
        laender=_laender(title, publisher, text),
    )


def _words_of(block: Block) -> str:
    if isinstance(block, Table):
        return "\n".join(" | ".join(row) for row in block.rows)
    return block.text


def _title(file: PurePosixPath, text: _Text, said: Mapping[str, Any], *, is_mail: bool) -> str:
    """Its properties' title where that fits its words, else its first heading, its first line or its name."""
    if is_mail and (subject := _plain(said.get("subject"))):
        return subject
    named = _plain(said.get("title"))
    named = _ENDING.sub("", _PROGRAM_TITLE.sub("", named))
    heading = next((one for one in text.headings if _is_title(one)), None)
    if _is_title(named) and not _is_file_name(named) and (_stands_in(named, text) or heading is None):
        return named
    of_file = " ".join(re.split(r"[-_\s]+", _ENDING.sub("", file.stem))).strip()
    # The first sheet's name says what is on it, seldom what the workbook is.
    is_sheet = file.suffix.lower() in _WORKBOOKS and heading is not None and len(heading.split()) == 1
    if is_sheet and _is_title(of_file) and len(of_file.split()) > 1:
        return of_file
    if heading is not None:
        return heading
    if _is_title(text.opening) and len(text.opening.split()) <= 15 and not text.opening.endswith((".", ",", ";", ":")):
        if not _SALUTATION.match(text.opening) and not text.opening.startswith("–"):
            return text.opening
    return of_file or file.name


def _plain(value: object) -> str:
    return " ".join(plain(_ANCHOR.sub("", clean(value[:_LONGEST]))).split()) if isinstance(value, str) else ""


def _is_title(text: str) -> bool:
    told = " ".join(re.sub(r"[\d.,:;()_–-]+", " ", folded(text)).split())
    return 3 <= len(text) <= 200 and bool(told) and len(told) > 2 and told not in _EMPTY_TITLES


def _is_file_name(text: str) -> bool:
    return " " not in text and ("_" in text or "/" in text or "\\" in text or any(char.isdigit() for char in text))


def _stands_in(title: str, text: _Text) -> bool:
    """Whether most of a title's words stand in the document's first ones; not so where a template gave it."""
    own = words(title)
    head = set(words(text.full[:_HEAD])) | {word for heading in text.headings[:5] for word in words(heading)}
    return sum(word in head for word in own) * 2 >= len(own)


def _date(
    file: PurePosixPath,
    title: str,
    text: _Text,
    said: Mapping[str, Any],
    front: FrontMatter,
    margins: str,
    *,
    is_mail: bool,
) -> WrittenDate | None:
    """The document's date: as its words give it, else its name, else the tags of a web page.

    When a file was made or changed, which its properties tell, is no date of what it says: a scan or an export may be
    years younger.
    """
    if front.date:
        return parse_date(front.date)
    if is_mail and (sent := _said_date(said.get("created_at") or said.get("date"))):
        return sent
    head, tail = text.edges
    for part in (head, margins, tail):
        if stated := labelled_date(part):
            return stated
    if stated := _own_line(text.full) or _unlabelled(text.full):
        return stated
    if named := date_in_name(title) or date_in_name(file.stem):
        return named
    tags = _tags(said)
    return next((written for tag in _DATE_TAGS if (written := _said_date(tags.get(tag))) is not None), None)


def _unlabelled(text: str) -> WrittenDate | None:
    """The date of a letter, of what was resolved or signed, or of the meeting that a text was made for."""
    top, end = text[:_TOP], text[-_TOP:]
    return (
        placed_date(text[:_LETTER])
        or signing_date(top)
        or meeting_date(top)
        or lone_date(top)
        or placed_date(text[-_LETTER:])
        or signing_date(end)
    )


def _own_line(text: str) -> WrittenDate | None:
    """A date with its label that stands alone in a line between head and tail, as on a chapter's title page."""
    for line in text.split("\n"):
        if len(line) < 60 and (stated := labelled_date(line)) and len(words(line)) <= 5:
            return stated
    return None


def _said_date(value: object) -> WrittenDate | None:
    """A date of properties: ISO with or without a time of day, or as mails have it."""
    if not isinstance(value, str) or not value:
        return None
    if match := re.match(r"\d{4}-\d{2}-\d{2}", value):
        return parse_date(match.group())
    try:
        return parse_date(parsedate_to_datetime(value).date().isoformat())
    except (TypeError, ValueError):
        return None


def _tags(said: Mapping[str, Any]) -> dict[str, str]:
    """The meta tags of an HTML page by their names in lower case."""
    found: dict[str, str] = {}
    for key, prefix in (("open_graph", "og:"), ("meta_tags", "")):
        values = said.get(key)
        if isinstance(values, Mapping):
            found.update({prefix + str(name).lower(): str(value) for name, value in values.items() if value})
    return found


def _publisher(text: _Text, said: Mapping[str, Any], *, is_mail: bool) -> str | None:
    """Who published it, by its words or properties; else who wrote it."""
    if is_mail and isinstance(sender := said.get("from") or said.get("email_from") or said.get("from_email"), str):
        name, address = parseaddr(sender)
        return name or address or None
    labelled = [_labelled(pattern, text) for pattern in _LABELLED]
    tags = _tags(said)
    tagged = next((tags[name] for name in _PUBLISHER_TAGS if name in tags), None)
    raw = said.get("authors") or said.get("author") or ()
    authors = [raw] if isinstance(raw, str) else [str(one) for one in raw]
    people = [one for entry in authors for part in entry.split(";") if (one := _person(part))]
    for found in (labelled[0], _name(tagged), _name(said.get("company")), labelled[1]):
        if found:
            return found
    return ", ".join(dict.fromkeys(people[:2])) + (" u. a." if len(people) > 2 else "") if people else None


def _labelled(pattern: "re.Pattern[str]", text: _Text) -> str | None:
    for part in text.edges:
        for match in pattern.finditer(part):
            label = match.group()[: match.start("sign") - match.start()]
            is_marked = match["sign"].strip() in {":", "|", "–"} or "\n" in match["sign"] or bool(_BY.search(label))
            who = _name(_ADDRESS.sub("", match["who"]))
            # 'Herausgeber der Studie ist …' goes on in small letters.
            if who and (is_marked or len(who.split()) > 1) and who[:1].isupper() and not who.endswith(" ist"):
                return who
    return None


def _name(value: object) -> str | None:
    """The name of an organisation or a person as it can be shown, or nothing where it is none."""
    if not isinstance(value, str):
        return None
    name = " ".join(clean(value).split()).strip(" ,;:|–-")
    # 'Deutscher Städtetag e. V.' keeps its full stop, a sentence does not.
    name = re.sub(r"(?<=[a-zäöüß)]{2})\.$", "", re.split(r"(?<=[a-zäöüß)]{3})\. (?=[A-ZÄÖÜ])", name)[0])
    tokens = [token for token in words(name) if token.isalpha() or "-" in token]
    if not 2 < len(name) <= 120 or not tokens or not _ORGANISATION.search(name) or len(name.split()) > 16:
        return None
    if "@" in name or "http" in name or all(folded(token) in _EMPTY_AUTHORS for token in tokens):
        return None
    return name


def _person(value: str) -> str | None:
    name = _name(value)
    if name is None or _LOGIN.fullmatch(name) or folded(name) in _EMPTY_AUTHORS or len(name.split()) < 2:
        # A login name, or half of one that was cut at its comma; single words are names of organisations.
        return name if name and name[:1].isupper() and not _LOGIN.fullmatch(name) and len(name) > 3 else None
    return None if any(char.isdigit() for char in name) else name


def _genre(file: PurePosixPath, title: str, text: _Text) -> Genre | None:
    """What sort of text it is, by title, name and first headings; else by its format."""
    for told in (title, re.sub(r"[-_]+", " ", file.stem), *text.headings[:2], text.opening[:120]):
        if genre := genre_of_title(told[:_LONGEST]):
            return genre
    return genre_of_format(file.suffix)


def _laender(title: str, publisher: str | None, text: _Text) -> tuple[str, ...]:
    """The Länder it is from or about: those that title or publisher name, else the one its text names throughout.

    Bund and EU count by title and publisher alone: any text on funding names them.
    """
    for named in (title, publisher or ""):
        if codes := named_laender(named[:_LONGEST], cities=True):
            return codes
    counts = counted_laender(text.full)
    laender = {code: count for code, count in counts.items() if code in LAENDER}
    if not laender:
        return ()
    most, count = max(laender.items(), key=lambda one: one[1])
    often = max(_LAND_MENTIONS, len(text.full.split()) / _LAND_EVERY_WORDS)
    if count < often or count < _LAND_SHARE * sum(laender.values()) or count < max(counts["Bund"], counts["EU"]):
        return ()
    quarter = len(text.full) // 4 + 1
    parts = [text.full[start : start + quarter] for start in range(0, len(text.full), quarter)]
    spread = [counted_laender(part)[most] > 0 for part in parts]
    return (most,) if spread[0] and sum(spread) >= len(spread) - 1 else ()
