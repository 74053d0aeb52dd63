"""Codes to go on elsewhere: kept as keyed hashes, spent by one conditional UPDATE."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, or_, select, update

from bot.desk.identity_ports import Continuation, Passing
from bot.store.body import from_json, to_json
from bot.store.ids import new_id
from bot.store.reach_tables import continuations as table
from bot.store.room import Room


class ContinuationRows:
    def __init__(self, room: Room) -> None:
        self._room, self._link = room, room.link

    async def add(
        self, code: str, conversation: str, person: str, about: Mapping[str, str], now: datetime, until: datetime
    ) -> Continuation:
        before = (table.c.conversation == conversation, table.c.state == Passing.OPEN.value)
        await self._link.run(update(table).where(*before).values(state=Passing.WITHDRAWN.value, code_hash=None))
        made = Continuation(new_id(now), conversation, person, Passing.OPEN, "", dict(about), now, until)
        sealed = self._room.ring.seal(to_json(dict(about), "what a code carries"), "continuations", made.id, "body")
        row = {"id": made.id, "conversation": conversation, "person": person, "state": made.state.value, "other": ""}
        hashed = self._hash(code)
        times = {"created_at": now, "expires_at": until}
        await self._link.run(insert(table).values(**row, **times, code_hash=hashed, body=sealed))
        return made

    async def find(self, code: str, now: datetime) -> Continuation | None:
        there = (table.c.code_hash == self._hash(code), table.c.state == Passing.OPEN.value, table.c.expires_at > now)
        return self._read(await self._link.first(select(table).where(*there)))

    async def claim(self, continuation: Continuation, other: str, until: datetime, now: datetime) -> bool:
        this = (table.c.id == continuation.id, table.c.state == Passing.OPEN.value, table.c.expires_at > now)
        spent = {"state": Passing.CLAIMED.value, "other": other, "code_hash": None, "expires_at": until}
        return bool(await self._link.changed(update(table).where(*this).values(**spent)))

    async def claimed(self, conversation: str, now: datetime) -> Continuation | None:
        asked = (table.c.conversation == conversation, table.c.state == Passing.CLAIMED.value, table.c.expires_at > now)
        return self._read(await self._link.first(select(table).where(*asked).order_by(table.c.id.desc())))

    async def settle(self, continuation: Continuation, to: Passing, now: datetime) -> bool:
        this = (table.c.id == continuation.id, table.c.state == Passing.CLAIMED.value, table.c.expires_at > now)
        return bool(await self._link.changed(update(table).where(*this).values(state=to.value)))

    async def forget(self, before: datetime) -> int:
        return await self._link.changed(delete(table).where(table.c.expires_at < before))

    def _hash(self, code: str) -> bytes:
        return self._room.ring.hash("continuation", code)

    def _read(self, row: Row[Any] | None) -> Continuation | None:
        if row is None:
            return None
        return Continuation(
            id=row.id,
            conversation=row.conversation,
            person=row.person,
            state=Passing(row.state),
            other=row.other,
            about=from_json(self._room.ring.open(row.body, "continuations", row.id, "body")),
            created_at=row.created_at,
            expires_at=row.expires_at,
        )


async def drop_continuations(room: Room, person: str, conversations: Sequence[str]) -> None:
    """Codes of somebody erased open nothing."""
    here = (table.c.conversation.in_(conversations), table.c.other.in_(conversations))
    await room.link.run(delete(table).where(or_(table.c.person == person, *here)))
