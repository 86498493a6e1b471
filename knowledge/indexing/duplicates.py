"""Documents that are there twice: the same file, the same text in two formats, or an older version of it."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import chain
from pathlib import PurePosixPath
from typing import get_args

import numpy as np

from knowledge import tuning
from knowledge.document import Document, Group
from knowledge.indexing.textprint import TextPrint, compared_words, similarity, word_hashes
from knowledge.linguistics.labels import label_words
from knowledge.linguistics.text import folded
from knowledge.recognition.genres import Genre
from knowledge.recognition.laender import place_words
from knowledge.recognition.names import Names

_VERSION_WORDS = frozenset(map(folded, label_words("version_words")))
_OLDER = frozenset(map(folded, label_words("older_words")))
_VERSION_NUMBER = re.compile(r"(?<![^\W_])v(?:er(?:sion)?)?[ ._-]?(\d+(?:[._]\d+){0,2})(?![\d])", re.IGNORECASE)
_COPY_NUMBER = re.compile(r"\((\d{1,2})\)$")
# Their twins are other events of the same kind: the next meeting, the next call.
_RECURRING = {Genre.CALL.value, Genre.MINUTES.value, Genre.EMAIL.value, Genre.PRESS_RELEASE.value}
# What is put in force anew as a whole: of one title, the later one is in the earlier one's place.
_REVISED = {
    genre.value
    for genre in (Genre.GUIDELINE, Genre.GUIDE, Genre.LAW, Genre.STRATEGY, Genre.SPECIFICATION, Genre.FAQ, Genre.FORM)
}
# Where a page can be cited, the quote is found again; then come formats that were made to be read.
_FORMATS = (".pdf", ".docx", ".odt", ".doc", ".rtf", ".pptx", ".html", ".htm", ".md", ".markdown", ".txt")
_PLACES = np.unique(word_hashes(place_words()))
# What a new version changes before all else: figures, sums and dates.
_FIGURES = np.unique(
    word_hashes([*map(str, range(10_000)), *(f"{figure:0{width}}" for width in (2, 3) for figure in range(100))])
)
_DAY = 86400


class Relation(str, Enum):
    """How a document that is left out relates to the preferred one."""

    SAME_FILE = "the same file"
    SAME_TEXT = "the same text"
    NEARLY_SAME_TEXT = "nearly the same text"
    OLDER_VERSION = "an older version"


@dataclass(frozen=True)
class Duplicate:
    """A document that is left out, and the one that stands for it; both by their place in what was compared."""

    dropped: int
    preferred: int
    relation: Relation
    similarity: float
    """Share of three-word sequences that both hold, of those that either holds: 0…1."""

    def reason(self, preferred_path: str) -> str:
        """Why it is left out, as one clause: 'same text as bericht.pdf, which is preferred'."""
        words = {
            Relation.SAME_FILE: f"same file as {preferred_path}, which is preferred",
            Relation.SAME_TEXT: f"same text as {preferred_path}, which is preferred",
            Relation.NEARLY_SAME_TEXT: f"nearly the same text as {preferred_path}, which is preferred",
            Relation.OLDER_VERSION: f"older version of {preferred_path}, which is preferred",
        }
        return words[self.relation]


@dataclass(frozen=True)
class Candidate:
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


def candidate(document: Document, text: TextPrint, names: Names, modified: float = 0.0) -> Candidate:
    """A document as it is compared; `modified` is when its file was changed, in seconds since 1970."""
    return Candidate(
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


@dataclass(frozen=True)
class Deduplicated:
    """Documents of which none is there twice."""

    kept: list[Document]
    """Those that are answered from, in the order given; `also_in` names the files that each stands for."""
    dropped: dict[str, str]
    """The others by id, with the reason: 'same text as bericht.pdf, which is preferred'."""


def deduplicated(
    documents: Sequence[Document], prints: Mapping[str, TextPrint], names: Names, modified: Mapping[str, float]
) -> Deduplicated:
    """Leave out documents that another one stands for.

    `prints` and `modified` (seconds since 1970) are by document id; a document without a print, such as a fact sheet,
    is kept. `names` tells the programmes that a title names. Documents of one group alone stand for each other: what
    everybody may read must not go because staff has it too.
    """
    dropped: dict[str, str] = {}
    also_in: dict[str, list[str]] = defaultdict(list)
    for group in get_args(Group):
        compared = [document for document in documents if document.id in prints and document.group == group]
        candidates = [candidate(one, prints[one.id], names, modified.get(one.id, 0.0)) for one in compared]
        for found in find_duplicates(candidates):
            preferred = compared[found.preferred]
            dropped[compared[found.dropped].id] = found.reason(preferred.path)
            also_in[preferred.id].append(compared[found.dropped].path)
    kept = [
        one.model_copy(update={"also_in": also_in[one.id]}) if one.id in also_in else one
        for one in documents
        if one.id not in dropped
    ]
    return Deduplicated(kept, dropped)


def find_duplicates(documents: Sequence[Candidate]) -> list[Duplicate]:
    """Documents that another one stands for, each once, in the order given.

    The preferred one of each group is kept: the newer version of a text, and of formats of one text the one with pages.
    No document that is left out stands for another.
    """
    found: list[Duplicate] = []
    index = _Index()
    for number in by_preference(documents):
        document = documents[number]
        best: Duplicate | None = None
        for other in index.alike(document):
            relation, alike = _relation(documents[other], document)
            if relation is not None and (best is None or alike > best.similarity):
                best = Duplicate(number, other, relation, alike)
        if best is None:
            index.add(number, document)
        else:
            found.append(best)
    return sorted(found, key=lambda one: one.dropped)


def by_preference(documents: Sequence[Candidate]) -> list[int]:
    """Numbers of documents, the one before that is preferred where they are the same."""
    by_name = sorted(
        range(len(documents)), key=lambda number: (documents[number].path.count("/"), documents[number].path)
    )
    return sorted(by_name, key=lambda number: _rank(documents[number]), reverse=True)


def advantage(preferred: Candidate, other: Candidate) -> str:
    """Why a document is preferred to one that is the same, as a clause: 'whose Stand is newer'."""
    ranks = zip(_rank(preferred), _rank(other), _ADVANTAGES, strict=True)
    return next((clause for mine, its, clause in ranks if mine != its), "which comes first by its folder and name")


class _Index:
    """The kept documents by their hashes."""

    def __init__(self) -> None:
        self._files: dict[str, int] = {}
        self._texts: dict[tuple[int, int], list[int]] = defaultdict(list)
        self._holders: dict[int, list[int]] = defaultdict(list)

    def add(self, number: int, document: Candidate) -> None:
        self._files.setdefault(document.sha256, number)
        self._texts[document.text.count, document.text.whole].append(number)
        for value in document.text.sketch[: tuning.SKETCH_PROBE].tolist():
            holders = self._holders[value]
            if len(holders) < tuning.SKETCH_HOLDERS:
                holders.append(number)

    def alike(self, document: Candidate) -> list[int]:
        """Numbers of kept documents that may be the same."""
        same_file = self._files.get(document.sha256)
        if same_file is not None:
            return [same_file]
        probe = document.text.sketch[: tuning.SKETCH_PROBE].tolist()
        counts = Counter(chain.from_iterable(self._holders.get(value, ()) for value in probe))
        needed = max(1, int(len(probe) * tuning.SKETCH_PROBE_SHARE))
        found = dict.fromkeys(self._texts.get((document.text.count, document.text.whole), ()))
        found.update(dict.fromkeys(number for number, count in counts.items() if count >= needed))
        return list(found)


def _relation(kept: Candidate, document: Candidate) -> tuple[Relation | None, float]:
    """What a document is to one that is kept, and how alike they are; None where both are needed."""
    if kept.sha256 == document.sha256:
        return Relation.SAME_FILE, 1.0
    alike = similarity(kept.text, document.text)
    if alike < tuning.SAME_VERSION or _differ_in_subject(kept, document):
        return None, alike
    if alike < _needed(kept, document):
        return None, alike
    if kept.text.whole != document.text.whole and _is_older(document, kept):
        return Relation.OLDER_VERSION, alike
    return (Relation.SAME_TEXT if alike >= tuning.SAME_TEXT else Relation.NEARLY_SAME_TEXT), alike


def _needed(one: Candidate, other: Candidate) -> float:
    """How alike they must be: where titles or names of files agree, what they have in common is no mere boilerplate."""
    if _are_versions(one, other):
        return tuning.SAME_VERSION
    if _stem(one) == _stem(other) and PurePosixPath(one.path).suffix != PurePosixPath(other.path).suffix:
        return tuning.SAME_DOCUMENT
    if _are_of_a_series(one, other):
        return tuning.SAME_IN_SERIES
    if {one.genre, other.genre} & _RECURRING:
        return tuning.SAME_RECURRING
    if min(one.text.count, other.text.count) < tuning.SHORT_DOCUMENT:
        return tuning.SAME_WITHOUT_NAME
    agree = _subject(one.title) == _subject(other.title) or _stem(one) == _stem(other)
    contained = _subject(one.title) <= _subject(other.title) or _subject(other.title) <= _subject(one.title)
    return tuning.SAME_DOCUMENT if agree or contained else tuning.SAME_WITHOUT_NAME


def _are_versions(one: Candidate, other: Candidate) -> bool:
    """Whether they bear one title, an earlier and a later date or number, and the same words but for the figures.

    Each changed figure takes three sequences away, of which a short text has few, so that these tell little. What is
    not put in force anew, such as a notice to the next applicant, must number its versions.
    """
    genres = {one.genre, other.genre}
    if genres & _RECURRING or not (genres <= _REVISED or (_version(one) and _version(other))):
        return False
    if not _subject(one.title) or _subject(one.title) != _subject(other.title):
        return False
    if not _is_older(one, other) and not _is_older(other, one):
        return False
    mine, its = (np.setdiff1d(each.text.vocabulary, _FIGURES) for each in (one, other))
    return len(np.intersect1d(mine, its)) >= tuning.SAME_WORDS_OF_VERSIONS * len(np.union1d(mine, its))


def _differ_in_subject(one: Candidate, other: Candidate) -> bool:
    """Whether they say the same of different things, as two towns' profiles made from one template do."""
    for these, those in ((one.laender, other.laender), (one.programmes, other.programmes)):
        if these and those and set(these).isdisjoint(those):
            return True
    if _is_only_there(_subject(one.title), other, one) and _is_only_there(_subject(other.title), one, other):
        return True
    if one.genre in _RECURRING and _figures(one.title) != _figures(other.title):
        return True
    places, others = (np.intersect1d(text.vocabulary, _PLACES) for text in (one.text, other.text))
    if len(np.setdiff1d(places, others)) and len(np.setdiff1d(others, places)):
        return True
    lost = np.isin(one.text.frequent, other.text.vocabulary, invert=True).any()
    won = np.isin(other.text.frequent, one.text.vocabulary, invert=True).any()
    return bool(lost and won)


