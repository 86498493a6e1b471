"""Sources as they travel with an answer."""

import re
from typing import TYPE_CHECKING

from knowledge.document import Document, Passage
from knowledge.factsheet import UNDATED
from knowledge.messages import Citation, Language
from knowledge.texts import text

if TYPE_CHECKING:
    from knowledge.retrieval.library import Library

_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>\d{2}))?")


def shown_date(as_of: str, lang: Language) -> str:
    """The date of a source in words of a language: '2023-11-05' → '5. November 2023', 'ohne Datum' → 'undated'.

    What is not in ISO form stays as the source writes it.
    """
    if as_of == UNDATED:
        return text(lang, "dates.undated")
    match = _ISO.fullmatch(as_of)
    if match is None:
        return as_of
    month = text(lang, f"dates.month_{int(match['month'])}")
    if match["day"] is None:
        return text(lang, "dates.month", month=month, year=match["year"])
    return text(lang, "dates.day", day=int(match["day"]), month=month, year=match["year"])


def citation(document: Document, passage: Passage, start: int, end: int) -> Citation:
    """The words of a passage from `start` to `end` as a citation with a link that shows them marked."""
    return Citation(
        title=document.title,
        url=f"/sources/{document.id}/{passage.id}?quote={start}-{end}",
        page=passage.page,
        heading=passage.heading,
        as_of=passage.as_of or document.as_of,
        quote=passage.text[start:end],
        lang=passage.lang,
        origins=passage.origins,
    )


class Citations:
    """The numbered sources of one answer that draws on fact sheets; each stands in it once."""

    def __init__(self, library: "Library", lang: Language) -> None:
        self._library = library
        self._lang = lang
        self._numbers: dict[tuple[str, str | None], int] = {}
        self.found: list[Citation] = []
        """What was cited so far; the first is number 1."""

    def fact(self, programme: str, fact: str) -> int:
        """The number under which the words of a fact are cited."""
        return self._number(programme, fact)

    def profile(self, programme: str) -> int:
        """The number under which the profile of a programme is cited."""
        return self._number(programme, None)

    def words(self, programme: str, fact: str) -> str:
        """A fact in words, as its source page shows it."""
        return self._library.sheet_passage(programme, fact, self._lang).text

    def _number(self, programme: str, fact: str | None) -> int:
        key = (programme, fact)
        if key not in self._numbers:
            passage = self._library.sheet_passage(programme, fact, self._lang)
            self.found.append(citation(self._library.document(passage), passage, 0, len(passage.text)))
            self._numbers[key] = len(self.found)
        return self._numbers[key]
