"""T-31: lines of the audit log whose time is over go, half a year stays whatever is asked for, and the chain tells one from the
other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy.exc import DBAPIError

from bot.audit import Deed
from bot.desk.ports import Store
from bot.desk.staff.auditing import Verified, verify
from bot.errors import BadInput
from bot.store.engine import make_migrator, read_url
from tests.databases import Database
from tests.store.tampering import tamper

LONG_AGO = datetime(2021, 3, 1, tzinfo=UTC)
OVER = LONG_AGO + timedelta(days=5)


async def written(store: Store, count: int, since: datetime) -> None:
    async with store.writing() as work:
        for number in range(count):
            await work.audit.add("s-1", Deed.READ, f"case:{number}", since + timedelta(days=number), reason="核对")
        await work.commit()


async def purged(store: Store, before: datetime, most: int = 5_000) -> int:
    async with store.writing() as work:
        gone = await work.audit.purge(before, datetime.now(UTC), most)
        await work.commit()
    return gone


async def proved(store: Store) -> Verified:
    return await verify(cast(Any, SimpleNamespace(store=store)))


async def test_what_is_older_goes_and_the_rest_is_still_proved(store: Store) -> None:
    await written(store, 10, LONG_AGO)
    assert await purged(store, LONG_AGO) == 0
    assert (await proved(store)).lines == 10
    assert await purged(store, OVER) == 5
    found = await proved(store)
    assert (found.lines, found.broken) == (6, None)
    async with store.reading() as work:
        lines = [line async for line, _ in work.audit.lines()]
    assert [line.seq for line in lines] == [6, 7, 8, 9, 10, 11]
    assert (lines[-1].deed, lines[-1].about["lines"]) == (Deed.PURGED, 5)
    assert await purged(store, OVER) == 0


async def test_bit_by_bit_it_is_the_same(store: Store) -> None:
    await written(store, 10, LONG_AGO)
    assert [await purged(store, OVER, 2) for _ in range(4)] == [2, 2, 1, 0]
    found = await proved(store)
    assert (found.lines, found.broken) == (8, None)


async def test_a_young_line_stops_it_though_older_ones_follow(store: Store) -> None:
    await written(store, 2, LONG_AGO)
    await written(store, 1, datetime.now(UTC))
    await written(store, 2, LONG_AGO)
    assert await purged(store, datetime.now(UTC) - timedelta(days=200)) == 2
    assert (await proved(store)).broken is None


async def test_half_a_year_stays_whatever_is_asked_for(store: Store) -> None:
    await written(store, 3, datetime.now(UTC) - timedelta(days=179))
    with pytest.raises((DBAPIError, BadInput)):
        await purged(store, datetime.now(UTC) + timedelta(days=1))
    found = await proved(store)
    assert (found.lines, found.broken) == (3, None)


@pytest.mark.parametrize(
    "tampering",
    [
        "DELETE FROM audit_log WHERE seq = 6",
        "DELETE FROM audit_log WHERE seq <= 7",
        "UPDATE audit_head SET seq = 6, mac = (SELECT mac FROM audit_log WHERE seq = 6) WHERE id = 0",
        "DELETE FROM audit_head WHERE id = 0",
        "UPDATE audit_log SET about = '{}' WHERE seq = 11",
        "DELETE FROM audit_log WHERE seq = 11",
    ],
)
async def test_what_was_cut_off_by_somebody_is_found(store: Store, database: Database, tampering: str) -> None:
    await written(store, 10, LONG_AGO)
    await purged(store, OVER)
    await tamper(database, tampering)
    assert (await proved(store)).broken is not None


async def test_a_beginning_moved_with_the_lines_before_it_is_found(store: Store, database: Database) -> None:
    await written(store, 10, LONG_AGO)
    await purged(store, OVER)
    await tamper(
        database,
        "UPDATE audit_head SET seq = 7, mac = (SELECT mac FROM audit_log WHERE seq = 7) WHERE id = 0",
        "DELETE FROM audit_log WHERE seq <= 7",
    )
    found = (await proved(store)).broken
    assert found is not None
    assert "不是按期清理的" in found.what


async def test_the_beginning_never_goes_back(store: Store, database: Database) -> None:
    await written(store, 10, LONG_AGO)
    await purged(store, OVER)
    engine = make_migrator(read_url(database.url), 30.0)
    for change in ("UPDATE audit_head SET seq = 2 WHERE id = 0", "DELETE FROM audit_log WHERE seq = 6"):
        with pytest.raises(DBAPIError, match="only added to"):
            async with engine.begin() as connection:
                await connection.exec_driver_sql(change)
    await engine.dispose()
    assert (await proved(store)).broken is None
