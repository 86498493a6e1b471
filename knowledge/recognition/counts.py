"""What the numbers of a text count: '15 Mitglieder' counts members, and no towns."""

import re

from knowledge.linguistics.terms import STOPWORDS
from knowledge.linguistics.text import folded
from knowledge.linguistics.words import word_list
from knowledge.recognition.answer_types import NUMBERS, plain_numbers

_GENERIC = frozenset(map(folded, word_list("generic_things")))
# 'die 12 neuen, meist kleinen Gemeinden'; who reads 'drei sind', 'drei abgeschlossen' reads on in vain.
_ADJECTIVES = r"(?:,? (?:bis|der|von den|mehr oder weniger|[a-zäöüß-]+(?:e|e[nrsm])))"
_NOUN = re.compile(rf"{_ADJECTIVES}{{0,3}} (?P<noun>[A-ZÄÖÜ][\w-]+)")
_UNIT = re.compile(
    r" ?(?P<unit>[cmkd]?m[²³23]?|[kM]?g|[kMG]Wh?|[MG]?Hz|[kMGT]?[Bb]i?t(?:/s)?|[MGT]B|Uhr|Grad|°C?|[Hh]a|Hektar"
    r"|(?:Kilo|Zenti)?[Mm]eter|(?:kilo|centi)?met(?:re|er)s?)(?![\w-])"
)
_WORDS_BEHIND = re.compile(r"(?: [\w’'-]+){1,4}")


def things_counted(text: str, *, german: bool) -> list[str]:
    """For each number of a text the words that say what it counts; empty ones for a number that stands by itself.

    German nouns are told by their capitals, and what is counted stands behind its number ('12 kleine Gemeinden');
    English ones are not, so that of English the next words are given.
    """
    text = plain_numbers(text)
    return [_behind(text, match.end(), german=german) for match in NUMBERS.finditer(text)]


def is_generic(thing: str) -> bool:
    """Whether words stand for things of any kind, or for people of any kind: 'Personen', 'Stück'."""
    return any(word in _GENERIC for word in folded(thing).split())


def is_unit(thing: str) -> bool:
    """Whether words are a unit of measure."""
    return bool(_UNIT.fullmatch(f" {thing}"))


def _behind(text: str, at: int, *, german: bool) -> str:
    if unit := _UNIT.match(text, at):
        return unit["unit"]
    if german:
        noun = _NOUN.match(text, at)
        return noun["noun"] if noun is not None else ""
    words = _WORDS_BEHIND.match(text, at)
    told = words[0].split() if words is not None else []
    return "" if not told or folded(told[0]) in STOPWORDS else " ".join(told)
