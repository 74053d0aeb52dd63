"""What changed between two editions, line by line, as an editor would say it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.knowledge.entry import KINDS, Entry, in_order, shelf_of
from bot.knowledge.written_yaml import flow


class How(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Change:
    """One entry that differs. `lines` begin with `-` (before) or `+` (after)."""

    how: How
    kind: str
    key: str
    lines: tuple[str, ...]


def difference(before: Iterable[Entry], after: Iterable[Entry]) -> tuple[Change, ...]:
    """Every entry added, changed or removed, by kind; where an entry stands in its file is no change."""
    old, new = shelf_of(before), shelf_of(after)
    changes = [_change(kind, key, old.get((kind, key)), new.get((kind, key))) for kind, key in {**old, **new}]
    return tuple(
        sorted((change for change in changes if change), key=lambda change: (KINDS.index(change.kind), change.how))
    )


def _change(kind: str, key: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Change | None:
    if old == new:
        return None
    how = How.ADDED if old is None else How.REMOVED if new is None else How.CHANGED
    lines = difflib.ndiff(lines_of(old or {}), lines_of(new or {}))
    return Change(how, kind, key, tuple(line for line in lines if line[0] in "+-"))


def lines_of(data: Mapping[str, Any], under: str = "") -> list[str]:
    """One line for each line of text, list item and value, so that a difference shows just what was touched."""
    lines: list[str] = []
    for name in in_order(data):
        value, name = data[name], under + name
        if isinstance(value, Mapping) and any(isinstance(one, list) and one for one in value.values()):
            lines += lines_of(value, f"{name}.")
            continue
        parts = (
            value if isinstance(value, list) else str(value).strip().split("\n") if isinstance(value, str) else [value]
        )
        lines += [f"{name}: {_said(part)}" for part in parts]
    return lines


def _said(part: Any) -> str:
    if not isinstance(part, Mapping):
        return flow(part) if isinstance(part, list) else str(part)
    if any(not isinstance(value, str) for value in part.values()):
        return flow(part)
    return " ".join(part[name] for name in in_order(part) if part[name])
