"""What is late and who was told of it; large exports that wait for a second person."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, func, insert, literal, select, update

from bot.cases import STATES
from bot.clock import SHANGHAI
from bot.conversations import ASIDE, Holder
from bot.desk.supervising_ports import Episode, Escalation, Export, Late, Load
from bot.errors import BadInput
from bot.store import waits
from bot.store.case_tables import cases, tasks
from bot.store.case_views import within
from bot.store.ids import new_id
from bot.store.link import Link, chunks
from bot.store.staff_tables import staff_sessions as sessions
from bot.store.supervising_tables import escalations as table
from bot.store.supervising_tables import exports
from bot.store.tables import conversations

_OWING = (Holder.QUEUED, Holder.OFFICER)
_OPEN_CASES = tuple(code for code, state in STATES.items() if not state.final and code not in ("draft", "paying"))


class SupervisingRows:
    def __init__(self, link: Link) -> None:
        self._link = link

    async def late(self, now: datetime, today: date, limit: int) -> Sequence[Late]:
        talks, jobs, files = conversations, tasks, cases
        # The end of a day in China is 16:00 of the same day in UTC.
        day = func.date(table.c.due_at) if self._link.is_sqlite else func.date(func.timezone("UTC", table.c.due_at))
        kinds: Sequence[tuple[str, Any, Any, list[ColumnElement[bool]], ColumnElement[bool]]] = (
            ("conversation", talks, talks.c.answer_by, _late_talks(now), table.c.due_at == talks.c.answer_by),
            ("task", jobs, jobs.c.due_at, _late_tasks(now), table.c.due_at == jobs.c.due_at),
            ("case", files, files.c.due, _late_cases(today), day == files.c.due),
        )
        found: list[Late] = []
        for kind, one, due, late, same in kinds:
            told = exists(select(table.c.id).where(table.c.kind == kind, table.c.ref == one.c.id, same))
            why = one.c.reason if kind == "conversation" else literal("")
            columns = (one.c.id, one.c.region, due.label("due"), why.label("why"))
            for row in await self._link.all(select(*columns).where(*late, ~told).order_by(due).limit(limit)):
                found.append(Late(kind, row.id, row.region, end_of(row.due) if kind == "case" else row.due, row.why))
        return found

    async def escalate(self, late: Late, level: int, supervisor: str, now: datetime) -> bool:
        values = {
            "id": new_id(now),
            "kind": late.kind,
            "ref": late.ref,
            "region": late.region,
            "due_at": late.due_at,
            "level": level,
            "supervisor": supervisor,
            "at": now,
        }
        return await self._link.put_new(table, values, "kind, ref, due_at, level")

    async def unseen(self, before: datetime, limit: int) -> Sequence[Escalation]:
        second = table.alias("second")
        again = and_(
            second.c.kind == table.c.kind,
            second.c.ref == table.c.ref,
            second.c.due_at == table.c.due_at,
            second.c.level == 2,
        )
        where = (table.c.settled_at.is_(None), table.c.level == 1, table.c.seen_at.is_(None), table.c.at < before)
        wanted = select(table).where(*where, ~exists(select(second.c.id).where(again)))
        return [_escalation(row) for row in await self._link.all(wanted.order_by(table.c.at).limit(limit))]

    async def settle(self, now: datetime, today: date) -> int:
        """By what is still late: whatever else is open in the list is settled."""
        rows = await self._link.all(select(table.c.id, table.c.kind, table.c.ref, table.c.due_at).where(_open()))
        still = await self._still_late({(row.kind, row.ref) for row in rows}, now, today)
        gone = [row.id for row in rows if still.get((row.kind, row.ref)) != row.due_at]
        for some in chunks(gone):
            await self._link.run(update(table).where(table.c.id.in_(some)).values(settled_at=now))
        return len(gone)

    async def _still_late(
        self, things: set[tuple[str, str]], now: datetime, today: date
    ) -> dict[tuple[str, str], datetime]:
        found: dict[tuple[str, str], datetime] = {}
        refs: dict[str, list[str]] = {}
        for kind, ref in sorted(things):
            refs.setdefault(kind, []).append(ref)
        where: dict[str, tuple[Any, Any, list[ColumnElement[bool]]]] = {
            "conversation": (conversations.c.id, conversations.c.answer_by, _late_talks(now)),
            "task": (tasks.c.id, tasks.c.due_at, _late_tasks(now)),
            "case": (cases.c.id, cases.c.due, _late_cases(today)),
        }
        for kind, ids in refs.items():
            name, due, late = where[kind]
            for some in chunks(ids):
                wanted = select(name.label("ref"), due.label("due")).where(name.in_(some), *late)
                for row in await self._link.all(wanted):
                    found[kind, row.ref] = end_of(row.due) if kind == "case" else row.due
        return found

    async def open(self, regions: Sequence[str], limit: int) -> Sequence[Escalation]:
        wanted = select(table).where(_open(), within(table.c.region, regions))
        return [_escalation(row) for row in await self._link.all(wanted.order_by(table.c.due_at).limit(limit))]

    async def count_open(self, supervisor: str) -> int:
        where = (_open(), table.c.supervisor == supervisor)
        return int(await self._link.value(select(func.count()).select_from(table).where(*where)))

    async def seen(self, supervisor: str, now: datetime) -> int:
        new = (_open(), table.c.supervisor == supervisor, table.c.seen_at.is_(None))
        return await self._link.changed(update(table).where(*new).values(seen_at=now))

    async def loads(self, now: datetime, since: datetime) -> Sequence[Load]:
        return await waits.loads(self._link, now, since)

    async def closed_by(self, staff: str, since: datetime, limit: int) -> Sequence[str]:
        return await waits.closed_by(self._link, staff, since, limit)

    async def present(self, since: datetime) -> frozenset[str]:
        here = select(sessions.c.staff).where(sessions.c.ended_at.is_(None), sessions.c.seen_at >= since).distinct()
        return frozenset(row.staff for row in await self._link.all(here))

    async def episodes(self, regions: Sequence[str], since: datetime, until: datetime, limit: int) -> Sequence[Episode]:
        return await waits.episodes(self._link, regions, since, until, limit)

    async def ask_export(
        self, asked_by: str, reason: str, filter: Mapping[str, str], rows: int, now: datetime
    ) -> Export:
        row = new_id(now)
        values = {"id": row, "asked_by": asked_by, "reason": reason, "rows": rows, "state": "asked", "asked_at": now}
        written = json.dumps(dict(filter), ensure_ascii=False, sort_keys=True)
        await self._link.run(insert(exports).values(**values, filter=written, decided_by=""))
        return await self.get_export(row)

    async def get_export(self, export: str, lock: bool = False) -> Export:
        wanted = select(exports).where(exports.c.id == export)
        row = await self._link.first(wanted.with_for_update() if lock else wanted)
        if row is None:
            raise BadInput("没有这份导出，请从列表里选。")
        return _export(row)

    async def exports(self, since: datetime) -> Sequence[Export]:
        wanted = select(exports).where(exports.c.asked_at >= since).order_by(exports.c.asked_at.desc(), exports.c.id)
        return [_export(row) for row in await self._link.all(wanted.limit(200))]

    async def set_export(self, export: str, state: str, now: datetime, by: str = "") -> Export:
        values = {"taken_at": now} if state == "taken" else {"decided_at": now, "decided_by": by}
        await self._link.run(update(exports).where(exports.c.id == export).values(state=state, **values))
        return await self.get_export(export)


def end_of(day: date) -> datetime:
    """The moment a last day is over, as China's calendar counts."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), SHANGHAI).astimezone(UTC)


def _open() -> ColumnElement[bool]:
    return table.c.settled_at.is_(None)


def _late_talks(now: datetime) -> list[ColumnElement[bool]]:
    talks = conversations
    return [talks.c.answer_by < now, talks.c.holder.in_(_OWING), talks.c.channel != ASIDE]


def _late_tasks(now: datetime) -> list[ColumnElement[bool]]:
    return [tasks.c.state == "open", tasks.c.due_at < now]


def _late_cases(today: date) -> list[ColumnElement[bool]]:
    return [cases.c.due < today, cases.c.state.in_(_OPEN_CASES)]


def _escalation(row: Row[Any]) -> Escalation:
    names = ("id", "kind", "ref", "region", "due_at", "level", "supervisor", "at", "seen_at", "settled_at")
    return Escalation(**{name: getattr(row, name) for name in names})


def _export(row: Row[Any]) -> Export:
    names = ("id", "asked_by", "reason", "rows", "state", "decided_by", "asked_at", "decided_at", "taken_at")
    return Export(filter=json.loads(row.filter), **{name: getattr(row, name) for name in names})
