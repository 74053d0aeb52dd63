"""All entries of an edition, parsed strictly into nouns, each with the place it came from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from bot.knowledge import entry as kinds
from bot.knowledge.answers import Answer
from bot.knowledge.contacts import Hotline, Office
from bot.knowledge.documents import Document
from bot.knowledge.entry import Entry
from bot.knowledge.fields import Fields
from bot.knowledge.problems import Place, Problems
from bot.knowledge.standards import Standard
from bot.knowledge.subsidies import Subsidy
from bot.knowledge.words import Words
from bot.regions import RegionTree

Noun = TypeVar("Noun")
TABLES = {
    kinds.DOCUMENT: "documents.csv",
    kinds.STANDARD: "standards.csv",
    kinds.SUBSIDY: "price_subsidy.csv",
    kinds.HOTLINE: "hotlines.csv",
    kinds.OFFICE: "offices.csv",
    kinds.WORDS: "words.yml",
}


@dataclass(slots=True)
class Content:
    """The nouns of one edition by key, in the order of the files."""

    documents: dict[str, Document] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    standards: dict[str, Standard] = field(default_factory=dict)
    subsidies: dict[str, Subsidy] = field(default_factory=dict)
    hotlines: dict[str, Hotline] = field(default_factory=dict)
    offices: dict[str, Office] = field(default_factory=dict)
    words: dict[str, Words] = field(default_factory=dict)
    places: dict[tuple[str, str], Place] = field(default_factory=dict)

    def place(self, kind: str, key: str) -> Place:
        return self.places[kind, key]


def parse(
    entries: Iterable[Entry], tree: RegionTree, problems: Problems, places: Mapping[tuple[str, str], Place]
) -> Content:
    """Every entry that can be read; what cannot is in `problems`."""
    content = Content(places=dict(places))
    shelves: dict[str, tuple[dict[str, object], Callable[[str, Fields], object]]] = {
        kinds.DOCUMENT: (_shelf(content.documents), lambda key, fields: Document.read(fields)),
        kinds.ANSWER: (_shelf(content.answers), lambda key, fields: Answer.read(fields, tree)),
        kinds.STANDARD: (_shelf(content.standards), lambda key, fields: Standard.read(fields, tree)),
        kinds.SUBSIDY: (_shelf(content.subsidies), lambda key, fields: Subsidy.read(fields, tree)),
        kinds.HOTLINE: (_shelf(content.hotlines), lambda key, fields: Hotline.read(fields, tree)),
        kinds.OFFICE: (_shelf(content.offices), lambda key, fields: Office.read(fields, tree)),
        kinds.WORDS: (_shelf(content.words), Words.read),
    }
    for entry in entries:
        if entry.kind == kinds.FILE:
            continue
        place = content.places.setdefault(
            (entry.kind, entry.key), Place(TABLES.get(entry.kind, entry.kind), 0, entry.key)
        )
        if entry.kind not in shelves:
            problems.at(place)(f"“{entry.kind}”这类条目不认识", "升级程序，或删去这一条")
            continue
        shelf, read = shelves[entry.kind]
        before = len(problems.found)
        noun = read(entry.key, Fields(entry.data, problems.at(place)))
        if len(problems.found) == before:
            shelf[entry.key] = noun
    return content


def _shelf(shelf: dict[str, Noun]) -> dict[str, object]:
    """The same dictionary, for a reader that does not care what it holds."""
    return shelf  # type: ignore[return-value]
