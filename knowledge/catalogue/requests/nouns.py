"""The words by which questions call programmes and events, and what is left of a question beside them."""

import re

from knowledge.catalogue.criteria import FUNDING, PROGRAMMES, read_criteria, read_time
from knowledge.catalogue.expressions import fillers, patterns
from knowledge.factsheet import EventKind, SheetKind
from knowledge.linguistics.terms import STOPWORDS
from knowledge.linguistics.text import folded, words
from knowledge.recognition.names import Mention, is_named

KINDS = {
    "funding": FUNDING,
    "programme": PROGRAMMES,
    "initiative": frozenset({SheetKind.INITIATIVE}),
    "standard": frozenset({SheetKind.STANDARD}),
    "platform": frozenset({SheetKind.PLATFORM}),
    "strategy": frozenset({SheetKind.STRATEGY}),
}
EVENT_KINDS = {"workshop": EventKind.WORKSHOP, "conference": EventKind.CONFERENCE, "event": None}
NOUN, EVENT = patterns("nouns"), patterns("events")
# A word alone that names no choice: 'Förderung' may be that of one programme.
_SINGULAR = frozenset({"foerderung", "funding", "programm", "workshop", "event", "kongress", "konferenz"})
_ONE = re.compile(r"\b(?:ein|eine|das|dieses?|a|an|this|that)\s+$")
_THE = re.compile(r"\b(?:die|der|the)\s+$")
_ASKS = re.compile(r"\b(?:welche\w*|wer|was|wie|wo|wann|warum|wieso|which|what|who|how|where|when|why)\b")
# 'Wann war der letzte Kongress?', and 'und der letzte?' after the next one.
LAST = r"(?:letzte|vorige|juengste)[nrsm]?|last|previous|latest|most recent"
_FILLERS = fillers()


def is_bare(text: str, noun: "re.Pattern[str]", mentions: list[Mention]) -> bool:
    """Whether a remark is nothing but a noun in the plural and what limits it: 'Förderprogramme NRW Wasser'."""
    match = noun.search(folded(text))
    if match is None or _ASKS.search(folded(text)):
        return False
    read = read_criteria(text)
    _, _, rest = read_time(read.rest)
    is_plural = match.group() not in _SINGULAR and not _ONE.search(folded(text)[: match.start()])
    left = [word for word in left_words(rest, mentions) if not noun.fullmatch(word)]
    limits = set(read.criteria.limits)
    if match.group() in _SINGULAR and _THE.search(folded(text)[: match.start()]):
        limits.discard("going")  # 'läuft die Förderung noch?' asks of the one talked about
    return not left and (is_plural or bool(limits))


def left_words(rest: str, mentions: list[Mention]) -> list[str]:
    """Words of a text without its criteria that should limit the choice too."""
    named = frozenset(word for mention in mentions for word in mention.words)
    return [
        word
        for word in dict.fromkeys(words(rest))
        if word not in STOPWORDS and word not in _FILLERS and not is_named(word, named) and len(word) > 1
    ]


def names_one(noun: "re.Pattern[str]", plain: str, mentions: list[Mention]) -> bool:
    """Whether a programme's own name stands in the question, and not only words that any programme's name has."""
    return any(
        mention.exact and mention.primary and not noun.fullmatch(" ".join(mention.words)) for mention in mentions
    ) or (is_part_of_name(noun, plain, mentions))


def is_part_of_name(noun: "re.Pattern[str]", plain: str, mentions: list[Mention]) -> bool:
    """Whether the noun that a folded text names belongs to the name of a programme."""
    match = noun.search(plain)
    if match is None:
        return False
    said = {part for word in words(match.group()) for part in word.split("-")}  # 'MPSC-Programm'
    return any(said & set(mention.words) for mention in mentions if mention.exact)
