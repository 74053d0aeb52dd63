"""The audit log: append-only rows, chained by a keyed hash (`bot.audit`). No method changes one; those whose time is over are
removed at the beginning, which a line of the log says."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

import bot.store.append_only  # noqa: F401  (the triggers belong to the tables)
from bot.audit import FIRST, Deed, Head, Line, link
from bot.store.keys import KeyRing
from bot.store.link import Link
from bot.store.staff_tables import audit_head as head_table
from bot.store.staff_tables import audit_log as table

_PAGE = 1000


class AuditRows:
    def __init__(self, link: Link, ring: KeyRing) -> None:
        self._link, self._ring = link, ring

    def mac(self, data: bytes) -> bytes:
        return self._ring.hash("audit", data.hex())

    async def add(
        self,
        actor: str,
        deed: Deed,
        what: str,
        now: datetime,
        *,
        region: str = "",
        reason: str = "",
        about: Mapping[str, Any] | None = None,
    ) -> Line:
        await self._link.put_new(head_table, {"id": 1, "seq": 0, "mac": FIRST}, "id")
        newest = await self._link.first(select(head_table).where(head_table.c.id == 1).with_for_update())
        assert newest is not None
        line = Line(newest.seq + 1, now, actor, deed, what, region, reason, dict(about or {}))
        kept = link(line, newest.mac, self.mac)
        values = {
            "seq": line.seq,
            "at": now,
            "actor": actor,
            "deed": deed,
            "what": what,
            "region": region,
            "reason": reason,
            "about": json.dumps(line.about, ensure_ascii=False, sort_keys=True),
            "mac": kept,
        }
        await self._link.run(insert(table).values(values))
        await self._link.run(update(head_table).where(head_table.c.id == 1).values(seq=line.seq, mac=kept))
        return line

    async def head(self) -> Head | None:
        row = await self._link.first(select(head_table).where(head_table.c.id == 1))
        return None if row is None else Head(row.seq, row.mac)

    async def base(self) -> Head | None:
        """The last line that was removed at the beginning."""
        row = await self._link.first(select(head_table).where(head_table.c.id == 0))
        return None if row is None else Head(row.seq, row.mac)

    async def purge(self, before: datetime, now: datetime, most: int = 5_000) -> int:
        """Remove lines from the beginning on, as long as they are older; how many. The database keeps half a year of them
        whatever it is told."""
        begins = await self.base()
        first = begins.seq if begins else 0
        young = await self._link.value(select(func.min(table.c.seq)).where(table.c.seq > first, table.c.at >= before))
        newest = await self.head()
        last = min((young or (newest.seq if newest else 0) + 1) - 1, first + most)
        row = (
            await self._link.first(select(table.c.seq, table.c.mac).where(table.c.seq == last))
            if last > first
            else None
        )
        if row is None:
            return 0
        base = Head(row.seq, bytes(row.mac))
        await self.add("system", Deed.PURGED, "audit", now, about={"until": str(base), "lines": last - first})
        await self._link.put_new(head_table, {"id": 0, "seq": 0, "mac": FIRST}, "id")
        await self._link.run(update(head_table).where(head_table.c.id == 0).values(seq=base.seq, mac=base.mac))
        return await self._link.changed(delete(table).where(table.c.seq <= base.seq))

    async def lines(self, after: int = 0) -> AsyncIterator[tuple[Line, bytes]]:
        size = _PAGE
        while True:
            rest = table.c.seq > after
            try:
                page = await self._link.all(select(table).where(rest).order_by(table.c.seq).limit(size))
            except (ValueError, TypeError):
                # One of them is not even a moment or bytes any more (SQLite keeps what it is given): look at each.
                if size > 1:
                    size = 1
                    continue
                after = await self._link.value(select(func.min(table.c.seq)).where(rest))
                yield Line(after, datetime.min.replace(tzinfo=UTC), "", Deed.UNREADABLE, ""), b""
                continue
            for row in page:
                yield _line(row)
                after = row.seq
            if len(page) < size:
                return


def _line(row: Row[Any]) -> tuple[Line, bytes]:
    """A row somebody made unreadable is a line no hash fits: the reader of the log says so, and does not fall over it."""
    try:
        about = json.loads(row.about)
        line = Line(row.seq, row.at, row.actor, Deed(row.deed), row.what, row.region, row.reason, dict(about))
        return line, bytes(row.mac)
    except (ValueError, TypeError):
        return Line(row.seq, row.at, str(row.actor), Deed.UNREADABLE, str(row.what)), b""
