"""The word lists of `words.yml`."""

from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML

_FILE = Path(__file__).with_suffix(".yml")


def word_list(name: str) -> list[str]:
    """The words of one list, as they are spelled there."""
    return str(_lists()[name]).split()


def word_groups(name: str) -> list[list[str]]:
    """The groups of words of one list, as they are spelled there."""
    return [str(group).split() for group in _lists()[name]]


def word_pairs(name: str) -> dict[str, str]:
    """The words of a list that gives each word and, behind it, another one for it."""
    words = word_list(name)
    return dict(zip(words[::2], words[1::2], strict=True))


@lru_cache(maxsize=1)
def _lists() -> dict[str, list[str]]:
    lists: dict[str, list[str]] = YAML(typ="safe").load(_FILE.read_text(encoding="utf-8"))
    return lists
