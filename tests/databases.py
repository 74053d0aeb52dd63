"""The databases every suite runs on: SQLite always, PostgreSQL when one answers at TEST_POSTGRES_URL.

`store` is an open store on fresh tables, once for each database; `database` is its address, to open a second one.
Where PostgreSQL is absent its cases are not collected, and one line at the end says so.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy import make_url

from bot.desk.ports import Store
from bot.store import KeyRing, migrate, open_store
from bot.store.append_only import TRIGGERS
from bot.store.keys import new_text, parse
from bot.store.subject_keys import SCHEMA
from bot.store.subject_keys import metadata as key_tables
from bot.store.tables import metadata
from tests import statements

POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/test")

_numbers = count(1)
_told = False
statements.share()


@dataclass(frozen=True, slots=True)
class Database:
    kind: str
    url: str

    @property
    def path(self) -> Path:
        """The file, on SQLite."""
        return Path(make_url(self.url).database or "")


def apart(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine to its end in a thread of its own: fixtures of a session have no event loop to borrow."""
    out: list[Any] = []

    def run() -> None:
        try:
            out.append(asyncio.run(work))
        except Exception as e:
            out.append(e)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if isinstance(out[0], Exception):
        raise out[0]
    return out[0]


async def sql(*statements: str, database: str = "") -> None:
    """Run statements on the PostgreSQL server, each on its own."""
    url = make_url(POSTGRES_URL)
    url = url.set(drivername="postgresql", database=database or url.database)
    connection = await asyncpg.connect(url.render_as_string(hide_password=False), timeout=3)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


@cache
def postgres_is_there() -> bool:
    try:
        apart(sql("SELECT 1"))
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False
    return True


def kinds() -> list[str]:
    return ["sqlite", "postgresql"] if postgres_is_there() else ["sqlite"]


sqlite_first = pytest.mark.parametrize(
    "database",
    [pytest.param(kind, marks=[] if kind == "sqlite" else [pytest.mark.proof]) for kind in kinds()],
    indirect=True,
)
"""For what takes seconds, and asks nothing of the database that shorter tests do not ask of both: the other one has its
turn in `make proof`."""


@pytest.fixture(scope="session")
def keyring() -> KeyRing:
    return parse(new_text())


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A migrated database of each kind, made once."""
    made = {"sqlite": str(tmp_path_factory.mktemp("template") / "template.db")}
    apart(migrate(f"sqlite:///{made['sqlite']}"))
    if postgres_is_there():
        made["postgresql"] = f"jzt_{os.getpid()}_template"
        apart(sql(f"DROP DATABASE IF EXISTS {made['postgresql']}", f"CREATE DATABASE {made['postgresql']}"))
        apart(migrate(postgres_url(made["postgresql"])))
    yield made
    if "postgresql" in made:
        apart(sql(f"DROP DATABASE {made['postgresql']} WITH (FORCE)"))


def postgres_url(name: str) -> str:
    return make_url(POSTGRES_URL).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(params=kinds())
def database(request: pytest.FixtureRequest, templates: dict[str, str], tmp_path: Path) -> Iterator[Database]:
    """Empty tables on each kind of database."""
    if request.param == "sqlite":
        path = tmp_path / "bot.db"
        shutil.copy(templates["sqlite"], path)
        yield Database("sqlite", f"sqlite:///{path}")
    else:
        # One database for the session, emptied after each test: making one takes PostgreSQL half a second.
        name = templates["postgresql"]
        yield Database("postgresql", postgres_url(name))
        apart(sql(";".join(_emptied()), database=name))


def _emptied() -> list[str]:
    """Rows only: making tables takes long. The store of subject keys lies in a schema of its own, made when a store was
    opened first."""
    keys = [f"DELETE FROM {SCHEMA}.{table.name}" for table in reversed(key_tables.sorted_tables)]
    whole = " AND ".join(f"to_regclass('{SCHEMA}.{table.name}') IS NOT NULL" for table in key_tables.sorted_tables)
    return [
        # The audit log is only added to; its owner may say otherwise, and need not be a superuser for it.
        *(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in TRIGGERS),
        *(f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables)),
        *(f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in TRIGGERS),
        f"DO $$ BEGIN IF {whole} THEN {'; '.join(keys)}; ELSE DROP SCHEMA IF EXISTS {SCHEMA} CASCADE; END IF; END $$",
    ]


@pytest.fixture(params=kinds())
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without tables: on SQLite not even a file."""
    if request.param == "sqlite":
        yield Database("sqlite", f"sqlite:///{tmp_path / 'empty.db'}")
    else:
        name = f"jzt_{os.getpid()}_{next(_numbers)}"
        apart(sql(f"CREATE DATABASE {name}"))
        yield Database("postgresql", postgres_url(name))
        apart(sql(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest_asyncio.fixture
async def store(database: Database, keyring: KeyRing) -> AsyncIterator[Store]:
    opened = await open_store(database.url, keyring)
    yield opened
    await opened.close()


@pytest_asyncio.fixture
async def second_store(database: Database, keyring: KeyRing) -> AsyncIterator[Store]:
    """Another process's store on the same database, as far as the database can tell."""
    opened = await open_store(database.url, keyring)
    yield opened
    await opened.close()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    global _told
    if not postgres_is_there() and not _told:
        _told = True
        terminalreporter.write_line("PostgreSQL did not answer (TEST_POSTGRES_URL): the store ran on SQLite alone")
