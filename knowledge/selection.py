"""Choosing, inside a passage, the one to three sentences that answer."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from knowledge.document import Passage
from knowledge.passages import CELL
from knowledge.text import sentences

StemsOf = Callable[[str], frozenset[str]]

_FURNITURE = re.compile(
    r"(?:Die (?:folgende )?Tabelle|Diese Tabelle|Dieses (?:Dokument|Verzeichnis)|Dieser (?:Bericht|Überblick)"
    r"|Die Angaben dieses|The (?:following )?table|This (?:document|overview|report|table)"
    r"|Stand: |As of: |Herausgeber)\b"
)

MAX_SENTENCES = 3
# A neighbour is quoted too when it holds at least this share of what the best sentence holds.
_NEIGHBOUR = 0.5


@dataclass(frozen=True)
class Quote:
    """Words of a passage, `start` to `end` in its text."""

    text: str
    start: int
    end: int


def select(passage: Passage, weights: Sequence[tuple[float, frozenset[str]]], stems_of: StemsOf) -> Quote:
    """The sentences of a passage that hold most of the question.

    `weights` are the question's words as (rarity, their stems); `stems_of` gives the stems of a text. A fact is quoted
    whole, a table row with its header, a list item with its lead-in.
    """
    if passage.fact is not None:
        return Quote(passage.text, 0, len(passage.text))
    spans = sentences(passage.text)
    texts = [passage.text[start:end] for start, end in spans]
    held = [-1.0 if is_furniture(text) else _held(text, weights, stems_of) for text in texts]
    best = max(range(len(spans)), key=lambda place: (held[place], -place))
    first, last = _extent(texts, held, best)
    start, end = spans[first][0], spans[last][1]
    return Quote(passage.text[start:end], start, end)


def is_furniture(sentence: str) -> bool:
    """Whether a sentence only speaks of the document it stands in ('Die Tabelle nennt …'); such are never quoted."""
    return bool(_FURNITURE.match(sentence))


def _held(text: str, weights: Sequence[tuple[float, frozenset[str]]], stems_of: StemsOf) -> float:
    stems = stems_of(text)
    return sum(weight for weight, wanted in weights if not wanted.isdisjoint(stems))


def _extent(texts: Sequence[str], held: Sequence[float], best: int) -> tuple[int, int]:
    """The run of sentences to quote around the best one."""
    first = last = best
    if _is_row(texts[best]):
        return _rows(texts, best)
    lead_in = _lead_in(texts, best)
    if lead_in is not None and best - lead_in < MAX_SENTENCES:
        first = lead_in
    while last - first + 1 < MAX_SENTENCES:
        after = held[last + 1] if last + 1 < len(texts) and not _is_row(texts[last + 1]) else 0.0
        before = held[first - 1] if first > 0 and not _is_row(texts[first - 1]) else 0.0
        if max(after, before) < _NEIGHBOUR * held[best] or held[best] <= 0:
            break
        if after >= before:
            last += 1
        else:
            first -= 1
    return first, last


def _is_row(text: str) -> bool:
    return CELL.strip() in text and CELL in text


def _rows(texts: Sequence[str], best: int) -> tuple[int, int]:
    """A row together with its header where that stands just above, else the row alone."""
    return (best - 1, best) if best > 0 and _is_row(texts[best - 1]) and best == 1 else (best, best)


def _lead_in(texts: Sequence[str], place: int) -> int | None:
    """The sentence with a colon that announces the list an item belongs to."""
    if not texts[place].startswith("–"):
        return None
    for earlier in range(place - 1, -1, -1):
        if texts[earlier].endswith(":"):
            return earlier
        if not texts[earlier].startswith("–"):
            return None
    return None
