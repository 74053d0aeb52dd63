"""Pictures residents send while people have the conversation: first a row to be fetched by, then the photo, sealed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from bot.desk.officer_ports import KEPT, LAID, WANTED, TalkPicture
from bot.errors import BadInput
from bot.store.ids import new_id
from bot.store.officer_tables import pictures as table
from bot.store.room import Room, place

_COLUMNS = [column for column in table.c if column.name != "picture"]
_SOME = 200


class TalkPictureRows:
    def __init__(self, room: Room) -> None:
        self._room, self._link = room, room.link

    async def want(self, conversation: str, message: str, now: datetime) -> None:
        values = {
            "id": new_id(now),
            "conversation": conversation,
            "message": message,
            "subject": "",
            "state": WANTED,
            "attempts": 0,
            "due_at": now,
            "size": 0,
            "at": now,
        }
        await self._link.put_new(table, values, "message")

    async def due(self, now: datetime) -> bool:
        due = select(table.c.id).where(table.c.state == WANTED, table.c.due_at <= now).limit(1)
        return await self._link.value(due) is not None

    async def lease(self, now: datetime, until: datetime) -> TalkPicture | None:
        due = (table.c.state == WANTED, table.c.due_at <= now)
        first = select(*_COLUMNS).where(*due).order_by(table.c.due_at, table.c.id).limit(1)
        # On PostgreSQL each worker steps over the row another is taking; SQLite has one writer anyway.
        found = await self._link.first(first.with_for_update(skip_locked=True))
        if found is None:
            return None
        taken = {"attempts": found.attempts + 1, "due_at": until}
        await self._link.run(update(table).where(table.c.id == found.id).values(taken))
        return _picture(found, found.attempts + 1)

    async def keep(self, picture: str, content: bytes, now: datetime) -> None:
        subject = new_id(now)
        await self._room.keys.make(subject, now)
        sealer = await self._room.keys.of(subject)
        sealed = sealer.seal(content, place("talk_pictures", picture, "picture"))
        values = {"subject": subject, "state": KEPT, "size": len(content), "picture": sealed}
        # Erased, or kept by another worker, meanwhile: nothing is written, and the key is an orphan that is swept.
        await self._link.run(update(table).where(table.c.id == picture, table.c.state == WANTED).values(values))

    async def put_off(self, picture: str, until: datetime) -> None:
        this = (table.c.id == picture, table.c.state == WANTED)
        await self._link.run(update(table).where(*this).values(due_at=until))

    async def give_up(self, picture: str, state: str) -> None:
        this = (table.c.id == picture, table.c.state == WANTED)
        await self._link.run(update(table).where(*this).values(state=state))

    async def of_conversation(self, conversation: str) -> Sequence[TalkPicture]:
        mine = select(*_COLUMNS).where(table.c.conversation == conversation, table.c.state != LAID)
        return [_picture(row, row.attempts) for row in await self._link.all(mine.order_by(table.c.at, table.c.id))]

    async def read(self, picture: str) -> bytes:
        return await self._open(picture, KEPT)

    async def lay(self, conversation: str, content: bytes, now: datetime) -> str:
        picture, subject = new_id(now), new_id(now)
        await self._room.keys.make(subject, now)
        sealed = (await self._room.keys.of(subject)).seal(content, place("talk_pictures", picture, "picture"))
        values = {
            "id": picture,
            "conversation": conversation,
            # No message names it yet, and the column is unique.
            "message": f"{LAID}:{picture}",
            "subject": subject,
            "state": LAID,
            "attempts": 0,
            "due_at": now,
            "size": len(content),
            "picture": sealed,
            "at": now,
        }
        await self._link.run(insert(table).values(values))
        return picture

    async def is_laid(self, conversation: str, picture: str) -> bool:
        this = (table.c.id == picture, table.c.conversation == conversation, table.c.state == LAID)
        return await self._link.value(select(table.c.id).where(*this)) is not None

    async def laid(self, picture: str) -> bytes:
        return await self._open(picture, LAID)

    async def clear(self, before: datetime) -> int:
        return await drop_pictures(self._room, table.c.state == LAID, table.c.at < before)

    async def _open(self, picture: str, state: str) -> bytes:
        found = await self._link.first(
            select(table.c.subject, table.c.picture).where(table.c.id == picture, table.c.state == state)
        )
        if found is None:
            raise BadInput(f"there is no picture {picture}; it was forgotten or erased, or the id is wrong")
        return (await self._room.keys.of(found.subject)).open(found.picture, place("talk_pictures", picture, "picture"))

    async def forget(self, before: datetime) -> int:
        return await drop_pictures(self._room, table.c.at < before)


async def drop_pictures(room: Room, *which: Any) -> int:
    """Delete some hundred of these pictures, and with the commit their keys; how many."""
    rows = await room.link.all(select(table.c.id, table.c.subject).where(*which).limit(_SOME))
    room.destroy({row.subject for row in rows} - {""})
    return await room.link.changed(delete(table).where(table.c.id.in_([row.id for row in rows]))) if rows else 0


def _picture(row: Row[Any], attempts: int) -> TalkPicture:
    return TalkPicture(row.id, row.conversation, row.message, row.state, attempts, row.size, row.at)
