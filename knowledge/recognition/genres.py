"""What sort of text a document is, by the words of its title."""

import re
from enum import Enum
from functools import lru_cache

from knowledge.linguistics.labels import either, labels
from knowledge.linguistics.text import folded


class Genre(str, Enum):
    """A sort of text."""

    GUIDELINE = "guideline"
    CALL = "call"
    GUIDE = "guide"
    MINUTES = "minutes"
    SPECIFICATION = "specification"
    STRATEGY = "strategy"
    REPORT = "report"
    FAQ = "faq"
    PRESS_RELEASE = "press release"
    AGREEMENT = "agreement"
    LAW = "law"
    FORM = "form"
    OVERVIEW = "overview"
    PRESENTATION = "presentation"
    TABLE = "table"
    EMAIL = "email"
    WEB_PAGE = "web page"
    FACT_SHEET = "fact sheet"


# What tells how a text is handed over rather than what it is; a word for its content counts more.
_BY_FORMAT = {
    ".eml": Genre.EMAIL,
    ".msg": Genre.EMAIL,
    ".pptx": Genre.PRESENTATION,
    ".ppt": Genre.PRESENTATION,
    ".odp": Genre.PRESENTATION,
    ".xlsx": Genre.TABLE,
    ".xls": Genre.TABLE,
    ".ods": Genre.TABLE,
    ".csv": Genre.TABLE,
    ".html": Genre.WEB_PAGE,
    ".htm": Genre.WEB_PAGE,
}
_FORMATS = frozenset(_BY_FORMAT.values())
# Any title may hold these, and a text is seldom one of them.
_WEAK = _FORMATS | {Genre.FACT_SHEET}
_PATTERNS = {
    Genre(name): re.compile(rf"(?<![\w-]){either(words)}(?![\w-])") for name, words in labels("genres").items()
}


def genre_of_title(title: str) -> Genre | None:
    """The sort of text that a title names: the word that stands first, as in 'Leitfaden zur Förderrichtlinie'."""
    plain = folded(title)
    found = [
        (match.start(), genre)
        for genre, pattern in _PATTERNS.items()
        if genre not in _WEAK and (match := pattern.search(plain))
    ]
    return min(found)[1] if found else None


def genre_of_format(suffix: str) -> Genre | None:
    """The sort of text that a file's ending alone tells, such as a presentation; None for most."""
    return _BY_FORMAT.get(suffix.lower())


@lru_cache(maxsize=256)
def genre_named(words: str) -> Genre | None:
    """The sort of text that somebody means by a word: 'Richtlinien', 'guideline', 'web page'."""
    plain = folded(words.strip())
    if plain in {genre.value for genre in Genre}:
        return Genre(plain)
    return next((genre for genre, pattern in _PATTERNS.items() if pattern.fullmatch(plain)), None)


def genre_words() -> str:
    """A regular expression over folded text that fits every word for a sort of text."""
    return either([pattern.pattern for pattern in _PATTERNS.values()])
