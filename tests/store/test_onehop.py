"""The SQLite connection does what aiosqlite's does, crossing to its thread once a statement."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

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


async def test_a_statement_crosses_once(connection: OneHopConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    crossings: list[object] = []
    crossing = connection._execute

    async def counted(function: object, *rest: object) -> object:
        crossings.append(function)
        return await crossing(function, *rest)  # type: ignore[no-untyped-call]

    monkeypatch.setattr(connection, "_execute", counted)
    cursor = await connection.cursor()
    await cursor.execute("SELECT 1")
    await cursor.fetchall()
    await cursor.close()
    assert len(crossings) == 1
