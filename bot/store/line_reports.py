"""Published telephone lines that nobody answered, as colleagues and residents found them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from bot.desk.officer_ports import LineReport
from bot.store.ids import new_id
from bot.store.link import Link
from bot.store.officer_tables import line_reports as table


class LineReportRows:
    def __init__(self, link: Link) -> None:
        self._link = link

    async def add(self, hotline: str, number: str, region: str, actor: str, now: datetime) -> None:
        values = {"hotline": hotline, "number": number, "region": region, "actor": actor}
        await self._link.run(insert(table).values(id=new_id(now), at=now, settled_at=None, settled_by="", **values))

    async def since(self, moment: datetime) -> Sequence[LineReport]:
        open_ones = select(table).where(table.c.at >= moment, table.c.settled_at.is_(None))
        rows = await self._link.all(open_ones.order_by(table.c.at.desc(), table.c.id.desc()))
        return [LineReport(row.id, row.hotline, row.number, row.region, row.actor, row.at) for row in rows]

    async def settle(self, hotline: str, actor: str, now: datetime) -> int:
        this = (table.c.hotline == hotline, table.c.settled_at.is_(None))
        return await self._link.changed(update(table).where(*this).values(settled_at=now, settled_by=actor))

    async def forget(self, before: datetime) -> int:
        return await self._link.changed(delete(table).where(table.c.at < before))
