"""Broadcasts: the text sealed, each change counted, the platform's tags as it named them last."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, delete, func, insert, or_, select, update

from bot.desk.broadcast_ports import TOUCHED, Audience, Broadcast, Stage, Step
from bot.errors import BadInput, Conflict
from bot.store.broadcasting_tables import audiences, steps
from bot.store.broadcasting_tables import broadcasts as table
from bot.store.ids import new_id
from bot.store.keys import KeyRing
from bot.store.link import Link

_CHANGEABLE = frozenset(column.name for column in table.c) - {"id", "body", "author", "token", "version", "created_at"}
_SOME = 20


class BroadcastRows:
    def __init__(self, link: Link, ring: KeyRing) -> None:
        self._link, self._ring = link, ring

    async def add(self, staff: str, fields: Mapping[str, Any], now: datetime) -> Broadcast:
        row = new_id(now)
        values = {
            "id": row,
            **fields,
            "stage": Stage.DRAFT.value,
            "author": staff,
            "editors": staff,
            "approver": "",
            # Ours alone, and never used for another text.
            "token": f"jzt-{row.lower()}",
            "platform_id": "",
            "outcome": "",
            "said": "",
            "attempts": 0,
            "version": 1,
            "created_at": now,
            "updated_at": now,
        }
        values["body"] = self._seal(row, values.pop("text"))
        await self._link.run(insert(table).values(**values))
        return await self.get(row)

    async def get(self, broadcast: str) -> Broadcast:
        row = await self._link.first(select(table).where(table.c.id == broadcast))
        if row is None:
            raise BadInput(f"没有这条群发：{broadcast[:40]}")
        return self._read(row)

    async def list(self, limit: int = 100) -> Sequence[Broadcast]:
        wanted = select(table).order_by(table.c.created_at.desc(), table.c.id.desc()).limit(limit)
        return [self._read(row) for row in await self._link.all(wanted)]

    async def save(self, broadcast: Broadcast, now: datetime, **fields: Any) -> Broadcast:
        values = dict(fields)
        if "text" in values:
            values["body"] = self._seal(broadcast.id, values.pop("text"))
        if unknown := values.keys() - _CHANGEABLE - {"body"}:
            raise BadInput(f"a broadcast has no changeable {', '.join(sorted(unknown))}; use {sorted(_CHANGEABLE)}")
        if "editors" in values:
            values["editors"] = " ".join(values["editors"])
        if "stage" in values:
            values["stage"] = Stage(values["stage"]).value
        changed = await self._link.changed(
            update(table)
            .where(table.c.id == broadcast.id, table.c.version == broadcast.version)
            .values(**values, version=broadcast.version + 1, updated_at=now)
        )
        if not changed:
            raise Conflict("这条群发刚刚被别人改过，请重新打开看看")
        return await self.get(broadcast.id)

    async def say(self, broadcast: str, what: str, text: str, actor: str, now: datetime) -> None:
        row = new_id(now)
        body = self._ring.seal_words(text, "broadcast_steps", row, "body")
        values = {"id": row, "broadcast": broadcast, "what": what, "actor": actor, "at": now}
        await self._link.run(insert(steps).values(body=body, **values))

    async def steps(self, broadcast: str) -> Sequence[Step]:
        wanted = select(steps).where(steps.c.broadcast == broadcast).order_by(steps.c.at, steps.c.id)
        return [
            Step(row.what, self._ring.open_words(row.body, "broadcast_steps", row.id, "body"), row.actor, row.at)
            for row in await self._link.all(wanted)
        ]

    async def due(self, now: datetime, stuck: datetime) -> Sequence[Broadcast]:
        waiting = and_(table.c.stage == Stage.APPROVED.value, table.c.due_at <= now)
        died = and_(table.c.stage == Stage.SENDING.value, table.c.updated_at <= stuck)
        wanted = select(table).where(or_(waiting, died)).order_by(table.c.due_at, table.c.id).limit(_SOME)
        return [self._read(row) for row in await self._link.all(wanted)]

    async def went(self, since: datetime, audiences: Collection[str] = ()) -> int:
        wanted = select(func.count()).where(
            table.c.stage.in_(sorted(stage.value for stage in TOUCHED)), table.c.sent_at >= since
        )
        if audiences:
            wanted = wanted.where(table.c.audience.in_(sorted(audiences)))
        return int(await self._link.value(wanted) or 0)

    async def by_platform_id(self, platform_id: str) -> Broadcast | None:
        row = await self._link.first(select(table).where(table.c.platform_id == platform_id)) if platform_id else None
        return None if row is None else self._read(row)

    async def note_audiences(self, account: str, found: Sequence[Audience], now: datetime) -> None:
        # One account at a time: the tags of one that is gone are nobody's.
        await self._link.run(delete(audiences))
        rows = [
            {"account": account, "id": one.id, "name": one.name, "people": one.people, "seen_at": now} for one in found
        ]
        if rows:
            await self._link.run(insert(audiences).values(rows))

    async def audiences(self) -> tuple[Sequence[Audience], datetime | None]:
        rows = await self._link.all(select(audiences).order_by(audiences.c.name, audiences.c.id))
        return [Audience(row.id, row.name, row.people) for row in rows], rows[0].seen_at if rows else None

    def _seal(self, row: str, text: str) -> bytes:
        return self._ring.seal_words(text, "broadcasts", row, "body")

    def _read(self, row: Row[Any]) -> Broadcast:
        return Broadcast(
            id=row.id,
            kind=row.kind,
            text=self._ring.open_words(row.body, "broadcasts", row.id, "body"),
            region=row.region,
            audience=row.audience,
            audience_name=row.audience_name,
            stage=Stage(row.stage),
            author=row.author,
            editors=tuple(row.editors.split()),
            approver=row.approver,
            send_at=row.send_at,
            due_at=row.due_at,
            token=row.token,
            platform_id=row.platform_id,
            outcome=row.outcome,
            said=row.said,
            reached=row.reached,
            missed=row.missed,
            attempts=row.attempts,
            version=row.version,
            created_at=row.created_at,
            updated_at=row.updated_at,
            sent_at=row.sent_at,
        )
