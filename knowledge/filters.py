"""Limits on where an answer may come from: programme, sort of text, Land, year, document."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from pydantic import BaseModel, ConfigDict, Field

from knowledge.document import Document, Passage
from knowledge.errors import StadtlotseError
from knowledge.linguistics.labels import either, labels
from knowledge.linguistics.terms import STOPWORDS
from knowledge.linguistics.text import folded, words
from knowledge.recognition.genres import Genre, genre_named, genre_words
from knowledge.recognition.laender import CODES, land_named, named_laender, names_expression
from knowledge.recognition.names import Names
from knowledge.recognition.titles import Named, Titles

_YEARS = re.compile(r"(\d{4})(?:\s?[-–]\s?(\d{4}))?")


class Filter(BaseModel):
    """What documents and passages may answer; an empty field limits nothing, several values mean any of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    programmes: frozenset[str] = Field(frozenset(), description="Keys of fact sheets, such as 'mpsc'")
    kinds: frozenset[Genre] = Field(frozenset(), description="Sorts of text, such as 'guideline'")
    laender: frozenset[str] = Field(frozenset(), description="Codes of the Länder (BW, BY, …), 'Bund' or 'EU'")
    since: int | None = Field(None, ge=1900, le=2100, description="First year of documents")
    until: int | None = Field(None, ge=1900, le=2100, description="Last year of documents")
    documents: frozenset[str] = Field(frozenset(), description="Ids, paths or names of files, or folders")

    def __bool__(self) -> bool:
        """Whether it limits anything."""
        return any((self.programmes, self.kinds, self.laender, self.since, self.until, self.documents))

    def allows(self, document: Document) -> bool:
        """Whether any passage of a document may match, which `matches` then tells."""
        return (
            (not self.kinds or document.genre in {kind.value for kind in self.kinds})
            and self._allows_year(document.year)
            and (not self.documents or any(_is_called(document, name) for name in self.documents))
        )

    def matches(self, document: Document, passage: Passage) -> bool:
        """Whether a passage of a document may answer.

        What a passage is about decides before what its document is about: a passage on Hesse in an overview of all
        Länder matches 'HE'. A document without a date matches no year.
        """
        if not self.allows(document):
            return False
        if self.programmes and self.programmes.isdisjoint(programmes_of(document, passage)):
            return False
        return not self.laender or not self.laender.isdisjoint(laender_of(document, passage))

    def _allows_year(self, year: int | None) -> bool:
        if self.since is None and self.until is None:
            return True
        return year is not None and (self.since or 0) <= year <= (self.until or 9999)


def programmes_of(document: Document, passage: Passage) -> Sequence[str]:
    """The programmes that a passage of a document is about."""
    return passage.programmes or document.programmes


def laender_of(document: Document, passage: Passage) -> Sequence[str]:
    """The Länder that a passage of a document is about, by its headings or by its document."""
    named = named_laender(" . ".join(passage.headings[1:])) if passage.fact is None else ()
    return named or document.laender


def _is_called(document: Document, name: str) -> bool:
    """Whether somebody means a document by its id, its file's path or name with or without ending, or its folder."""
    wanted = folded(name.strip().strip("/"))
    path = PurePosixPath(folded(document.path))
    names = {folded(document.id), str(path), path.name, path.stem, str(path.with_suffix("")), folded(document.title)}
    return wanted in names or f"{path}".startswith(f"{wanted}/")


def filter_of(
    *,
    programmes: Sequence[str] = (),
    kinds: Sequence[str] = (),
    laender: Sequence[str] = (),
    years: Sequence[str] = (),
    documents: Sequence[str] = (),
    names: Names | None = None,
    keys: Collection[str] = (),
    known: Sequence[Document] | None = None,
) -> Filter:
    """A filter from what a person types, in German or English: 'Richtlinie', 'Bayern', '2021-2023', 'bericht.pdf'.

    Programmes are one of `keys` or, with `names`, any name of theirs. With `known`, all documents there are, a document
    that is none of them is refused. Raises `StadtlotseError` that says which value is not known and which are.
    """
    spans = [_span(year) for year in years]
    for name in documents:
        if known is not None and not any(_is_called(document, name) for document in known):
            raise StadtlotseError(f"No document is called '{name}'; 'stadtlotse documents list' names the library's.")
    return Filter(
        programmes=frozenset(key for one in programmes for key in _programmes(one, names, keys)),
        kinds=frozenset(_kind(one) for one in kinds),
        laender=frozenset(_land(one) for one in laender),
        since=min((since for since, _ in spans), default=None),
        until=max((until for _, until in spans), default=None),
        documents=frozenset(documents),
    )


def _programmes(text: str, names: Names | None, keys: Collection[str]) -> list[str]:
    if text in keys:
        return [text]
    if names is not None and (named := [mention.key for mention in names.mentions(text)]):
        return named
    raise StadtlotseError(f"No programme is called '{text}'; use a name that a fact sheet gives or its file's name.")


def _kind(text: str) -> Genre:
    genre = genre_named(text)
    if genre is None:
        raise StadtlotseError(f"'{text}' is no kind of document; use one of: {', '.join(one.value for one in Genre)}.")
    return genre


def _land(text: str) -> str:
    code = land_named(text)
    if code is None:
        raise StadtlotseError(f"'{text}' is no Land; use its name or one of: {', '.join(CODES)}.")
    return code


