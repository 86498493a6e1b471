"""What a message names: programmes, bodies, Länder, municipalities, matters, attributes, years and amounts."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA
from ruamel.yaml import YAML

from knowledge.factsheet import FactSheet
from knowledge.linguistics.labels import either
from knowledge.linguistics.text import folded, folded_with_places
from knowledge.recognition.attributes import attribute_words
from knowledge.recognition.laender import land_expressions, land_named
from knowledge.recognition.names import Names

_LISTS: dict[str, Any] = YAML(typ="safe").load(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))


class EntityKind(str, Enum):
    """What is named; the values are the names of Rasa's entities in domain.yml."""

    PROGRAMME = "programme"
    AMOUNT = "amount"
    MUNICIPALITY_SIZE = "municipality_size"
    YEAR = "year"
    ORGANISATION = "organisation"
    LAND = "land"
    MUNICIPALITY_KIND = "municipality_kind"
    ATTRIBUTE = "attribute"
    SECTOR = "sector"


@dataclass(frozen=True)
class Entity:
    """Something that a message names, in the message's words from `start` to `end`."""

    kind: EntityKind
    value: str
    """A programme's key, a Land's code, an attribute's or sector's name, inhabitants or euros as figures, …"""
    start: int
    end: int


_NUMBER = r"\d{1,3}(?:[. ]\d{3})+(?:,\d+)?|\d{1,3}(?:,\d{3})+|\d+(?:[.,]\d+)?"
_MULTIPLES = {"k": 1e3, "tsd": 1e3, "tausend": 1e3, "thousand": 1e3, "mio": 1e6, "mill": 1e6, "mrd": 1e9, "bill": 1e9}
_MULTIPLE = r"(?P<times>k|tsd\.?|tausend|thousand|mio\.?|million(?:en)?|mrd\.?|milliarden?|billion)"
_EUROS = re.compile(
    rf"(?:€\s?)?(?<![\w.,])(?P<number>{_NUMBER})\s?(?:{_MULTIPLE}(?:\s?(?:€|euros?\b|eur\b)|\b)|(?:€|euros?\b|eur\b))"
)
_PERCENT = re.compile(rf"(?<![\w.,])(?P<number>{_NUMBER})\s?(?:%|prozent\b|percent\b|per cent\b)")
_INHABITANTS = re.compile(
    rf"(?<![\w.,])(?P<number>{_NUMBER})\s?(?:{_MULTIPLE}\s?)?(?:einwohner\w*|ew\b|leuten?\b|inhabitants|residents|people)"
)
_YEAR = re.compile(r"(?<![\w.,])(?:19|20)\d\d(?![\w%]|[.,]\d)")
_MINISTRY = re.compile(r"[\w-]*[Mm]inisterium\b[^(,]*?(?= und [A-ZÄÖÜ]{2}| \(|,|$)")
_ABBREVIATION = re.compile(r"\b[A-ZÄÖÜ]{3,}\b")
# What something can be asked of; without it, everyday words like 'wo' and 'noch' ask for no attribute, nor do they
# beside clearer ones ('wie lange läuft das noch').
_SUBJECTS = (EntityKind.PROGRAMME, EntityKind.ORGANISATION, EntityKind.SECTOR)
_VAGUE = re.compile("|".join(expression.replace("_", " ") for expression in _LISTS["vague_attribute_words"].split()))
_EVENT = re.compile("|".join(_LISTS["events"].split()))
# A slip in names of this length.
_MISSPELT = 6


