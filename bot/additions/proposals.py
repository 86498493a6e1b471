"""Proposals for training examples of the dialogue, from questions that were logged; nothing is trained by itself."""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from bot.additions.own_sets import AcceptedUtterance
from bot.gateway.questions import ERROR
from bot.reporting.log import Asked
from bot.reporting.shelf import Shelf
from knowledge.linguistics.masking import MASK
from knowledge.linguistics.text import folded
from knowledge.messages import Kind
from knowledge.settings import PROJECT

if TYPE_CHECKING:
    from knowledge.encoding.embedding import Vectors

_EXAMPLES = PROJECT / "bot" / "data" / "nlu"
_MARKED = re.compile(r"\[(?P<words>[^\]]+)\](?:\([^)]*\)|\{[^}]*\})")
_LONGEST = 200
_NEIGHBOURS = 5
_KNOWN = 0.97
"""Likeness from which on an example says nothing new."""
_UNSURE = 0.5
"""Confidence below which an answer counts as one that may have been misunderstood."""

Embed = Callable[[Sequence[str]], "Vectors"]


@dataclass(frozen=True)
class Proposal:
    """A question as it was asked, masked, with the intent whose examples are nearest to it."""

    text: str
    intent: str
    nearest: str
    """The example of that intent that is most like it."""
    likeness: float
    count: int
    """How often it was asked."""
    references: list[str]


def proposals(
    questions: Sequence[Asked], shelf: Shelf, decided: Sequence[AcceptedUtterance], embed: Embed
) -> list[Proposal]:
    """Questions that the bot did not answer, was unsure of or answered amiss, and that the examples do not hold yet.

    Questions in which something had to be masked are left out. The most asked come first, then those that are least
    like any example.
    """
    known = examples()
    seen = {folded(text) for texts in known.values() for text in texts} | {folded(one.text) for one in decided}
    asked: dict[str, list[Asked]] = defaultdict(list)
    for one in questions:
        words = " ".join(one.text.split())
        if _is_telling(one) and len(words) <= _LONGEST and MASK not in shelf.masked(words):
            asked[folded(words)].append(one)
    new = [group for key, group in asked.items() if key not in seen]
    if not new:
        return []
    flat = [(intent, text) for intent, texts in known.items() for text in texts]
    likenesses = embed([group[0].text for group in new]) @ embed([text for _, text in flat]).T
    found = [_proposal(group, row, flat) for group, row in zip(new, likenesses, strict=True)]
    return sorted((one for one in found if one.likeness < _KNOWN), key=lambda one: (-one.count, one.likeness, one.text))


@lru_cache
def examples(folder: Path = _EXAMPLES) -> dict[str, list[str]]:
    """The examples that the dialogue is trained on, by intent, without marks of entities."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.glob("*.yml")):
        data: dict[str, Any] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        for entry in data.get("nlu", []):
            if "intent" in entry:
                lines = str(entry["examples"]).splitlines()
                found[entry["intent"]] += [_plain(line) for line in lines if line.strip().startswith("- ")]
    return dict(found)


def _is_telling(question: Asked) -> bool:
    is_disliked = question.opinion is not None and question.opinion.verdict == "down"
    is_unsure = question.outcome == Kind.ANSWER.value and question.confidence < _UNSURE
    return is_disliked or is_unsure or question.outcome in (Kind.ABSTENTION.value, Kind.CHOICE.value, ERROR)


def _proposal(asked: list[Asked], likenesses: Any, flat: list[tuple[str, str]]) -> Proposal:
    nearest = sorted(range(len(flat)), key=lambda place: -float(likenesses[place]))[:_NEIGHBOURS]
    weights: dict[str, float] = defaultdict(float)
    for place in nearest:
        weights[flat[place][0]] += float(likenesses[place])
    intent = max(weights, key=lambda name: weights[name])
    best = next(place for place in nearest if flat[place][0] == intent)
    return Proposal(
        text=" ".join(asked[0].text.split()),
        intent=intent,
        nearest=flat[best][1],
        likeness=round(float(likenesses[best]), 3),
        count=len(asked),
        references=[one.reference for one in asked],
    )


def _plain(line: str) -> str:
    return _MARKED.sub(lambda match: match["words"], line.strip()[2:]).strip()
