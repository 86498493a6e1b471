"""What an intent can be told by besides a message's letters: what it means, in either language."""

from functools import cache
from typing import Any

import scipy.sparse
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from knowledge.embedding import Embedder
from knowledge.settings import settings

_WEIGHT = "weight"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class EmbeddingFeaturizer(SparseFeaturizer, GraphComponent):  # type: ignore[misc]  # Rasa carries no types
    """Gives a message its embedding by the shipped model, so that words never seen in training count by their meaning.

    The classifier reads sparse features only, so the embedding travels as one row of them. The shipped model is used
    even where documents are embedded with another one: a dialogue model must not depend on an operator's setting.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """Components that come before this one."""
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """By how much the components of a normalised embedding are multiplied, beside counts of 0 and 1."""
        return {**SparseFeaturizer.get_default_config(), _WEIGHT: 1.0}

    def __init__(self, name: str, config: dict[str, Any]) -> None:
        super().__init__(name, config)
        self._weight = float(config[_WEIGHT])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "EmbeddingFeaturizer":
        """The component under its name in the pipeline."""
        return cls(execution_context.node_name, {**cls.get_default_config(), **config})

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """There is nothing that could be wrong."""

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the features to every example."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the features to every message that has words."""
        worded = [message for message in messages if message.get(TOKENS_NAMES[TEXT])]
        if not worded:
            return messages
        embeddings = _embedder().embed_queries([message.get(TEXT) for message in worded]) * self._weight
        for message, embedding in zip(worded, embeddings, strict=True):
            row = scipy.sparse.csr_matrix(embedding[None, :])
            sequence = scipy.sparse.csr_matrix((len(message.get(TOKENS_NAMES[TEXT])), row.shape[1]))
            self.add_features_to_message(sequence, row, TEXT, message)
        return messages


@cache
def _embedder() -> Embedder:
    """The shipped model, loaded once a process."""
    return Embedder.load(settings().model_copy(update={"embedding_model": ""}))
