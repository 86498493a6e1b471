"""What people ask of a programme, by the words with which they ask for it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA
from ruamel.yaml import YAML

from knowledge.factsheet import ATTRIBUTES, Attribute
from knowledge.linguistics.synonyms import synonyms
from knowledge.linguistics.terms import STOPWORDS
from knowledge.linguistics.text import folded, folded_with_places
from knowledge.messages import Language
from knowledge.texts import text as worded

# An attribute's expressions, or for one that the texts do not name its `asked by` and what it is called, by language.
_ENTRIES: dict[Attribute, Any] = {
    Attribute(name): entry for name, entry in YAML(typ="safe").load(ATTRIBUTES.read_text("utf-8")).items()
}
_EXPRESSIONS: dict[Attribute, list[str]] = {
    name: entry["asked by"] if isinstance(entry, dict) else entry for name, entry in _ENTRIES.items()
}
# What an expression leaves open, such as the thing in 'bis wann kann man … beantragen'.
_GAP = re.compile(r"\(\?:(?:\(\?!\w+\))?\\w\+ \)(?:\{\d,\d\}|\*)")
_PATTERNS = {
    name: re.compile(rf"\b(?:{_GAP.sub(lambda gap: f'({gap.group()})', '|'.join(words))})\b")
    for name, words in _EXPRESSIONS.items()
}
# One slip in long words, two in very long ones; shorter ones must be spelled right.
_SLIPS = ((8, 1), (11, 2))
_WORD = re.compile(r"[a-z]{8,}")
# An expression that is one word with its endings: 'foerderquoten?', 'hoechstbetrag\w*'.
_PLAIN = re.compile(r"([a-z]{8,})(?:\w\?|\(\?:\w+\)\?|\\w[*+])?")


# What is asked of a programme and means nothing without one.
OF_A_PROGRAMME = {
    Attribute.FUNDING_RATE,
    Attribute.FUNDING_AMOUNT,
    Attribute.BUDGET,
    Attribute.DEADLINE,
    Attribute.DURATION,
    Attribute.ELIGIBILITY,
    Attribute.REQUIREMENTS,
    Attribute.CONTACT,
    Attribute.LEGAL_BASIS,
}

# What is asked of an event.
OF_AN_EVENT = {Attribute.DATE, Attribute.PLACE, Attribute.PARTICIPANTS, Attribute.SPEAKERS, Attribute.TOPICS}


@dataclass(frozen=True)
class Asked:
    """An attribute that a question asks for and the folded words that say so."""

    attribute: Attribute
    words: frozenset[str]


@dataclass(frozen=True)
class AskedAt:
    """The words that ask for an attribute, by their place in the question."""

    attribute: Attribute
    start: int
    end: int


def attribute_name(attribute: Attribute, lang: Language) -> str:
    """What an attribute is called in a table."""
    entry = _ENTRIES.get(attribute)
    if isinstance(entry, dict):
        return str(entry[lang])
    return worded(lang, f"catalogue.attribute_{attribute.value.replace(' ', '_')}")


def further_attributes() -> list[Attribute]:
    """The attributes that `attributes.yml` alone knows."""
    return [one for one, entry in _ENTRIES.items() if isinstance(entry, dict)]


@lru_cache(maxsize=1024)
def asked_attributes(question: str) -> tuple[Asked, ...]:
    """The attributes a German or English question asks for; several where its words fit several.

    An attribute whose words are all part of another's longer expression is not asked for: 'who runs it' asks who is
    responsible, not how long it runs. A slip in a long word does not matter ('föderquote').
    """
    text = folded(question)
    return tuple(
        Asked(attribute, frozenset(word for start, end in found for word in _saying(text, attribute, start, end)))
        for attribute, found in _told(text).items()
    )


def asks_for_contact(text: str) -> bool:
    """Whether a text asks for an address or a number and says nothing else ('E-Mail?')."""
    told = asked_attributes(text)
    said = {word for word in folded(text).replace("-", " ").split() for word in [word.strip("?!.,")] if word}
    known = {part for one in told for word in one.words for part in word.split("-")} | STOPWORDS
    return any(one.attribute is Attribute.CONTACT for one in told) and said <= known


def attribute_words(question: str) -> list[AskedAt]:
    """The words of a question that ask for attributes, in their order.

    Words that fit several attributes stand for the one that `attributes.yml` names first.
    """
    text, places = folded_with_places(question)
    found: dict[tuple[int, int], Attribute] = {}
    for attribute, spans in _told(text).items():
        for span in spans:
            found.setdefault(span, attribute)
    return [AskedAt(found[start, end], places[start], places[end - 1] + 1) for start, end in sorted(found)]


def _told(text: str) -> dict[Attribute, list[tuple[int, int]]]:
    """The attributes that a folded text asks for, by the spans that say so."""
    spans = {attribute: [match.span() for match in pattern.finditer(text)] for attribute, pattern in _PATTERNS.items()}
    every = [span for found in spans.values() for span in found]
    for start, end, attribute in _misspelt(text, every):
        spans[attribute].append((start, end))
        every.append((start, end))
    outermost = {name: [span for span in found if not _is_inside(span, every)] for name, found in spans.items()}
    return {attribute: found for attribute, found in outermost.items() if found}


def _saying(text: str, attribute: Attribute, start: int, end: int) -> list[str]:
    """The words from `start` to `end` that ask for an attribute, without the things that its expression leaves open.

    What asks for another attribute by itself, as 'lief' in 'bis wann lief die Bewerbung', is no such thing.
    """
    match = _PATTERNS[attribute].match(text, start)
    gaps = match.groups("") if match is not None and match.end() == end else ()
    open_words = {word for gap in gaps for word in gap.split()} - STOPWORDS
    things = {word for word in open_words if not any(one.fullmatch(word) for one in _PATTERNS.values())}
    return [word for word in text[start:end].split() if word not in things]


def _misspelt(text: str, known: Iterable[tuple[int, int]]) -> Iterable[tuple[int, int, Attribute]]:
    taken = list(known)
    for match in _WORD.finditer(text):
        if any(start < match.end() and match.start() < end for start, end in taken):
            continue
        if synonyms(match.group()):  # a word that is known for what it means: 'beschlossen' is no slip of 'Beschlüssen'
            continue
        slips = max(allowed for length, allowed in _SLIPS if len(match.group()) >= length)
        best = process.extractOne(match.group(), _long_words().keys(), scorer=OSA.distance, score_cutoff=slips)
        if best is not None and best[0][0] == match.group()[0]:
            yield match.start(), match.end(), _long_words()[best[0]]


@lru_cache(maxsize=1)
def _long_words() -> dict[str, Attribute]:
    """Words of eight letters or more that ask for an attribute, in their usual forms."""
    found: dict[str, Attribute] = {}
    for attribute, expressions in _EXPRESSIONS.items():
        for expression in expressions:
            if (match := _PLAIN.fullmatch(expression)) is not None:
                for ending in ("", "n", "en", "s"):
                    found.setdefault(match[1] + ending, attribute)
    return found


def _is_inside(span: tuple[int, int], others: list[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end and end - start > span[1] - span[0] for start, end in others)
