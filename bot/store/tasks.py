"""What people must do because no message can, and what was handed to other offices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from bot.desk.case_ports import Case, Referral, Task
from bot.errors import BadInput, Conflict
from bot.store.case_tables import cases
from bot.store.case_tables import referrals as referral_table
from bot.store.case_tables import tasks as table
from bot.store.case_views import within
from bot.store.cases import COLUMNS, open_case
from bot.store.dropping import drop_strangers
from bot.store.ids import new_id
from bot.store.room import Room, below

_REFERRAL_STATES = ("open", "taken", "done", "returned")
_WAITING = ("open", "taken")
_MOST = 500


class TaskRows:
    def __init__(self, room: Room) -> None:
        self._room, self._link = room, room.link

    async def add(
        self, kind: str, person: str, case: str, region: str, text: str, phone: str, due_at: datetime, now: datetime
    ) -> Task:
        task = new_id(now)
        subject = await _draft_of(self._room, case) if case else person
        if not subject:  # an emergency comes before we know anybody
            subject = task
            await self._room.keys.make(task, now)
        values = {
            "id": task,
            "subject": subject,
            "kind": kind,
            "case_id": case,
            "person": person,
            "region": region,
            "state": "open",
            "done_by": "",
            "due_at": due_at,
            "created_at": now,
            "body": await self._room.seal(subject, {"text": text, "phone": phone}, "tasks", task, "body"),
        }
        await self._link.run(insert(table).values(values))
        return Task(task, kind, case, person, region, text, phone, "open", due_at, now)

    async def get(self, task: str) -> Task:
        found = await self._link.first(select(table).where(table.c.id == task))
        if found is None:
            raise BadInput(f"there is no task {task}; it was forgotten or erased, or the id is wrong")
        return await self._read(found)

    async def open(self, region: str = "") -> Sequence[Task]:
        return await self._list(table.c.state == "open", *below(table.c.region, region))

    async def unplaced(self) -> Sequence[Task]:
        return await self._list(table.c.state == "open", table.c.region == "")

    async def of_case(self, case: str) -> Sequence[Task]:
        return await self._list(table.c.case_id == case) if case else []

    async def done(self, task: str, actor: str, now: datetime) -> None:
        this = (table.c.id == task, table.c.state == "open")
        values = {"state": "done", "done_by": actor, "done_at": now}
        if not await self._link.changed(update(table).where(*this).values(values)):
            raise Conflict(f"task {task} is not open; somebody was faster, or the id is wrong")

    async def forget(self, before: datetime) -> int:
        old = (table.c.state == "done", table.c.done_at < before)
        rows = await self._link.all(select(table.c.id, table.c.subject, table.c.person).where(*old).limit(200))
        forgotten = await self._link.changed(delete(table).where(table.c.id.in_([row.id for row in rows])))
        await drop_strangers(self._room, [row.person for row in rows])
        self._room.destroy(row.id for row in rows if row.subject == row.id)
        return forgotten

    async def _list(self, *where: Any) -> list[Task]:
        rows = await self._link.all(select(table).where(*where).order_by(table.c.due_at, table.c.id))
        return [await self._read(row) for row in rows]

    async def _read(self, row: Row[Any]) -> Task:
        body = await self._room.open(row.subject, row.body, "tasks", row.id, "body")
        names = ("id", "kind", "person", "region", "state", "due_at", "created_at")
        return Task(case=row.case_id, **body, **{name: getattr(row, name) for name in names})


class ReferralRows:
    def __init__(self, room: Room) -> None:
        self._room, self._link = room, room.link

    async def add(
        self, case: str, office: str, what: str, papers: Sequence[str], due: date | None, now: datetime
    ) -> Referral:
        made = Referral(new_id(now), case, office, what, tuple(papers), due, "open", "", now, now)
        values = {"id": made.id, "case_id": case, "created_at": now} | await self._values(made)
        await self._link.run(insert(referral_table).values(values))
        return made

    async def change(self, referral: str, state: str, outcome: str, now: datetime) -> Referral:
        if state not in _REFERRAL_STATES:
            raise BadInput(f"a referral has no state {state!r}; use {', '.join(_REFERRAL_STATES)}")
        old = await self.get(referral)
        new = Referral(
            old.id,
            old.case,
            old.office,
            old.what,
            old.papers,
            old.due,
            state,
            outcome or old.outcome,
            old.created_at,
            now,
        )
        changed = update(referral_table).where(referral_table.c.id == referral).values(await self._values(new))
        await self._link.run(changed)
        return new

    async def get(self, referral: str) -> Referral:
        row = await self._link.first(select(referral_table).where(referral_table.c.id == referral))
        if row is None:
            raise BadInput(f"there is no referral {referral}; it was erased, or the id is wrong")
        return await self._read(row)

    async def open(self, regions: Sequence[str]) -> Sequence[tuple[Referral, Case]]:
        open_ones = select(referral_table).join(cases, cases.c.id == referral_table.c.case_id)
        open_ones = open_ones.where(referral_table.c.state.in_(_WAITING), within(cases.c.region, regions))
        in_order = open_ones.order_by(referral_table.c.due.is_(None), referral_table.c.due, referral_table.c.id)
        rows = await self._link.all(in_order.limit(_MOST))
        ids = {row.case_id for row in rows}
        found = await self._link.all(select(*COLUMNS).where(cases.c.id.in_(ids)))
        keys = await self._room.keys.find(row.draft for row in found)
        known = {row.id: open_case(row, keys[row.draft]) for row in found if row.draft in keys}
        return [(await self._read(row), known[row.case_id]) for row in rows if row.case_id in known]

    async def of_case(self, case: str) -> Sequence[Referral]:
        mine = select(referral_table).where(referral_table.c.case_id == case)
        rows = await self._link.all(mine.order_by(referral_table.c.created_at, referral_table.c.id))
        return [await self._read(row) for row in rows]

    async def _values(self, one: Referral) -> dict[str, Any]:
        body = {"what": one.what, "outcome": one.outcome, "papers": list(one.papers)}
        sealed = await self._room.seal(await _draft_of(self._room, one.case), body, "referrals", one.id, "body")
        return {"office": one.office, "state": one.state, "due": one.due, "body": sealed, "updated_at": one.updated_at}

    async def _read(self, row: Row[Any]) -> Referral:
        draft = await _draft_of(self._room, row.case_id)
        body = await self._room.open(draft, row.body, "referrals", row.id, "body")
        return Referral(
            id=row.id,
            case=row.case_id,
            office=row.office,
            what=body["what"],
            papers=tuple(body["papers"]),
            due=row.due,
            state=row.state,
            outcome=body["outcome"],
            created_at=row.created_at,
            updated_at=row.updated_at,
        )


async def _draft_of(room: Room, case: str) -> str:
    """The name of the key of a case."""
    draft = await room.link.value(select(cases.c.draft).where(cases.c.id == case))
    if draft is None:
        raise BadInput(f"there is no case {case}; it was erased, or the id is wrong")
    return str(draft)
