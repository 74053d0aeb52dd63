"""One entry as YAML in one shape only: the same data is always the same text, whoever wrote it and in what order.

Texts of several lines stand as blocks, so that a difference shows the line that changed. Conditions and what is short
stands in one line.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from bot.knowledge.entry import in_order

_WIDTH = 110
_ONE_LINE = ("test", "when", "term", "clause", "fields")
"""Written in one line however long: a condition broken over lines is hard to read as one."""


def block(data: Mapping[str, Any]) -> str:
    """A mapping, one line or block for each value, without a newline at its end."""
    return "\n".join(_line(name, data[name]) for name in in_order(data))


def item(data: Mapping[str, Any], short: bool = True) -> str:
    """A mapping as an item of a list: in one line where it is `short` enough for that."""
    line = flow(data)
    if short and len(line) <= _WIDTH and _flat(data):
        return f"- {line}"
    return "- " + _indented(block(data))


def said(text: str, indent: int) -> str:
    """A text of several lines as a block."""
    lines = text.removesuffix("\n").split("\n")
    if "\n" not in text or not all(line and line == line.strip() and line.isprintable() for line in lines):
        return scalar(text)
    pad = "\n" + " " * indent
    style = "|" if text.endswith("\n") else "|-"
    return f"{style}{pad}" + text.rstrip("\n").replace("\n", pad)


def flow(value: Any) -> str:
    """Anything in one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {flow(value[name])}" for name in in_order(value)) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    return scalar(value, True)


def scalar(text: str, flow: bool = False) -> str:
    """Quoted only where YAML needs it, the way PyYAML does."""
    if text == "":
        return "''"
    holder = [text] if flow else {"k": text}
    dumped = yaml.dump(holder, Dumper=_Plain, allow_unicode=True, width=10_000, default_flow_style=flow).rstrip("\n")
    return dumped[1:-1] if flow else dumped[len("k: ") :]


def _line(name: str, value: Any) -> str:
    if isinstance(value, list) and name not in _ONE_LINE:
        if not value:
            return f"{name}: []"
        return f"{name}:\n" + "\n".join(item(one) if isinstance(one, Mapping) else f"- {_bare(one)}" for one in value)
    if isinstance(value, Mapping) and value and name not in _ONE_LINE and not (_flat(value) and _fits(name, value)):
        return f"{name}:\n  " + _indented(block(value))
    return f"{name}: {said(value, 2) if isinstance(value, str) else flow(value)}"


def _bare(one: Any) -> str:
    return scalar(one) if isinstance(one, str) else flow(one)


def _fits(name: str, value: Mapping[str, Any]) -> bool:
    return len(name) + 2 + len(flow(value)) <= _WIDTH


def _flat(value: Mapping[str, Any]) -> bool:
    """Whether nothing in it wants a line of its own: no long text, no list of mappings (but a condition does not)."""
    return all(
        name in _ONE_LINE
        or (isinstance(one, str) and "\n" not in one)
        or (isinstance(one, list) and all(isinstance(part, str) for part in one))
        for name, one in value.items()
    )


def _indented(text: str) -> str:
    return "\n".join("  " + line if line and at else line for at, line in enumerate(text.split("\n")))


class _Plain(yaml.SafeDumper):
    """Dates stand as they were written (our reader takes every scalar as text); numbers and yes/no are quoted,
    so that other readers take them as text too."""


_Plain.yaml_implicit_resolvers = {
    first: [(tag, rule) for tag, rule in rules if tag != "tag:yaml.org,2002:timestamp"]
    for first, rules in yaml.SafeDumper.yaml_implicit_resolvers.items()
}
