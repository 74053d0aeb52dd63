"""One connection to the database, with its faults said in our words: what passed and may be repeated is TryAgain."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cache
from typing import Any, TypeVar
from weakref import WeakSet

from sqlalchemy import (
    Connection,
    CursorResult,
    Executable,
    Row,
    Table,
    TextClause,
    bindparam,
    func,
    inspect,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import BadInput, JiuzhutongError, TryAgain
from bot.store.unbroken import unbroken

T = TypeVar("T")

_ADVISORY = 0x6A7A74  # "jzt": any number that no other program on this database uses

_PASSING_SQLITE = ("locked", "busy", "disk i/o", "disk is full", "unable to open")
_PASSING_POSTGRES = ("08", "53", "57", "40001", "40P01", "55P03", "25P03")
"""SQLSTATEs (postgresql.org/docs/current/errcodes-appendix.html): connection gone, no room or connections, shut down or
cancelled, serialisation, deadlock, lock timeout, idle too long."""
_WRONG_POSTGRES = ("28", "3D")
"""Wrong user, password or database name."""


class Link:
    """What repositories speak through. Every method raises only errors of ours for faults of the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    @property
    def is_sqlite(self) -> bool:
        return self._connection.dialect.name == "sqlite"

    def insert(self, table: Table) -> postgresql.Insert | sqlite.Insert:
        """An INSERT that knows ON CONFLICT in the words of this database."""
        return sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)

    async def put_new(self, table: Table, values: Mapping[str, Any], unique: str) -> bool:
        """Insert a row unless one with the same `unique` columns is there; whether it was made."""
        row = {column.name: values.get(column.name) for column in table.c}
        return await self.value(_insert_new(table, unique), row) is not None

    async def run(self, statement: Executable, values: Any = None) -> CursorResult[Any]:
        return await guard(self._connection.execute(statement, values))

    async def all(self, statement: Executable, values: Mapping[str, Any] | None = None) -> Sequence[Row[Any]]:
        return (await self.run(statement, values)).all()

    async def first(self, statement: Executable, values: Mapping[str, Any] | None = None) -> Row[Any] | None:
        return (await self.run(statement, values)).first()

    async def value(self, statement: Executable, values: Mapping[str, Any] | None = None) -> Any:
        return (await self.run(statement, values)).scalar()

    async def changed(self, statement: Executable, values: Mapping[str, Any] | None = None) -> int:
        """How many rows it changed."""
        return (await self.run(statement, values)).rowcount

    async def sync(self, work: Callable[[Connection], T]) -> T:
        """For the parts of SQLAlchemy and Alembic that are not async."""
        return await guard(self._connection.run_sync(work))

    async def has_table(self, name: str) -> bool:
        return await self.sync(lambda connection: inspect(connection).has_table(name))

    async def alone(self) -> None:
        """Wait until no other process is here, and keep them out until the transaction ends: for what starting
        processes do once. SQLite's BEGIN IMMEDIATE does that already."""
        if self._connection.dialect.name == "postgresql":
            await self.run(select(func.pg_advisory_xact_lock(_ADVISORY)))

    async def commit(self) -> None:
        try:
            await guard(self._connection.commit())
        except TryAgain as e:
            # The one moment when a lost connection leaves it open: keys and states make the repeat harmless.
            raise TryAgain("the database did not confirm the commit; repeat it", e.after) from e


@asynccontextmanager
async def connected(engine: AsyncEngine) -> AsyncIterator[Link]:
    """A connection in a transaction, which rolls back unless told to commit."""
    connection = engine.connect()
    await guard(connection.start() if engine in _met else unbroken(connection.start(), AsyncConnection.close))
    _met.add(engine)
    try:
        await guard(connection.begin().start())
        yield Link(connection)
    finally:
        # A cancelled task must still give its connection back, or the next writer waits for nothing.
        await unbroken(connection.close())


_met: WeakSet[AsyncEngine] = WeakSet()
"""Engines that SQLAlchemy asked its first questions through: cut short there, its pool would forget the connection."""


def chunks(ids: Sequence[T], size: int = 500) -> Iterable[Sequence[T]]:
    """As many as one statement may ask for: both databases allow about 32,000 parameters."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


@cache
def _insert_new(table: Table, unique: str) -> TextClause:
    """As text, which both databases read alike: SQLAlchemy compiles its own ON CONFLICT anew for every row."""
    names = [column.name for column in table.c]
    return text(
        f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join(f':{name}' for name in names)}) "  # noqa: S608
        f"ON CONFLICT ({unique}) DO NOTHING RETURNING 1"
    ).bindparams(*(bindparam(column.name, type_=column.type) for column in table.c))


async def guard(waiting: Awaitable[T]) -> T:
    """Await it, and raise our error `from` the database's."""
    try:
        return await waiting
    except Exception as e:
        # asyncpg raises its own errors while connecting, before SQLAlchemy is there to wrap them.
        ours = translate(e) if isinstance(e, DBAPIError | PoolTimeout | OSError) or hasattr(e, "sqlstate") else None
        if ours is None:
            raise
        raise ours from e


def translate(error: Exception) -> JiuzhutongError | None:
    """Our error for a fault of the database; None for a mistake in our own code, which should be seen as one."""
    if isinstance(error, OSError | PoolTimeout):  # TimeoutError is an OSError
        return TryAgain("the database did not answer in time; nothing was stored, repeat it", after=1.0)
    original = error.orig if isinstance(error, DBAPIError) else error
    state = str(getattr(original, "sqlstate", None) or "")
    if state.startswith(_PASSING_POSTGRES) or (isinstance(error, DBAPIError) and error.connection_invalidated):
        return TryAgain("the database is away or busy; nothing was stored, repeat it", after=1.0)
    if state.startswith(_WRONG_POSTGRES):
        return BadInput("the database refused the user, the password or the database name; mend the database setting")
    if state == "42501":
        return BadInput(
            "the database user lacks a right that this needs; grant it all on the database and its tables, CREATE included"
        )
    if isinstance(error, IntegrityError):
        return BadInput("the database refused a row that points to nothing or stands there twice; look at it again")
    if isinstance(error, DataError) or state.startswith("22"):
        return BadInput("the database cannot hold one of the values given (a NUL character, a number too large)")
    words = str(original).lower()
    if not state and any(fault in words for fault in _PASSING_SQLITE):
        return TryAgain("the database file is locked, full or away; nothing was stored, repeat it", after=1.0)
    if "not a database" in words or "malformed" in words:
        return BadInput("the database file is damaged or not a database; restore it from a backup, or mend the setting")
    if "connection is closed" in words or "connection was closed" in words:
        return TryAgain("the connection to the database was lost; nothing was stored, repeat it", after=1.0)
    return None
