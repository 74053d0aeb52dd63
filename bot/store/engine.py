"""Connecting by URL: a SQLite file for one machine, PostgreSQL for a large site, by one setting."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.errors import BadInput
from bot.store.onehop import OneHopConnection, connect

WAIT_SECONDS = 2.0
"""How long a unit of work waits for a connection or a lock before it says TryAgain: a webhook has 5 s in all."""
START_SECONDS = 60.0
"""How long a starting process waits for another one that is changing the tables."""
_STATEMENT_SECONDS = 10.0


def read_url(url: str) -> URL:
    """The URL with our driver in it; raises BadInput, which never repeats the password."""
    try:
        parsed = make_url(url)
    except ArgumentError as e:
        raise BadInput(
            "the database setting is not a URL; write sqlite:///var/bot.db or postgresql://user@host/name"
        ) from e
    match parsed.get_backend_name():
        case "sqlite" if parsed.database and parsed.database != ":memory:" and not parsed.query:
            return parsed.set(drivername="sqlite+aiosqlite")
        case "sqlite":
            raise BadInput("a SQLite database must be a plain file that several processes share: sqlite:///var/bot.db")
        case "postgresql" if parsed.database:
            return parsed.set(drivername="postgresql+asyncpg")
        case other:
            raise BadInput(
                f"the database setting names {other}; write sqlite:///var/bot.db or postgresql://user@host/name"
            )


def make_writer(url: URL, schema: str = "", ahead: bool = False) -> AsyncEngine:
    """The engine units of work write through; `schema` is the one its tables lie in on PostgreSQL.

    SQLite has one writer at a time whatever we do: one connection, so that writers of one process queue in order here
    instead of polling the file's lock. PostgreSQL reads through it as well. `ahead`: see `bot.store.open_store`.
    """
    return (
        _sqlite(url, "BEGIN IMMEDIATE", 1, ahead=ahead)
        if is_sqlite(url)
        else _postgresql(url, schema=schema, ahead=ahead)
    )


def make_reader(url: URL, writer: AsyncEngine, erase: bool = False) -> AsyncEngine:
    """`erase`: of a database that `make_eraser` writes."""
    if is_sqlite(url):
        return _sqlite(url, "BEGIN", 4, erase=erase)
    return writer.execution_options(postgresql_readonly=True)


def make_migrator(url: URL, wait: float, schema: str = "", erase: bool = False) -> AsyncEngine:
    """An engine for changing tables: it waits long for another process that is changing them."""
    if is_sqlite(url):
        return _sqlite(url, "BEGIN IMMEDIATE", 1, wait, erase)
    return _postgresql(url, wait, wait, schema)


def make_eraser(url: URL, schema: str) -> AsyncEngine:
    """An engine for what must be gone when it is deleted: on SQLite the bytes are overwritten, and no log keeps them."""
    return _sqlite(url, "BEGIN IMMEDIATE", 1, erase=True) if is_sqlite(url) else _postgresql(url, schema=schema)


def is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def no_file(url: URL) -> bool:
    """Whether this names a SQLite file that is not there: connecting would make an empty one."""
    return is_sqlite(url) and not Path(url.database or "").exists()


def touch(url: URL) -> None:
    """Make a SQLite file that only this service can read, before SQLite would make one that others can."""
    path = Path(url.database or "")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as e:
        raise BadInput(f"the database file {path} cannot be made ({e.strerror}); mend the folder or the setting") from e


def _sqlite(
    url: URL, begin: str, connections: int, wait: float = WAIT_SECONDS, erase: bool = False, ahead: bool = False
) -> AsyncEngine:
    pragmas = (
        f"busy_timeout={int(wait * 1000)}",
        # A log would keep what was deleted until it is written over.
        f"journal_mode={'TRUNCATE' if erase else 'WAL'}",
        # FAST: deleted bytes are overwritten where that costs no further page.
        f"secure_delete={'ON' if erase else 'FAST'}",
        # FULL: acknowledged means committed, also through a power cut.
        f"synchronous={'NORMAL' if ahead else 'FULL'}",
        "foreign_keys=ON",
        "cache_size=-16000",  # 16 MB: the keyed hashes of a large table lie far apart
        f"query_only={'ON' if begin == 'BEGIN' else 'OFF'}",
    )
    engine = create_async_engine(
        url,
        hide_parameters=True,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=WAIT_SECONDS,
        async_creator=lambda: connect(url.database or "", wait, pragmas),
    )

    def on_begin(connection: Connection) -> None:
        # A deferred transaction that turns from read to write fails at once in spite of its timeout.
        # It crosses to SQLite with the first statement: for a word kept until then, SQLAlchemy's way is long.
        opened: OneHopConnection = connection.connection.driver_connection  # type: ignore[assignment]
        opened.opening = begin

    event.listen(engine.sync_engine, "begin", on_begin)
    return engine


def _postgresql(
    url: URL,
    lock: float = WAIT_SECONDS,
    statement: float = _STATEMENT_SECONDS,
    schema: str = "",
    ahead: bool = False,
) -> AsyncEngine:
    return create_async_engine(
        url,
        hide_parameters=True,
        pool_size=10,
        max_overflow=0,
        pool_timeout=WAIT_SECONDS,
        connect_args={
            "timeout": 3.0,
            "command_timeout": statement + 2.0,  # the server gives up first and says why
            "server_settings": {
                "application_name": "jiuzhutong",
                "lock_timeout": f"{int(lock * 1000)}",
                "statement_timeout": f"{int(statement * 1000)}",
                "idle_in_transaction_session_timeout": "15000",
                **({"search_path": schema} if schema else {}),
                **({"synchronous_commit": "off"} if ahead else {}),
            },
        },
    )
