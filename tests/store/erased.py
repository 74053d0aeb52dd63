"""Somebody erased, whether they are gone, and a backup from before that comes back afterwards."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.desk.case_ports import Erased
from bot.desk.ports import Store
from bot.errors import BadInput
from bot.store.append_only import TRIGGERS
from bot.store.subject_keys import SCHEMA
from tests.databases import Database, sql
from tests.store.conftest import after

RECEIPT = "R-2026-1"


async def erase(store: Store, person: str) -> Erased:
    async with store.writing() as work:
        erased = await work.people.erase(person, RECEIPT, after(2))
        await work.commit()
    return erased


async def keys_of(store: Store, *subjects: str) -> set[str]:
    return set(await store._keys.find(subjects, held=False))  # type: ignore[attr-defined]


async def assert_gone(store: Store, case: str, person: str) -> None:
    async with store.reading() as work:
        for lost in (work.people.get(person), work.cases.get(case)):
            with pytest.raises(BadInput, match="erased"):
                await lost
        assert await work.cases.list() == []


@asynccontextmanager
async def restored_afterwards(database: Database, what: str, folder: Path) -> AsyncIterator[None]:
    """Copy the database, or the keys, now, and put the copy back when the block ends: both are real backups."""
    if database.kind == "sqlite":
        path = database.path if what == "database" else database.path.with_suffix(".subject-keys")
        shutil.copy(path, folder / "backup")
        yield
        for leftover in path.parent.glob(path.name + "*"):
            leftover.unlink()
        shutil.copy(folder / "backup", path)
        return
    schema = "public" if what == "database" else SCHEMA
    dumped = folder / "backup.sql"
    await _run("pg_dump", f"--schema={schema}", "--data-only", "--disable-triggers", f"--file={dumped}", database.url)
    yield
    name = database.url.rpartition("/")[2]
    tables = await _tables(database, schema)
    # The audit log is only added to; its owner may say otherwise, for a restore.
    guarded = [table for table in TRIGGERS if what == "database"]
    for table in guarded:
        await sql(f"ALTER TABLE {table} DISABLE TRIGGER USER", database=name)
    await sql(f"TRUNCATE {', '.join(tables)} CASCADE", database=name)
    for table in guarded:
        await sql(f"ALTER TABLE {table} ENABLE TRIGGER USER", database=name)
    await _run("psql", "--quiet", "--set=ON_ERROR_STOP=1", f"--file={dumped}", database.url)


async def _tables(database: Database, schema: str) -> list[str]:
    import asyncpg

    connection = await asyncpg.connect(database.url)
    rows = await connection.fetch("SELECT schemaname, tablename FROM pg_tables WHERE schemaname = $1", schema)
    await connection.close()
    return [f"{row['schemaname']}.{row['tablename']}" for row in rows]


async def _run(*command: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )
    _, said = await process.communicate()
    assert process.returncode == 0, said.decode()


async def count(database: Database, table: str) -> int:
    from bot.store.engine import make_writer, read_url

    engine = make_writer(read_url(database.url))
    async with engine.connect() as connection:
        found = (await connection.execute(text(f"SELECT count(*) FROM {table}"))).scalar()
    await engine.dispose()
    return int(found or 0)
