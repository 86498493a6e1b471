"""How two releases differ, in lines for people."""

from collections.abc import Iterator

from knowledge.releases.release_diff import Differences, ReleaseDiff

_SHOWN = 10


def diff_lines(diff: ReleaseDiff) -> Iterator[str]:
    """A line for each sort of difference, with the first names; none where there is no difference."""
    for title, found in (("Documents", diff.documents), ("Fact sheets", diff.programmes), ("Facts", diff.facts)):
        yield from _lines(title, found)
    if diff.set_aside:
        yield from _named("Set aside now", diff.set_aside)
    if diff.dialogue:
        yield "Dialogue: trained anew"
    if diff.embedding_model:
        yield "Embedding model: another one"


def _lines(title: str, found: Differences) -> Iterator[str]:
    for verb, names in (("added", found.added), ("changed", found.changed), ("removed", found.removed)):
        if names:
            yield from _named(f"{title} {verb}", names)


def _named(title: str, names: list[str]) -> Iterator[str]:
    more = f" … and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    yield f"{title} ({len(names)}): {', '.join(names[:_SHOWN])}{more}"
