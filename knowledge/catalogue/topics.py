"""Topics by which programmes and events are chosen, by the words with which people and fact sheets name them."""

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML

from knowledge.linguistics.text import folded

_FILE = Path(__file__).with_suffix(".yml")
_PATTERNS: dict[str, "re.Pattern[str]"] = {
    key: re.compile(rf"(?<![\w-])(?:{'|'.join(expressions)})(?![\w-])")
    for key, expressions in YAML(typ="safe").load(_FILE.read_text(encoding="utf-8")).items()
}
TOPICS = tuple(_PATTERNS)
"""Keys of all topics; their names stand in the texts under `catalogue.topic_<key>`."""


def named_topics(text: str) -> dict[str, tuple[int, int]]:
    """The topics that a folded text names, each with the place of its first word there, in the text's order.

    A topic whose words are part of another's longer expression is not named: 'Internet der Dinge' is no broadband.
    """
    spans = {key: match.span() for key, pattern in _PATTERNS.items() if (match := pattern.search(text))}
    outer = {
        key: span
        for key, span in spans.items()
        if not any(_is_part(span, other) for name, other in spans.items() if name != key)
    }
    return dict(sorted(outer.items(), key=lambda one: one[1]))


@lru_cache(maxsize=1024)
def topics_of(sectors: tuple[str, ...]) -> frozenset[str]:
    """The topics that the topic words of a fact sheet or an event stand for."""
    return frozenset(topic for sector in sectors for topic in named_topics(folded(sector)))


def mentions(sectors: Iterable[str], word: str) -> bool:
    """Whether one of the topic words is or begins with a folded word that no topic knows."""
    return any(part.startswith(word) for sector in sectors for part in re.split(r"[\s-]", folded(sector)))


def _is_part(span: tuple[int, int], other: tuple[int, int]) -> bool:
    return other[0] <= span[0] and span[1] <= other[1] and other[1] - other[0] > span[1] - span[0]
