"""The knowledge of one release, opened for answering."""

import sqlite3
from collections.abc import Sequence
from copy import copy

from knowledge.document import Document, Group, Passage
from knowledge.encoding.mean_questions import MeanQuestions
from knowledge.errors import StadtlotseError
from knowledge.factsheet import Fact
from knowledge.filters import NO_WISH, Filter, Wish, filter_of, wish_of
from knowledge.indexing.lexical import LexicalIndex
from knowledge.indexing.passages import FIRST_FACT, PROFILE_PLACE, sheet_id
from knowledge.indexing.vectors import VectorIndex
from knowledge.indexing.windows import WindowIndex
from knowledge.messages import LANGUAGES, Language
from knowledge.recognition.names import Names
from knowledge.recognition.titles import Titles
from knowledge.releases.kept_sheets import read_sheets
from knowledge.releases.release import LEXICAL, PASSAGES, QUESTIONS, VECTORS, WINDOWS, Release
from knowledge.releases.store import PassageStore
from knowledge.retrieval.search import Searcher
from knowledge.retrieval.suggestions import fact_question


class Library:
    """Documents, passages, fact sheets and their indexes, as one release holds them."""

    def __init__(self, release: Release) -> None:
        self.release_id = release.id
        try:
            sheets = read_sheets(release.path)
            self._store = PassageStore(release.path / PASSAGES)
            self._store.columns  # noqa: B018  # opened here, so that what is missing is told here
            vectors = VectorIndex.load(release.path / VECTORS)
            windows = WindowIndex.load(release.path / WINDOWS)
            self.lexical = LexicalIndex(release.path / LEXICAL)
            questions = MeanQuestions.load(release.path / QUESTIONS)
        except (OSError, ValueError, KeyError, EOFError, RuntimeError, sqlite3.Error) as error:
            raise StadtlotseError(
                f"The knowledge of release {release.id} cannot be opened; run 'stadtlotse retrain' to build it anew."
            ) from error
        self.sheets = {sheet.key: sheet for sheet in sheets}
        self.names = Names(sheets)
        self.facts: dict[str, Fact] = {fact.id: fact for sheet in sheets for fact in sheet.facts}
        applicants = {one.fact for sheet in sheets for one in sheet.applicants}
        self.searcher = Searcher(self._store, vectors, windows, self.lexical, questions, applicants)
        self.offered = {
            fact_question(sheet, fact, lang): (sheet.key, fact.id)
            for sheet in sheets
            for fact in sheet.facts
            for lang in LANGUAGES
        }
        """Questions that suggestions put into a reader's mouth, with programme and fact that answer them."""
        documents = self._store.documents()
        self._titles = Titles(documents)
        self._hidden: frozenset[str] = frozenset()
        self._internal = [one.path for one in documents if one.group == "internal"]
        self._public = self._without([one for one in documents if one.group == "internal"], documents)

    def for_readers(self, group: Group) -> "Library":
        """What those who may read documents of a group find here: everything where that is 'internal'."""
        return self if group == "internal" else self._public

    def readers_of(self, file: str) -> Group:
        """Who may read a document that is named by its path or the end of it."""
        return "internal" if any(f"/{path}".endswith(f"/{file}") for path in self._internal) else "public"

    def _without(self, hidden: Sequence[Document], documents: Sequence[Document]) -> "Library":
        """This library as if some of its documents were not there; itself where these are none."""
        if not hidden:
            return self
        library = copy(self)
        library._public = library
        library._hidden = frozenset(one.id for one in hidden)
        library._titles = Titles([one for one in documents if one.id not in library._hidden])
        library.searcher = self.searcher.limited_to(self._store.numbers_without(library._hidden))
        return library

    def wish(self, question: str) -> Wish:
        """Where a question says that its answer is to be looked for.

        Where no passage is of that sort, only a question that wants nothing else keeps its wish.
        """
        wish = wish_of(question, self._titles)
        if wish.strict or (wish.filter and len(self.searcher.matching(wish.filter))):
            return wish
        return NO_WISH

    def filter_of(
        self,
        *,
        programmes: Sequence[str] = (),
        kinds: Sequence[str] = (),
        laender: Sequence[str] = (),
        years: Sequence[str] = (),
        documents: Sequence[str] = (),
    ) -> Filter:
        """A filter from what a person types; raises `StadtlotseError` that says which value is not known."""
        return filter_of(
            programmes=programmes,
            kinds=kinds,
            laender=laender,
            years=years,
            documents=documents,
            names=self.names,
            keys=self.sheets,
            known=self._documents() if documents else None,
        )

    def _documents(self) -> list[Document]:
        return [one for one in self._store.documents() if one.id not in self._hidden]

    def document(self, passage: Passage) -> Document:
        """The document a passage stands in."""
        hidden = passage.document_id in self._hidden
        document = None if hidden else self._store.document(passage.document_id)
        if document is None:
            raise StadtlotseError(
                f"Release {self.release_id} lacks the document {passage.document_id}; run 'stadtlotse retrain'."
            )
        return document

    def sheet_passage(self, programme: str, fact: str | None, lang: Language) -> Passage:
        """The passage that states a fact of a fact sheet, or tells what the programme is where `fact` is None."""
        document_id = sheet_id(programme, lang)
        place = next((place for place, one in enumerate(self.sheets[programme].facts) if one.id == fact), None)
        passage = self._store.passage(document_id, FIRST_FACT + place if place is not None else PROFILE_PLACE)
        if passage is None:
            raise StadtlotseError(f"Release {self.release_id} lacks a fact of {programme}; run 'stadtlotse retrain'.")
        return passage

    def in_full(self, passage: Passage) -> str:
        """A passage's text behind its document's title and the headings above it."""
        return " ".join((self.document(passage).title, *passage.headings, passage.text))

    def passage(self, document_id: str, passage_id: int) -> Passage | None:
        """One passage of a document, None where this release has no such."""
        return None if document_id in self._hidden else self._store.passage(document_id, passage_id)

    def passages(self, document_id: str) -> list[Passage]:
        """All passages of a document in reading order."""
        return [] if document_id in self._hidden else self._store.passages(document_id)

    def close(self) -> None:
        """Let go of the release's files."""
        self._store.close()