def _span(text: str) -> tuple[int, int]:
    match = _YEARS.fullmatch(text.strip())
    if match is None or not 1900 <= int(match[1]) <= int(match[2] or match[1]) <= 2100:
        raise StadtlotseError(f"'{text}' is no year; write 2023 or 2021-2023.")
    return int(match[1]), int(match[2] or match[1])


@dataclass(frozen=True)
class Wish:
    """What a question says of where its answer is to be found."""

    filter: Filter
    strict: bool = False
    """Whether it wants nothing else ('nur in den Richtlinien'); otherwise what matches is to be preferred."""
    words: frozenset[str] = frozenset()
    """Folded words of the question that say so and ask for nothing themselves."""
    of_itself: bool = False
    """Whether it asks for what a document says of itself, such as its date."""


NO_WISH = Wish(Filter())
_SOURCES = either(labels("question_sources"))
_ARTICLE = r"(?:de[nrms]|die|das|the|einem|einer|eurem|eurer|unserem|unserer|diesem|dieser)"
_DOCUMENTS = f"(?:{labels('question_documents').replace(' ', '|')})"
_ONLY = re.compile(rf"\b(?:{labels('question_only').replace(' ', '|')})\b")
# 'laut der geltenden Förderrichtlinie', 'im Leitfaden', 'in the minutes'.
_BEHIND_SOURCE = re.compile(rf"\b{_SOURCES}\s+(?:{_ARTICLE}\s+)?(?P<first>[\w-]+)")
_IN_KIND = re.compile(rf"\b{_SOURCES}\s+(?:{_ARTICLE}\s+)?(?:\w+en\s+)?(?P<kind>{genre_words()})")
_IN_LAND = re.compile(
    rf"\b(?:in|im|fuer|aus|land|landes|for|from)\s+(?:{_ARTICLE}\s+)?(?:land\s+)?(?P<land>{names_expression()})"
)
_YEAR = r"(?:(?:dem|im)\s+)?(?:jahr\w*\s+)?(?P<year>(?:19|20)\d\d)\b"
_OF_YEAR = re.compile(
    rf"\b(?:{_DOCUMENTS}|{genre_words()})\s+(?:nur\s+)?(?P<how>von|vom|aus|seit|ab|nach|vor|bis|from|since|of|after|before)"
    rf"\s+(?:\d{{1,2}}\.\s?(?:\d{{1,2}}\.|\w+)\s?)?{_YEAR}"
)
# 'im Arbeitsvertrag', 'im Grundgesetz': what is asked about, not where to look.
_SUBJECTS = {Genre.LAW, Genre.AGREEMENT}
_AFTER = {"seit": 0, "ab": 0, "since": 0, "nach": 1, "after": 1}
_BEFORE = {"bis": 0, "vor": -1, "before": -1}


def wish_of(question: str, titles: "Titles | None" = None) -> Wish:
    """What a German or English question says of where to look, and only where it says so in so many words.

    'in den Richtlinien', 'laut Leitfaden', 'für Bayern', 'nur Dokumente von 2023', with `titles` also 'laut DCAT-AP.de
    Spezifikation'. That a question is about a year or a sort of text ('Wer schreibt das Protokoll?') is no wish.
    """
    text = " ".join(folded(question).split())
    found = list(_IN_KIND.finditer(text))
    kinds = {genre for match in found if (genre := genre_named(match["kind"])) not in _SUBJECTS and genre is not None}
    lands = list(_IN_LAND.finditer(text))
    since, until, dated = _years(text)
    named, of_itself = _documents(question, text, titles)
    wanted = Filter(
        kinds=frozenset(kinds),
        laender=frozenset(code for match in lands if (code := land_named(match["land"]))),
        since=since,
        until=until,
        documents=named.documents,
    )
    said = [match.group() for match in (*found, *dated)]
    return Wish(
        wanted,
        bool(wanted) and bool(_ONLY.search(text)),
        frozenset(word for one in said for word in words(one))
        | (named.words if named.by_version or of_itself else frozenset()),
        of_itself,
    )


def _documents(question: str, text: str, titles: Titles | None) -> tuple[Named, bool]:
    """The documents that a question names as its source or asks about, and whether it asks for no more of them.

    What is called by its version is meant as a text; other names are those of its matter too ('Was ist die DCAT-AP.de
    Spezifikation?'), unless a word such as 'laut' says otherwise.
    """
    if titles is None:
        return Named(), False
    named = titles.named(question)
    called = named if named.documents else titles.called(question)
    if titles.is_about_itself(question, called):
        return called, True
    if named.by_version or (called.documents and _names_source(text)):
        return called, False
    return Named(), False


def _names_source(text: str) -> bool:
    """Whether a folded question says where something stands; 'in Köln' and 'in welchem Jahr' say no such thing."""
    behind = (match["first"] for match in _BEHIND_SOURCE.finditer(text))
    return any(first not in STOPWORDS and not named_laender(first, cities=True) for first in behind)


def _years(text: str) -> tuple[int | None, int | None, list["re.Match[str]"]]:
    match = _OF_YEAR.search(text)
    if match is None:
        return None, None, []
    year, how = int(match["year"]), match["how"]
    if how in _AFTER:
        return year + _AFTER[how], None, [match]
    if how in _BEFORE:
        return None, year + _BEFORE[how], [match]
    return year, year, [match]
