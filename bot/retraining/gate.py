"""The gate before a release goes live: what it must not do worse than the live one."""

from dataclasses import dataclass

from knowledge.evaluation.outcomes import Comparison
from knowledge.releases.release import Release
from knowledge.releases.release_diff import ReleaseDiff

# A library that shrinks so far at once is more likely a folder that is not mounted.
_LEFT = 0.5
_FEW = 4
_NAMED = 5


@dataclass(frozen=True)
class Floors:
    """What is let through."""

    wrong: int = 0
    """Questions that were answered right and get a wrong answer now."""
    declined: float = 0.01
    """Share of the questions that were answered right and are declined now; one may be in any case."""


def broken_floors(
    floors: Floors, comparison: Comparison, before: Release | None, after: Release, diff: ReleaseDiff
) -> list[str]:
    """Why a release is not to go live by itself, a sentence each; empty where it may."""
    found: list[str] = []
    wrong = [one.id for one in comparison.worse if not one.declined]
    declined = [one.id for one in comparison.worse if one.declined]
    if len(wrong) > floors.wrong:
        found.append(f"It gives a wrong answer to what is answered right now: {_named(wrong)}.")
    if len(declined) > max(1, floors.wrong, floors.declined * comparison.right_before):
        found.append(f"It does not know any more what is answered right now: {_named(declined)}.")
    had = before.manifest.knowledge.documents if before and before.manifest.knowledge else 0
    has = after.manifest.knowledge.documents if after.manifest.knowledge else 0
    if had >= _FEW and has < _LEFT * had:
        gone = ", ".join(diff.documents.removed[:_NAMED])
        found.append(f"It holds {has} documents in place of {had}; gone are {gone} …. Is a folder not mounted?")
    return found


def _named(ids: list[str]) -> str:
    names = ", ".join(ids[:_NAMED]) + (" …" if len(ids) > _NAMED else "")
    return f"{len(ids)} questions, {names}" if len(ids) > 1 else f"question {names}"
