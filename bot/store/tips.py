"""What residents report of an office or of a fraud. Nothing leads from an anonymous one back to who told it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, case, delete, insert, or_, select, true, update

from bot.desk.officer_ports import Tip
from bot.errors import BadInput, Conflict
from bot.store.ids import new_id
from bot.store.officer_tables import tips as table
from bot.store.room import Room, below

_DONE = "done"


class TipRows:
    def __init__(self, room: Room) -> None:
        self._room, self._link = room, room.link

    async def add(
        self,
        about: str,
        region: str,
        level: str,
        who: str,
        what: str,
        now: datetime,
        *,
        conversation: str = "",
        contact: str = "",
    ) -> Tip:
        row, subject = new_id(now), new_id(now)
        await self._room.keys.make(subject, now)
        body = {"who": who, "what": what, "contact": contact, "outcome": ""}
        values = {
            "id": row,
            "subject": subject,
            "about": about,
            "region": region,
            "level": level,
            "named": bool(conversation),
            "conversation": conversation,
            "state": "new",
            "actor": "",
            "created_at": now,
            "updated_at": now,
            "body": await self._room.seal(subject, body, "tips", row, "body"),
        }
        await self._link.run(insert(table).values(values))
        return await self.get(row)

    async def get(self, tip: str) -> Tip:
        found = await self._link.first(select(table).where(table.c.id == tip))
        if found is None:
            raise BadInput(f"there is no tip {tip}; it was erased, or the id is wrong")
        return await self._read(found)

    async def list(self, levels: Sequence[str], state: str = "", limit: int = 100) -> Sequence[Tip]:
        places = [and_(true(), *below(table.c.level, level)) for level in levels]
        if not places:
            return []
        wanted = select(table).where(or_(*places), *((table.c.state == state,) if state else ()))
        order = (case((table.c.state == _DONE, 1), else_=0), table.c.created_at, table.c.id)
        return [await self._read(row) for row in await self._link.all(wanted.order_by(*order).limit(limit))]

    async def change(self, tip: str, state: str, actor: str, outcome: str, now: datetime) -> Tip:
        old = await self.get(tip)
        subject = await self._link.value(select(table.c.subject).where(table.c.id == tip))
        body = {"who": old.who, "what": old.what, "contact": old.contact, "outcome": outcome or old.outcome}
        sealed = await self._room.seal(subject, body, "tips", tip, "body")
        values = {"state": state, "actor": actor, "updated_at": now, "body": sealed}
        if not await self._link.changed(update(table).where(table.c.id == tip, table.c.state != _DONE).values(values)):
            raise Conflict("这件举报已经办结，请刷新看看。")
        return await self.get(tip)

    async def _read(self, row: Row[Any]) -> Tip:
        body = await self._room.open(row.subject, row.body, "tips", row.id, "body")
        return Tip(
            row.id,
            row.about,
            row.region,
            row.level,
            row.named,
            row.conversation,
            body["who"],
            body["what"],
            body["contact"],
            row.state,
            row.actor,
            body["outcome"],
            row.created_at,
            row.updated_at,
        )


async def drop_tips(room: Room, conversations: Sequence[str]) -> int:
    """Delete the named ones of these conversations, and with the commit their keys; how many."""
    where = table.c.conversation.in_([one for one in conversations if one])
    rows = await room.link.all(select(table.c.subject).where(where))
    room.destroy({row.subject for row in rows})
    return await room.link.changed(delete(table).where(where)) if rows else 0
