"""An edition with changes applied: what would be published. Pure; the order in the files is kept, so that it exports cleanly."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from bot.errors import BadInput
from bot.knowledge import entry as kinds
from bot.knowledge.entry import Entry
from bot.knowledge.fields import NATION
from bot.knowledge.files import COLUMNS, FOLDERS, LISTS, OPTIONAL, WORDS_FILE, row_key

_ROWS = frozenset({kinds.STANDARD, kinds.SUBSIDY, kinds.OFFICE, kinds.HOURS})
"""Kinds without an id: what makes a row the only one names it, so its key follows its data."""
_CALLED_BY = {kinds.FIELD: "key"}
_NEW_ANSWERS = "faq/new.yml"


class Change(NamedTuple):
    """One entry to put in the place of what stands under its key; `data` None: to take away."""

    kind: str
    key: str
    data: Mapping[str, Any] | None


def entry_key(kind: str, key: str, data: Mapping[str, Any]) -> str:
    """The key of the entry this data makes. Raises BadInput where an id was changed: that would be another entry."""
    if kind in _ROWS:
        return row_key(kind, data)
    if kind == kinds.WORDS:
        return key
    name = _CALLED_BY.get(kind, "id")
    if str(data.get(name, "")).strip() != key:
        raise BadInput(f"“{key}”的编号不能改；要换编号，请另建一条，再把这条去掉")
    return key


def entry_digest(data: Mapping[str, Any] | None) -> str:
    """Names what an entry holds; empty for one that is not there."""
    if data is None:
        return ""
    plain = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def region_of(kind: str, data: Mapping[str, Any]) -> str:
    """The place an entry holds for; the nation where it names none."""
    if kind == kinds.ANSWER:
        scope = data.get("scope")
        return str(scope.get("region") or NATION) if isinstance(scope, Mapping) else NATION
    return str(data.get("region") or NATION)


def applied(entries: Iterable[Entry], changes: Sequence[Change]) -> list[Entry]:
    """The entries with the changes, each where its predecessor stood, new ones behind. Raises BadInput for two under one
    name."""
    left = {(change.kind, change.key): change for change in changes}
    if len(left) != len(changes):
        raise BadInput("同一条内容在这次发布里出现了两次，请只留一份")
    made: list[Entry] = []
    for entry in entries:
        change = left.pop((entry.kind, entry.key), None)
        if change is None:
            made.append(entry)
        elif change.data is not None:
            made.append(_entry(change, change.data))
    for change in left.values():
        if change.data is None:
            raise BadInput(f"“{change.key}”已经不在现用的版本里了，不用再去掉")
        made.append(_entry(change, change.data))
    seen: set[tuple[str, str]] = set()
    for entry in made:
        if (entry.kind, entry.key) in seen:
            raise BadInput(f"已经有一条“{entry.key}”了；请打开那一条来改")
        seen.add((entry.kind, entry.key))
    return _laid_out(made)


def _entry(change: Change, data: Mapping[str, Any]) -> Entry:
    return Entry(change.kind, entry_key(change.kind, change.key, data), data)


def _laid_out(entries: list[Entry]) -> list[Entry]:
    """With the layout of the files made true again: an export of it loads to the same edition. Entries that came from no
    file have no layout and need none."""
    layouts = {entry.key: dict(entry.data) for entry in entries if entry.kind == kinds.FILE}
    if not layouts:
        return entries
    there: dict[str, dict[str, Entry]] = {}
    for entry in entries:
        there.setdefault(entry.kind, {})[entry.key] = entry
    wanted: dict[str, list[str]] = {}
    for name, kind in _single_files().items():
        keys = list(there.get(kind, {}))
        if keys or (name in layouts and name not in LISTS and name not in OPTIONAL):
            wanted[name] = _in_order(layouts.get(name), keys)
    for folder, (kind, _) in FOLDERS.items():
        for key in there.get(kind, {}):
            wanted[f"{folder}/{key}.yml"] = [key]
    wanted |= _answer_files(layouts, there.get(kinds.ANSWER, {}))
    first = next(at for at, entry in enumerate(entries) if entry.kind == kinds.FILE)
    names = [*(name for name in layouts if name in wanted), *sorted(set(wanted) - set(layouts))]
    files = [Entry(kinds.FILE, name, _layout(layouts.get(name, {}), wanted[name])) for name in names]
    rest = [entry for entry in entries if entry.kind != kinds.FILE]
    before = sum(entry.kind != kinds.FILE for entry in entries[:first])
    return [*rest[:before], *files, *rest[before:]]


def _single_files() -> dict[str, str]:
    tables = {name: kind for name, (kind, _) in COLUMNS.items()}
    return {**tables, WORDS_FILE: kinds.WORDS, **{name: kind for name, (kind, _, _) in LISTS.items()}}


def _in_order(layout: Mapping[str, Any] | None, keys: Iterable[str]) -> list[str]:
    known = [str(key) for key in (layout or {}).get("entries", [])]
    present = set(keys)
    first = [key for key in known if key in present]
    return [*first, *sorted(present - set(first))]


def _answer_files(layouts: Mapping[str, Mapping[str, Any]], answers: Mapping[str, Entry]) -> dict[str, list[str]]:
    """A new answer stands at the end of the file that holds most of its programme."""
    files = {
        name: [str(key) for key in data["entries"] if str(key) in answers]
        for name, data in layouts.items()
        if name.startswith("faq/")
    }
    homes: dict[tuple[str, str], int] = {}
    for name, keys in files.items():
        for key in keys:
            programme = str(answers[key].data.get("programme", ""))
            homes[programme, name] = homes.get((programme, name), 0) + 1
    placed = {key for keys in files.values() for key in keys}
    for key in sorted(set(answers) - placed):
        programme = str(answers[key].data.get("programme", ""))
        fitting = sorted((-count, name) for (one, name), count in homes.items() if one == programme)
        files.setdefault(fitting[0][1] if fitting else _NEW_ANSWERS, []).append(key)
    return {name: keys for name, keys in files.items() if keys}


def _layout(before: Mapping[str, Any], keys: list[str]) -> dict[str, Any]:
    layout = {**before, "entries": keys}
    comments = {key: said for key, said in dict(before.get("comments", {})).items() if key in keys}
    if comments:
        layout["comments"] = comments
    else:
        layout.pop("comments", None)
    return layout
