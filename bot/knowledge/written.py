"""Entries as plain files again, byte for byte the same each time: an exported folder loads to the same edition."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import yaml

from bot.knowledge import entry as kinds
from bot.knowledge.entry import Entry, in_order
from bot.knowledge.files import COLUMNS, WORDS_FILE

_NEW_ANSWERS = "faq/new.yml"


def write_files(entries: Iterable[Entry]) -> dict[str, bytes]:
    """The content of every file, by its name in the folder."""
    shelves: dict[str, dict[str, Mapping[str, Any]]] = {kind: {} for kind in kinds.KINDS}
    for entry in entries:
        shelves[entry.kind][entry.key] = entry.data
    layout = {name: [str(key) for key in data["entries"]] for name, data in sorted(shelves[kinds.FILE].items())}
    heads = {name: str(data.get("head", "")) for name, data in shelves[kinds.FILE].items()}
    files: dict[str, str] = {}
    for name, (kind, columns) in COLUMNS.items():
        files[name] = _table(columns, _ordered(shelves[kind], layout.get(name, [])).values())
    files[WORDS_FILE] = _words(_ordered(shelves[kinds.WORDS], layout.get(WORDS_FILE, [])))
    placed = {name: keys for name, keys in layout.items() if name.startswith("faq/")}
    known = {key for keys in placed.values() for key in keys}
    placed.setdefault(_NEW_ANSWERS, []).extend(sorted(set(shelves[kinds.ANSWER]) - known))
    for name, keys in placed.items():
        answers = [shelves[kinds.ANSWER][key] for key in keys if key in shelves[kinds.ANSWER]]
        if answers:
            files[name] = "answers:\n" + "\n".join(_answer(answer) for answer in answers)
    return {name: (heads.get(name, "") + text).encode() for name, text in files.items()}


def _ordered(shelf: Mapping[str, Mapping[str, Any]], keys: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """In the order of the file they came from; what was added since stands at the end."""
    first = [key for key in keys if key in shelf]
    return {key: shelf[key] for key in (*first, *sorted(set(shelf) - set(first)))}


def _table(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def _words(shelf: Mapping[str, Mapping[str, Any]]) -> str:
    lines = ["words:"]
    for key, data in shelf.items():
        if set(data) == {"text"}:
            lines.append(f"  {key}: {_said(data['text'], 4)}")
        else:
            lines.append(f"  {key}:")
            lines += [f"    {name}: {_said(data[name], 6)}" for name in in_order(data)]
    return "\n".join(lines) + "\n"


def _answer(data: Mapping[str, Any]) -> str:
    lines = []
    for name in in_order(data):
        value = data[name]
        if isinstance(value, list):
            lines.append(f"{name}:" if value else f"{name}: []")
            lines += [f"- {_scalar(one) if isinstance(one, str) else _flow(one)}" for one in value]
        elif isinstance(value, Mapping):
            lines.append(f"{name}: {_flow(value)}")
        else:
            lines.append(f"{name}: {_said(value, 2)}")
    return "- " + "\n  ".join("\n".join(lines).split("\n")) + "\n"


def _said(text: str, indent: int) -> str:
    """A text of several lines as a block, so that a difference shows the line that changed."""
    lines = text.removesuffix("\n").split("\n")
    if "\n" not in text or not all(line and line == line.strip() and line.isprintable() for line in lines):
        return _scalar(text)
    pad = "\n" + " " * indent
    style = "|" if text.endswith("\n") else "|-"
    return f"{style}{pad}" + text.rstrip("\n").replace("\n", pad)


def _flow(value: Mapping[str, Any]) -> str:
    parts = []
    for name in in_order(value):
        one = value[name]
        said = f"[{', '.join(_scalar(part, True) for part in one)}]" if isinstance(one, list) else _scalar(one, True)
        parts.append(f"{name}: {said}")
    return "{" + ", ".join(parts) + "}"


def _scalar(text: str, flow: bool = False) -> str:
    """Quoted only where YAML needs it, the way PyYAML does."""
    if text == "":
        return "''"
    holder = [text] if flow else {"k": text}
    dumped = yaml.dump(holder, Dumper=_Plain, allow_unicode=True, width=10_000, default_flow_style=flow).rstrip("\n")
    return dumped[1:-1] if flow else dumped[len("k: ") :]


class _Plain(yaml.SafeDumper):
    """Dates stand as they were written (our reader takes every scalar as text); numbers and yes/no are quoted,
    so that other readers take them as text too."""


_Plain.yaml_implicit_resolvers = {
    first: [(tag, rule) for tag, rule in rules if tag != "tag:yaml.org,2002:timestamp"]
    for first, rules in yaml.SafeDumper.yaml_implicit_resolvers.items()
}
