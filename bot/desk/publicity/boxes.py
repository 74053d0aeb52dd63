"""An entry as boxes of a page, and what was typed into them as an entry again: one page for every kind, from its columns.

What nobody touched stays as it was, down to the last sign; the rules are the workbook's, so that page and table say the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.desk.casework.listing import place_code
from bot.desk.desk import Desk
from bot.desk.publicity import expecting
from bot.desk.publicity.sheets import EDITABLE
from bot.errors import BadInput
from bot.hours import DAYS, Week, week_of
from bot.knowledge import entry as kinds
from bot.knowledge.fields import NATION, knows
from bot.knowledge.service_hours import spans_of, times_of
from bot.knowledge.workbook.cells import BAR, cells_of, data_of
from bot.knowledge.workbook.sheets import Column, Shape

Sent = Callable[[str], Sequence[str]]
"""All values that came under a name; none: the page had no such box."""
LONG = frozenset({"text", "short", "say", "serves", "note"})
_REGIONS = frozenset({"region", "scope.region"})
_DOCUMENTS = frozenset({"document", "notice", "replaced_by"})
_DAYS = frozenset({"scope.from", "scope.to", "to", "paid_on", "dated", "in_force_from", "in_force_to"})
_FILLED = frozenset({"region_name"})
"""What the place says already."""
_QUIET = frozenset({"id", "aspect"})
"""Names the program needs and no resident reads; fixed once an entry is there."""
_EXPECT = "expect"
_ROOM = 2
"""Empty rows for further clauses: enough without a script, which adds more."""
_DAY_NAMES = dict(zip(DAYS, ("周一", "周二", "周三", "周四", "周五", "周六", "周日"), strict=True))
_DAY = re.compile(r"[12]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", re.ASCII)
_TIME = re.compile(r"(?<!\d)(\d{1,2})[:：](\d\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class Box:
    """One value on the page. `how`: line, long, lines, one, many, clauses, region, day, document, week, expect."""

    name: str
    title: str
    help: str
    how: str
    value: str = ""
    needed: bool = False
    choices: tuple[tuple[str, str, bool], ...] = ()
    """Code, what it is called, whether it is chosen."""
    rows: tuple[tuple[str, str], ...] = ()
    """Clauses: document and clause. Weeks: the day's name and its times."""

    @property
    def whole_day(self) -> bool:
        """Whether a calendar can show it: something else that was typed must not get lost in one."""
        return not self.value or bool(_DAY.fullmatch(self.value))


def boxes(desk: Desk, kind: str, data: Mapping[str, Any], *, new: bool = False) -> tuple[Box, ...]:
    """Raises BadInput for a kind that is not edited here. `new`: what it is called by can still be chosen."""
    quiet = _QUIET - {"id"} if new and kind == kinds.DOCUMENT else _QUIET
    cells = cells_of(_sheet(kind), data)
    return tuple(
        _week_box(data) if column.name == "spans" else _box(desk, column, cells[column.name])
        for column in _sheet(kind).columns
        if column.name not in _FILLED | quiet
    )


def read(desk: Desk, kind: str, sent: Sent, before: Mapping[str, Any]) -> dict[str, Any]:
    """What the boxes say, over what was there."""
    sheet, cells = _sheet(kind), cells_of(_sheet(kind), before)
    for column in sheet.columns:
        if column.name in _FILLED or not (sent(column.name) or sent(f"has.{column.name}")):
            continue
        cells[column.name] = _typed(desk, column, sent, cells[column.name], before)
    data = data_of(sheet, cells, before)
    if "region_name" in cells:
        _name_place(desk, data)
    return data


def place_shown(desk: Desk, code: str) -> str:
    """420111 湖北省武汉市洪山区: the code says which, the name lets people see it."""
    return f"{code} {desk.regions.full_name(code)}" if knows(desk.regions, code) else code


def place_typed(desk: Desk, text: str) -> str:
    """The code of what is in a place's box; what is no place stays as it is, for the check to say so."""
    text = text.strip()[:60]
    if found := re.match(r"(\d{6})(?!\d)", text):
        return found[1]
    if text in ("全国", "中国"):
        return NATION
    try:
        return place_code(desk, text)
    except BadInput:
        return text


def _sheet(kind: str) -> Any:
    if kind not in EDITABLE:
        raise BadInput("这类内容不在这里改；请找技术人员")
    return EDITABLE[kind]


def _week_box(data: Mapping[str, Any]) -> Box:
    rows = _week_rows(str(data.get("spans", "")))
    return Box("spans", "每天的时间", "如 08:30-12:00 13:30-17:00，休息就空着", "week", needed=True, rows=rows)


