"""Choosing, inside a passage, the one to three sentences that answer."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from knowledge import tuning
from knowledge.document import Passage
from knowledge.passages import CELL
from knowledge.text import sentences
from knowledge.windows import windows_of

StemsOf = Callable[[str], frozenset[str]]

_FURNITURE = re.compile(
    r"(?:Die (?:folgende )?Tabelle|Diese Tabelle|Dieses (?:Dokument|Verzeichnis)|Dieser (?:Bericht|Überblick)"
    r"|Die Angaben dieses|The (?:following )?table|This (?:document|overview|report|table)"
    r"|Stand: |As of: |Herausgeber)\b"
)

# A neighbour is quoted too when it holds at least this share of what the best sentence holds.
_NEIGHBOUR = 0.5


@dataclass(frozen=True)
class Quote:
    """Words of a passage, `start` to `end` in its text."""

    text: str
    start: int
    end: int


def select(
    passage: Passage,
    weights: Sequence[tuple[float, frozenset[str]]],
    stems_of: StemsOf,
    near: Sequence[float] = (),
    title: str = "",
) -> Quote:
    """The sentences of a passage that hold most of the question and lie nearest to it.

    `weights` are the question's words as (rarity, their stems); `stems_of` gives the stems of a text; `near` tells how
    near each of the passage's windows lies, by its place; `title` is its document's. A fact is quoted whole, a table
    row alone or with the header above it, a list item with its lead-in.
    """
    if passage.fact is not None:
        return Quote(passage.text, 0, len(passage.text))
    spans = sentences(passage.text)
    texts = [passage.text[start:end] for start, end in spans]
    told_above = stems_of(" ".join((title, *passage.headings)))
    words = [
        (weight * (1.0 if wanted.isdisjoint(told_above) else tuning.TOLD_ABOVE), wanted) for weight, wanted in weights
    ]
    total = sum(weight for weight, _ in words) or 1.0
    of_window = _nearness(passage.text, spans, near)
    held = [
        -1.0 if is_furniture(text) else _held(text, words, stems_of) / total + bonus
        for text, bonus in zip(texts, of_window, strict=True)
    ]
    best = max(range(len(spans)), key=lambda place: (held[place], -place))
    first, last = _extent(texts, held, best)
    start, end = spans[first][0], spans[last][1]
    return Quote(passage.text[start:end], start, end)


def _nearness(text: str, spans: Sequence[tuple[int, int]], near: Sequence[float]) -> list[float]:
    """What the nearness of its window adds to each sentence: nothing to the farthest, most to the nearest."""
    windows = windows_of(text)
    if len(windows) != len(near) or len(near) < 2:
        return [0.0] * len(spans)
    lowest = min(near)
    added = [tuning.NEAR_WINDOW * min((one - lowest) / tuning.FAR_APART, 1.0) for one in near]
    return [
        next((more for (start, end), more in zip(windows, added, strict=True) if start <= begin < end), 0.0)
        for begin, _ in spans
    ]


def is_furniture(sentence: str) -> bool:
    """Whether a sentence only speaks of the document it stands in ('Die Tabelle nennt …'); such are never quoted."""
    return bool(_FURNITURE.match(sentence))


def _held(text: str, weights: Sequence[tuple[float, frozenset[str]]], stems_of: StemsOf) -> float:
    stems = stems_of(text)
    return sum(weight for weight, wanted in weights if not wanted.isdisjoint(stems))


def _extent(texts: Sequence[str], held: Sequence[float], best: int) -> tuple[int, int]:
    """The run of sentences to quote around the best one: what helps to understand it, up to a length."""
    first = last = best
    if _is_row(texts[best]):
        return _rows(texts, best)
    lead_in = _lead_in(texts, best)
    if lead_in is not None and _words(texts[lead_in : best + 1]) <= 2 * tuning.QUOTED_WORDS:
        first = lead_in
    while True:
        places = [place for place in (last + 1, first - 1) if 0 <= place < len(texts) and not _is_row(texts[place])]
        fitting = [place for place in places if held[place] >= _NEIGHBOUR * held[best] or place == last + 1]
        place = max(fitting, key=lambda one: held[one], default=None)
        if place is None or _words(texts[first : last + 1]) + _words(texts[place : place + 1]) > tuning.QUOTED_WORDS:
            return first, last
        first, last = min(first, place), max(last, place)


def _words(texts: Sequence[str]) -> int:
    return sum(len(text.split()) for text in texts)


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
