"""Calls of an office's system, each answered once: its key is kept as a hash, its answer holds nothing personal."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from bot.desk.case_ports import Request
from bot.store.case_tables import requests as table
from bot.store.room import Room


class RequestRows:
    def __init__(self, room: Room) -> None:
        self._room, self._link = room, room.link

    async def get(self, scope: str, key: str) -> Request | None:
        this = (table.c.scope == scope, table.c.key == self._room.ring.hash("request", scope, key))
        row = await self._link.first(select(table).where(*this))
        return None if row is None else Request(row.body_hash, row.status, row.body, row.at)

    async def put(self, scope: str, key: str, body_hash: str, status: int, body: str, now: datetime) -> bool:
        hashed = self._room.ring.hash("request", scope, key)
        values = {"scope": scope, "key": hashed, "body_hash": body_hash, "status": status, "body": body, "at": now}
        return await self._link.put_new(table, values, "scope, key")

    async def forget(self, before: datetime) -> int:
        return await self._link.changed(delete(table).where(table.c.at < before))
