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
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.desk import here
from bot.desk.danger import DESPAIR
from bot.engine.nlu.encoding import encoded, vector_of
from bot.engine.nlu.learnt import Learnt
from bot.engine.nlu.softmax import fit
from bot.errors import BadInput
from bot.language.normalise import normalise

_DANGER, _ORDINARY = "danger", "ordinary"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class DespairEar(Learnt):
    """Sets the property `despair`; needs SentenceEncoding before it."""

    FILE = "despair.npz"

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"folder": "data/danger"}

    def train(self, training_data: TrainingData) -> Resource:
        folder = Path(str(self._config["folder"]))
        told = [(normalise(text), kind) for kind in (_DANGER, _ORDINARY) for text in sentences(folder, kind)]
        usual = [example for example in training_data.intent_examples if example.get(TEXT)]
        texts = [*(text for text, _ in told), *(str(example.get(TEXT)) for example in usual)]
        vectors = np.stack([*encoded(texts[: len(told)]), *(vector_of(example) for example in usual)])
        labels = [*(kind for _, kind in told), *(_ORDINARY for _ in usual)]
        return self._keep(fit(texts, vectors, labels, here.encoder().name))

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            message.set(DESPAIR, self._chances(message).get(_DANGER, 0.0), add_to_output=True)
        return messages


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
