"""What an intent can be told by besides a message's words: what sort of things it names, and its shape."""

import re
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

from bot.nlu.recognition import entities
from knowledge.entities import Entity, EntityKind

_QUESTION_MARK = re.compile(r"\?\s*$")
# So many words or fewer.
_LENGTHS = (1, 2, 4, 7)
_KINDS = tuple(EntityKind)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class EntityFeaturizer(SparseFeaturizer, GraphComponent):  # type: ignore[misc]  # Rasa carries no types
    """Says which kinds of entities a message names, how much of it they make up, and how long it is.

    Which programme it is does not count, so that the intents of a new fact sheet's questions need no examples.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """Components that come before this one."""
        return [Tokenizer]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "EntityFeaturizer":
        """The component under its name in the pipeline."""
        return cls(execution_context.node_name, {**cls.get_default_config(), **config})

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """There is nothing to set."""

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the features to every example."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the features to every message that has words."""
        for message in messages:
            tokens = message.get(TOKENS_NAMES[TEXT])
            if tokens:
                row = scipy.sparse.csr_matrix([features(message.get(TEXT), len(tokens))])
                sequence = scipy.sparse.csr_matrix((len(tokens), row.shape[1]))
                self.add_features_to_message(sequence, row, TEXT, message)
        return messages


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
