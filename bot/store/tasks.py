"""What people must do because no message can."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from bot.desk.case_ports import Task
from bot.errors import BadInput, Conflict
from bot.store.case_tables import cases
from bot.store.case_tables import tasks as table
from bot.store.dropping import drop_strangers
from bot.store.ids import new_id
from bot.store.room import Room, below


class TaskRows:
    def __init__(self, room: Room) -> None:
        self._room, self._link = room, room.link

    async def add(
        self, kind: str, person: str, case: str, region: str, text: str, phone: str, due_at: datetime, now: datetime
    ) -> Task:
        task = new_id(now)
        subject = await draft_of(self._room, case) if case else person
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


async def draft_of(room: Room, case: str) -> str:
    """The name of the key of a case."""
    draft = await room.link.value(select(cases.c.draft).where(cases.c.id == case))
    if draft is None:
        raise BadInput(f"there is no case {case}; it was erased, or the id is wrong")
    return str(draft)
