"""What an intent can be told by besides a message's letters: what it means, in either language."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from numpy.typing import ArrayLike
from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from bot.nlu.row_featurizer import RowFeaturizer
from knowledge.encoding.embedding import Embedder
from knowledge.settings import settings

_WEIGHT = "weight"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class EmbeddingFeaturizer(RowFeaturizer):
    """Gives a message its embedding by the shipped model, so that words never seen in training count by their meaning.

    The shipped model is used even where documents are embedded with another one: a dialogue model must not depend on an
    operator's setting.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """By how much the components of a normalised embedding are multiplied, beside counts of 0 and 1."""
        return {**RowFeaturizer.get_default_config(), _WEIGHT: 1.0}

    def __init__(self, name: str, config: dict[str, Any]) -> None:
        super().__init__(name, config)
        self._weight = float(config[_WEIGHT])

    def rows(self, texts: Sequence[str], lengths: Sequence[int]) -> ArrayLike:
        """The embeddings of messages, one row each."""
        return _embedder().embed_queries(texts) * self._weight


@cache
def _embedder() -> Embedder:
    """The shipped model, loaded once a process."""
    return Embedder.load(settings().model_copy(update={"embedding_model": ""}))