def _box(desk: Desk, column: Column, cell: str) -> Box:
    name = column.name
    if name in _REGIONS:
        value = place_shown(desk, cell or NATION)
        return Box(name, "地区", "写名字就能选；全国的写“全国”", "region", value, column.needed)
    if name == _EXPECT:
        offered = tuple((one, one, False) for one in expecting.offered(desk.edition))
        return Box(
            name, column.title, column.help, "expect", expecting.shown(desk.edition, cell), column.needed, offered
        )
    match column.shape:
        case Shape.ONE:
            codes = tuple((code, said, said == cell) for code, said in column.choices.items())
            return Box(name, column.title, _help(column), "one", cell, column.needed, codes)
        case Shape.CODES | Shape.SEVERAL:
            chosen = cell.split("、")
            codes = tuple((code, said, said in chosen) for code, said in column.choices.items())
            return Box(name, column.title, _help(column), "many", cell, column.needed, codes)
        case Shape.CLAUSES:
            rows = [_clause(line) for line in cell.split("\n") if line]
            help = "先选文件，再写第几条"
            return Box(name, column.title, help, "clauses", cell, column.needed, rows=(*rows, *[("", "")] * _ROOM))
        case Shape.LINES:
            return Box(name, column.title, column.help, "lines", cell, column.needed)
    how = "document" if name in _DOCUMENTS else "day" if name in _DAYS else "long" if name in LONG else "line"
    return Box(name, column.title, _help(column), how, cell, column.needed)


def _help(column: Column) -> str:
    """As the workbook says it; what its cells need is not needed here."""
    return (
        ""
        if column.help.startswith("从下拉里选") or column.name in _DAYS | _DOCUMENTS
        else column.help.replace("；几个用、隔开", "").replace("几样用、隔开", "")
    )


def _typed(desk: Desk, column: Column, sent: Sent, before: str, data: Mapping[str, Any]) -> str:
    """The cell of what was sent; `before`: the cell of `data`."""
    name, values = column.name, sent(column.name)
    first = values[0] if values else ""
    if name == "spans":
        typed = _week_typed([_times(one) for one in values], str(data.get("spans", "")))
        return before if typed == data.get("spans") else typed
    if name in _REGIONS:
        code = place_typed(desk, first)
        return before if code == (before or NATION) else "" if (code == NATION and name != "region") else code
    if name == _EXPECT:
        code = expecting.typed(desk.edition, first)
        return before if code == before.strip() else code
    match column.shape:
        case Shape.ONE:
            return column.choices.get(first, first)
        case Shape.CODES | Shape.SEVERAL:
            said = [column.choices.get(code, code) for code in values]
            return before if set(said) == set(filter(None, before.split("、"))) else "、".join(said)
        case Shape.CLAUSES:
            clauses = zip(values, sent(f"{name}.clause"), strict=False)
            return "\n".join(
                f"{document.strip()}{BAR}{clause.strip()}".removesuffix(BAR)
                for document, clause in clauses
                if document.strip() or clause.strip()
            )
    text = first.replace("\r\n", "\n").replace("\r", "\n")
    return before if text.strip() == before.strip() else text


def _clause(line: str) -> tuple[str, str]:
    document, _, clause = line.partition(BAR)
    return document, clause


def _name_place(desk: Desk, data: dict[str, Any]) -> None:
    """The name that belongs to the code, unless one that fits stands there."""
    code = str(data.get("region", ""))
    if not knows(desk.regions, code):
        return
    fitting = (desk.regions.get(code).name, desk.regions.full_name(code))
    if data.get("region_name") not in fitting:
        data["region_name"] = fitting[0]


def _week(spans: str) -> Week | None:
    try:
        return week_of(spans)
    except ValueError:
        return None


def _week_rows(spans: str) -> tuple[tuple[str, str], ...]:
    week = _week(spans) or ((),) * len(DAYS)
    return tuple((_DAY_NAMES[day], times_of(times)) for day, times in zip(DAYS, week, strict=True))


def _times(text: str) -> str:
    """8：30—12：00，13:30到17:00 → 08:30-12:00 13:30-17:00"""
    parted = re.sub("[，、；,;和]+", " ", re.sub(r"\s*(?:[-—–~～]+|至|到)\s*", "-", text.strip()))
    return " ".join(_TIME.sub(lambda time: f"{int(time[1]):02}:{time[2]}", parted).split())


def _week_typed(times: Sequence[str], before: str) -> str:
    said = "; ".join(f"{day} {one}" for day, one in zip(DAYS, times, strict=False) if one)
    week = _week(said)
    if week is None or week == _week(before):
        return said if week is None else before
    return spans_of(week)