def _are_of_a_series(one: Candidate, other: Candidate) -> bool:
    """Whether their titles tell them apart: 'Steckbrief Köln' and 'Steckbrief Bonn', not one and a new file name."""
    titles = _subject(one.title), _subject(other.title)
    if not (titles[0] - titles[1] and titles[1] - titles[0]):
        return False
    return bool(titles[0] & titles[1]) or not (titles[0] == _stem(one) or titles[1] == _stem(other))


def _is_only_there(words: frozenset[str], absent: Candidate, there: Candidate) -> bool:
    """Whether a word of a title stands in its own text, or in no other title, and not in the other text."""
    own = words - _subject(absent.title)
    hashes = word_hashes(own)
    in_own = np.isin(hashes, there.text.vocabulary)
    in_other = np.isin(hashes, absent.text.vocabulary)
    return bool((in_own & ~in_other).any())


def _subject(title: str) -> frozenset[str]:
    """The words of a title without figures and what tells versions apart."""
    return frozenset(
        word
        for word in compared_words(_VERSION_NUMBER.sub(" ", title))
        if word not in _VERSION_WORDS and not word[0].isdigit()
    )


def _figures(title: str) -> frozenset[str]:
    return frozenset(word for word in compared_words(title) if word[0].isdigit())


def _stem(document: Candidate) -> frozenset[str]:
    return _subject(PurePosixPath(document.path).stem.replace("_", " "))


