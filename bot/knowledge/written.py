"""Entries as plain files again, byte for byte the same each time: an exported folder loads to the same edition."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.knowledge import entry as kinds
from bot.knowledge.entry import Entry, in_order
from bot.knowledge.files import COLUMNS, FOLDERS, LISTS, OPTIONAL, OPTIONAL_COLUMNS, WORDS_FILE
from bot.knowledge.written_yaml import block, item, said

_NEW_ANSWERS = "faq/new.yml"
_Shelf = Mapping[str, Mapping[str, Any]]


def write_files(entries: Iterable[Entry]) -> dict[str, bytes]:
    """The content of every file, by its name in the folder."""
    shelves: dict[str, dict[str, Mapping[str, Any]]] = {kind: {} for kind in kinds.KINDS}
    for entry in entries:
        shelves[entry.kind][entry.key] = entry.data
    layouts = dict(sorted(shelves[kinds.FILE].items()))
    layout = {name: [str(key) for key in data["entries"]] for name, data in layouts.items()}
    above = {name: data.get("comments", {}) for name, data in layouts.items()}
    files: dict[str, str] = {}
    for name, (kind, columns) in COLUMNS.items():
        if name in OPTIONAL and not shelves[kind] and name not in layout:
            continue
        used = {column for data in shelves[kind].values() for column in data}
        left_out = OPTIONAL_COLUMNS.get(name, frozenset()) - used
        rows = _ordered(shelves[kind], layout.get(name, [])).values()
        files[name] = _table([column for column in columns if column not in left_out], rows)
    files[WORDS_FILE] = _words(_ordered(shelves[kinds.WORDS], layout.get(WORDS_FILE, [])), above.get(WORDS_FILE, {}))
    for name, (kind, top, _) in LISTS.items():
        if shelves[kind] or name in layout:
            files[name] = _list(top, _ordered(shelves[kind], layout.get(name, [])), above.get(name, {}))
    for folder, (kind, top) in FOLDERS.items():
        for key, data in shelves[kind].items():
            files[f"{folder}/{key}.yml"] = f"{top}:\n" + _pushed(block(data), 2) + "\n"
    placed = {name: keys for name, keys in layout.items() if name.startswith("faq/")}
    known = {key for keys in placed.values() for key in keys}
    placed.setdefault(_NEW_ANSWERS, []).extend(sorted(set(shelves[kinds.ANSWER]) - known))
    for name, keys in placed.items():
        answers = {key: shelves[kinds.ANSWER][key] for key in keys if key in shelves[kinds.ANSWER]}
        if answers:
            files[name] = _list("answers", answers, above.get(name, {}))
    return {name: (str(layouts.get(name, {}).get("head", "")) + text).encode() for name, text in files.items()}


def _ordered(shelf: _Shelf, keys: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """In the order of the file they came from; what was added since stands at the end."""
    first = [key for key in keys if key in shelf]
    return {key: shelf[key] for key in (*first, *sorted(set(shelf) - set(first)))}


def _table(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def _words(shelf: _Shelf, above: Mapping[str, str]) -> str:
    lines = ["words:"]
    for key, data in shelf.items():
        if key in above:
            lines.append(_pushed(above[key], 2))
        if set(data) == {"text"}:
            lines.append(f"  {key}: {said(data['text'], 4)}")
        else:
            lines.append(f"  {key}:")
            lines += [f"    {name}: {said(data[name], 6)}" for name in in_order(data)]
    return "\n".join(lines) + "\n"


def _list(top: str, shelf: _Shelf, above: Mapping[str, str]) -> str:
    entries = ((above[key] + "\n" if key in above else "") + item(data, short=False) for key, data in shelf.items())
    return f"{top}:\n" + "".join(f"{entry}\n\n" for entry in entries).removesuffix("\n")


def _pushed(text: str, by: int) -> str:
    return "\n".join(" " * by + line if line else line for line in text.split("\n"))
