"""What a filled workbook would change, row by row, and what must be mended first. Nothing is changed here.

A row is held against the edition its file came from: what its editor did not touch is left alone, whatever happened to it
since, and what they changed is refused where somebody else changed the same entry meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from bot.errors import BadInput
from bot.knowledge.applying import Change, applied
from bot.knowledge.check import check_entries
from bot.knowledge.entry import Entry, shelf_of
from bot.knowledge.problems import Place, Problem
from bot.knowledge.workbook.cells import cells_of, data_of, key_of
from bot.knowledge.workbook.plainly import plainly
from bot.knowledge.workbook.reading import Row
from bot.knowledge.workbook.sheets import SHEETS, Sheet
from bot.regions import RegionTree

Shelf = Mapping[tuple[str, str], Mapping[str, Any]]
May = Callable[[str, str, Mapping[str, Any] | None, Mapping[str, Any] | None], str]
"""(kind, key, before, after) → why this editor cannot change it; empty when they can."""


class How(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    REMOVED = "removed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one row. `key`: the published entry it changes, or the new one's own."""

    row: Row
    how: How
    key: str
    data: Mapping[str, Any] | None = None
    """What the entry would hold; None: it would be gone."""
    lines: tuple[tuple[str, str, str], ...] = ()
    """What differs: the column's title, before, after."""
    reasons: tuple[str, ...] = ()
    """Why it is refused, and what to do."""
    hints: tuple[str, ...] = ()
    """What could be plainer; nobody is stopped by it."""

    @property
    def change(self) -> Change:
        return Change(self.row.kind, self.key, self.data)

    @property
    def changes(self) -> bool:
        return self.how in (How.NEW, How.CHANGED, How.REMOVED)


@dataclass(frozen=True, slots=True)
class Comparison:
    outcomes: tuple[Outcome, ...]
    elsewhere: tuple[str, ...]
    """What other entries would lose by it."""

    @property
    def refused(self) -> bool:
        return bool(self.elsewhere) or any(one.how is How.REFUSED for one in self.outcomes)

    def count(self, how: How) -> int:
        return sum(one.how is how for one in self.outcomes)


def compare(
    rows: Sequence[Row],
    base: Iterable[Entry],
    head: Sequence[Entry],
    regions: RegionTree,
    day: date,
    may: May,
    sheets: Mapping[str, Sheet] = SHEETS,
) -> Comparison:
    """`base`: the edition the file came from; `head`: the one in force."""
    before, now = shelf_of(base), shelf_of(head)
    found = _without_doubles(
        [_outcome(row, sheets[row.kind], before, now, may) for row in _originals(rows, sheets)], sheets
    )
    changes = [one.change for one in found if one.changes]
    if not changes:
        return Comparison(tuple(found), ())
    try:
        would_be = applied(head, changes)
    except BadInput as wrong:
        return Comparison(tuple(found), (str(wrong),))
    places = {
        (one.row.kind, _key_after(one, sheets)): Place(one.row.sheet, one.row.line, one.key)
        for one in found
        if one.changes and one.data is not None
    }
    old = check_entries(head, regions, day)
    new = check_entries(would_be, regions, day, places)
    reasons = _by_row(new.refusals)
    hints = _by_row(new.warnings)
    known = {(one.entry, one.what) for one in old.refusals}
    elsewhere = tuple(str(one) for one in new.refusals if not one.line and (one.entry, one.what) not in known)
    outcomes = tuple(_judged(one, sheets[one.row.kind], reasons, hints) for one in found)
    return Comparison(outcomes, elsewhere)


def _originals(rows: Sequence[Row], sheets: Mapping[str, Sheet]) -> list[Row]:
    """A row that was copied to make a new one brings the hidden name of the first one along: it is the other's."""
    named: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if row.key:
            named.setdefault((row.kind, row.key), []).append(row)
    copies: set[tuple[str, int]] = set()
    for (kind, key), same in named.items():
        still = [row.place for row in same if key_of(sheets[kind], data_of(sheets[kind], row.cells)) == key]
        if len(same) > 1 and len(still) == 1:
            copies |= {row.place for row in same if row.place != still[0]}
    return [replace(row, key="") if row.place in copies else row for row in rows]


