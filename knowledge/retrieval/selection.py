"""Choosing, inside a passage, the one to three sentences that answer."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from knowledge import tuning
from knowledge.document import Passage
from knowledge.indexing.rows import CELL, is_row, label_place, labelled
from knowledge.indexing.windows import windows_of
from knowledge.linguistics.text import sentences
from knowledge.recognition.answer_types import AnswerType, holds

StemsOf = Callable[[str], frozenset[str]]
Asked = tuple[float, Mapping[str, float]]

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")

_FURNITURE = re.compile(
    r"(?:Die (?:folgende )?Tabelle|Diese Tabelle|Dieses (?:Dokument|Verzeichnis)|Dieser (?:Bericht|Überblick)"
    r"|Die Angaben dieses|The (?:following )?table|This (?:document|overview|report|table)"
    r"|Stand: |As of: |Herausgeber)\b"
)

# What leans on the sentence before.
_ANAPHORIC = re.compile(
    r"(?:Dies(?:e[rnms]?)?|Er|Sie|Es(?! (?:gibt|gilt|ist|sind|war|waren|wurden?|kam|kamen)\b)|Dabei|Dazu|Damit|Dafür"
    r"|Davon|Dort|Hier(?:bei|zu|für)?|Letztere[rs]?|Beide|This|These|Those|He|She|It|They)\b"
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
    words: Sequence[Asked],
    stems_of: StemsOf,
    near: Sequence[float] = (),
    title: str = "",
    wanted: AnswerType | None = None,
) -> Quote:
    """The sentences of a passage that hold most of the question and lie nearest to it.

    `words` are the question's, as (rarity, their stems with how well each stands for the word); `stems_of` gives the
    stems of a text; `near` tells how near each of the passage's windows lies, by its place; `title` is its document's;
    `wanted` the type of answer asked for.

    A fact is quoted whole, a table row alone or with the header above it, a list item with its lead-in.
    """
    if passage.fact is not None:
        return Quote(passage.text, 0, len(passage.text))
    spans = sentences(passage.text)
    texts = [passage.text[start:end] for start, end in spans]
    held = _scores(passage.text, spans, _beyond(words, stems_of(" ".join((title, *passage.headings)))), stems_of, near)
    if wanted is not None:
        told = [_as_told(passage.text, start, one) for (start, _), one in zip(spans, texts, strict=True)]
        held = [score + tuning.OF_WANTED_TYPE * holds(one, wanted) for score, one in zip(held, told, strict=True)]
    held = [score * (tuning.SHARE_OF_HEADER if _is_header(texts, at) else 1.0) for at, score in enumerate(held)]
    best = max(range(len(spans)), key=lambda place: (held[place], -place))
    first, last = _extent(texts, held, best, _paragraphs(passage.text, spans))
    start, end = spans[first][0], spans[last][1]
    return Quote(passage.text[start:end], start, end)


def _as_told(text: str, start: int, sentence: str) -> str:
    """A sentence of a text, a row with the names of its columns."""
    return labelled(text, start) if is_row(sentence) else sentence


def _beyond(words: Sequence[Asked], above: frozenset[str]) -> list[Asked]:
    """The question's words, those that title and headings tell already counting less, in sum 1."""
    counted = [(weight * (1 - (1 - tuning.TOLD_ABOVE) * share(stems, above)), stems) for weight, stems in words]
    total = sum(weight for weight, _ in counted) or 1.0
    return [(weight / total, stems) for weight, stems in counted]


def share(wanted: Mapping[str, float], stems: Collection[str]) -> float:
    """How well stems stand for a word: as its whole, or as its parts together."""
    found = [share for stem, share in wanted.items() if stem in stems]
    return max(max(found), min(sum(share for share in found if share < tuning.SYNONYM), 1.0)) if found else 0.0


def _scores(
    text: str, spans: Sequence[tuple[int, int]], words: Sequence[Asked], stems_of: StemsOf, near: Sequence[float]
) -> list[float]:
    """How much each sentence of a text answers: by its own words, those of its window and how near that lies."""
    windows = windows_of(text, spans) or [(0, len(text))]
    nearness = _nearness(near) if len(near) == len(windows) else [0.0] * len(windows)
    stems = [stems_of(_ADDRESS.sub(" ", text[start:end])) for start, end in spans]
    at = [max(place for place, (begin, _) in enumerate(windows) if begin <= start) for start, _ in spans]
    # No word and no address goes beyond its sentence, so that a window has the stems of its sentences.
    of_windows: list[set[str]] = [set() for _ in windows]
    for window, own_stems in zip(at, stems, strict=True):
        of_windows[window] |= own_stems
    held = [_held(some, words) for some in of_windows] if len(windows) > 1 else [0.0]
    around = tuning.SHARE_OF_SURROUNDINGS if len(windows) > 1 else 0.0
    scores: list[float] = []
    for (start, end), window, own_stems in zip(spans, at, stems, strict=True):
        own = text[start:end]
        if is_furniture(own):
            scores.append(-1.0)
            continue
        by_itself = _held(own_stems, words) + _labelled(own, words, stems_of)
        scores.append((1 - around) * by_itself + around * held[window] + nearness[window])
    return scores


