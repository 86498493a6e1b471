"""The Länder, Bund and EU in texts."""

import re
from collections import Counter
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.linguistics.labels import either, labels
from knowledge.linguistics.text import folded

_ENTRIES: dict[str, dict[str, str]] = labels("laender")
CODES = tuple(_ENTRIES)
"""ISO 3166-2 codes of the Länder without 'DE-', then 'Bund' and 'EU'."""
LAENDER = frozenset(CODES) - {"Bund", "EU"}
_ENGLISH: dict[str, str] = labels("english_laender")
_SPOKEN: dict[str, str] = labels("spoken_laender")


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


def _own_names() -> list[str]:
    return [word for code in sorted(LAENDER) for word in _expression(_ENTRIES[code]["names"])]


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


_ASKED = re.compile(
    rf"(?<![\w-])(?:(?P<spoken>{either(list(_SPOKEN))})s?|(?P<name>{either([*_own_names(), *_ENGLISH])}))"
    r"(?![\w]|-[a-z])"
)
_CAPITALS = re.compile(rf"(?<![\w-])(?:{'|'.join(sorted(LAENDER))})(?![\w-])")
_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})
_SHORTEST_GUESS = 6


def asked_laender(question: str) -> dict[str, tuple[int, int]]:
    """Codes of the Länder that a question names, each with its place in the folded question, in its order.

    By names in both languages, short forms ('RLP', 'BaWü'), codes in capitals, with a slip of the pen, and by cities
    and towns where no Land is named itself.
    """
    plain = folded(question)
    found: dict[str, tuple[int, int]] = {}
    for match in _ASKED.finditer(plain):
        code = _SPOKEN[match["spoken"]] if match["spoken"] else land_named(match["name"])
        if code:
            found.setdefault(code, match.span())
    cased = question.translate(_WRITTEN_OUT)
    if len(cased) == len(plain):
        for match in _CAPITALS.finditer(cased):
            found.setdefault(match.group(), match.span())
    return found or _misspelt_land(plain) or _land_of_town(plain)


@lru_cache(maxsize=1024)
def named_towns(plain: str) -> frozenset[str]:
    """The towns of a Land that a folded text names."""
    return frozenset(match.group() for match in _CITIES.finditer(plain) if match.lastgroup in LAENDER)


def named_town(plain: str) -> str | None:
    """The first town of a Land that a folded text names."""
    match = _CITIES.search(plain)
    return match.group() if match and match.lastgroup in LAENDER else None


def _land_of_town(plain: str) -> dict[str, tuple[int, int]]:
    match = _CITIES.search(plain)
    return {match.lastgroup: match.span()} if match and match.lastgroup in LAENDER else {}


def _misspelt_land(plain: str) -> dict[str, tuple[int, int]]:
    names = {name: code for name, code in {**_SPOKEN, **_ENGLISH}.items() if len(name) >= _SHORTEST_GUESS}
    names |= {name: code for code in LAENDER for name in _expression(_ENTRIES[code]["names"]) if name.isalpha()}
    for match in re.finditer(r"[a-z-]{6,}", plain):
        best = process.extractOne(match.group(), list(names), scorer=OSA.distance, score_cutoff=1)
        if best is not None and len(best[0]) >= _SHORTEST_GUESS and best[0][0] == match.group()[0]:
            return {names[best[0]]: match.span()}
    return {}


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
    return rf"{either([*_own_names(), *_ENGLISH])}(?![\w]|-[a-z])"


def land_expressions() -> dict[str, list[str]]:
    """Regular expressions over folded text for the names of each Land, of Bund and EU, in German and English."""
    named = {code: _expression(entry["names"]) for code, entry in _ENTRIES.items()}
    for name, code in _ENGLISH.items():
        named[code].append(name)
    return named
