"""Asks search for the published answers that may fit, so that actions need not search again."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.desk import here
from bot.desk.ports import Candidate

CANDIDATES = "candidates"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class KnowledgeCandidates(GraphComponent):
    """Sets the property `candidates`, best first: [{entry, score, raw}].

    Search reads the edition in force, so an answer published a second ago is found without training.
    """

    def __init__(self, top: int) -> None:
        self._top = top

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"top": 10}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> KnowledgeCandidates:
        return cls(int(config["top"]))

    def process(self, messages: list[Message], tracker: DialogueStateTracker) -> list[Message]:
        finder = here.finder()
        for message in messages:
            text = message.get(TEXT) or ""
            found = finder.find(text, _talked_of(message, tracker), self._top) if finder and text else ()
            message.set(CANDIDATES, [_plain(candidate) for candidate in found], add_to_output=True)
        return messages


def _plain(candidate: Candidate) -> dict[str, Any]:
    raw = {name: float(score) for name, score in candidate.raw.items()}
    return {"entry": candidate.entry, "score": float(candidate.score), "raw": raw}


def _talked_of(message: Message, tracker: DialogueStateTracker) -> str:
    """The programme the talk is about, only where the sentence itself names none."""
    if any(entity.get("entity") == "programme" for entity in message.get(ENTITIES, [])):
        return ""
    slot = tracker.slots.get("programme")
    return str(slot.value) if slot is not None and slot.value else ""
