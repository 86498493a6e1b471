"""Result lists without repetition: what says the same as something better is folded into it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Generic, TypeVar

from knowledge import tuning
from knowledge.document import Passage

Found = TypeVar("Found")
_WORD = re.compile(r"\w+")
# So many of the smallest hashes are compared before the whole passages are.
_PROBE = 6
_PROBE_SHARED = 3


@dataclass(frozen=True)
class Folded(Generic[Found]):
    """Something found, with the others that say the same, in their order."""

    kept: Found
    also: tuple[Found, ...] = ()


@dataclass(frozen=True)
class _Shape:
    """What of a passage's words is compared."""

    pairs: frozenset[int]
    probe: tuple[int, ...]
    figures: frozenset[str]


def fold(
    hits: Sequence[Found], passage_of: Callable[[Found], Passage], limit: int | None = None
) -> list[Folded[Found]]:
    """Fold each hit, best first, into the first better one that holds nearly all of its words and all of its figures.

    Passages of one document are never folded into each other, nor facts: they are told apart by what they state. With
    a `limit` it stops as soon as so many are kept, and only those before are folded.
    """
    kept: list[Found] = []
    also: list[list[Found]] = []
    shapes: list[tuple[str, _Shape]] = []
    for hit in hits:
        if limit is not None and len(kept) == limit:
            break
        passage = passage_of(hit)
        shape = None if passage.fact is not None else _shape(passage.text)
        place = _place(passage.document_id, shape, shapes) if shape is not None else None
        if place is None:
            kept.append(hit)
            also.append([])
            shapes.append((passage.document_id, shape or _NOTHING))
        else:
            also[place].append(hit)
    return [Folded(one, tuple(others)) for one, others in zip(kept, also, strict=True)]


_NOTHING = _Shape(frozenset(), (), frozenset())


@lru_cache(maxsize=20000)
def _shape(text: str) -> _Shape:
    words = _WORD.findall(text.casefold())
    pairs = frozenset(map(hash, pairwise(words)))
    return _Shape(pairs, tuple(sorted(pairs)[:_PROBE]), frozenset(word for word in words if word[0].isdigit()))


def _place(document_id: str, shape: _Shape, better: Sequence[tuple[str, _Shape]]) -> int | None:
    """The place of the first better passage that says the same."""
    probe, pairs = shape.probe, shape.pairs
    needed = min(_PROBE_SHARED, len(probe))
    share = tuning.FOLDED if len(pairs) >= tuning.FOLDED_MIN_PAIRS else 1.0
    if not pairs:
        return None
    for place, (other_id, other) in enumerate(better):
        if other_id == document_id or len(other.pairs) < share * len(pairs):
            continue
        if len(other.pairs.intersection(probe)) < needed or len(other.pairs & pairs) < share * len(pairs):
            continue
        if shape.figures <= other.figures:
            return place
    return None