class Entities:
    """Recognises entities by the names of fact sheets and by word lists."""

    def __init__(self, sheets: Sequence[FactSheet]) -> None:
        self._names = Names(sheets)
        sectors = {sector: [folded(sector)] for sheet in sheets for sector in sheet.sectors}
        for sector, words in _LISTS["sectors"].items():
            sectors.setdefault(sector, []).extend(_expressions(words))
        bodies = {name: [re.escape(folded(name))] for sheet in sheets for name in _bodies(sheet.funder or "")}
        for body, words in _LISTS["organisations"].items():
            bodies.setdefault(body, []).extend(_expressions(words))
        self._sectors, self._bodies = _Expressions(sectors), _Expressions(bodies)

    def find(self, text: str) -> list[Entity]:
        """All that a German or English message names, in its order; no two overlap.

        Typos in programmes' names, Länder and attributes do not matter. Where two things could be named by the same
        words the kind decides that stands first in `EntityKind`, among those of a kind the longer one.
        """
        plain, places = folded_with_places(text)
        found = [Entity(EntityKind.PROGRAMME, *one) for one in self._programmes(text)]
        found += [
            Entity(kind, value, places[start], places[end - 1] + 1) for kind, value, start, end in self._listed(plain)
        ]
        has_subject = any(one.kind in _SUBJECTS for one in found) or _EVENT.search(plain) is not None
        asked = [Entity(EntityKind.ATTRIBUTE, one.attribute.value, one.start, one.end) for one in attribute_words(text)]
        clear = [one for one in asked if not _VAGUE.fullmatch(folded(text[one.start : one.end]))]
        attributes = clear or (asked if has_subject else [])
        # 'Which cities' asks who was selected, and names no city.
        wider = [one for one in attributes if _is_of_kind(one, found)]
        found += [one for one in attributes if one not in wider]
        order = list(EntityKind)
        kept: list[Entity] = wider
        for one in sorted(found, key=lambda entity: (order.index(entity.kind), entity.start - entity.end)):
            if all(one.end <= other.start or other.end <= one.start for other in kept):
                kept.append(one)
        return sorted(kept, key=lambda entity: entity.start)

    def _programmes(self, text: str) -> Iterator[tuple[str, int, int]]:
        for mention in self._names.mentions(text):
            if mention.span is not None:
                yield mention.key, *mention.span

    def _listed(self, plain: str) -> Iterator[tuple[EntityKind, str, int, int]]:
        for match in _INHABITANTS.finditer(plain):
            yield EntityKind.MUNICIPALITY_SIZE, f"{_value(match):g}", *match.span()
        for match in _EUROS.finditer(plain):
            yield EntityKind.AMOUNT, _euros(match), *match.span()
        for match in _PERCENT.finditer(plain):
            yield EntityKind.AMOUNT, _percent(match), *match.span()
        for match in _YEAR.finditer(plain):
            yield EntityKind.YEAR, match.group(), *match.span()
        for kind, lists in (
            (EntityKind.ORGANISATION, self._bodies),
            (EntityKind.LAND, _laender()),
            (EntityKind.MUNICIPALITY_KIND, _kinds()),
            (EntityKind.MUNICIPALITY_SIZE, _sizes()),
            (EntityKind.SECTOR, self._sectors),
        ):
            for value, start, end in lists.find(plain):
                yield kind, value, start, end


def euros(plain: str) -> list[str]:
    """The sums of money in a folded text, in euros as figures."""
    return [_euros(match) for match in _EUROS.finditer(plain)]


def percents(plain: str) -> list[str]:
    """The shares in a folded text, as '65 %'."""
    return [_percent(match) for match in _PERCENT.finditer(plain)]


