"""A SQLite connection that crosses to its thread once a statement.

aiosqlite crosses four times (make a cursor, execute, fetch, close), each time waiting for two threads to be scheduled:
on a busy machine that, and not SQLite, is what a unit of work would wait for.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

import aiosqlite


class OneHopCursor:
    """As much of a cursor as SQLAlchemy's adapter asks for, with the rows fetched where the statement ran."""

    def __init__(self, connection: OneHopConnection) -> None:
        self._connection = connection
        self._rows: Sequence[Any] = ()
        self.description: Any = None
        self.lastrowid: int | None = None
        self.rowcount = -1

    async def execute(self, sql: str, parameters: Iterable[Any] = ()) -> OneHopCursor:
        await self._run("execute", sql, parameters)
        return self

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> OneHopCursor:
        await self._run("executemany", sql, parameters)
        return self

    async def fetchall(self) -> Sequence[Any]:
        return self._rows

    async def close(self) -> None:
        """Closed where it ran."""

    async def _run(self, how: str, sql: str, parameters: Any) -> None:
        # How aiosqlite's own cursor reaches the thread: private, so a test would fail by name if it moved.
        await self._connection._execute(self._in_thread, how, sql, parameters)  # type: ignore[no-untyped-call]

    def _in_thread(self, how: str, sql: str, parameters: Any) -> None:
        cursor = self._connection._conn.cursor()
        try:
            getattr(cursor, how)(sql, parameters)
            self.description, self.lastrowid, self.rowcount = cursor.description, cursor.lastrowid, cursor.rowcount
            if cursor.description:
                self._rows = cursor.fetchall()
        finally:
            cursor.close()


class OneHopConnection(aiosqlite.Connection):
    async def cursor(self) -> OneHopCursor:  # type: ignore[override]
        return OneHopCursor(self)


def connect(path: str, wait: float) -> OneHopConnection:
    """To be awaited. Its thread dies with the process, as SQLAlchemy makes it for its own connections."""

    def open_file() -> sqlite3.Connection:
        # isolation_level None: transactions begin where we say, not where the driver guesses. Any thread may close it
        # when the loop is gone.
        return sqlite3.connect(path, timeout=wait, isolation_level=None, check_same_thread=False)

    connection = OneHopConnection(open_file, iter_chunk_size=64)
    connection._thread.daemon = True
    return connection
