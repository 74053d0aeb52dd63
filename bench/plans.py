"""How a database means to answer the console's lists: the statements as they are really sent, with EXPLAIN before them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.staff import Staff
from bot.store.engine import make_migrator, read_url
from bot.store.keys import KeyRing
from bot.store.link import Link
from bot.store.supervising import SupervisingRows
from bot.store.talks import TalkRows

_LARGE = ("conversations", "messages", "moves")
"""Tables that no list may read from end to end; of one that is empty no database tells."""


async def scans(url: str, ring: KeyRing, views: Sequence[str], staff: Staff, now: datetime) -> list[str]:
    """The statements that read a large table from end to end, and which."""
    engine = make_migrator(read_url(url), 60.0)
    sent: list[tuple[str, Any]] = []

    def keep(connection: Any, cursor: Any, statement: str, values: Any, context: Any, many: bool) -> None:
        sent.append((statement, values))

    found: list[str] = []
    try:
        async with engine.connect() as connection:
            talks, late = TalkRows(Link(connection), ring), SupervisingRows(Link(connection))
            asked = {view: talks.list(view, staff.id, staff.regions, now, 100) for view in views}
            asked |= {
                "counts": talks.counts(staff.id, staff.regions, now),
                "late": late.late(now, now.date(), 100),
                "loads": late.loads(now, now),
            }
            for name, question in asked.items():
                sent.clear()
                event.listen(engine.sync_engine, "before_cursor_execute", keep)
                await question
                event.remove(engine.sync_engine, "before_cursor_execute", keep)
                for statement, values in list(sent):
                    found += [f"{name}: {table}" for table in await _whole(connection, statement, values)]
    finally:
        await engine.dispose()
    return found


async def _whole(connection: AsyncConnection, statement: str, values: Any) -> list[str]:
    """The large tables that this statement reads from end to end."""
    sqlite = connection.dialect.name == "sqlite"
    plan = await connection.exec_driver_sql(("EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN ") + statement, values)
    lines = [str(row[-1]).strip() for row in plan]
    marks = ("SCAN {}",) if sqlite else ("Seq Scan on {} ", "Seq Scan on {}\n")
    return [
        table
        for table in _LARGE
        for line in lines
        if any(mark.format(table).strip() in line for mark in marks) and " USING " not in line
    ]
