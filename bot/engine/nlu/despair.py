"""The second ear: how likely a sentence comes from somebody in danger or despair, also where no word of danger is said.

Rules (`bot.language.distress`) hear what is said, at once and without the engine; this hears what is meant: 牛也卖了，账也还清了，
利利索索上路. It never stops a turn: whoever it hears wrongly gets kind words and still the answer (docs/decisions/0033).
"""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.desk import here
from bot.desk.danger import DESPAIR
from bot.engine.nlu.ear import Ear
from bot.engine.nlu.encoding import closely, vector_of
from bot.engine.nlu.letters import letters_of

_CHINESE = re.compile(r"[一-鿿]")
"""The ear learned from sentences in characters: to it, letters of another language are noise, of which a third sounds like despair."""
_LONGEST_CLOSELY = 200
"""Characters. The slow encoder reads the first hundred: of what is much longer it would judge the beginning, and others wait."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class DespairEar(GraphComponent):
    """Sets the property `despair`; needs SentenceEncoding before it."""

    def __init__(self, ear: Ear | None) -> None:
        self._ear = ear

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DespairEar:
        return cls(Ear.shipped(here.encoder().name, here.slow_encoder().name))

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            message.set(DESPAIR, self._chance(message), add_to_output=True)
        return messages

    def _chance(self, message: Message) -> float:
        text = message.get(TEXT)
        if not text or self._ear is None or not _CHINESE.search(text):
            return 0.0
        closer = (lambda: closely([text], here.slow_encoder())[0]) if len(text) <= _LONGEST_CLOSELY else None
        return self._ear.chance(letters_of(message), vector_of(message), closer)
