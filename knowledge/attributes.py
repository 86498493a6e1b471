"""What people ask of a programme, by the words with which they ask for it."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML

from knowledge.factsheet import Attribute
from knowledge.text import folded

_FILE = Path(__file__).with_suffix(".yml")
_PATTERNS = {
    Attribute(name): re.compile(rf"\b(?:{'|'.join(expressions)})\b")
    for name, expressions in YAML(typ="safe").load(_FILE.read_text(encoding="utf-8")).items()
}


@dataclass(frozen=True)
class Asked:
    """An attribute that a question asks for and the folded words that say so."""

    attribute: Attribute
    words: frozenset[str]


@lru_cache(maxsize=1024)
def asked_attributes(question: str) -> tuple[Asked, ...]:
    """The attributes a German or English question asks for; several where its words fit several.

    An attribute whose words are all part of another's longer expression is not asked for: 'who runs it' asks who is
    responsible, not how long it runs.
    """
    text = folded(question)
    spans = {attribute: [match.span() for match in pattern.finditer(text)] for attribute, pattern in _PATTERNS.items()}
    every = [span for found in spans.values() for span in found]
    return tuple(
        Asked(attribute, frozenset(word for start, end in found for word in text[start:end].split()))
        for attribute, found in spans.items()
        if any(not _is_inside(span, every) for span in found)
    )


def _is_inside(span: tuple[int, int], others: list[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end and end - start > span[1] - span[0] for start, end in others)
