"""Workbooks that were sent: sealed, and forgotten as soon as nobody goes on with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from bot.desk.upload_ports import Upload, UploadState
from bot.errors import BadInput
from bot.store.broadcasting_tables import uploads as table
from bot.store.ids import new_id
from bot.store.keys import KeyRing
from bot.store.link import Link

_COLUMNS = [column for column in table.c if column.name != "body"]


class UploadRows:
    def __init__(self, link: Link, ring: KeyRing) -> None:
        self._link, self._ring = link, ring

    async def add(self, staff: str, name: str, content: bytes, now: datetime) -> Upload:
        row = new_id(now)
        values = {
            "id": row,
            "staff": staff,
            "name": self._ring.seal_words(name, "uploads", row, "name"),
            "body": self._ring.seal(content, "uploads", row, "body"),
            "size": len(content),
            "state": UploadState.OPEN.value,
            "changed": 0,
            "created_at": now,
            "updated_at": now,
        }
        await self._link.run(insert(table).values(**values))
        return await self.get(row)

    async def get(self, upload: str) -> Upload:
        row = await self._link.first(select(*_COLUMNS).where(table.c.id == upload))
        if row is None:
            raise BadInput(f"没有这份上传的表：{upload[:40]}")
        return self._read(row)

    async def content(self, upload: str) -> bytes:
        row = await self._link.first(select(table.c.body).where(table.c.id == upload))
        if row is None:
            raise BadInput(f"没有这份上传的表：{upload[:40]}")
        return self._ring.open(row.body, "uploads", upload, "body")

    async def list(self, limit: int = 50) -> Sequence[Upload]:
        wanted = select(*_COLUMNS).order_by(table.c.created_at.desc(), table.c.id.desc()).limit(limit)
        return [self._read(row) for row in await self._link.all(wanted)]

    async def close(self, upload: str, state: UploadState, changed: int, now: datetime) -> bool:
        emptied = self._ring.seal(b"", "uploads", upload, "body")
        done = (
            update(table)
            .where(table.c.id == upload, table.c.state == UploadState.OPEN.value)
            .values(state=state.value, changed=changed, body=emptied, updated_at=now)
        )
        return await self._link.changed(done) == 1

    async def forget(self, before: datetime) -> int:
        late = select(table.c.id).where(table.c.state == UploadState.OPEN.value, table.c.updated_at < before)
        rows = await self._link.all(late.limit(200))
        for row in rows:
            await self.close(row.id, UploadState.DROPPED, 0, before)
        return len(rows)

    def _read(self, row: Row[Any]) -> Upload:
        name = self._ring.open_words(row.name, "uploads", row.id, "name")
        return Upload(
            row.id, row.staff, name, row.size, UploadState(row.state), row.changed, row.created_at, row.updated_at
        )
