"""How waits went, and who has how much: read from the moves between hands, the messages and the closings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Row, case, cast, func, select

from bot.conversations import ASIDE, Holder
from bot.desk.supervising_ports import Episode, Load
from bot.messages import Author
from bot.store.case_views import within
from bot.store.link import Link, chunks
from bot.store.tables import conversations, messages, moves
from bot.store.talk_tables import closings


async def loads(link: Link, now: datetime, since: datetime) -> list[Load]:
    """Two statements, each carried by its index."""
    talks = conversations
    late = case((talks.c.answer_by < now, 1), else_=0)
    mine = (
        select(
            talks.c.holder_name,
            talks.c.holder,
            func.count().label("number"),
            func.sum(cast(late, Integer)).label("late"),
        )
        .where(talks.c.holder.in_((Holder.OFFICER, Holder.WAITING)))
        .group_by(talks.c.holder_name, talks.c.holder)
    )
    ended = (
        select(closings.c.staff, func.count().label("number")).where(closings.c.at >= since).group_by(closings.c.staff)
    )
    found: dict[str, dict[str, int]] = {}
    for row in await link.all(mine):
        one = found.setdefault(row.holder_name, {})
        one["held" if row.holder == Holder.OFFICER else "waiting"] = int(row.number)
        one["overdue"] = one.get("overdue", 0) + int(row.late or 0)
    for row in await link.all(ended):
        found.setdefault(row.staff, {})["closed"] = int(row.number)
    zero = {"held": 0, "waiting": 0, "overdue": 0, "closed": 0}
    return [Load(staff, **(zero | numbers)) for staff, numbers in sorted(found.items()) if staff]


async def closed_by(link: Link, staff: str, since: datetime, limit: int) -> list[str]:
    wanted = select(closings.c.conversation).where(closings.c.staff == staff, closings.c.at >= since)
    rows = await link.all(wanted.order_by(closings.c.at.desc()).limit(limit))
    return list(dict.fromkeys(row.conversation for row in rows))


async def episodes(link: Link, regions: Sequence[str], since: datetime, until: datetime, limit: int) -> list[Episode]:
    """What follows a stay in the queue is looked up row by row, by indexes; what follows the next stay is cut off here."""
    stay, later = moves.alias("stay"), moves.alias("later")
    after = (later.c.conversation == stay.c.conversation, later.c.id > stay.c.id)
    first_taken = select(func.min(later.c.id)).where(*after, later.c.new == Holder.OFFICER).scalar_subquery()
    next_stay = (
        select(func.min(later.c.at))
        .where(*after, later.c.new == Holder.QUEUED, later.c.old != Holder.QUEUED)
        .scalar_subquery()
    )
    replied = (
        select(func.min(messages.c.created_at))
        .where(
            messages.c.conversation == stay.c.conversation,
            messages.c.author == Author.OFFICER,
            messages.c.created_at >= stay.c.at,
        )
        .scalar_subquery()
    )
    closed = (
        select(func.min(closings.c.at))
        .where(closings.c.conversation == stay.c.conversation, closings.c.at >= stay.c.at)
        .scalar_subquery()
    )
    columns = (stay.c.id, stay.c.conversation, stay.c.region, stay.c.reason, stay.c.at)
    found = (
        select(
            *columns,
            first_taken.label("taken"),
            next_stay.label("again"),
            replied.label("replied_at"),
            closed.label("closed_at"),
        )
        .join(conversations, conversations.c.id == stay.c.conversation)
        .where(
            stay.c.new == Holder.QUEUED,
            stay.c.old != Holder.QUEUED,
            stay.c.at >= since,
            stay.c.at < until,
            within(stay.c.region, regions),
            conversations.c.channel != ASIDE,
        )
        .order_by(stay.c.at.desc(), stay.c.id.desc())
        .limit(limit)
    )
    rows = await link.all(found)
    takers = await _by_id(link, [row.taken for row in rows if row.taken])
    ends = await _ends(link, [row.conversation for row in rows if row.closed_at])
    return [_episode(row, takers, ends) for row in rows]


def _episode(row: Row[Any], takers: dict[int, Row[Any]], ends: dict[tuple[str, datetime], Row[Any]]) -> Episode:
    def mine(moment: datetime | None) -> datetime | None:
        return moment if moment and (row.again is None or moment < row.again) else None

    taker = takers.get(row.taken)
    taken_at = mine(taker.at) if taker else None
    closed_at = mine(row.closed_at)
    end = ends.get((row.conversation, closed_at)) if closed_at else None
    return Episode(
        row.conversation,
        row.region,
        row.reason,
        row.at,
        taken_at,
        taker.name if taker and taken_at else "",
        mine(row.replied_at),
        closed_at,
        end.outcome if end else "",
        end.score if end else None,
    )


async def _by_id(link: Link, ids: Sequence[int]) -> dict[int, Row[Any]]:
    found: dict[int, Row[Any]] = {}
    for some in chunks(ids):
        these = select(moves.c.id, moves.c.at, moves.c.name).where(moves.c.id.in_(some))
        found |= {row.id: row for row in await link.all(these)}
    return found


async def _ends(link: Link, conversations: Sequence[str]) -> dict[tuple[str, datetime], Row[Any]]:
    found: dict[tuple[str, datetime], Row[Any]] = {}
    for some in chunks(conversations):
        these = select(closings).where(closings.c.conversation.in_(some))
        found |= {(row.conversation, row.at): row for row in await link.all(these)}
    return found
