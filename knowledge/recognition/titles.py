"""Documents that a question names: 'laut DCAT-AP.de Spezifikation', 'Konventionenhandbuch 1.1', 'spec 2.0'."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePosixPath

from knowledge.document import Document
from knowledge.linguistics.terms import STOPWORDS
from knowledge.linguistics.text import folded, words
from knowledge.linguistics.words import word_list
from knowledge.recognition.genres import genre_named

# A title that more documents have tells none of them.
_SO_CALLED = 5
# Words so long are seldom in many titles, so that one of them tells a document.
_LONG = 10
# Words that begin a sort of text are short for it: 'spec', 'doku'.
_SHORT_FORM = 4
_VERSION = r"(?:(?:version|fassung|vers|v)\.? ?)?(\d+(?:\.\d+)+)\b"
_HOLDS_VERSION = re.compile(r"\d\.\d")
# What a document says of itself rather than of its matter.
_OF_ITSELF = frozenset(map(folded, word_list("document_data")))
# 'Wann war der Workshop?' asks when it took place; a text is of some day ('von wann ist das Protokoll?').
_WHEN_IT_WAS = re.compile(r"(?<!von )\bwann (?:ist|sind|war|waren)\b|\bwhen (?:is|are|was|were)\b(?!.*\bfrom\b)")
_ASKING = {"wann", "wer", "wem", "when", "who", "whom"}


@dataclass(frozen=True)
class Named:
    """The documents that a question names."""

    documents: frozenset[str] = frozenset()
    """Their ids."""
    words: frozenset[str] = frozenset()
    """Folded words that name them."""
    by_version: bool = False
    """Whether it says which version it means, and so means a document and not its matter."""


class Titles:
    """What documents are called, to be recognised in questions."""

    def __init__(self, documents: Iterable[Document]) -> None:
        known = [document for document in documents if document.kind != "fact sheet"]
        self._titles = {document.id: frozenset(telling_words(document.title)) for document in known}
        self._versions = {document.id: document.version for document in known}
        counts = Counter(word for told in self._titles.values() for word in told)
        self._by_rarest: dict[str, list[str]] = {}
        for document_id, told in self._titles.items():
            if told:
                self._by_rarest.setdefault(min(told, key=lambda word: (counts[word], word)), []).append(document_id)
        self._holding: dict[str, set[str]] = defaultdict(set)
        for document in known:
            for word in _names(document):
                self._holding[word].add(document.id)
        self._sorts = sorted(word for word in self._holding if genre_named(word) is not None)

    def named(self, question: str) -> Named:
        """The documents whose whole title stands in a question, or that it calls by their sort and version.

        A whole title is two telling words or more, or a long one. None where many documents are called so.
        """
        by_version = self._of_version(question)
        if by_version.documents:
            return by_version
        asked = frozenset(telling_words(question))
        found = {
            document_id
            for word in asked
            for document_id in self._by_rarest.get(word, ())
            if self._titles[document_id] <= asked and _is_telling(self._titles[document_id])
        }
        longest = max((len(self._titles[document_id]) for document_id in found), default=0)
        named = frozenset(document_id for document_id in found if len(self._titles[document_id]) == longest)
        return (
            Named(named, asked & frozenset().union(*(self._titles[one] for one in named)))
            if self._few(named)
            else Named()
        )

    def called(self, question: str) -> Named:
        """The documents that a question calls by a word of their own, as 'das Konventionenhandbuch' or 'die Spec'.

        Where the word is one for any text of the sort, another one of their names must stand in the question too.
        """
        asked = frozenset(telling_words(question))
        told: dict[str, set[str]] = defaultdict(set)
        alone: dict[str, set[str]] = {}
        for word in asked:
            for sort in self._meant(word):
                held = self._holding[sort]
                for other in asked & self._holding.keys() - {word}:
                    for document_id in held & self._holding[other]:
                        told[document_id] |= {word, other}
                if len(sort) >= _LONG:
                    alone |= {document_id: {word} for document_id in islice(held, _SO_CALLED + 1)}
        best = told or alone
        most = max(map(len, best.values()), default=0)
        best = {document_id: said for document_id, said in best.items() if len(said) == most}
        return Named(frozenset(best), frozenset().union(*best.values())) if self._few(best) else Named()

    def is_about_itself(self, question: str, named: Named) -> bool:
        """Whether a question asks for nothing but what a document says of itself: date, version, authors."""
        asked = set(telling_words(question)) - named.words
        wanted = asked - STOPWORDS
        if not wanted and _WHEN_IT_WAS.search(folded(question)):
            return False
        return bool(named.documents) and wanted <= _OF_ITSELF and bool(wanted or asked & _ASKING)

    def _meant(self, word: str) -> list[str]:
        """The words for sorts of text that are meant by one; several where it is short for them."""
        if word in self._holding and (genre_named(word) is not None or len(word) >= _LONG):
            return [word]
        if len(word) < _SHORT_FORM:
            return []
        return [sort for sort in self._sorts if sort.startswith(word)]

    def _of_version(self, question: str) -> Named:
        """The documents of the version that a question gives behind the word for their sort."""
        text = " ".join(folded(question).split())
        if not _HOLDS_VERSION.search(text):
            return Named()
        for word in dict.fromkeys(telling_words(question)):
            match = re.search(rf"(?<!\w){re.escape(word)}\w{{0,2}},? {_VERSION}", text)
            if match is None:
                continue
            sorts = self._meant(word) or self._meant(re.sub(r"e?s$", "", word))
            found = {
                document_id
                for sort in sorts
                for document_id in self._holding[sort]
                if self._versions[document_id] == match[1]
            }
            said = frozenset((*telling_words(match.group()), word, match[1]))
            if self._few(found):
                return Named(frozenset(found), said, by_version=True)
        return Named()

    @staticmethod
    def _few(documents: Iterable[str]) -> bool:
        return 0 < len(list(documents)) <= _SO_CALLED


def telling_words(text: str) -> list[str]:
    """The folded words of a text by which documents are told apart, with the parts of those joined by hyphens."""
    return [part for word in words(text) for part in re.split(r"[.-]", folded(word)) if len(part) > 2 or part.isdigit()]


def _names(document: Document) -> frozenset[str]:
    stem = PurePosixPath(document.path).stem.replace("_", " ")
    return frozenset(word for name in (document.title, *document.names, stem) for word in telling_words(name))


def _is_telling(title: frozenset[str]) -> bool:
    return len(title) > 1 or any(len(word) >= _LONG and genre_named(word) is None for word in title)
