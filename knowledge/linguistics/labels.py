"""The word lists of `metadata.yml`."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

_FILE = Path(__file__).with_name("metadata.yml")


def labels(name: str) -> Any:
    """One list of `metadata.yml`, as it stands there."""
    return _lists()[name]


def label_words(name: str) -> list[str]:
    """The entries of a list that is written as running text; an underscore in it stands for a blank."""
    return [word.replace("_", " ") for word in str(labels(name)).split()]


def either(expressions: list[str]) -> str:
    """A regular expression that fits where one of several does, longer ones first."""
    return "(?:" + "|".join(sorted(expressions, key=lambda one: (-len(one), one))) + ")"


@lru_cache(maxsize=1)
def _lists() -> dict[str, Any]:
    lists: dict[str, Any] = YAML(typ="safe").load(_FILE.read_text(encoding="utf-8"))
    return lists
