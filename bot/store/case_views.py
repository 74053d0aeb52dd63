"""Cases as officers look for them: narrowed, counted, and how long each stage took. Only columns that stand in clear."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from bot.clock import SHANGHAI
from bot.desk.case_ports import Count, Step, Wanted
from bot.errors import BadInput
from bot.store.case_tables import cases as table
from bot.store.case_tables import timeline
from bot.store.link import Link
from bot.store.room import below


def within(column: ColumnElement[str], regions: Sequence[str]) -> ColumnElement[bool]:
    """Any of these divisions, or a place that is not known."""
    return or_(column == "", *(and_(True, *below(column, region)) for region in regions))


def narrowed(statement: Select[Any], wanted: Wanted) -> Select[Any]:
    where = [within(table.c.region, wanted.regions), *below(table.c.region, wanted.place)]
    where += [table.c.state.in_(wanted.states)] if wanted.states else []
    where += [table.c.region == wanted.at] if wanted.at is not None else []
    where += [table.c.programme == wanted.programme] if wanted.programme else []
    where += [table.c.due >= wanted.due_from] if wanted.due_from else []
    where += [table.c.due <= wanted.due_until] if wanted.due_until else []
    where += [table.c.id.in_(wanted.ids)] if wanted.ids is not None else []
    where += [table.c.id < wanted.after] if wanted.after else []
    if wanted.month:
        begin, end = month_of(wanted.month)
        where += [table.c.submitted_at >= begin, table.c.submitted_at < end]
    return statement.where(*where)


async def counts(link: Link, wanted: Wanted) -> list[Count]:
    """By day in the database, by month here: each turns a moment into China's day in its own words."""
    day = func.date(table.c.submitted_at, "+8 hours") if link.is_sqlite else func.date(
        func.timezone("Asia/Shanghai", table.c.submitted_at)
    )  # fmt: skip
    kinds = (table.c.programme, table.c.region, table.c.state)
    statement = narrowed(select(*kinds, day.label("day"), func.count().label("number")), wanted)
    found: dict[tuple[str, str, str, str], int] = {}
    for row in await link.all(statement.group_by(*kinds, "day")):
        key = (row.programme, row.region, str(row.day or "")[:7], row.state)
        found[key] = found.get(key, 0) + int(row.number)
    return [Count(*key, number) for key, number in sorted(found.items())]


_MOVES = (
    select(timeline.c.case_id, timeline.c.at, timeline.c.new, table.c.programme, table.c.region)
    .join(table, table.c.id == timeline.c.case_id)
    .where(timeline.c.old != timeline.c.new)
    .order_by(timeline.c.case_id, timeline.c.id)
)


async def moves(link: Link, cases: Sequence[str]) -> list[Step]:
    return await _read(link, _MOVES.where(timeline.c.case_id.in_(cases))) if cases else []


async def steps(link: Link, regions: Sequence[str], month: str, limit: int) -> list[Step]:
    begin, end = month_of(month)
    moved = (timeline.c.old != timeline.c.new, within(table.c.region, regions))
    left = (
        select(timeline.c.case_id)
        .join(table, table.c.id == timeline.c.case_id)
        .where(*moved, timeline.c.old != "", timeline.c.at >= begin, timeline.c.at < end)
        .distinct()
        .order_by(timeline.c.case_id.desc())
        .limit(limit)
    )
    return await _read(link, _MOVES.where(timeline.c.case_id.in_(left), timeline.c.at < end))


async def _read(link: Link, statement: Select[Any]) -> list[Step]:
    return [Step(row.case_id, row.programme, row.region, row.at, row.new) for row in await link.all(statement)]


def month_of(month: str) -> tuple[datetime, datetime]:
    """Its first moment and the first of the next, as China's calendar counts. Raises BadInput for what is no month."""
    if not re.fullmatch(r"20[0-9]{2}-(?:0[1-9]|1[0-2])", month):
        raise BadInput(f"“{month[:20]}”不是月份；写成 2026-11 这样")
    begin = datetime.strptime(month, "%Y-%m").replace(tzinfo=SHANGHAI)
    after = begin.replace(year=begin.year + begin.month // 12, month=begin.month % 12 + 1)
    return begin.astimezone(UTC), after.astimezone(UTC)
