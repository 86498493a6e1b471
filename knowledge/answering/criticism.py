"""What people say of an answer that did not help: the reasons in it, and whether it is about the answer at all."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from knowledge.feedback import Reason
from knowledge.linguistics.text import folded

_FILE = Path(__file__).with_suffix(".yml")
_WORD = re.compile(r"[\w']+")


def reasons_in(words: str) -> frozenset[Reason]:
    """The reasons that a remark gives for an answer's not having helped, in German or English."""
    said = folded(words)
    return frozenset(reason for reason, pattern in _patterns().items() if pattern.search(said))


def is_statement(words: str) -> bool:
    """Whether words say something rather than ask: a reason in own words, not the next question."""
    return bool(_said(words) & _words("stating")) and not asks(words)


def asks(words: str) -> bool:
    """Whether words ask something by their form."""
    return "?" in words or bool(_said(words) & (_words("asking") - _words("stating")))


def _said(words: str) -> set[str]:
    return set(_WORD.findall(folded(words)))


@lru_cache
def _patterns() -> dict[Reason, re.Pattern[str]]:
    entries = _data()["reasons"]
    return {reason: re.compile(rf"\b(?:{'|'.join(entries[reason.value])})\b") for reason in Reason}


@lru_cache
def _words(name: str) -> frozenset[str]:
    return frozenset(_data()[name].split())


@lru_cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = YAML(typ="safe").load(_FILE.read_text(encoding="utf-8"))
    return data
