"""The answers of a case as an officer sees them before they say why they need more. Pure.

Of a number its ends are shown, of a name the family name; what was chosen from a list stands as it is; sums, dates,
addresses, own words and whatever the field calls sensitive are hidden whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.desk.cases.rights import masked_name
from bot.forms import summary
from bot.forms.model import Field, Form, Given, Kind, State, split_path
from bot.forms.readers.showing import show
from bot.regions import RegionTree

HIDDEN = "已填，未显示"
_ENDS = {Kind.IDENTITY, Kind.PHONE, Kind.BANK_CARD, Kind.NAME}
"""Shown in part, also where they are sensitive."""
_PLAIN = {Kind.NUMBER, Kind.YES_NO, Kind.CHOICE, Kind.CHOICES, Kind.PAPER}
_FIRST_NAME = re.compile("[㐀-䶿一-鿿〇·]{2,15}")


@dataclass(frozen=True, slots=True)
class Answer:
    section: str
    label: str
    shown: str
    path: str
    """The first of its fields: by this it is asked for in full."""
    paths: tuple[str, ...]
    hidden: bool
    """More is known than is shown."""
    message: str
    """The message it was said in; empty: not in a chat."""


def fields_of(form: Form | None) -> dict[str, Field]:
    return {asked.field.key: asked.field for step in form.steps for asked in step.fields} if form else {}


def answers_of(
    form: Form | None,
    answers: Mapping[str, Given],
    today: date,
    regions: RegionTree,
    revealed: Sequence[str] = (),
    library: Mapping[str, Field] | None = None,
) -> list[Answer]:
    """In the order of the form; what another edition, or another form (`library`: its fields), asked stands at the end.
    `revealed`: paths, or `section:收入`."""
    fields, names = fields_of(form), names_in(answers)
    found = []
    masked = summary.lines(form, answers, today, masked=True, regions=regions) if form else []
    whole = summary.lines(form, answers, today, masked=False, regions=regions) if form else []
    for line, full in zip(masked, whole, strict=True):
        known = [fields[key] for path in line.paths if (key := split_path(path)[1]) in fields]
        told = any(answers[path].state is State.SAID for path in line.paths)
        secret = told and (len(known) < len(line.paths) or any(_secret(field) for field in known))
        partly = told and any(field.kind in _ENDS for field in known)
        in_full = f"section:{line.section}" in revealed or any(path in revealed for path in line.paths)
        shown = full.shown if in_full else (HIDDEN if secret else without_names(line.shown, names))
        label = full.label if in_full else without_names(line.label, names)
        hidden = (secret or partly) and not in_full
        message = next((answers[path].message for path in line.paths if answers[path].message), "")
        found.append(Answer(line.section, label, shown, line.paths[0], line.paths, hidden, message))
    printed = {path for line in masked for path in line.paths}
    for path, given in sorted(answers.items()):
        key = split_path(path)[1]
        field = fields.get(key) or (library or {}).get(key)
        if path in printed or (field and field.kind is Kind.AGREE):
            continue
        in_full = path in revealed or "section:其他回答" in revealed
        said = given.value is not None
        shown = _in_words(field, given.value, regions) if said and in_full else (HIDDEN if said else "没说")
        label = field.label if field else path
        found.append(Answer("其他回答", label, shown, path, (path,), said and not in_full, given.message))
    return found


def _in_words(field: Field | None, value: Any, regions: RegionTree) -> str:
    """As the form would say it; an answer no form of this edition asks for, as it was kept."""
    try:
        return show(field, value, False, regions) if field else str(value)
    except (KeyError, TypeError, ValueError):  # kept by an edition whose field was of another kind
        return str(value)


def names_in(answers: Mapping[str, Given]) -> list[str]:
    """Every name that was told, the longest first."""
    told = {
        str(given.value)
        for path, given in answers.items()
        if split_path(path)[1].endswith("name")
        and given.state is State.SAID
        and _FIRST_NAME.fullmatch(str(given.value))
    }
    return sorted(told, key=len, reverse=True)


def without_names(text: str, names: Sequence[str]) -> str:
    for name in names:
        text = text.replace(name, masked_name(name))
    return text


def _secret(field: Field) -> bool:
    if field.kind in _ENDS:
        return False
    return field.sensitive or field.private or field.kind not in _PLAIN
