"""Finds places, programmes, other departments' matters, amounts and dates by tables: nothing here is learned."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.language import departments, programmes
from bot.regions import RegionTree

_HOUSE = Path(__file__).resolve().parents[3]


@cache
def _tree(path: Path) -> RegionTree:
    return RegionTree.from_csv(path)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class PlaceAndProgrammeExtractor(GraphComponent):
    """A place is {"entity": "place", "value": code, "codes": […]}: several codes mean the resident must be asked."""

    def __init__(self, regions: RegionTree) -> None:
        self._regions = regions

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"regions": "content/regions.csv"}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> PlaceAndProgrammeExtractor:
        return cls(_tree(_HOUSE / str(config["regions"])))

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT) or ""
            found = [*self._places(text), *_words(text)]
            message.set(ENTITIES, [*message.get(ENTITIES, []), *found], add_to_output=True)
        return messages

    def _places(self, text: str) -> list[dict[str, Any]]:
        return [
            _entity("place", match.start, match.end, match.candidates[0].code, codes=[r.code for r in match.candidates])
            for match in self._regions.find(text)
        ]


def _words(text: str) -> list[dict[str, Any]]:
    found = [_entity("programme", match.start, match.end, match.code) for match in programmes.find(text)]
    found += [_entity("department", match.start, match.end, match.code) for match in departments.find(text)]
    return found


def _entity(kind: str, start: int, end: int, value: Any, **more: Any) -> dict[str, Any]:
    name = PlaceAndProgrammeExtractor.__name__
    return {"entity": kind, "start": start, "end": end, "value": value, "extractor": name, **more}
