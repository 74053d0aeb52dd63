"""All entries of an edition, parsed strictly into nouns, each with the place it came from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from bot.forms.consents import ConsentText
from bot.forms.files import read_consent, read_field, read_form
from bot.forms.model import Field, Form
from bot.knowledge import entry as kinds
from bot.knowledge.answers import Answer
from bot.knowledge.contacts import Hotline, Office
from bot.knowledge.documents import Document
from bot.knowledge.entry import Entry
from bot.knowledge.fields import Fields
from bot.knowledge.problems import Place, Problems
from bot.knowledge.protected import Protected
from bot.knowledge.service_hours import ServiceHours
from bot.knowledge.standards import Standard
from bot.knowledge.stops import Stop
from bot.knowledge.subsidies import Subsidy
from bot.knowledge.words import Words
from bot.programmes.files import read_programme
from bot.programmes.model import Programme
from bot.regions import RegionTree

Noun = TypeVar("Noun")
TABLES = {
    kinds.DOCUMENT: "documents.csv",
    kinds.STANDARD: "standards.csv",
    kinds.SUBSIDY: "price_subsidy.csv",
    kinds.HOTLINE: "hotlines.csv",
    kinds.OFFICE: "offices.csv",
    kinds.HOURS: "hours.csv",
    kinds.STOP: "stops.csv",
    kinds.PROTECTED: "protected.csv",
    kinds.WORDS: "words.yml",
    kinds.FIELD: "fields.yml",
    kinds.CONSENT: "consents.yml",
}
SHARED = "shared"
"""The form nobody opens: it holds the steps that several forms take over."""


@dataclass(slots=True)
class Content:
    """The nouns of one edition by key, in the order of the files."""

    documents: dict[str, Document] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    standards: dict[str, Standard] = field(default_factory=dict)
    subsidies: dict[str, Subsidy] = field(default_factory=dict)
    hotlines: dict[str, Hotline] = field(default_factory=dict)
    offices: dict[str, Office] = field(default_factory=dict)
    hours: dict[str, ServiceHours] = field(default_factory=dict)
    words: dict[str, Words] = field(default_factory=dict)
    fields: dict[str, Field] = field(default_factory=dict)
    consents: dict[str, ConsentText] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)
    programmes: dict[str, Programme] = field(default_factory=dict)
    stops: dict[str, Stop] = field(default_factory=dict)
    protected: dict[str, Protected] = field(default_factory=dict)
    places: dict[tuple[str, str], Place] = field(default_factory=dict)

    def place(self, kind: str, key: str) -> Place:
        return self.places[kind, key]


def parse(
    entries: Iterable[Entry], tree: RegionTree, problems: Problems, places: Mapping[tuple[str, str], Place]
) -> Content:
    """Every entry that can be read; what cannot is in `problems`."""
    content = Content(places=dict(places))
    # A form is made of fields, so these are read first; and it may take steps over from the shared form.
    entries = sorted(entries, key=lambda entry: entry.kind == kinds.FORM)
    shared = next((one.data.get("steps") for one in entries if (one.kind, one.key) == (kinds.FORM, SHARED)), None)
    steps = shared if isinstance(shared, list) else ()
    shelves: dict[str, tuple[dict[str, object], Callable[[str, Fields], object]]] = {
        kinds.DOCUMENT: (_shelf(content.documents), lambda key, fields: Document.read(fields)),
        kinds.ANSWER: (_shelf(content.answers), lambda key, fields: Answer.read(fields, tree)),
        kinds.STANDARD: (_shelf(content.standards), lambda key, fields: Standard.read(fields, tree)),
        kinds.SUBSIDY: (_shelf(content.subsidies), lambda key, fields: Subsidy.read(fields, tree)),
        kinds.HOTLINE: (_shelf(content.hotlines), lambda key, fields: Hotline.read(fields, tree)),
        kinds.OFFICE: (_shelf(content.offices), lambda key, fields: Office.read(fields, tree)),
        kinds.HOURS: (_shelf(content.hours), lambda key, fields: ServiceHours.read(fields, tree)),
        kinds.STOP: (_shelf(content.stops), lambda key, fields: Stop.read(fields, tree)),
        kinds.PROTECTED: (_shelf(content.protected), lambda key, fields: Protected.read(fields, tree)),
        kinds.WORDS: (_shelf(content.words), Words.read),
        kinds.FIELD: (_shelf(content.fields), lambda key, fields: read_field(fields)),
        kinds.CONSENT: (_shelf(content.consents), lambda key, fields: read_consent(fields)),
        kinds.FORM: (_shelf(content.forms), lambda key, fields: read_form(fields, content.fields, steps)),
        kinds.PROGRAMME: (_shelf(content.programmes), lambda key, fields: read_programme(fields, tree)),
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
