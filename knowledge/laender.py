"""The Länder, Bund and EU in texts."""

import re
from collections import Counter
from functools import lru_cache

from knowledge.labels import either, labels
from knowledge.text import folded

_ENTRIES: dict[str, dict[str, str]] = labels("laender")
CODES = tuple(_ENTRIES)
"""ISO 3166-2 codes of the Länder without 'DE-', then 'Bund' and 'EU'."""
LAENDER = frozenset(CODES) - {"Bund", "EU"}
_ENGLISH: dict[str, str] = labels("english_laender")


def _expression(words: str) -> list[str]:
    return [word.replace("_", " ") for word in words.split()]


def _pattern(key: str) -> "re.Pattern[str]":
    """One expression for all of them, with the code as the group's name; longer names are tried first."""
    named = [(word, code) for code, entry in _ENTRIES.items() for word in _expression(entry[key])]
    if key == "names":
        named += list(_ENGLISH.items())
    groups: dict[str, list[str]] = {}
    # 'sachsen' must not be found in 'sachsen-anhalt': what begins alike goes by length, hence the look-ahead below.
    for word, code in named:
        groups.setdefault(code, []).append(word)
    parts = "|".join(f"(?P<{code}>{either(words)})" for code, words in groups.items())
    return re.compile(rf"(?<![\w-])(?:{parts})(?![\w]|-[a-z])")


_NAMES = _pattern("names")
_CITIES = _pattern("cities")


@lru_cache(maxsize=4096)
def named_laender(text: str, *, cities: bool = False) -> tuple[str, ...]:
    """Codes of the Länder that a title or other short text names, Bund and EU last, each once.

    With `cities` a town stands for its Land ('Stadt Ulm' → BW). Bund and EU count only where no Land is named.
    """
    plain = folded(text)
    found = [match.lastgroup for match in _NAMES.finditer(plain)]
    if cities and not any(code in LAENDER for code in found):
        # 'Bundesministerium des Innern, Berlin' sits in Berlin and is the Bund's.
        found += [match.lastgroup for match in _CITIES.finditer(plain) if not found]
    codes = dict.fromkeys(code for code in found if code)
    return tuple(code for code in codes if code in LAENDER) or tuple(codes)


def counted_laender(text: str) -> Counter[str]:
    """How often a text names each Land, Bund or EU."""
    # Not `folded`, which keeps what it folded.
    plain = text.casefold().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    return Counter(match.lastgroup for match in _NAMES.finditer(plain) if match.lastgroup)


@lru_cache(maxsize=256)
def land_named(word: str) -> str | None:
    """The code of the Land that somebody means: 'Bayern', 'BY', 'nrw', 'Bavaria', 'Bund'."""
    plain = folded(word.strip())
    codes = {code.lower(): code for code in CODES}
    if plain in codes:
        return codes[plain]
    for pattern in (_NAMES, _CITIES):
        if match := pattern.fullmatch(plain):
            return match.lastgroup
    return None


def place_words() -> list[str]:
    """Folded names of towns and Länder that are one word."""
    entries = [word for code in LAENDER for key in ("names", "cities") for word in _ENTRIES[code][key].split()]
    return [word for word in entries if word.isalpha()]


def names_expression() -> str:
    """A regular expression over folded text that fits the names of the Länder, of Bund and EU not."""
    own = [word for code in sorted(LAENDER) for word in _expression(_ENTRIES[code]["names"])]
    return rf"{either([*own, *_ENGLISH])}(?![\w]|-[a-z])"


def land_expressions() -> dict[str, list[str]]:
    """Regular expressions over folded text for the names of each Land, of Bund and EU, in German and English."""
    named = {code: _expression(entry["names"]) for code, entry in _ENTRIES.items()}
    for name, code in _ENGLISH.items():
        named[code].append(name)
    return named
