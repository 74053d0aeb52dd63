"""The SQLite connection does what aiosqlite's does, crossing to its thread once a statement."""

from __future__ import annotations

import asyncio
import gc
import sqlite3
import threading
import time
import warnings
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiosqlite
import pytest
import pytest_asyncio
from sqlalchemy import text

from bot.store.engine import make_reader, make_writer, read_url, touch
from bot.store.link import connected
from bot.store.onehop import OneHopConnection, connect


@pytest_asyncio.fixture
async def connection(tmp_path: Path) -> AsyncIterator[OneHopConnection]:
    made = await connect(str(tmp_path / "a.db"), 1.0)
    await (await made.cursor()).execute("CREATE TABLE a (n INTEGER PRIMARY KEY, word TEXT)")
    yield made
    await made.close()


async def test_rows_counts_and_columns_are_those_of_the_driver(connection: OneHopConnection) -> None:
    cursor = await connection.cursor()
    await cursor.executemany("INSERT INTO a (word) VALUES (?)", [("低保",), ("特困",), ("临时救助",)])
    assert (cursor.rowcount, cursor.description) == (3, None)
    await cursor.execute("UPDATE a SET word = word || '?' WHERE n > ?", (1,))
    assert cursor.rowcount == 2
    await cursor.execute("INSERT INTO a (word) VALUES ('孤儿')")
    assert cursor.lastrowid == 4
    await cursor.execute("SELECT n, word FROM a ORDER BY n DESC LIMIT 2")
    assert [column[0] for column in cursor.description] == ["n", "word"]
    assert await cursor.fetchall() == [(4, "孤儿"), (3, "临时救助?")]
    await cursor.close()


async def test_errors_come_through_and_leave_it_usable(connection: OneHopConnection) -> None:
    cursor = await connection.cursor()
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await cursor.execute("SELECT * FROM nowhere")
    await cursor.execute("SELECT 1")
    assert await cursor.fetchall() == [(1,)]


@pytest.fixture
def crossings(connection: OneHopConnection, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Everything the thread was asked to do."""
    seen: list[object] = []
    crossing = aiosqlite.Connection._execute

    async def counted(self: aiosqlite.Connection, function: Any, *rest: Any) -> Any:
        seen.append(function)
        return await crossing(self, function, *rest)  # type: ignore[no-untyped-call]

    monkeypatch.setattr(aiosqlite.Connection, "_execute", counted)
    return seen


async def test_a_statement_crosses_once(connection: OneHopConnection, crossings: list[object]) -> None:
    cursor = await connection.cursor()
    await cursor.execute("SELECT 1")
    await cursor.fetchall()
    await cursor.close()
    assert len(crossings) == 1


async def test_beginning_and_ending_cross_with_what_they_are_for(
    connection: OneHopConnection, crossings: list[object]
) -> None:
    cursor = await connection.cursor()
    connection.opening = "BEGIN IMMEDIATE"
    await connection.rollback()
    connection.opening = "BEGIN IMMEDIATE"
    await connection.commit()
    assert crossings == []
    connection.opening = "BEGIN IMMEDIATE"
    await cursor.execute("INSERT INTO a (word) VALUES ('低保')")
    assert connection.in_transaction
    await connection.commit()
    await connection.rollback()
    assert (len(crossings), connection.in_transaction) == (2, False)
    connection.opening = "BEGIN"
    await cursor.execute("SELECT count(*) FROM a")
    assert (await cursor.fetchall(), connection.in_transaction) == ([(1,)], True)
    await connection.rollback()
    assert not connection.in_transaction


async def test_nothing_is_written_where_the_transaction_could_not_begin(
    connection: OneHopConnection, tmp_path: Path
) -> None:
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        cursor = await connection.cursor()
        connection.opening = "BEGIN IMMEDIATE"
        for _ in range(2):
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                await cursor.execute("INSERT INTO a (word) VALUES ('低保')")
        other.execute("ROLLBACK")
    finally:
        other.close()
    await cursor.execute("INSERT INTO a (word) VALUES ('特困')")
    await connection.rollback()
    await cursor.execute("SELECT count(*) FROM a")
    assert await cursor.fetchall() == [(0,)]


async def test_what_nobody_waited_for_is_rolled_back(connection: OneHopConnection) -> None:
    connection._conn.create_function("slowly", 0, lambda: time.sleep(0.2))
    cursor = await connection.cursor()
    connection.opening = "BEGIN IMMEDIATE"
    working = asyncio.create_task(cursor.execute("INSERT INTO a (word) SELECT slowly()"))
    await asyncio.sleep(0.05)
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    await connection.rollback()
    assert not connection.in_transaction
    await cursor.execute("SELECT count(*) FROM a")
    assert await cursor.fetchall() == [(0,)]


@pytest.mark.parametrize("pause", range(0, 60, 3))
async def test_who_is_cancelled_while_connecting_leaves_nothing_open(tmp_path: Path, pause: int) -> None:
    url = read_url(f"sqlite:///{tmp_path}/once.db")
    touch(url)
    writer = make_writer(url)
    reader = make_reader(url, writer)

    async def ask() -> None:
        async with connected(reader) as link:
            await link.value(text("SELECT 1"))

    for step in range(5):
        asking = asyncio.create_task(ask())
        await asyncio.sleep((pause + step) / 20_000)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
    await reader.dispose()
    await writer.dispose()
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        gc.collect()
    assert [str(one.message) for one in said] == []


async def test_a_file_that_cannot_be_opened_leaves_no_thread_that_speaks_to_a_closed_loop(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("a letter, not a database" * 100)
    before = set(threading.enumerate())
    with pytest.raises(sqlite3.DatabaseError):
        await connect(str(tmp_path / "letter"), 1.0, ["journal_mode=WAL"])
    assert not [thread for thread in threading.enumerate() if thread not in before and "_connection" in thread.name]
