"""Takes an entry's values one by one and notes what is missing, malformed or left over: nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from bot.knowledge.problems import Note
from bot.regions import RegionTree

NATION = "000000"


class Fields:
    """One mapping being read. A value that cannot be used is noted and stands as empty, so that reading goes on."""

    def __init__(self, data: Mapping[str, Any], note: Note, name: str = "") -> None:
        self._left, self._note, self._name = dict(data), note, name

    def text(self, name: str, required: bool = True) -> str:
        value: object = self._left.pop(name, "")
        if not isinstance(value, str):
            self._note(f"{self._said(name)}不是一段文字", "改成文字", self._path(name))
            return ""
        value = value.strip()
        if required and not value:
            self._note(f"缺少{self._said(name)}", "补上", self._path(name))
        return value

    def one_of(self, name: str, allowed: Collection[str], required: bool = True) -> str:
        value = self.text(name, required)
        if value and value not in allowed:
            self._note(
                f"{self._said(name)}是“{value}”，不认识", f"从这些里选：{'、'.join(sorted(allowed))}", self._path(name)
            )
            return ""
        return value

    def several(self, name: str, allowed: Collection[str]) -> tuple[str, ...]:
        """Codes parted by spaces in a table, or a list in a YAML file."""
        value = self._left.pop(name, "")
        given = value.split() if isinstance(value, str) else value
        if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
            self._note(f"{self._said(name)}不是一串代码", "用空格隔开，或写成列表", self._path(name))
            return ()
        for one in given:
            if one not in allowed:
                self._note(
                    f"{self._said(name)}里的“{one}”不认识",
                    f"从这些里选：{'、'.join(sorted(allowed))}",
                    self._path(name),
                )
        return tuple(given)

    def day(self, name: str, required: bool = False) -> date | None:
        value = self.text(name, required)
        if not value:
            return None
        try:
            if not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
                raise ValueError
            return date.fromisoformat(value)
        except ValueError:
            self._note(f"{self._said(name)}“{value}”不是日期", "写成 2026-07-01 这样", self._path(name))
            return None

    def region(self, name: str, tree: RegionTree, default: str = "") -> str:
        value = self.text(name, required=not default) or default
        if value and not knows(tree, value):
            self._note(f"{self._said(name)}“{value}”不在行政区划表里", "查 regions.csv，写六位代码", self._path(name))
            return ""
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        value = self._left.pop(name, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self._note(f"{self._said(name)}不是一列文字", "每行一条，前面写“- ”", self._path(name))
            return ()
        return tuple(one.strip() for one in value)

    def group(self, name: str) -> Fields:
        value = self._left.pop(name, None)
        if not isinstance(value, Mapping):
            self._note(
                f"缺少{self._said(name)}" if value is None else f"{self._said(name)}的写法不对",
                "写成 {from: 2026-07-01} 这样",
                self._path(name),
            )
            return Fields({}, _silent)
        return Fields(value, self._note, self._path(name))

    def groups(self, name: str, single: str = "") -> list[Fields]:
        """A list of mappings; with `single` a bare word stands for a mapping with just that value."""
        value = self._left.pop(name, [])
        if single and isinstance(value, list):
            value = [{single: one} if isinstance(one, str) else one for one in value]
        if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
            self._note(f"{self._said(name)}的写法不对", "每行写成 - {document: 文件, clause: 第几条}", self._path(name))
            return []
        return [Fields(one, self._note, self._path(name)) for one in value]

    def has(self, name: str) -> bool:
        return name in self._left

    def value(self, name: str) -> Any:
        """As it was written; None where it is missing."""
        return self._left.pop(name, None)

    def part(self, name: str, data: Mapping[str, Any]) -> Fields:
        """A mapping found inside a value, read under this name."""
        return Fields(data, self._note, self._path(name))

    def complain(self, name: str, what: str, todo: str) -> None:
        self._note(f"{self._said(name)}{what}", todo, self._path(name))

    def end(self) -> None:
        """Everything was asked for: what is left is a mistake (a typo in a key loses a rule without a word)."""
        for name in self._left:
            self._note(f"{self._said(name)}不认识", "改正这个名字，或删去", self._path(name))

    def _path(self, name: str) -> str:
        return f"{self._name}.{name}" if self._name else name

    def _said(self, name: str) -> str:
        return f"“{self._path(name)}”"


def knows(tree: RegionTree, code: str) -> bool:
    try:
        tree.get(code)
    except LookupError:
        return False
    return True


def _silent(what: str, todo: str, at: str = "") -> None:
    """A missing group was noted once; its parts need no notes of their own."""
