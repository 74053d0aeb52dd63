"""A SQLite connection that crosses to its thread once a statement, and for nothing else.

aiosqlite crosses four times (make a cursor, execute, fetch, close), each time waiting for two threads to be scheduled:
on a busy machine that, and not SQLite, is what a unit of work would wait for. BEGIN crosses with the first statement,
and ending a transaction that never began, or has ended, crosses not at all.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

import aiosqlite

from bot.store.unbroken import unbroken


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
        await self._connection._execute(self._in_thread, self._connection.opening, how, sql, parameters)

    def _in_thread(self, opening: str, how: str, sql: str, parameters: Any) -> None:
        cursor = self._connection._conn.cursor()
        try:
            if opening:
                cursor.execute(opening)
                self._connection.opening = ""  # not before it worked: nothing may be written outside a transaction
            getattr(cursor, how)(sql, parameters)
            self.description, self.lastrowid, self.rowcount = cursor.description, cursor.lastrowid, cursor.rowcount
            if cursor.description:
                self._rows = cursor.fetchall()
        finally:
            cursor.close()


class OneHopConnection(aiosqlite.Connection):
    opening = ""
    """The transaction that begins with the next statement."""
    _settled = True
    """False while the thread is at work, also for somebody who no longer waits for it."""

    async def cursor(self) -> OneHopCursor:  # type: ignore[override]
        return OneHopCursor(self)

    async def commit(self) -> None:
        if not self._ended():
            await super().commit()

    async def rollback(self) -> None:
        if not self._ended():
            await super().rollback()

    def _ended(self) -> bool:
        """Whether nothing is open, certainly."""
        self.opening = ""
        return self._settled and not self.in_transaction

    async def _execute(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        self._settled, gone = False, False
        try:
            return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]
        except asyncio.CancelledError:
            gone = True
            raise
        finally:
            self._settled = not gone


async def connect(path: str, wait: float, pragmas: Sequence[str] = ()) -> OneHopConnection:
    """Its thread dies with the process, as SQLAlchemy makes it for its own connections.

    The pragmas are set where the file is opened: a pool's "connect" event would cross to the thread for each, and who is
    cancelled between two of them would leave a connection behind that nobody closes.
    """

    def open_file() -> sqlite3.Connection:
        # isolation_level None: transactions begin where we say, not where the driver guesses. Any thread may close it
        # when the loop is gone.
        opened = sqlite3.connect(path, timeout=wait, isolation_level=None, check_same_thread=False)
        try:
            for pragma in pragmas:
                opened.execute(f"PRAGMA {pragma}").close()
        except BaseException:
            opened.close()
            raise
        return opened

    connection = OneHopConnection(open_file, iter_chunk_size=64)
    connection._thread.daemon = True
    return await unbroken(_opened(connection), OneHopConnection.close)


async def _opened(connection: OneHopConnection) -> OneHopConnection:
    try:
        await connection
    except BaseException:
        # aiosqlite tells its thread to end and does not wait for it: it would say so to a loop that may be closed by then.
        await asyncio.to_thread(connection._thread.join)
        raise
    return connection
