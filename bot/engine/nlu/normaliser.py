"""Brings a sentence to the form everything behind it was trained on, and bounds what one message can cost."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.language.normalise import normalise
from bot.language.spelled import in_characters
from bot.language.typos import repair

# One message of 10,000 characters stalled every other resident for 3–6 s; 600 cost 54 ms (stock pipeline).
LONGEST = 600


def read(text: str, longest: int = LONGEST) -> str:
    """A sentence as everything behind the normaliser sees it."""
    return repair(normalise(in_characters(text[:longest])))[:longest]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class Normaliser(GraphComponent):
    """Caps and normalises the text that NLU sees; the tracker and the transcript keep what the resident wrote."""

    def __init__(self, longest: int) -> None:
        self._longest = longest

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"longest": LONGEST}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Normaliser:
        return cls(int(config["longest"]))

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT)
            if text:
                message.set(TEXT, read(text, self._longest), add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data
