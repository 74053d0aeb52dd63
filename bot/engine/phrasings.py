"""Teaches the classifier the wordings that editors wrote: each phrasing of an answer is one more `ask_policy` example.

Rasa's own way to add training data (`importers` in config.yml). What editors write is the widest collection there is of
how people ask for assistance; with it the classifier takes half as many questions about other things for ours. It is
never needed for an answer to be found: search knows a new answer the second it is published, this only at the next
training.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.knowledge.entry import ANSWER
from bot.knowledge.files import read_folder

INTENT = "ask_policy"


class Phrasings(TrainingDataImporter):
    """Titles and phrasings under `folder` (beside config.yml), less those that data/nlu gives to some intent already."""

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: Any = None,
        folder: str = "content",
    ) -> None:
        self._folder = Path(config_file or "config.yml").parent / folder
        self._files = RasaFileImporter(config_file, domain_path, training_data_paths)

    def get_nlu_data(self, language: str | None = "zh") -> TrainingData:
        return TrainingData([Message.build(text, INTENT) for text in self._new])

    @cached_property
    def _new(self) -> list[str]:
        """Rasa asks three times while it trains; its files are read once for this."""
        known = {str(example.get("text")) for example in self._files.get_nlu_data("zh").intent_examples}
        return [text for text in wordings(self._folder) if text not in known]

    def get_config(self) -> dict[str, Any]:
        return {}

    def get_config_file_for_auto_config(self) -> str | None:
        return None

    def get_domain(self) -> Domain:
        return Domain.empty()

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        return StoryGraph([])

    def get_conversation_tests(self) -> StoryGraph:
        return StoryGraph([])


def wordings(folder: Path) -> list[str]:
    """Every title and phrasing of the answers in this folder of content, each once, in order."""
    found: dict[str, None] = {}
    for entry in read_folder(folder).entries:
        if entry.kind == ANSWER:
            found |= dict.fromkeys(map(str, (entry.data["title"], *entry.data["phrasings"])))
    return list(found)
