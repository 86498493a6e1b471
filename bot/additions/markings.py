"""What tells that not everybody may read a document: its marking, or that it is a list of people."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path, PurePosixPath

from ruamel.yaml import YAML

from knowledge.document import Passage
from knowledge.indexing.rows import CELL
from knowledge.linguistics.labels import either
from knowledge.linguistics.text import folded

_FILE = Path(__file__).with_name("markings.yml")
# A longer line that begins with the word goes on as a sentence.
_SHORT_LINE = 8
# Where more of a line is in capitals, they stress nothing.
_STRESSED = 3
_SHOWN = 60


def marking(name: str, passages: Sequence[Passage], running: Iterable[str]) -> str | None:
    """What tells so and where, as a clause: 'it is marked “VERTRAULICH” (page 2)'; None where nothing does.

    `name` is the document's path in the library, `running` are the lines at the edges of its pages.
    """
    for line in running:
        if said := _marked(line):
            return f"it is marked “{said}” (at the edge of its pages)"
    for passage in passages:
        for line in (*passage.headings, *passage.text.splitlines()):
            if said := _marked(line):
                return f"it is marked “{said}” ({_place(passage)})"
        if columns := _personal(passage.text.splitlines()):
            return f"it lists people with {' and '.join(columns)} ({_place(passage)})"
    for part in PurePosixPath(name).parts[::-1]:
        words = " ".join(re.split(r"[\W_]+", folded(part)))
        if found := _words().named.search(words):
            return f"its name says “{found.group()}” ({part})"
    return None


class _Words:
    """The words of `markings.yml` as expressions for folded text."""

    def __init__(self) -> None:
        lists = YAML(typ="safe").load(_FILE.read_text(encoding="utf-8"))
        alone, labels = _any(lists["alone"]), _any(lists["labels"])
        self.anywhere = re.compile(rf"\b{_any(lists['anywhere'])}\b")
        self.alone = re.compile(rf"\W*(?:{labels}\W+(?:nur )?)?{alone}\W*")
        self.begins = re.compile(rf"\W*{alone} ?[–—:.!|/-]+ ")
        self.named = re.compile(rf"\b{alone}\b")
        self.capitals = re.compile(rf"\b{either([one.upper() for one in lists['alone']])}\b")
        self.personal, self.names = _whole(lists["personal"]), _whole(lists["names"])


@lru_cache(maxsize=1)
def _words() -> _Words:
    return _Words()


def _any(words: Iterable[str]) -> str:
    """Fits what stands in a list, with any sign or blank between its words."""
    return either([r"\W{1,3}".join(map(re.escape, re.split(r"[^\w]+", folded(one)))) for one in words])


def _whole(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b{_any(words)}\b")


def _marked(line: str) -> str | None:
    """A line that marks, as it is shown."""
    words, plain = _words(), folded(line)
    is_short = len(line.split()) <= _SHORT_LINE
    if (
        words.anywhere.search(plain)
        or words.alone.fullmatch(plain)
        or (is_short and words.begins.match(plain))
        or (_is_stressing(line) and words.capitals.search(line))
    ):
        shown = " ".join(line.split())
        return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]} …"
    return None


def _is_stressing(line: str) -> bool:
    return sum(word.isupper() and len(word) > 1 for word in line.split()) <= _STRESSED


def _personal(lines: Sequence[str]) -> list[str]:
    """Columns of a table that tell of people what is not for everybody."""
    rows = [line.split(CELL) for line in lines if CELL in line]
    found = [cell for cell in rows[0] if _words().personal.search(folded(cell))] if len(rows) > 1 else []
    has_names = any(_words().names.search(folded(cell)) for cell in rows[0]) if found else False
    return found if len(found) > 1 or has_names else []


def _place(passage: Passage) -> str:
    if passage.page:
        return f"page {passage.page}"
    return f"below “{passage.heading}”" if passage.heading else f"passage {passage.id}"
