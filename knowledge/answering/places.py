"""Places in a list that remarks name: 'und der 5.?', 'welche Frist hat das erste?'."""

import re

from knowledge.linguistics.ordinals import named_ordinals
from knowledge.linguistics.text import folded

_ORDINALS = (
    (re.compile(r"\b(?:erste[nrsm]?|ersteres?n?|first|1(?:st|\.)?|eins|one|oberste[nrs]?|former)\b"), 0),
    (re.compile(r"\b(?:zweite[nrsm]?|zweiteres|second|2(?:nd|\.)?|zwei|two)\b"), 1),
    (re.compile(r"\b(?:dritte[nrsm]?|third|3(?:rd|\.)?|drei|three)\b"), 2),
    (re.compile(r"\b(?:vierte[nrsm]?|fourth|4(?:th|\.)?|vier|four)\b"), 3),
    (re.compile(r"\b(?:fuenfte[nrsm]?|fifth|5(?:th|\.)?|fuenf|five)\b"), 4),
    (re.compile(r"\b(?:sechste[nrsm]?|sixth|6(?:th|\.)?|sechs|six)\b"), 5),
    (re.compile(r"\b(?:siebte[nrsm]?|seventh|7(?:th|\.)?|sieben|seven)\b"), 6),
    (re.compile(r"\b(?:achte[nrsm]?|eighth|8(?:th|\.)?|acht|eight)\b"), 7),
    (re.compile(r"\b(?:neunte[nrsm]?|ninth|9(?:th|\.)?|neun|nine)\b"), 8),
    (re.compile(r"\b(?:zehnte[nrsm]?|tenth|10(?:th|\.)?|zehn|ten)\b"), 9),
    (re.compile(r"\b(?:letzte[nrsm]?|letzteres?n?|last|unterste[nrs]?|untere[nrs]?|latter)\b"), -1),
)
_ANY = "|".join(pattern.pattern for pattern, _ in _ORDINALS)
# A remark that is nothing but a place in a list: 'und der 5.?', 'beim zweiten', 'what about the third one'.
_PLACE_ALONE = re.compile(
    r"^\W*(?:(?:und|and|ok|dann|what about|how about|was ist mit|wie (?:ist|sieht) (?:es|das)(?: aus)?"
    r"|was (?:ist|war)|what (?:is|was))\b\s*)*"
    r"(?:(?:bei|beim|von|vom|mit|zu|zum|zur|for|with|about)\s+)?(?:(?:de[rmns]|die|das|the|nummer|nr|number|no)\b\.?\s*)?"
    rf"(?:{_ANY})\.?(?:\s+one)?(?:\s+(?:bitte|please))?\W*$"
)
# 'Welche Frist hat das erste?', 'wer ist beim ersten zuständig?', but not 'wer war beim ersten Kongress?'.
_OF_PLACE = re.compile(
    rf"\b(?:(?:das|beim|vom|zum)\s+(?:{_ANY})"
    rf"|the\s+(?:{_ANY})\s+one)"
    r"(?:\W*$|(?=\s+(?:zustaendig|verantwortlich|\w*berechtigt|foerderfaehig|dabei|moeglich|offen|eigentlich|denn|genau|noch"
    r"|die|der|den|man|wir|mitmachen|beantragen|fuer|then|responsible|eligible|open)\b))"
)
_LAST_OF_ENGLISH = re.compile(
    r"\b(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|other|the|that) one\b"
)


def picked(said: str, count: int) -> int | None:
    """Which of several things a remark picks, from 0; None where it picks none, `count` where there are too few."""
    if named_ordinals(said):  # 'die zweite Staffel' is no choice
        return None
    plain = _LAST_OF_ENGLISH.sub(lambda match: match.group().removesuffix(" one"), folded(said))
    for pattern, place in _ORDINALS:
        if pattern.search(plain):
            return (place if place >= 0 else count - 1) if place < count else count
    return None


def places_in(said: str, count: int) -> list[int]:
    """All the places in a list of so many that a remark names, from 0, in its order."""
    plain = folded(said)
    found = [
        (match.start(), place if place >= 0 else count - 1)
        for pattern, place in _ORDINALS
        if (match := pattern.search(plain))
    ]
    return [place for _, place in sorted(found)]


def names_place_alone(said: str) -> bool:
    """Whether a remark is nothing but a place in a list ('und der 5.?')."""
    return bool(_PLACE_ALONE.match(folded(said)))


def asks_of_place(said: str) -> bool:
    """Whether a question is on a place in a list ('welche Frist hat das erste?', 'wer ist beim ersten zuständig?')."""
    return bool(_OF_PLACE.search(folded(said)))


def without_place(question: str) -> str:
    """A question without the place in a list that it is on."""
    plain = folded(question)
    cut = _OF_PLACE.search(plain)
    if cut is None:
        return question
    before, after = len(plain[: cut.start()].split()), len(plain[: cut.end()].split())
    kept = question.split()
    return " ".join([*kept[:before], *kept[after:]])
