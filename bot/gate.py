"""The gate before a release goes live: what it must not do worse than the live one."""

from dataclasses import dataclass

from knowledge.evaluation.outcomes import Comparison
from knowledge.release import Release
from knowledge.release_diff import ReleaseDiff

# A library that shrinks so far at once is more likely a folder that is not mounted.
_LEFT = 0.5
_FEW = 4
_NAMED = 5


@dataclass(frozen=True)
class Floors:
    """What is let through."""

    lost: int = 0
    """Questions that were answered right and are not any more."""


def broken_floors(
    floors: Floors, comparison: Comparison, before: Release | None, after: Release, diff: ReleaseDiff
) -> list[str]:
    """Why a release is not to go live by itself, a sentence each; empty where it may."""
    found: list[str] = []
    lost = comparison.worse
    if len(lost) > floors.lost:
        named = ", ".join(one.id for one in lost[:_NAMED]) + (" …" if len(lost) > _NAMED else "")
        count = "1 question that is" if len(lost) == 1 else f"{len(lost)} questions that are"
        found.append(f"It breaks {count} answered right now: {named}.")
    had = before.manifest.knowledge.documents if before and before.manifest.knowledge else 0
    has = after.manifest.knowledge.documents if after.manifest.knowledge else 0
    if had >= _FEW and has < _LEFT * had:
        gone = ", ".join(diff.documents.removed[:_NAMED])
        found.append(f"It holds {has} documents in place of {had}; gone are {gone} …. Is a folder not mounted?")
    return found
