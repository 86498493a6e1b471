"""Documents as they are compared, and which of two that are the same is preferred."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from knowledge.document import Document
from knowledge.indexing.textprint import TextPrint, compared_words
from knowledge.linguistics.labels import label_words
from knowledge.linguistics.text import folded
from knowledge.recognition.names import Names

_VERSION_WORDS = frozenset(map(folded, label_words("version_words")))
_OLDER = frozenset(map(folded, label_words("older_words")))
_VERSION_NUMBER = re.compile(r"(?<![^\W_])v(?:er(?:sion)?)?[ ._-]?(\d+(?:[._]\d+){0,2})(?![\d])", re.IGNORECASE)
_COPY_NUMBER = re.compile(r"\((\d{1,2})\)$")
# Where a page can be cited, the quote is found again; then come formats that were made to be read.
_FORMATS = (".pdf", ".docx", ".odt", ".doc", ".rtf", ".pptx", ".html", ".htm", ".md", ".markdown", ".txt")
_DAY = 86400


@dataclass(frozen=True)
class Compared:
    """A document as it is compared with others."""

    path: str
    sha256: str
    title: str
    text: TextPrint = field(repr=False)
    date: str | None = None
    """Its date in ISO form, as far as it goes."""
    genre: str | None = None
    laender: tuple[str, ...] = ()
    programmes: frozenset[str] = frozenset()
    """Keys of the programmes that its title names."""
    modified: float = 0.0
    """When the file was changed last, in seconds since 1970."""
    version: str | None = None
    """Its version as its title, first page or name numbers it: '2.1'."""

    @classmethod
    def of(cls, document: Document, text: TextPrint, names: Names, modified: float = 0.0) -> "Compared":
        """A document as it is compared; `modified` is when its file was changed, in seconds since 1970."""
        return cls(
            path=document.path,
            sha256=document.sha256,
            title=document.title,
            text=text,
            date=document.date,
            genre=document.genre,
            laender=tuple(document.laender),
            programmes=frozenset(names.exact(document.title)),
            modified=modified,
            version=document.version,
        )


def by_preference(documents: Sequence[Compared]) -> list[int]:
    """Numbers of documents, the one before that is preferred where they are the same."""
    by_name = sorted(
        range(len(documents)), key=lambda number: (documents[number].path.count("/"), documents[number].path)
    )
    return sorted(by_name, key=lambda number: _rank(documents[number]), reverse=True)


def advantage(preferred: Compared, other: Compared) -> str:
    """Why a document is preferred to one that is the same, as a clause: 'whose Stand is newer'."""
    ranks = zip(_rank(preferred), _rank(other), _ADVANTAGES, strict=True)
    return next((clause for mine, its, clause in ranks if mine != its), "which comes first by its folder and name")


def subject(title: str) -> frozenset[str]:
    """The words of a title without figures and what tells versions apart."""
    return frozenset(
        word
        for word in compared_words(_VERSION_NUMBER.sub(" ", title))
        if word not in _VERSION_WORDS and not word[0].isdigit()
    )


def figures(title: str) -> frozenset[str]:
    """The figures of a title."""
    return frozenset(word for word in compared_words(title) if word[0].isdigit())


def stem(document: Compared) -> frozenset[str]:
    """The words of a file's name without figures and what tells versions apart."""
    return subject(PurePosixPath(document.path).stem.replace("_", " "))


def _rank(document: Compared) -> tuple[object, ...]:
    """What puts one document before its twins; the greatest is kept.

    No draft, the newest by its date, its version's number or, undated, the day its file was changed; then the format
    whose places can be cited best, then the longer text. Within a day the times of files tell nothing: those of a
    copied folder lie milliseconds apart. Of equals the one in the highest folder, and there the first by name.
    """
    suffix = PurePosixPath(document.path).suffix.lower()
    return (
        not _is_outdated(document),
        document.date or "",
        version(document),
        int(document.modified // _DAY) if not document.date else 0,
        -_FORMATS.index(suffix) if suffix in _FORMATS else -len(_FORMATS),
        document.text.count,
    )


_ADVANTAGES = (
    "which is not called a draft or a copy",
    "whose Stand is newer",
    "whose version is higher",
    "which was changed later",
    "whose format can be cited better",
    "which holds more text",
)
"""What each part of the rank says of the document that has more of it."""


def _is_outdated(document: Compared) -> bool:
    """Whether its name or title calls it a draft, a copy or old."""
    stem = PurePosixPath(document.path).stem
    named = compared_words(f"{stem.replace('_', ' ')} {document.title}")
    return not _OLDER.isdisjoint(named) or bool(_COPY_NUMBER.search(stem))


def version(document: Compared) -> tuple[int, ...]:
    """The number of its version, as its name, title or first page gives it: 'bericht-v2.1' → (2, 1)."""
    for text in (PurePosixPath(document.path).stem, document.title):
        if match := _VERSION_NUMBER.search(text):
            return tuple(int(part) for part in re.split(r"[._]", match.group(1)))
    return tuple(int(part) for part in document.version.split(".")) if document.version else ()


def is_older(document: Compared, kept: Compared) -> bool:
    """Whether it differs from the kept one by being of an earlier date or version."""
    same_format = PurePosixPath(document.path).suffix.lower() == PurePosixPath(kept.path).suffix.lower()
    if document.date and kept.date:
        # A text and its PDF are seldom made on one day.
        length = min(len(document.date), len(kept.date), 10 if same_format else 7)
        if document.date[:length] != kept.date[:length]:
            return document.date < kept.date
    mine, its = version(document), version(kept)
    return bool(mine and its and mine < its) or (_is_outdated(document) and not _is_outdated(kept))
