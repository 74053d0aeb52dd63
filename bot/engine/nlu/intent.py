"""Which of the domain's intents a sentence has, with a calibrated chance."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.desk import here
from bot.engine.nlu.encoding import vector_of
from bot.engine.nlu.letters import letters_of
from bot.engine.nlu.softmax import Softmax, fit
from bot.errors import BadInput

_FILE = "intent.npz"
# A resident's sentence is never certain: 1.0 is what a slash command would claim (rows A-30…A-33).
_SUREST = 0.999


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LightIntentClassifier(GraphComponent):
    """Trains in seconds, answers in a tenth of a millisecond; needs SentenceEncoding before it."""

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, model: Softmax | None = None
    ) -> None:
        self._config, self._storage, self._resource, self._model = config, storage, resource, model

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        # The intent of a message without words (only faces, only blanks). Without one no rule would apply, and Rasa's
        # fallback would run its action ten times.
        return {"otherwise": "ask_policy"}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LightIntentClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LightIntentClassifier:
        """Raises BadInput for a model that was trained with another encoder: it would answer noise."""
        with model_storage.read_from(resource) as folder:
            model = Softmax.from_bytes((folder / _FILE).read_bytes())
        if model.encoder != here.encoder().name:
            raise BadInput(
                f"the model was trained with the encoder {model.encoder} but this process runs {here.encoder().name}; "
                "train again (make train)"
            )
        return cls(config, model_storage, resource, model)

    def train(self, training_data: TrainingData) -> Resource:
        examples = [e for e in training_data.intent_examples if e.get(INTENT) and e.get(TEXT)]
        if not examples:
            return self._resource
        vectors = np.stack([vector_of(example) for example in examples])
        texts, intents = [e.get(TEXT) for e in examples], [e.get(INTENT) for e in examples]
        self._model = fit(texts, vectors, intents, here.encoder().name)
        with self._storage.write_to(self._resource) as folder:
            (folder / _FILE).write_bytes(self._model.to_bytes())
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            ranking = self._ranking(message)
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def _ranking(self, message: Message) -> list[dict[str, Any]]:
        if not message.get(TEXT) or self._model is None:
            return [{"name": str(self._config["otherwise"]), "confidence": 0.0}]
        labels, chances = self._model.labels, self._model.chances(letters_of(message), vector_of(message))
        return [{"name": labels[at], "confidence": min(float(chances[at]), _SUREST)} for at in (-chances).argsort()]