def _outcome(row: Row, sheet: Sheet, before: Shelf, now: Shelf, may: May) -> Outcome:
    if row.wrong:
        return Outcome(row, How.REFUSED, row.key, reasons=tuple(row.wrong))
    was = before.get((row.kind, row.key)) if row.key else None
    data = data_of(sheet, row.cells, was)
    key = key_of(sheet, data)
    if was is not None and _has_id(sheet) and key != row.key:
        # Another id is another entry: the row was copied, or is to be a new one.
        was, data = None, data_of(sheet, row.cells)
    if was is None:
        return _fresh(row, sheet, key, data, now, may)
    current = now.get((row.kind, row.key))
    if not row.remove and data == was:
        return Outcome(row, How.UNCHANGED, row.key, data)
    wanted = None if row.remove else data
    if current == wanted:
        return Outcome(row, How.UNCHANGED, row.key, data)
    if current != was:
        return _refused(row, row.key, "下载以后，别人改过这一条；请重新下载，再改一次")
    if why := may(row.kind, row.key, was, wanted):
        return _refused(row, row.key, why)
    how = How.REMOVED if row.remove else How.CHANGED
    return Outcome(row, how, row.key, wanted, _differing(sheet, was, wanted))


def _fresh(row: Row, sheet: Sheet, key: str, data: Mapping[str, Any], now: Shelf, may: May) -> Outcome:
    current = now.get((row.kind, key))
    if row.remove:
        return _refused(row, key, "这一行还不在系统里，不用删去；把这一行清空")
    if current is None:
        why = may(row.kind, key, None, data)
        return _refused(row, key, why) if why else Outcome(row, How.NEW, key, data, _differing(sheet, {}, data))
    if data_of(sheet, row.cells, current) == current:
        return Outcome(row, How.UNCHANGED, key, current)
    return _refused(row, key, "系统里已经有这一条；请下载现在的内容，在那一行上改")


def _refused(row: Row, key: str, why: str) -> Outcome:
    return Outcome(row, How.REFUSED, key, reasons=(why,))


def _has_id(sheet: Sheet) -> bool:
    return any(column.name == "id" for column in sheet.columns)


def _key_after(one: Outcome, sheets: Mapping[str, Sheet]) -> str:
    return key_of(sheets[one.row.kind], one.data or {})


def _without_doubles(found: Sequence[Outcome], sheets: Mapping[str, Sheet]) -> list[Outcome]:
    """Two rows for one entry: which one is meant only their editor knows."""
    first: dict[tuple[str, str], Row] = {}
    made: list[Outcome] = []
    for one in found:
        names = {(one.row.kind, one.key)}
        if one.data is not None:
            names.add((one.row.kind, key_of(sheets[one.row.kind], one.data)))
        there = next((first[name] for name in names if name in first), None)
        if there and one.how is not How.REFUSED:
            where = f"第{there.line}行" if there.sheet == one.row.sheet else f"“{there.sheet}”表第{there.line}行"
            one = _refused(one.row, one.key, f"和{where}是同一条；留一行，另一行清空")
        for name in names:
            first.setdefault(name, one.row)
        made.append(one)
    return made


def _by_row(problems: Iterable[Problem]) -> dict[tuple[str, int], list[Problem]]:
    rows: dict[tuple[str, int], list[Problem]] = {}
    for problem in problems:
        if problem.line:
            rows.setdefault((problem.file, problem.line), []).append(problem)
    return rows


def _judged(
    one: Outcome,
    sheet: Sheet,
    reasons: Mapping[tuple[str, int], Sequence[Problem]],
    hints: Mapping[tuple[str, int], Sequence[Problem]],
) -> Outcome:
    where = one.row.place
    if not one.changes:
        return one
    said = tuple(_said(problem, sheet) for problem in hints.get(where, ()))
    if wrong := reasons.get(where):
        return replace(one, how=How.REFUSED, reasons=tuple(_said(problem, sheet) for problem in wrong), hints=said)
    return replace(one, hints=said)


def _said(problem: Problem, sheet: Sheet) -> str:
    """A refusal of `content check`, with the columns called as they are in the sheet."""
    return plainly(f"{problem.what}；{problem.todo}", sheet)


def _differing(
    sheet: Sheet, before: Mapping[str, Any], after: Mapping[str, Any] | None
) -> tuple[tuple[str, str, str], ...]:
    old, new = cells_of(sheet, before), cells_of(sheet, after or {})
    return tuple(
        (column.title, old[column.name], new[column.name])
        for column in sheet.columns
        if old[column.name] != new[column.name]
    )
