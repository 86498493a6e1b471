"""Words of a person in files: found, and written over."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from knowledge.releases.release import DIALOGUE_MODEL, KNOWLEDGE_PARTS
from knowledge.settings import Settings

_CHUNK = 1 << 20
# What is built from documents and packages alone, and never from what people write.
_NOT_OF_PEOPLE = ({"models"}, {"cache", "files.db"})
_BUILT = frozenset({*KNOWLEDGE_PARTS, DIALOGUE_MODEL})


@dataclass(frozen=True)
class Trace:
    """A file in which words of a person stand, and how often."""

    path: Path
    count: int


def traces(settings: Settings, words: Sequence[str]) -> Iterator[Trace]:
    """The files below `var` in which any of these words stand, whatever kind of file it is."""
    wanted = [variant for each in words for variant in _variants(each)]
    for path in sorted(settings.var.rglob("*")):
        inside = path.relative_to(settings.var).parts
        if any(parts.issubset(inside) for parts in _NOT_OF_PEOPLE) or path.is_symlink() or not path.is_file():
            continue
        if inside[0] == settings.releases.name and _BUILT.intersection(inside):
            continue
        if count := _count(path, wanted):
            yield Trace(path, count)


def hide(path: Path, words: Sequence[str]) -> int:
    """Write over all places of a file where any of these words stand; how many there were.

    The file keeps its length and its place, so that a process that adds to it is not disturbed.
    """
    content = path.read_bytes()
    found = 0
    with path.open("r+b") as file:
        for word in sorted((variant for each in words for variant in _variants(each)), key=len, reverse=True):
            place = content.find(word)
            while place >= 0:
                content = content[:place] + b"*" * len(word) + content[place + len(word) :]
                file.seek(place)
                file.write(b"*" * len(word))
                found += 1
                place = content.find(word, place + len(word))
    return found


def _variants(words: str) -> list[bytes]:
    """Words as UTF-8 files hold them, and as JSON and URLs may."""
    forms = (
        words,
        json.dumps(words)[1:-1],
        json.dumps(words, ensure_ascii=False)[1:-1],
        quote(words),
    )
    return [form.encode("utf-8", "replace") for form in dict.fromkeys(forms)]


def _count(path: Path, words: Sequence[bytes]) -> int:
    found, tail = 0, b""
    kept = max(map(len, words), default=1) - 1
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                window = tail + chunk
                # What lies in the tail as a whole was counted with the chunk before.
                found += sum(window.count(word) - tail.count(word) for word in words)
                tail = window[-kept:] if kept else b""
    except OSError:
        return 0
    return found
