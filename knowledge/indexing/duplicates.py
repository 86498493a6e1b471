"""Documents that are there twice: the same file, the same text in two formats, or an older version of it."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import chain
from pathlib import PurePosixPath
from typing import get_args

import numpy as np

from knowledge import tuning
from knowledge.document import Document, Group
from knowledge.indexing.preference import Compared, by_preference, figures, is_older, stem, subject, version
from knowledge.indexing.textprint import TextPrint, similarity, word_hashes
from knowledge.recognition.genres import Genre
from knowledge.recognition.laender import place_words
from knowledge.recognition.names import Names

# Their twins are other events of the same kind: the next meeting, the next call.
_RECURRING = {Genre.CALL.value, Genre.MINUTES.value, Genre.EMAIL.value, Genre.PRESS_RELEASE.value}
# What is put in force anew as a whole: of one title, the later one is in the earlier one's place.
_REVISED = {
    genre.value
    for genre in (Genre.GUIDELINE, Genre.GUIDE, Genre.LAW, Genre.STRATEGY, Genre.SPECIFICATION, Genre.FAQ, Genre.FORM)
}
_PLACES = np.unique(word_hashes(place_words()))
# What a new version changes before all else: figures, sums and dates.
_FIGURES = np.unique(
    word_hashes([*map(str, range(10_000)), *(f"{figure:0{width}}" for width in (2, 3) for figure in range(100))])
)


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
        twins = [Compared.of(one, prints[one.id], names, modified.get(one.id, 0.0)) for one in compared]
        for found in find_duplicates(twins):
            preferred = compared[found.preferred]
            dropped[compared[found.dropped].id] = found.reason(preferred.path)
            also_in[preferred.id].append(compared[found.dropped].path)
    kept = [
        one.model_copy(update={"also_in": also_in[one.id]}) if one.id in also_in else one
        for one in documents
        if one.id not in dropped
    ]
    return Deduplicated(kept, dropped)


def find_duplicates(documents: Sequence[Compared]) -> list[Duplicate]:
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


class _Index:
    """The kept documents by their hashes."""

    def __init__(self) -> None:
        self._files: dict[str, int] = {}
        self._texts: dict[tuple[int, int], list[int]] = defaultdict(list)
        self._holders: dict[int, list[int]] = defaultdict(list)

    def add(self, number: int, document: Compared) -> None:
        self._files.setdefault(document.sha256, number)
        self._texts[document.text.count, document.text.whole].append(number)
        for value in document.text.sketch[: tuning.SKETCH_PROBE].tolist():
            holders = self._holders[value]
            if len(holders) < tuning.SKETCH_HOLDERS:
                holders.append(number)

    def alike(self, document: Compared) -> list[int]:
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


def _relation(kept: Compared, document: Compared) -> tuple[Relation | None, float]:
    """What a document is to one that is kept, and how alike they are; None where both are needed."""
    if kept.sha256 == document.sha256:
        return Relation.SAME_FILE, 1.0
    alike = similarity(kept.text, document.text)
    if alike < tuning.SAME_VERSION or _differ_in_subject(kept, document):
        return None, alike
    if alike < _needed(kept, document):
        return None, alike
    if kept.text.whole != document.text.whole and is_older(document, kept):
        return Relation.OLDER_VERSION, alike
    return (Relation.SAME_TEXT if alike >= tuning.SAME_TEXT else Relation.NEARLY_SAME_TEXT), alike


def _needed(one: Compared, other: Compared) -> float:
    """How alike they must be: where titles or names of files agree, what they have in common is no mere boilerplate."""
    if _are_versions(one, other):
        return tuning.SAME_VERSION
    if stem(one) == stem(other) and PurePosixPath(one.path).suffix != PurePosixPath(other.path).suffix:
        return tuning.SAME_DOCUMENT
    if _are_of_a_series(one, other):
        return tuning.SAME_IN_SERIES
    if {one.genre, other.genre} & _RECURRING:
        return tuning.SAME_RECURRING
    if min(one.text.count, other.text.count) < tuning.SHORT_DOCUMENT:
        return tuning.SAME_WITHOUT_NAME
    agree = subject(one.title) == subject(other.title) or stem(one) == stem(other)
    contained = subject(one.title) <= subject(other.title) or subject(other.title) <= subject(one.title)
    return tuning.SAME_DOCUMENT if agree or contained else tuning.SAME_WITHOUT_NAME


def _are_versions(one: Compared, other: Compared) -> bool:
    """Whether they bear one title, an earlier and a later date or number, and the same words but for the figures.

    Each changed figure takes three sequences away, of which a short text has few, so that these tell little. What is
    not put in force anew, such as a notice to the next applicant, must number its versions.
    """
    genres = {one.genre, other.genre}
    if genres & _RECURRING or not (genres <= _REVISED or (version(one) and version(other))):
        return False
    if not subject(one.title) or subject(one.title) != subject(other.title):
        return False
    if not is_older(one, other) and not is_older(other, one):
        return False
    mine, its = (np.setdiff1d(each.text.vocabulary, _FIGURES) for each in (one, other))
    return len(np.intersect1d(mine, its)) >= tuning.SAME_WORDS_OF_VERSIONS * len(np.union1d(mine, its))


def _differ_in_subject(one: Compared, other: Compared) -> bool:
    """Whether they say the same of different things, as two towns' profiles made from one template do."""
    for these, those in ((one.laender, other.laender), (one.programmes, other.programmes)):
        if these and those and set(these).isdisjoint(those):
            return True
    if _is_only_there(subject(one.title), other, one) and _is_only_there(subject(other.title), one, other):
        return True
    if one.genre in _RECURRING and figures(one.title) != figures(other.title):
        return True
    places, others = (np.intersect1d(text.vocabulary, _PLACES) for text in (one.text, other.text))
    if len(np.setdiff1d(places, others)) and len(np.setdiff1d(others, places)):
        return True
    lost = np.isin(one.text.frequent, other.text.vocabulary, invert=True).any()
    won = np.isin(other.text.frequent, one.text.vocabulary, invert=True).any()
    return bool(lost and won)


def _are_of_a_series(one: Compared, other: Compared) -> bool:
    """Whether their titles tell them apart: 'Steckbrief Köln' and 'Steckbrief Bonn', not one and a new file name."""
    titles = subject(one.title), subject(other.title)
    if not (titles[0] - titles[1] and titles[1] - titles[0]):
        return False
    return bool(titles[0] & titles[1]) or not (titles[0] == stem(one) or titles[1] == stem(other))


def _is_only_there(words: frozenset[str], absent: Compared, there: Compared) -> bool:
    """Whether a word of a title stands in its own text, or in no other title, and not in the other text."""
    own = words - subject(absent.title)
    hashes = word_hashes(own)
    in_own = np.isin(hashes, there.text.vocabulary)
    in_other = np.isin(hashes, absent.text.vocabulary)
    return bool((in_own & ~in_other).any())
