"""An entry as the cells of a row, and the cells as an entry again.

What a row does not touch stays as it was, down to the last sign: a cell that still says what was exported changes nothing,
and values a sheet has no column for are kept. So a table that went out and came back is the same edition.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any

from bot.hours import DAYS
from bot.knowledge.entry import Entry
from bot.knowledge.files import row_key
from bot.knowledge.workbook.inert import shown
from bot.knowledge.workbook.sheets import ANSWERS, Column, Shape, Sheet

BAR = "｜"
_PARTED = str.maketrans({"、": " ", "，": " ", ",": " ", "；": " ", ";": " ", "/": " "})

_DAYS = dict(zip(DAYS, ("周一", "周二", "周三", "周四", "周五", "周六", "周日"), strict=True))
_DAY = re.compile(rf"({'|'.join(DAYS)})(?:-({'|'.join(DAYS)}))?")
_SIGNS = str.maketrans(
    {"：": ":", "；": ";", "—": "-", "–": "-", "至": "-", "到": "-", "，": " ", "、": " ", "\n": " "}
)


def cells_of(sheet: Sheet, data: Mapping[str, Any]) -> dict[str, str]:
    """Column name → what stands in the cell."""
    return {column.name: shown(_said(column, _found(data, column.name))) for column in sheet.columns}


def data_of(sheet: Sheet, cells: Mapping[str, str], before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The entry's data; `before`: what the row was exported from."""
    data: dict[str, Any] = copy.deepcopy(dict(before or {}))
    kept = cells_of(sheet, before) if before is not None else {}
    for column in sheet.columns:
        cell = shown(cells.get(column.name, ""))
        if kept.get(column.name) == cell:
            continue
        _put(data, column.name, _read(column, cell, _found(data, column.name)))
    return data


def key_of(sheet: Sheet, data: Mapping[str, Any]) -> str:
    """What the entry is called. The store keeps answers, like all that has an id, under it."""
    return str(data.get("id", "")) if sheet is ANSWERS else row_key(sheet.kind, data)


def entry_of(sheet: Sheet, data: Mapping[str, Any]) -> Entry:
    return Entry(sheet.kind, key_of(sheet, data), data)


def _found(data: Mapping[str, Any], name: str) -> Any:
    outer, _, inner = name.partition(".")
    value = data.get(outer)
    return value.get(inner) if inner and isinstance(value, Mapping) else None if inner else value


def _put(data: dict[str, Any], name: str, value: Any) -> None:
    outer, _, inner = name.partition(".")
    if inner:
        group = data.setdefault(outer, {})
        if isinstance(group, dict):
            _put(group, inner, value)
    elif value:
        data[outer] = value
    else:
        data.pop(outer, None)


def _said(column: Column, value: Any) -> str:
    if value is None:
        return ""
    match column.shape:
        case Shape.ONE:
            return column.choices.get(str(value), str(value))
        case Shape.CODES:
            return "、".join(column.choices.get(code, code) for code in str(value).split())
        case Shape.SEVERAL:
            given = value.split() if isinstance(value, str) else value
            return "、".join(column.choices.get(str(code), str(code)) for code in given)
        case Shape.LINES:
            return "\n".join(str(one) for one in value)
        case Shape.CLAUSES:
            return "\n".join(_clause(one) for one in value)
        case Shape.SPANS:
            return _DAY.sub(
                lambda found: f"{_DAYS[found[1]]}到{_DAYS[found[2]]}" if found[2] else _DAYS[found[1]], str(value)
            )
    return str(value)


def _clause(one: Any) -> str:
    if not isinstance(one, Mapping):
        return str(one)
    document, clause = str(one.get("document", "")), str(one.get("clause", ""))
    return f"{document}{BAR}{clause}" if clause else document


def _read(column: Column, cell: str, before: Any) -> Any:
    codes = {name: code for code, name in column.choices.items()}
    text = cell.strip()
    match column.shape:
        case Shape.ONE:
            return codes.get(text, text)
        case Shape.CODES | Shape.SEVERAL:
            given = [codes.get(word, word) for word in text.translate(_PARTED).split()]
            return given if column.shape is Shape.SEVERAL else " ".join(given)
        case Shape.LINES:
            return [line.strip() for line in text.split("\n") if line.strip()]
        case Shape.CLAUSES:
            return [_clause_of(line) for line in text.split("\n") if line.strip()]
        case Shape.SPANS:
            return _spans(text)
    # Texts of several lines end with a line break in our files, so that a difference shows just what was touched.
    several = "\n" in text or (isinstance(before, str) and before.endswith("\n"))
    return text + "\n" if text and column.name == "text" and several else text


def _clause_of(line: str) -> dict[str, str]:
    document, _, clause = (part.strip() for part in line.replace("|", BAR).partition(BAR))
    return {"document": document, "clause": clause} if clause else {"document": document}


def _spans(text: str) -> str:
    """As the content files write it; what is not understood stays as it is, for the check to name."""
    said = text.translate(_SIGNS)
    for code, name in [*_DAYS.items(), ("sun", "周天")]:
        said = said.replace(name.replace("周", "星期"), code).replace(name, code)
    said = re.sub(r"-+", "-", re.sub(r" *- *", "-", said))
    said = re.sub(r"(?<![\d:])(\d:\d\d)", r"0\1", said)
    return "; ".join(" ".join(part.split()) for part in said.split(";") if part.strip())
