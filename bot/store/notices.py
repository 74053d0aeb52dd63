"""Notices and what became of them on each route; what residents agreed to get."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from bot.desk.notices.ports import Agreement, Kept, Stage, Try
from bot.errors import BadInput
from bot.store.case_tables import cases
from bot.store.ids import new_id
from bot.store.reach_tables import notice_tries, subscriptions
from bot.store.reach_tables import notices as table
from bot.store.room import Room

_CHANGEABLE = frozenset(
    {"route", "conversation", "message", "held", "task", "platform_id", "attempts", "due_at", "route_at"}
)
_WITH_KEY = select(table, cases.c.draft).join(cases, cases.c.id == table.c.case_id)


class NoticeRows:
    def __init__(self, room: Room) -> None:
        self._room, self._link = room, room.link

    async def add(
        self,
        case: str,
        person: str,
        key: str,
        text: str,
        offers: Sequence[str],
        values: Mapping[str, str],
        now: datetime,
        task: str = "",
    ) -> Kept:
        notice = new_id(now)
        draft = str(await self._link.value(select(cases.c.draft).where(cases.c.id == case)))
        body = {"text": text, "offers": list(offers), "values": dict(values)}
        sealed = await self._room.seal(draft, body, "notices", notice, "body")
        empty = dict.fromkeys(("route", "conversation", "message", "held", "platform_id"), "") | {"task": task}
        times = {"due_at": None, "route_at": now, "created_at": now, "updated_at": now}
        row = {"id": notice, "case_id": case, "person": person, "key": key, "state": Stage.WAITING.value, "attempts": 0}
        await self._link.run(insert(table).values(**row, **empty, **times, body=sealed))
        return await self.get(notice)

    async def get(self, notice: str) -> Kept:
        row = await self._link.first(_WITH_KEY.where(table.c.id == notice))
        if row is None:
            raise BadInput(f"there is no notice {notice}; its case was erased, or the id is wrong")
        return await self._read(row)

    async def hold(self, notice: Kept) -> bool:
        return await self._link.first(select(table.c.id).where(*_as_read(notice)).with_for_update()) is not None

    async def move(self, notice: Kept, to: Stage, now: datetime, **fields: Any) -> bool:
        if unknown := fields.keys() - _CHANGEABLE:
            raise BadInput(f"a notice has no changeable {', '.join(sorted(unknown))}; use {sorted(_CHANGEABLE)}")
        changed = update(table).where(*_as_read(notice)).values(**fields, state=to.value, updated_at=now)
        return bool(await self._link.changed(changed))

    async def tried(self, notice: Kept, route: str, outcome: str, reason: str, now: datetime) -> None:
        told = {"route": route, "outcome": outcome, "reason": reason[:60], "at": now}
        await self._link.run(insert(notice_tries).values(notice=notice.id, case_id=notice.case, **told))

    async def tries(self, case: str) -> Sequence[Try]:
        mine = select(notice_tries).where(notice_tries.c.case_id == case).order_by(notice_tries.c.id)
        rows = await self._link.all(mine)
        return [Try(row.notice, row.route, row.outcome, row.reason, row.at) for row in rows]

    async def of_message(self, message: str) -> Kept | None:
        return await self._first(table.c.message == message) if message else None

    async def of_platform(self, conversation: str, platform_id: str) -> Kept | None:
        if not platform_id:
            return None
        return await self._first(table.c.conversation == conversation, table.c.platform_id == platform_id)

    async def sending_to(self, conversation: str) -> Sequence[Kept]:
        here = (table.c.conversation == conversation, table.c.state == Stage.SENDING.value)
        return await self._list(_WITH_KEY.where(*here))

    async def due(self, now: datetime, limit: int) -> Sequence[Kept]:
        due = (table.c.state == Stage.WAITING.value, table.c.due_at <= now)
        return await self._list(_WITH_KEY.where(*due).order_by(table.c.due_at, table.c.id).limit(limit))

    async def stuck(self, before: datetime) -> Sequence[Kept]:
        died = (table.c.state == Stage.SENDING.value, table.c.updated_at <= before)
        return await self._list(_WITH_KEY.where(*died).limit(100))

    async def agreed(self, conversation: str, template: str, yes: bool, now: datetime) -> None:
        key = {"conversation": conversation, "template": template}
        first = {**key, "left": int(yes), "refused": not yes, "updated_at": now}
        again = {"left": subscriptions.c.left + 1 if yes else 0, "refused": not yes, "updated_at": now}
        await self._link.run(
            self._link.insert(subscriptions)
            .values(first)
            .on_conflict_do_update(index_elements=[subscriptions.c.conversation, subscriptions.c.template], set_=again)
        )

    async def agreement(self, conversation: str, template: str) -> Agreement:
        row = await self._link.first(select(subscriptions).where(*_of(conversation, template)))
        return Agreement(row.left, row.refused) if row else Agreement(0, refused=False)

    async def spend(self, conversation: str, template: str, now: datetime) -> bool:
        left = (*_of(conversation, template), subscriptions.c.left > 0)
        one_less = update(subscriptions).where(*left).values(left=subscriptions.c.left - 1, updated_at=now)
        return bool(await self._link.changed(one_less))

    async def spare(self, conversation: str, template: str, now: datetime) -> None:
        mine = (*_of(conversation, template), subscriptions.c.refused.is_(False))
        one_more = update(subscriptions).where(*mine).values(left=subscriptions.c.left + 1, updated_at=now)
        await self._link.run(one_more)

    async def _first(self, *where: Any) -> Kept | None:
        row = await self._link.first(_WITH_KEY.where(*where))
        return None if row is None else await self._read(row)

    async def _list(self, wanted: Any) -> list[Kept]:
        return [await self._read(row) for row in await self._link.all(wanted)]

    async def _read(self, row: Row[Any]) -> Kept:
        body = await self._room.open(row.draft, row.body, "notices", row.id, "body")
        names = ("id", "person", "key", "route", "conversation", "message", "held", "task", "platform_id", "attempts")
        times = ("due_at", "route_at", "created_at")
        return Kept(
            **{name: getattr(row, name) for name in (*names, *times)},
            case=row.case_id,
            stage=Stage(row.state),
            text=body["text"],
            offers=tuple(body["offers"]),
            values=body["values"],
        )


def _as_read(notice: Kept) -> tuple[Any, ...]:
    stands = (table.c.state == notice.stage.value, table.c.route == notice.route)
    return (table.c.id == notice.id, *stands, table.c.attempts == notice.attempts)


def _of(conversation: str, template: str) -> tuple[Any, Any]:
    return subscriptions.c.conversation == conversation, subscriptions.c.template == template


async def drop_agreements(room: Room, conversations: Sequence[str]) -> None:
    """With the words of a chat goes what its resident agreed to get."""
    await room.link.run(delete(subscriptions).where(subscriptions.c.conversation.in_(conversations)))
