"""One entry as it would stand among the others: what `content check` would say of it, while somebody still writes it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.knowledge import check_answers, check_cells, check_figures, check_guards
from bot.knowledge import entry as kinds
from bot.knowledge.check import check_contacts, check_documents, check_words
from bot.knowledge.content import Content, parse
from bot.knowledge.entry import Entry
from bot.knowledge.problems import Place, Problem, Problems
from bot.regions import RegionTree

_SHELVES = {
    kinds.ANSWER: "answers",
    kinds.DOCUMENT: "documents",
    kinds.STANDARD: "standards",
    kinds.SUBSIDY: "subsidies",
    kinds.HOTLINE: "hotlines",
    kinds.OFFICE: "offices",
    kinds.HOURS: "hours",
    kinds.WORDS: "words",
    kinds.PROTECTED: "protected",
}
EDITED = frozenset(_SHELVES)
"""The kinds that can be looked at one by one."""
_HERE = "·"
"""The file our entry stands in meanwhile: how its problems are told from those of others."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What is wrong with one entry; `read`: whether it could be read at all, so that the rest was looked at too."""

    read: bool
    refusals: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def look(content: Content, entry: Entry, replaces: str, regions: RegionTree, day: date) -> Looked:
    """`replaces`: the key it is published under; empty for a new one. Raises KeyError for a kind not in EDITED."""
    shelf = _SHELVES[entry.kind]
    problems, warnings = Problems(), Problems()
    place = Place(_HERE, 0, entry.key)
    read: Mapping[str, Any] = getattr(parse([entry], regions, problems, {(entry.kind, entry.key): place}), shelf)
    if entry.key not in read:
        if entry.kind == kinds.ANSWER:
            check_answers.language(_text(entry, "text"), _text(entry, "short"), warnings.at(place))
        return Looked(False, _ours(problems), _ours(warnings))
    # Behind all others: of two that are in each other's way, the last is named.
    others = {key: noun for key, noun in getattr(content, shelf).items() if key not in (replaces, entry.key)}
    places = {**content.places, (entry.kind, entry.key): place}
    together = replace(content, **{shelf: {**others, entry.key: read[entry.key]}, "places": places})
    known = set(together.documents)
    check_cells.check([entry], together, problems)
    match entry.kind:
        case kinds.ANSWER:
            check_answers.check(together, known, regions, problems, warnings, day, only=entry.key)
        case kinds.STANDARD | kinds.SUBSIDY:
            check_figures.check(together, known, regions, problems, warnings)
        case kinds.HOTLINE:
            check_contacts(together, known, problems)
        case kinds.DOCUMENT:
            check_documents(together, known, regions, problems, day)
        case kinds.PROTECTED:
            check_guards.check(together, problems)
        case kinds.WORDS:
            check_words(together, problems)
    return Looked(True, _ours(problems), _ours(warnings))


def _ours(problems: Problems) -> tuple[Problem, ...]:
    return tuple(dict.fromkeys(one for one in problems.found if one.file == _HERE))


def _text(entry: Entry, name: str) -> str:
    value = entry.data.get(name, "")
    return value if isinstance(value, str) else ""
