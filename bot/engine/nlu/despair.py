"""The second ear: how likely a sentence comes from somebody in danger or despair, also where no word of danger is said.

Rules (`bot.language.distress`) hear what is said, at once and without the engine; this hears what is meant: 牛也卖了，账也还清了，
利利索索上路. It learns from data/danger, and what everybody else writes (data/nlu, the wordings of the answers) tells it what is
ordinary. It never stops a turn: whoever it hears wrongly
gets kind words and still the answer (docs/decisions/0008).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.desk import here
from bot.engine.nlu.encoding import encoded, vector_of
from bot.engine.nlu.softmax import Softmax, fit
from bot.errors import BadInput
from bot.language.normalise import normalise

DESPAIR = "despair"
"""The message's property: the chance, 0 to 1, that somebody is in danger. What is done from which chance on: bot.desk.danger."""
_FILE = "despair.npz"
_DANGER, _ORDINARY = "danger", "ordinary"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class DespairEar(GraphComponent):
    """Sets the property `despair`; needs SentenceEncoding before it."""

    def __init__(self, folder: str, storage: ModelStorage, resource: Resource, model: Softmax | None = None) -> None:
        self._folder, self._storage, self._resource, self._model = Path(folder), storage, resource, model

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"folder": "data/danger"}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DespairEar:
        return cls(str(config["folder"]), model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> DespairEar:
        with model_storage.read_from(resource) as folder:
            model = Softmax.from_bytes((folder / _FILE).read_bytes())
        return cls(str(config["folder"]), model_storage, resource, model)

    def train(self, training_data: TrainingData) -> Resource:
        told = [(text, kind) for kind in (_DANGER, _ORDINARY) for text in sentences(self._folder, kind)]
        usual = [example for example in training_data.intent_examples if example.get(TEXT)]
        texts = [*(normalise(text) for text, _ in told), *(str(example.get(TEXT)) for example in usual)]
        vectors = np.concatenate([encoded(texts[: len(told)]), np.stack([vector_of(example) for example in usual])])
        labels = [*(kind for _, kind in told), *(_ORDINARY for _ in usual)]
        self._model = fit(texts, vectors, labels, here.encoder().name)
        with self._storage.write_to(self._resource) as folder:
            (folder / _FILE).write_bytes(self._model.to_bytes())
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            message.set(DESPAIR, self._chance(message), add_to_output=True)
        return messages

    def _chance(self, message: Message) -> float:
        text = message.get(TEXT)
        if not text or self._model is None:
            return 0.0
        chances = self._model.chances(text, vector_of(message))
        return float(chances[self._model.labels.index(_DANGER)])


def sentences(folder: Path, kind: str) -> list[str]:
    """What data/danger holds of `danger` or `ordinary`, whatever its finer kind."""
    file = folder / f"{kind}.yml"
    try:
        kinds = yaml.safe_load(file.read_text("utf-8"))
        return [str(text) for texts in kinds.values() for text in texts]
    except (OSError, yaml.YAMLError, AttributeError, TypeError) as error:
        raise BadInput(
            f"{file} is not readable as kinds of sentences ({type(error).__name__}); mend or restore it"
        ) from error
