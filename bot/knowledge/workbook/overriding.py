"""What a place says differently: the wider answer on the left, its own on the right, and the rows as answers again. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.knowledge import entry as kinds
from bot.knowledge.entry import Entry
from bot.knowledge.fields import knows
from bot.knowledge.workbook.cells import cells_of
from bot.knowledge.workbook.reading import Book, Row
from bot.knowledge.workbook.sheets import ANSWERS, Column, Shape, Sheet
from bot.knowledge.workbook.writing import Line
from bot.regions import RegionTree

CONTACT = Sheet(
    "contact",
    "填表单位",
    (
        Column("unit", "单位名称", "谁填的这份表，如 某某县民政局", width=40),
        Column("phone", "办公电话", "审核的同事有疑问时打；不会发布", width=24),
    ),
    "谁填的。只给审核的同事看，不会发布。",
)
_TAKEN = {"text": "text", "short": "short", "basis": "basis", "from": "scope.from", "to": "scope.to"}
"""Column of this sheet → column of an answer."""
OVERRIDES = Sheet(
    "override",
    "当地答法",
    (
        Column("wider", "上级答案编号", "不要改", width=24, fixed=True),
        Column("title", "问题", "不要改", width=28, fixed=True),
        Column("wider_text", "上级现在怎么说", "不要改", width=50, fixed=True),
        Column("text", "当地怎么说", "和上级一样就空着；一句说一件事", width=50),
        Column("short", "当地短答案", "最多120个字，写上下一步找谁", width=36),
        Column("basis", "当地依据", "一行一条：文件名称｜第几条；空着就用上级的依据", Shape.CLAUSES, width=30),
        Column("from", "从哪天起", "2026-07-01 这样写", width=12),
        Column("to", "到哪天止", "2026-07-01 这样写；一直有效就空着", width=12),
    ),
    "上级的答案在当地不一样时才填。填了的，当地居民听到当地的说法。",
)
_PREPARED: Mapping[str, frozenset[str]] = {
    kinds.STANDARD: frozenset({"region", "region_name", "programme", "unit"}),
    kinds.SUBSIDY: frozenset({"region", "region_name"}),
    kinds.OFFICE: frozenset({"region", "kind"}),
    kinds.HOURS: frozenset({"region"}),
    kinds.HOTLINE: frozenset({"region"}),
    kinds.DOCUMENT: frozenset({"region"}),
}
"""What stands in a row before anybody filled it in."""


def lines_of(
    entries: Iterable[Entry], in_force: Sequence[str], region: str, local: Collection[tuple[str, str]]
) -> list[Line]:
    """A row for each answer residents of the place get today, with the place's own where it has one."""
    answers = {one.key: one.data for one in entries if one.kind == kinds.ANSWER}
    topics = {_topic(data): key for key, data in answers.items() if (kinds.ANSWER, key) not in local}
    lines = []
    for key in in_force:
        data = answers[key]
        own = (kinds.ANSWER, key) in local
        wider = topics.get(_topic(data), "") if own else key
        if own and (not wider or region != _region(data)):
            # Nothing wider is told: it is no override, and stands among the place's own answers.
            continue
        told = cells_of(ANSWERS, answers[wider])
        cells = {"wider": wider, "title": told["title"], "wider_text": told["text"].strip()}
        if own:
            mine = cells_of(ANSWERS, data)
            cells |= {name: mine[taken] for name, taken in _TAKEN.items()}
        lines.append(Line(key if own else "", cells))
    return sorted(lines, key=lambda line: line.cells["wider"])


def as_answers(book: Book, entries: Iterable[Entry], regions: RegionTree) -> list[Row]:
    """The book's rows as rows of entries: overrides become answers, rows nobody filled in are left out."""
    answers = {one.key: one.data for one in entries if one.kind == kinds.ANSWER}
    region = book.about.region
    rows = []
    for row in book.rows:
        if row.kind == OVERRIDES.kind:
            if row.wrong or row.remove or any(row.cells.get(name, "").strip() for name in _TAKEN):
                rows.append(_as_answer(row, answers, region, regions))
        elif row.kind != CONTACT.kind and not (region and _only_prepared(row)):
            rows.append(_of_the_place(row, region, regions))
    return rows


def contact_of(book: Book) -> Mapping[str, str]:
    """Who filled it in: unit and phone."""
    return next((row.cells for row in book.rows if row.kind == CONTACT.kind), {})


def _as_answer(row: Row, answers: Mapping[str, Mapping[str, Any]], region: str, regions: RegionTree) -> Row:
    wider = answers.get(row.cells.get("wider", ""))
    made = replace(row, kind=kinds.ANSWER)
    if not region or not knows(regions, region):
        return replace(made, wrong=(*row.wrong, "这个文件没有写是哪个地方的；重新下载当地的表"))
    if wider is None:
        return replace(made, wrong=(*row.wrong, "上级答案编号在系统里找不到；重新下载当地的表"))
    own = answers.get(row.key) if row.key else None
    cells = cells_of(ANSWERS, own if own is not None else wider)
    if own is None:
        cells |= {"id": f"{row.cells['wider']}-{region}", "scope.region": region, "scope.from": "", "scope.to": ""}
    told = {taken: row.cells.get(name, "") for name, taken in _TAKEN.items()}
    if not told["basis"].strip():
        told.pop("basis")
    missing = [name for taken, name in (("text", "当地怎么说"), ("short", "当地短答案")) if not told[taken].strip()]
    wrong = [*row.wrong, *(f"“{name}”没有填；补上，或把这一行右边都清空" for name in missing if not row.remove)]
    return replace(made, cells={**cells, **told}, wrong=tuple(wrong))


def _of_the_place(row: Row, region: str, regions: RegionTree) -> Row:
    """A place's pack holds that place's rows."""
    named = row.cells.get("scope.region" if row.kind == kinds.ANSWER else "region", "").strip()
    if not region or not knows(regions, region) or (knows(regions, named) and regions.is_within(named, region)):
        return row
    if named and not knows(regions, named):
        return row
    what = f"地区代码“{named}”不在{regions.full_name(region)}里面" if named else "没有写地区代码"
    return replace(row, wrong=(*row.wrong, f"{what}；这份表只填当地的内容"))


def _only_prepared(row: Row) -> bool:
    prepared = _PREPARED.get(row.kind, frozenset())
    return not row.key and not row.remove and all(name in prepared for name, text in row.cells.items() if text.strip())


def _topic(data: Mapping[str, Any]) -> tuple[str, str]:
    return str(data.get("programme", "")), str(data.get("aspect", ""))


def _region(data: Mapping[str, Any]) -> str:
    scope = data.get("scope")
    return str(scope.get("region", "")) if isinstance(scope, Mapping) else ""
