"""Finds places, programmes, other departments' matters, amounts and dates by tables: nothing here is learned."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.clock import SystemClock, today
from bot.language import amounts, dates, departments, programmes
from bot.regions import RegionTree

_HOUSE = Path(__file__).resolve().parents[3]


@cache
def _tree(path: Path) -> RegionTree:
    return RegionTree.from_csv(path)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class PlaceAndProgrammeExtractor(GraphComponent):
    """A place is {"entity": "place", "value": code, "codes": […]}: several codes mean the resident must be asked.

    An amount has `low` and `high` in yuan ("" means "or more"), a date its `first` and `last` day.
    """

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
            found = [*self._places(text), *_words(text), *_amounts(text), *_dates(text, _day(message))]
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


def _amounts(text: str) -> list[dict[str, Any]]:
    return [
        _entity(
            "amount",
            at.start,
            at.end,
            str(at.amount.low),
            low=str(at.amount.low),
            per=at.amount.per,
            high="" if at.amount.high is None else str(at.amount.high),
            about=at.amount.about,
        )
        for at in amounts.find(text)
    ]


def _dates(text: str, day: date) -> list[dict[str, Any]]:
    """The time a text names; its words are not told apart, so it spans the text."""
    named = dates.parse(text, day)
    if named is None:
        return []
    first, last = named.first.isoformat(), named.last.isoformat()
    return [_entity("date", 0, len(text), first, first=first, last=last, about=named.about)]


def _day(message: Message) -> date:
    """Today, or the day the question is asked as of (`bot.engine.channel` puts it into the message's metadata)."""
    on = (message.get("metadata") or {}).get("on")
    return date.fromisoformat(on) if on else today(SystemClock())


def _entity(kind: str, start: int, end: int, value: Any, **more: Any) -> dict[str, Any]:
    name = PlaceAndProgrammeExtractor.__name__
    return {"entity": kind, "start": start, "end": end, "value": value, "extractor": name, **more}
