"""Questions without an answer, put together by what they mean."""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from bot.reporting.log import Asked
from bot.reporting.shelf import Shelf
from knowledge.errors import StadtlotseError
from knowledge.messages import Kind, Language

if TYPE_CHECKING:
    from knowledge.encoding.embedding import Vectors

_ID_LENGTH = 6
Embed = Callable[[Sequence[str]], "Vectors"]


class UnansweredGroup(BaseModel):
    """Questions of one meaning that were not answered."""

    id: str = Field(description="Names the group; any of its questions' ids does")
    example: str = Field(description="The question nearest to all others, masked")
    count: int
    lang: Language
    last: date
    channels: dict[str, int]
    programmes: list[str] = Field(description="Keys of programmes named in at least one of them")
    others: list[str] = Field(description="Other wordings, masked, the most frequent first")
    references: list[str] = Field(exclude=True)
    ids: list[str] = Field(exclude=True)


def unanswered_groups(questions: Sequence[Asked], shelf: Shelf, embed: Embed) -> list[UnansweredGroup]:
    """The groups of questions on which the bot abstained, the largest first; the same words count as one wording."""
    from knowledge.encoding.grouping import central, grouped  # loads numpy

    wordings: dict[str, list[Asked]] = {}
    for one in questions:
        if one.outcome == Kind.ABSTENTION.value:
            wordings.setdefault(" ".join(one.text.split()).casefold(), []).append(one)
    # The most frequent first, so that a group is led by what most people asked.
    ordered = sorted(wordings.values(), key=lambda asked: -len(asked))
    if not ordered:
        return []
    vectors = embed([asked[0].text for asked in ordered])
    groups = [_group([ordered[i] for i in rows], central(vectors, rows), ordered, shelf) for rows in grouped(vectors)]
    return sorted(groups, key=lambda group: (-group.count, group.last.isoformat(), group.id))


def group_of(groups: Sequence[UnansweredGroup], group_id: str) -> UnansweredGroup:
    """The group that an id names; raises `StadtlotseError` where none does."""
    found = next((group for group in groups if group_id.lower() in group.ids), None)
    if found is None:
        raise StadtlotseError(
            f"No group of unanswered questions is called {group_id!r}; 'stadtlotse questions list' names them."
        )
    return found


def _group(members: list[list[Asked]], centre: int, ordered: list[list[Asked]], shelf: Shelf) -> UnansweredGroup:
    asked = [one for wording in members for one in wording]
    example = ordered[centre][0]
    programmes = Counter(key for one in asked for key in shelf.programmes(one))
    others = [shelf.masked(wording[0].text) for wording in members if wording[0] is not example]
    return UnansweredGroup(
        id=_id(example),
        example=shelf.masked(example.text),
        count=len(asked),
        lang="en" if example.lang == "en" else "de",
        last=max(one.at for one in asked).astimezone().date(),
        channels=dict(Counter(one.channel for one in asked).most_common()),
        programmes=[key for key, _ in programmes.most_common()],
        others=list(dict.fromkeys(others)),
        references=[one.reference for one in asked],
        ids=[_id(wording[0]) for wording in members],
    )


def _id(question: Asked) -> str:
    """The same for the same words, so that a group keeps its name from one report to the next."""
    words = " ".join(question.text.split()).casefold()
    return hashlib.sha256(words.encode()).hexdigest()[:_ID_LENGTH]
