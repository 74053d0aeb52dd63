"""Encodes the sentence once; intent and search both read the vector."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.desk import here
from bot.engine.nlu.letters import Floats
from bot.errors import BadInput
from bot.knowledge.search.encoders import Encoder, Peaked
from bot.knowledge.search.reading import readable

_BATCH = 64


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoding(GraphComponent):
    """Puts the process-wide encoder's vector on the message as Rasa's dense sentence feature."""

    def __init__(self, origin: str) -> None:
        self._origin = origin

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {FEATURIZER_CLASS_ALIAS: "SentenceEncoding"}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoding:
        return cls(str(config[FEATURIZER_CLASS_ALIAS]))

    def process(self, messages: list[Message]) -> list[Message]:
        told = [message for message in messages if message.get(TEXT)]
        for message, vector in zip(told, encoded([message.get(TEXT) for message in told]), strict=True):
            row = vector[np.newaxis, :]
            message.add_features(Features(row, FEATURE_TYPE_SENTENCE, TEXT, self._origin))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data


def encoded(texts: Sequence[str], encoder: Encoder | None = None) -> Floats:
    """A row for each text, as search reads it: one encoding serves both, and dialect is understood as plain words. By the
    first encoder where none is named."""
    encoder = encoder or here.encoder()
    batches = [texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH)]
    rows = [row for batch in batches for row in encoder.encode([readable(text) for text in batch])]
    return np.asarray(rows, np.float32)


def closely(texts: Sequence[str], encoder: Encoder) -> Floats:
    """Shape (texts, 2, dimension): each sentence's vector and what stands out in it, by an encoder that says so."""
    if not isinstance(encoder, Peaked):
        raise BadInput(f"the encoder {encoder.name} says nothing of peaks; the second ear cannot listen with it")
    return encoder.peaked([readable(text) for text in texts])


def vector_of(message: Message) -> Floats:
    """The sentence's vector; raises BadInput where SentenceEncoding did not run before."""
    _, sentence = message.get_dense_features(TEXT, [])
    if sentence is None:
        raise BadInput("a classifier found no sentence vector; put SentenceEncoding before it in config.yml")
    vector: Floats = np.asarray(sentence.features[0], np.float32)
    return vector
