"""The words of `expressions.yml`."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

_FILE = Path(__file__).with_suffix(".yml")


def expressions(section: str) -> dict[str, str]:
    """The expressions of a section by their names, each one regular expression that fits any of its entries."""
    return {name: "|".join(entries) for name, entries in _sections()[section].items()}


def patterns(section: str) -> "dict[str, re.Pattern[str]]":
    """The expressions of a section by their names, compiled to fit whole words alone."""
    return {name: whole(expression) for name, expression in expressions(section).items()}


def whole(expression: str) -> "re.Pattern[str]":
    """An expression that fits whole words alone; those with hyphens count as one."""
    return re.compile(rf"(?<![\w-])(?:{expression})(?![\w-])")


def fillers() -> frozenset[str]:
    """Folded words of a request that neither limit the choice nor are grammar."""
    return frozenset(str(_sections()["fillers"]).split())


@lru_cache(maxsize=1)
def _sections() -> dict[str, Any]:
    sections: dict[str, Any] = YAML(typ="safe").load(_FILE.read_text(encoding="utf-8"))
    return sections
