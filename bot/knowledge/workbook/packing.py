"""The starter pack: one workbook by which a place joins, with its code filled in and the wider answers beside its own.

Rows that are only prepared (a code, a programme) and not filled in are no rows: a place fills what it has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from bot.knowledge import entry as kinds
from bot.knowledge.answers import PROGRAMMES
from bot.knowledge.applying import region_of
from bot.knowledge.edition import Edition
from bot.knowledge.entry import Entry
from bot.knowledge.standards import UNITS
from bot.knowledge.workbook import overriding
from bot.knowledge.workbook.cells import cells_of
from bot.knowledge.workbook.comparing import Outcome
from bot.knowledge.workbook.guide import About
from bot.knowledge.workbook.overriding import CONTACT, OVERRIDES
from bot.knowledge.workbook.reading import Book
from bot.knowledge.workbook.sheets import (
    ANSWERS,
    DOCUMENTS,
    HOTLINES,
    HOURS,
    OFFICES_SHEET,
    STANDARDS,
    SUBSIDIES,
    Sheet,
)
from bot.knowledge.workbook.sheets import SHEETS as KNOWN
from bot.knowledge.workbook.writing import Line, write
from bot.regions import RegionTree

PACK = (CONTACT, DOCUMENTS, STANDARDS, OFFICES_SHEET, HOURS, HOTLINES, SUBSIDIES, OVERRIDES, ANSWERS)
"""In the order they are filled: what others name comes first."""
SHEETS: Mapping[str, Sheet] = {**KNOWN, CONTACT.kind: CONTACT, OVERRIDES.kind: OVERRIDES}
_STANDARDS = ("dibao", "tekun")
_OFFICES = ("civil_affairs", "township_window")
_MORE = (
    "先填“填表单位”，再填“文件”，后面的表要写它们的名称。",
    "没有的、没核实的就空着，居民会被告知还没有登记，不会给邻县的数。",
    "“当地答法”左边是上级现在的说法。和当地一样就不用填；不一样才在右边填当地的说法。",
)


def write_pack(entries: Sequence[Entry], regions: RegionTree, region: str, edition: int, day: date) -> bytes:
    """The pack of a place. Raises UnknownRegion."""
    name = regions.full_name(region)
    about = About(edition, region, f"{name}：救助内容表", _MORE)
    lines = {sheet.kind: _own(entries, regions, region, sheet) for sheet in PACK if sheet.kind in KNOWN}
    lines[kinds.STANDARD] += _prepared_standards(regions, region, lines[kinds.STANDARD])
    lines[kinds.OFFICE] += _prepared(
        lines[kinds.OFFICE], "kind", [KNOWN[kinds.OFFICE].columns[2].choices[k] for k in _OFFICES], region
    )
    if not lines[kinds.HOURS]:
        lines[kinds.HOURS] = [Line("", {"region": region})]
    lines[CONTACT.kind] = [Line("", {})]
    local = {(one.kind, one.key) for one in entries if _within(regions, one, region)}
    in_force = Edition(edition, entries, regions).answers_in_scope(region, day)
    lines[OVERRIDES.kind] = overriding.lines_of(entries, [answer.id for answer in in_force], region, local)
    lines[ANSWERS.kind] = [
        line for line in lines[ANSWERS.kind] if line.key not in {one.key for one in lines[OVERRIDES.kind]}
    ]
    return write(lines, about, PACK)


def write_marked(book: Book, outcomes: Iterable[Outcome]) -> bytes:
    """The rows as they were sent, each with what must be mended in it."""
    reasons = {one.row.place: "\n".join(one.reasons) for one in outcomes if one.reasons}
    lines: dict[str, list[Line]] = {}
    for row in book.rows:
        lines.setdefault(row.kind, []).append(Line(row.key, row.cells, reasons.get(row.place, "")))
    sheets = PACK if book.about.region else [sheet for sheet in KNOWN.values() if sheet.kind in lines]
    return write(lines, book.about, sheets)


def _own(entries: Iterable[Entry], regions: RegionTree, region: str, sheet: Sheet) -> list[Line]:
    mine = [one for one in entries if one.kind == sheet.kind and _within(regions, one, region)]
    return [Line(one.key, cells_of(sheet, one.data)) for one in sorted(mine, key=lambda one: one.key)]


def _within(regions: RegionTree, entry: Entry, region: str) -> bool:
    try:
        return regions.is_within(region_of(entry.kind, entry.data), region)
    except LookupError:
        return False


def _prepared_standards(regions: RegionTree, region: str, there: Sequence[Line]) -> list[Line]:
    names = [PROGRAMMES[code] for code in _STANDARDS]
    more = {"region_name": regions.get(region).name, "unit": UNITS["month"]}
    return [Line("", {**line.cells, **more}) for line in _prepared(there, "programme", names, region)]


def _prepared(there: Sequence[Line], column: str, values: Sequence[str], region: str) -> list[Line]:
    """A row for each value that has none yet."""
    known = {line.cells.get(column) for line in there}
    return [Line("", {"region": region, column: value}) for value in values if value not in known]
