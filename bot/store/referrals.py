"""What was handed to other offices, and whether residents say that it helped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, insert, select, update

from bot.desk.case_ports import Case, Referral, Tally
from bot.errors import BadInput
from bot.store.case_tables import cases, tasks
from bot.store.case_tables import referrals as table
from bot.store.case_views import within
from bot.store.cases import COLUMNS, open_case
from bot.store.ids import new_id
from bot.store.room import Room
from bot.store.tasks import draft_of

_STATES = ("asking", "declined", "open", "taken", "done", "returned")
_WAITING = ("asking", "open", "taken")
_HANDED_ON = ("open", "taken", "done")
_SAID = ("yes", "partly", "no", "nobody")
_ASKED = "asked"
_MOST = 500


class ReferralRows:
    def __init__(self, room: Room) -> None:
        self._room, self._link = room, room.link

    async def add(
        self,
        case: str,
        office: str,
        what: str,
        papers: Sequence[str],
        due: date | None,
        now: datetime,
        task: str = "",
        state: str = "open",
    ) -> Referral:
        made = Referral(new_id(now), case, office, what, tuple(papers), due, state, "", now, now, task)
        values = {"id": made.id, "case_id": case, "created_at": now} | await self._values(made)
        await self._link.run(insert(table).values(values))
        return made

    async def change(self, referral: str, state: str, outcome: str, now: datetime) -> Referral:
        if state not in _STATES:
            raise BadInput(f"a referral has no state {state!r}; use {', '.join(_STATES)}")
        old = await self.get(referral)
        return await self._put(replace(old, state=state, outcome=outcome or old.outcome, updated_at=now))

    async def get(self, referral: str) -> Referral:
        row = await self._link.first(select(table).where(table.c.id == referral))
        if row is None:
            raise BadInput(f"there is no referral {referral}; it was erased, or the id is wrong")
        return await self._read(row)

    async def open(self, regions: Sequence[str]) -> Sequence[tuple[Referral, Case]]:
        waiting = _of(regions, table.c.state.in_(_WAITING))
        return await self._with_cases(waiting.order_by(table.c.due.is_(None), table.c.due, table.c.id).limit(_MOST))

    async def of_case(self, case: str) -> Sequence[Referral]:
        mine = select(table).where(table.c.case_id == case).order_by(table.c.created_at, table.c.id)
        return [await self._read(row) for row in await self._link.all(mine)]

    async def to_ask(self, first: date, last: date, limit: int) -> Sequence[Referral]:
        reminds = select(tasks.c.id).where(tasks.c.id == table.c.task, tasks.c.state == "open").exists()
        due = (table.c.due.between(first, last), table.c.asked_at.is_(None), table.c.state.in_(_HANDED_ON), reminds)
        rows = await self._link.all(select(table).where(*due).order_by(table.c.due, table.c.id).limit(limit))
        return [await self._read(row) for row in rows]

    async def asked(self, referral: str, now: datetime) -> bool:
        fresh = (table.c.id == referral, table.c.asked_at.is_(None))
        return bool(await self._link.changed(update(table).where(*fresh).values(asked_at=now)))

    async def helped(self, referral: Referral, said: str, state: str, task: str, now: datetime) -> Referral:
        if said not in _SAID or state not in _STATES:
            raise BadInput(f"nobody says {said!r} of a referral, or it has no state {state!r}")
        return await self._put(replace(referral, helped=said, helped_at=now, state=state, task=task, updated_at=now))

    async def settle(self, referral: Referral, state: str, task: str, due: date | None, now: datetime) -> Referral:
        if state not in _STATES:
            raise BadInput(f"a referral has no state {state!r}; use {', '.join(_STATES)}")
        return await self._put(replace(referral, state=state, task=task, due=due, updated_at=now))

    async def tally(self, regions: Sequence[str], since: datetime) -> Sequence[Tally]:
        counted = select(table.c.office, table.c.helped, func.count().label("number"))
        counted = counted.join(cases, cases.c.id == table.c.case_id)
        counted = counted.where(table.c.asked_at >= since, within(cases.c.region, regions))
        rows = await self._link.all(counted.group_by(table.c.office, table.c.helped))
        return [Tally(row.office, row.helped, int(row.number)) for row in rows]

    async def told(
        self, regions: Sequence[str], since: datetime, office: str, said: str, limit: int
    ) -> Sequence[tuple[Referral, Case]]:
        narrowed = [] if said == _ASKED else [table.c.helped == said]
        these = _of(regions, table.c.asked_at >= since, table.c.office == office, *narrowed)
        return await self._with_cases(these.order_by(table.c.asked_at.desc(), table.c.id.desc()).limit(limit))

    async def _with_cases(self, wanted: Select[Any]) -> list[tuple[Referral, Case]]:
        rows = await self._link.all(wanted)
        ids = {row.case_id for row in rows}
        found = await self._link.all(select(*COLUMNS).where(cases.c.id.in_(ids)))
        keys = await self._room.keys.find(row.draft for row in found)
        known = {row.id: open_case(row, keys[row.draft]) for row in found if row.draft in keys}
        return [(await self._read(row), known[row.case_id]) for row in rows if row.case_id in known]

    async def _put(self, one: Referral) -> Referral:
        await self._link.run(update(table).where(table.c.id == one.id).values(await self._values(one)))
        return one

    async def _values(self, one: Referral) -> dict[str, Any]:
        body = {"what": one.what, "outcome": one.outcome, "papers": list(one.papers)}
        sealed = await self._room.seal(await draft_of(self._room, one.case), body, "referrals", one.id, "body")
        clear = ("office", "state", "due", "task", "helped", "helped_at", "updated_at")
        return {"body": sealed} | {name: getattr(one, name) for name in clear}

    async def _read(self, row: Row[Any]) -> Referral:
        draft = await draft_of(self._room, row.case_id)
        body = await self._room.open(draft, row.body, "referrals", row.id, "body")
        clear = ("id", "office", "due", "state", "created_at", "updated_at", "task", "asked_at", "helped", "helped_at")
        told = {name: getattr(row, name) for name in clear}
        return Referral(
            case=row.case_id, what=body["what"], papers=tuple(body["papers"]), outcome=body["outcome"], **told
        )


def _of(regions: Sequence[str], *where: ColumnElement[bool]) -> Select[Any]:
    return select(table).join(cases, cases.c.id == table.c.case_id).where(*where, within(cases.c.region, regions))
