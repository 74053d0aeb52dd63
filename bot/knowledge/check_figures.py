"""What a figure must hold before it is published: one value for one place and day, never a minimum or an estimate."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import combinations

from bot.knowledge import entry as kinds
from bot.knowledge.content import Content
from bot.knowledge.documents import Status
from bot.knowledge.problems import Note, Problems
from bot.knowledge.standards import Side, Standard
from bot.regions import RegionTree


def check(content: Content, documents: set[str], regions: RegionTree, problems: Problems, warnings: Problems) -> None:
    for key, row in content.standards.items():
        _row(row, content, documents, regions, problems.at(content.place(kinds.STANDARD, key)))
    _overlaps(content, problems)
    for key, subsidy in content.subsidies.items():
        note = problems.at(content.place(kinds.SUBSIDY, key))
        _named(subsidy.region, subsidy.region_name, regions, note)
        if subsidy.notice not in documents:
            note(f"文件“{subsidy.notice}”没有登记", "先在 documents.csv 登记，或改用登记过的名称", "notice")
        if subsidy.triggered == "no" and (subsidy.amount or subsidy.paid_on):
            note("写着没有启动，又写了金额或发放日", "核对 triggered、amount 和 paid_on", "triggered")
    for key, row in content.standards.items():
        if row.start is None and row.last is None:
            warnings.at(content.place(kinds.STANDARD, key))("起止日都没有，不会给居民看", "补上起始日", "from")


def _row(row: Standard, content: Content, documents: set[str], regions: RegionTree, note: Note) -> None:
    _named(row.region, row.region_name, regions, note)
    if reason := row.never_served(regions):
        note(reason, "删去这一行，或换成当地公布的标准")
    if not row.urban and not row.rural:
        note("城市和农村的数都没有", "至少写一个，或删去这一行", "urban")
    if row.start and row.last and row.last < row.start.day:
        note(f"最后一天{row.last}在第一天{row.start.said}之前", "核对 from 和 to", "to")
    if row.counties and not row.area:
        note("写了 counties，没有写 area", "在 area 里写明是哪一片", "area")
    for code in row.counties:
        if not _inside(regions, code, row.region):
            note(
                f"counties 里的“{code}”不是{row.region_name}下面的区县",
                "查 regions.csv，写六位代码，用空格隔开",
                "counties",
            )
    if row.document not in documents:
        note(f"文件“{row.document}”没有登记", "先在 documents.csv 登记，或改用登记过的名称", "document")
    document = content.documents.get(row.document)
    if document and document.status is Status.REPEALED and row.last is None:
        until = f"（{document.last}）" if document.last else ""
        note(f"文件“{document.id}”已废止{until}，这个数还没有最后一天", "写上最后一天，或改文件的状态", "to")


def _named(code: str, name: str, regions: RegionTree, note: Note) -> None:
    region = regions.get(code)
    if name not in (region.name, regions.full_name(code)):
        note(f"代码{code}是“{regions.full_name(code)}”，写的却是“{name}”", "核对代码和名称", "region_name")


def _inside(regions: RegionTree, code: str, region: str) -> bool:
    try:
        return code != region and regions.is_within(code, region)
    except LookupError:
        return False


def _overlaps(content: Content, problems: Problems) -> None:
    """Two values for one place, programme, side and day: which is told would be chance."""
    series: dict[tuple[str, str, Side], list[tuple[str, Standard]]] = defaultdict(list)
    for key, row in content.standards.items():
        for side in Side:
            if row.value(side):
                series[row.region, row.programme, side].append((key, row))
    for rows in series.values():
        for (one_key, one), (other_key, other) in combinations(rows, 2):
            if not _same_part(one, other) or not _same_days(one, other):
                continue
            first = content.place(kinds.STANDARD, one_key)
            problems.at(content.place(kinds.STANDARD, other_key))(
                f"和第{first.line}行（{one_key}）是同一个地方，日子重叠"
                if first.line
                else f"和“{one_key}”是同一个地方，日子重叠",
                "核对 from 和 to，让前一个在后一个开始前结束",
                "from",
            )


def _same_part(one: Standard, other: Standard) -> bool:
    return one.area == other.area or bool(set(one.counties) & set(other.counties))


def _same_days(one: Standard, other: Standard) -> bool:
    """An open row ends when the next one starts; a row without a start is only known on its last day."""
    first, second = sorted((_days(one), _days(other)))
    if first[1] is None:
        return first[0] == second[0]
    return second[0] <= first[1]


def _days(row: Standard) -> tuple[date, date | None]:
    if row.start is None:
        day = row.last or date.max - timedelta(days=1)
        return day, day
    return row.start.day, row.last
