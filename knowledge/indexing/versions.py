"""Which version a document is, and what its first page calls it."""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from knowledge.reading.blocks import Block, Heading, ReadFile, Table

# Of its blocks so many are looked at: title page and imprint.
_OPENING = 15
_HEADINGS = 3
_NUMBER = r"(?P<version>\d{1,3}(?:\.\d{1,3})+)(?![\d.]*\d|\.\d)"
_LABELLED = re.compile(rf"\b(?:Version|Fassung|Release|Ausgabe)\b(?:\s*[:|])?\s*(?:v\.?\s?)?{_NUMBER}", re.IGNORECASE)
_IN_NAME = re.compile(rf"(?<![\d.])[vV]?{_NUMBER}$")


def version_of(read: ReadFile, path: str) -> str | None:
    """The number of a file's version, as its title, its first page or its name gives it; None for most."""
    stem = PurePosixPath(path).stem.replace("_", " ")
    names = (read.title, *opening_headings(read))
    if found := _first(_IN_NAME.search(name) for name in names):
        return found
    opening = "\n".join(map(_words_of, read.blocks[:_OPENING]))
    return _first([_LABELLED.search(opening), _IN_NAME.search(stem)])


def opening_headings(read: ReadFile) -> list[str]:
    """The headings at the beginning of a file that no text stands between."""
    found: list[str] = []
    for block in read.blocks[:_HEADINGS]:
        if not isinstance(block, Heading):
            break
        found.append(block.text)
    return found


def _first(matches: Iterable["re.Match[str] | None"]) -> str | None:
    return next((match["version"] for match in matches if match is not None), None)


def _words_of(block: Block) -> str:
    return "\n".join(" | ".join(row) for row in block.rows) if isinstance(block, Table) else block.text