class _Expressions:
    """Regular expressions for several values, found together."""

    def __init__(self, expressions: dict[str, list[str]], before: str = "", after: str = "") -> None:
        self._values = list(expressions)
        groups = "|".join(f"(?P<v{place}>{either(words)})" for place, words in enumerate(expressions.values()))
        self._pattern = re.compile(rf"(?<![\w-]){before}(?:{groups})(?![\w]){after}")
        plain = {word: value for value, words in expressions.items() for word in words if word.isalpha()}
        self._long = {word: value for word, value in plain.items() if len(word) >= _MISSPELT}

    def find(self, plain: str) -> Iterator[tuple[str, int, int]]:
        """Values named in folded text, with the place of their words."""
        for match in self._pattern.finditer(plain):
            yield self._values[int((match.lastgroup or "v0")[1:])], *match.span()

    def misspelt(self, plain: str) -> Iterator[tuple[str, int, int]]:
        """Values whose name of six letters or more is written with one slip."""
        for match in re.finditer(r"[a-z]{5,}", plain):
            best = process.extractOne(match.group(), self._long.keys(), scorer=OSA.distance, score_cutoff=1)
            if best is not None and best[1] > 0 and best[0][0] == match.group()[0]:
                yield self._long[best[0]], *match.span()


class _Laender(_Expressions):
    def find(self, plain: str) -> Iterator[tuple[str, int, int]]:
        yield from super().find(plain)
        yield from self.misspelt(plain)


@lru_cache(maxsize=1)
def _laender() -> _Expressions:
    named = land_expressions()
    for code, words in _LISTS["laender"].items():
        named.setdefault(code, []).extend(_expressions(words))
    return _Laender(named, after=r"(?!-[a-z])")


@lru_cache(maxsize=1024)
def named_organisations(text: str) -> tuple[tuple[str, str], ...]:
    """The authorities and companies that a text names and that are not those of a fact sheet, each with its words."""
    plain = folded(text)
    return tuple((name, plain[start:end]) for name, start, end in _organisations().find(plain))


@lru_cache(maxsize=1)
def _organisations() -> _Expressions:
    return _Expressions({name: _expressions(words) for name, words in _LISTS["organisations"].items()})


@lru_cache(maxsize=1)
def _kinds() -> _Expressions:
    kinds = {kind: _expressions(words) for kind, words in _LISTS["municipality_kinds"].items()}
    return _Expressions(kinds, before=r"(?<!smart )(?<!smarte )(?<!smarten )")


@lru_cache(maxsize=1)
def _sizes() -> _Expressions:
    """Words of size directly before what is of that size."""
    kinds = [expression for words in _LISTS["municipality_kinds"].values() for expression in _expressions(words)]
    sizes = {size: _expressions(words) for size, words in _LISTS["municipality_sizes"].items()}
    return _Expressions(sizes, after=rf"(?= (?:{either([*kinds, 'kommunen?'])})\b)")


def _expressions(words: str) -> list[str]:
    return [word.replace("_", " ") for word in words.split()]


def _bodies(funder: str) -> list[str]:
    """The ministries and other bodies that a sheet's line on its funder names, the Länder themselves not."""
    named = [match.group().strip() for pattern in (_MINISTRY, _ABBREVIATION) for match in pattern.finditer(funder)]
    return [name for name in named if land_named(name) is None]


def _is_of_kind(attribute: Entity, found: Sequence[Entity]) -> bool:
    """Whether the words that ask for an attribute hold a kind of municipality, more words, and nothing else named."""
    inside = [one for one in found if attribute.start <= one.start and one.end <= attribute.end]
    return [one.kind for one in inside] == [EntityKind.MUNICIPALITY_KIND] and (
        inside[0].end - inside[0].start < attribute.end - attribute.start
    )


def _euros(match: "re.Match[str]") -> str:
    return f"{_value(match):.0f}"


def _percent(match: "re.Match[str]") -> str:
    return f"{_value(match):g} %"


def _value(match: "re.Match[str]") -> float:
    """The number of a match, written in German or English, with its multiple."""
    number = match["number"].replace(" ", "")
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", number):
        number = number.replace(".", "")
    elif re.fullmatch(r"\d{1,3}(?:,\d{3})+", number):
        number = number.replace(",", "")
    times = (match.groupdict().get("times") or "").rstrip(".")
    factor = next((value for name, value in _MULTIPLES.items() if times.startswith(name)), 1.0)
    return float(number.replace(",", ".")) * (1e9 if times.startswith("milliard") else factor)
