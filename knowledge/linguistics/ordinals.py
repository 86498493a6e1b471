"""Which round, stage or line of a programme is spoken of: '3. Staffel', 'zweite Phase', 'Förderlinie 1'."""

import re
from collections.abc import Collection
from functools import lru_cache

from knowledge.linguistics.text import folded_text

_NOUNS = {
    "staffel": r"staffeln?",
    "stufe": r"stufen?",
    "round": r"runden?|rounds?|wettbewerbsrunden?",
    "phase": r"phasen?|phases?",
    "call": r"aufruf\w*|calls?",
    "congress": r"(?:mpsc-)?kongress\w*|congress",
    "line": r"(?:foerder)?linien?|(?:funding )?lines?",
    "edition": r"ausgaben?|editions?",
}
_WORDS = {
    "erste": 1, "zweite": 2, "dritte": 3, "vierte": 4, "fuenfte": 5, "sechste": 6, "siebte": 7, "achte": 8,
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
}  # fmt: skip
_WORD = re.compile(rf"\b({'|'.join(_WORDS)})[nrsm]?\b")
_SUFFIX = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)\b")
_NAMED = {
    noun: re.compile(rf"\b(\d{{1,2}})\.? (?:{forms})\b|\b(?:{forms})\s+(\d{{1,2}})\b(?!\.? ?\d)")
    for noun, forms in _NOUNS.items()
}


def named_ordinals(text: str, nouns: Collection[str] = tuple(_NAMED)) -> set[tuple[str, int]]:
    """The rounds, stages and lines that a text names, as (kind, number); only those kinds that are among `nouns`."""
    plain = _SUFFIX.sub(r"\1.", _WORD.sub(lambda match: f"{_WORDS[match.group(1)]}.", folded_text(text)))
    return {(noun, int(match.group(1) or match.group(2))) for noun in nouns for match in _NAMED[noun].finditer(plain)}


def contradicts(question: str, passage: str) -> bool:
    """Whether a question names a round, stage or line and a passage none such or another one."""
    asked = _asked(question)
    return bool(asked) and not asked <= named_ordinals(passage, {noun for noun, _ in asked})


@lru_cache(maxsize=64)
def _asked(question: str) -> set[tuple[str, int]]:
    return named_ordinals(question)