def _rank(document: Candidate) -> tuple[object, ...]:
    """What puts one document before its twins; the greatest is kept.

    No draft, the newest by its date, its version's number or, undated, the day its file was changed; then the format
    whose places can be cited best, then the longer text. Within a day the times of files tell nothing: those of a
    copied folder lie milliseconds apart. Of equals the one in the highest folder, and there the first by name.
    """
    suffix = PurePosixPath(document.path).suffix.lower()
    return (
        not _is_outdated(document),
        document.date or "",
        _version(document),
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


def _is_outdated(document: Candidate) -> bool:
    """Whether its name or title calls it a draft, a copy or old."""
    stem = PurePosixPath(document.path).stem
    named = compared_words(f"{stem.replace('_', ' ')} {document.title}")
    return not _OLDER.isdisjoint(named) or bool(_COPY_NUMBER.search(stem))


def _version(document: Candidate) -> tuple[int, ...]:
    """The number of its version, as its name, title or first page gives it: 'bericht-v2.1' → (2, 1)."""
    for text in (PurePosixPath(document.path).stem, document.title):
        if match := _VERSION_NUMBER.search(text):
            return tuple(int(part) for part in re.split(r"[._]", match.group(1)))
    return tuple(int(part) for part in document.version.split(".")) if document.version else ()


def _is_older(document: Candidate, kept: Candidate) -> bool:
    """Whether it differs from the kept one by being of an earlier date or version."""
    same_format = PurePosixPath(document.path).suffix.lower() == PurePosixPath(kept.path).suffix.lower()
    if document.date and kept.date:
        # A text and its PDF are seldom made on one day.
        length = min(len(document.date), len(kept.date), 10 if same_format else 7)
        if document.date[:length] != kept.date[:length]:
            return document.date < kept.date
    mine, its = _version(document), _version(kept)
    return bool(mine and its and mine < its) or (_is_outdated(document) and not _is_outdated(kept))
