"""Rasa's entities from the knowledge's word lists and fact sheets."""

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.recognition import entities


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class KnowledgeEntityExtractor(GraphComponent, EntityExtractorMixin):  # type: ignore[misc]  # Rasa carries no types
    """Finds programmes, bodies, Länder, municipalities, matters, attributes, years and amounts; learns nothing."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "KnowledgeEntityExtractor":
        """The component, which needs nothing of what Rasa offers it."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add to each message what it names."""
        for message in messages:
            found = [
                {"entity": one.kind.value, "value": one.value, "start": one.start, "end": one.end}
                for one in entities(message.get(TEXT) or "")
            ]
            message.set(ENTITIES, [*message.get(ENTITIES, []), *self.add_extractor_name(found)], add_to_output=True)
        return messages
