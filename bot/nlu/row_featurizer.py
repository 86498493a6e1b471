"""What our featurizers have in common: one row of numbers for a whole message, none for its words."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import ArrayLike
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData


class RowFeaturizer(SparseFeaturizer, GraphComponent):  # type: ignore[misc]  # Rasa carries no types
    """Adds `rows` to messages, as sparse features because the classifier reads no others; learns nothing."""

    @abstractmethod
    def rows(self, texts: Sequence[str], lengths: Sequence[int]) -> ArrayLike:
        """The features of messages, one row each; `lengths` are their numbers of words."""

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
    ) -> "RowFeaturizer":
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
        if worded:
            lengths = [len(message.get(TOKENS_NAMES[TEXT])) for message in worded]
            rows = np.asarray(self.rows([message.get(TEXT) for message in worded], lengths))
            for message, length, row in zip(worded, lengths, rows, strict=True):
                sequence = scipy.sparse.csr_matrix((length, len(row)))
                self.add_features_to_message(sequence, scipy.sparse.csr_matrix(row[None, :]), TEXT, message)
        return messages
