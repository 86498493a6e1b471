"""What an intent can be told by besides a message's words: what sort of things it names, and its shape."""

import re
from collections.abc import Sequence

from numpy.typing import ArrayLike
from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from bot.nlu.recognition import entities
from bot.nlu.row_featurizer import RowFeaturizer
from knowledge.recognition.entities import Entity, EntityKind

_QUESTION_MARK = re.compile(r"\?\s*$")
# So many words or fewer.
_LENGTHS = (1, 2, 4, 7)
_KINDS = tuple(EntityKind)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class EntityFeaturizer(RowFeaturizer):
    """Says which kinds of entities a message names, how much of it they make up, and how long it is.

    Which programme it is does not count, so that the intents of a new fact sheet's questions need no examples.
    """

    def rows(self, texts: Sequence[str], lengths: Sequence[int]) -> ArrayLike:
        """The features of messages, one row each."""
        return [features(text, length) for text, length in zip(texts, lengths, strict=True)]


def features(text: str, length: int) -> list[float]:
    """The features of a message of `length` words, each 0 or 1."""
    found = entities(text)
    counts = {kind: sum(one.kind is kind for one in found) for kind in _KINDS}
    return [
        *(float(counts[kind] > 0) for kind in _KINDS),
        float(counts[EntityKind.PROGRAMME] > 1),
        float(not found),
        float(_is_all(text, found)),
        float(bool(_QUESTION_MARK.search(text))),
        *(float(length <= limit) for limit in _LENGTHS),
    ]


def _is_all(text: str, found: tuple[Entity, ...]) -> bool:
    """Whether there is nothing but entities in a message."""
    rest = "".join(sign for place, sign in enumerate(text) if not any(one.start <= place < one.end for one in found))
    return bool(found) and not any(sign.isalnum() for sign in rest)