def _labelled(text: str, words: Sequence[Asked], stems_of: StemsOf) -> float:
    """What a table row gains that is labelled with a word of the question."""
    if not is_row(text):
        return 0.0
    cells = text.split(CELL)
    label = stems_of(cells[label_place(cells)])
    named = max((share(stems, label) for _, stems in words), default=0.0)
    return tuning.ROW_LABEL * named if label and named >= tuning.SYNONYM else 0.0


def _nearness(near: Sequence[float]) -> list[float]:
    """What the nearness of a window adds to its sentences: nothing to the farthest, most to the nearest."""
    lowest = min(near)
    return [tuning.NEAR_WINDOW * min((one - lowest) / tuning.FAR_APART, 1.0) for one in near]


def is_furniture(sentence: str) -> bool:
    """Whether a sentence only speaks of the document it stands in ('Die Tabelle nennt …'); such are never quoted."""
    return bool(_FURNITURE.match(sentence))


def _held(stems: Collection[str], words: Sequence[Asked]) -> float:
    return sum(weight * share(wanted, stems) for weight, wanted in words)


def _paragraphs(text: str, spans: Sequence[tuple[int, int]]) -> list[int]:
    """The number of the line in which each sentence stands."""
    return [text.count("\n", 0, start) for start, _ in spans]


def _extent(texts: Sequence[str], held: Sequence[float], best: int, paragraphs: Sequence[int]) -> tuple[int, int]:
    """The run of sentences to quote around the best one: what helps to understand it, up to a length.

    The rest of its paragraph helps more than what stands in another one.
    """
    first = last = best
    if (row := _row(texts, best, paragraphs)) is not None:
        return row
    lead_in = _lead_in(texts, best)
    if lead_in is not None and _words(texts[lead_in : best + 1]) <= 2 * tuning.QUOTED_WORDS:
        first = lead_in
    if first and first == best and _ANAPHORIC.match(texts[best]) and paragraphs[best - 1] == paragraphs[best]:
        if _words(texts[best - 1 : best + 1]) <= tuning.QUOTED_WORDS:
            first = best - 1
    while True:
        places = [place for place in (last + 1, first - 1) if 0 <= place < len(texts) and not is_row(texts[place])]
        fitting = [place for place in places if held[place] >= _NEIGHBOUR * held[best] or place == last + 1]
        place = max(fitting, key=lambda one: (paragraphs[one] == paragraphs[best], held[one]), default=None)
        if place is None or _words(texts[first : last + 1]) + _words(texts[place : place + 1]) > tuning.QUOTED_WORDS:
            return first, last
        first, last = min(first, place), max(last, place)


def _words(texts: Sequence[str]) -> int:
    return sum(len(text.split()) for text in texts)


def _is_header(texts: Sequence[str], place: int) -> bool:
    """Whether a row is the first of a table of several: what its columns are called, as far as form tells."""
    begins = is_row(texts[place]) and (place == 0 or not is_row(texts[place - 1]))
    return begins and len(texts) > place + 2 and all(map(is_row, texts[place + 1 : place + 3]))


def _row(texts: Sequence[str], best: int, paragraphs: Sequence[int]) -> tuple[int, int] | None:
    """The row that a sentence is or is part of, with its header where that stands just above; None where it is none.

    A cell may hold several sentences ('Aufbau eines Netzes. Budget: 40.000 €'), which belong to one line.
    """
    line = [place for place, number in enumerate(paragraphs) if number == paragraphs[best]]
    if not is_row(texts[line[0]]) and not is_row(texts[best]):
        return None
    first, last = line[0], line[-1]
    if _words(texts[first : last + 1]) > 2 * tuning.QUOTED_WORDS:
        first = last = best
    return (first - 1, last) if first == 1 and is_row(texts[0]) else (first, last)


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
