"""Which of the domain's intents a sentence has, with a calibrated chance."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.desk import here
from bot.engine.nlu.encoding import vector_of
from bot.engine.nlu.learnt import Learnt
from bot.engine.nlu.softmax import fit

# A resident's sentence is never certain: 1.0 is what a slash command would claim (rows A-30…A-33).
_SUREST = 0.999


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LightIntentClassifier(Learnt):
    """Trains in seconds, answers in a tenth of a millisecond; needs SentenceEncoding before it."""

    FILE = "intent.npz"

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        # The intent of a message without words (only faces, only blanks). Without one no rule would apply, and Rasa's
        # fallback would run its action ten times.
        return {"otherwise": "ask_policy"}

    def train(self, training_data: TrainingData) -> Resource:
        examples = [e for e in training_data.intent_examples if e.get(INTENT) and e.get(TEXT)]
        if not examples:
            return self._resource
        vectors = np.stack([vector_of(example) for example in examples])
        texts, intents = [e.get(TEXT) for e in examples], [e.get(INTENT) for e in examples]
        return self._keep(fit(texts, vectors, intents, here.encoder().name))

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            ranking = self._ranking(message)
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def _ranking(self, message: Message) -> list[dict[str, Any]]:
        chances = self._chances(message) or {str(self._config["otherwise"]): 0.0}
        return [{"name": label, "confidence": min(chance, _SUREST)} for label, chance in chances.items()]
