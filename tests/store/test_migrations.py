"""Migrations make the tables that `tables.py` describes, whole, once, whoever starts at the same moment."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bot.errors import BadInput
from bot.store import KeyRing, migrate, open_store
from bot.store import migrating as migrating_module
from bot.store.engine import make_migrator, read_url
from bot.store.tables import REVISION, metadata
from tests.databases import Database


async def test_migrations_and_tables_agree(empty_database: Database) -> None:
    await migrate(empty_database.url)
    assert await _ask(empty_database, _differences) == []


async def test_they_agree_on_indexes_and_conditions_too(empty_database: Database) -> None:
    """Alembic's comparison does not see the condition of a partial index: the databases' own words are compared."""
    await migrate(empty_database.url)
    migrated = await _ask(empty_database, _said)
    await _ask(empty_database, _made_from_tables)
    assert migrated == await _ask(empty_database, _said)
    assert len(migrated) > 20


async def test_a_second_run_finds_nothing_to_do(empty_database: Database) -> None:
    said: list[str] = []
    await migrate(empty_database.url, said.append)
    await migrate(empty_database.url, said.append)
    assert said == ["database: 0001 The first tables."]


async def test_two_processes_may_start_at_once(empty_database: Database, keyring: KeyRing) -> None:
    program = f"import asyncio; from bot.store import migrate; asyncio.run(migrate({empty_database.url!r}, print))"
    started = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
        for _ in range(2)
    ]
    ends = [await process.communicate() for process in started]
    assert [process.returncode for process in started] == [0, 0], ends
    assert b"".join(out for out, _ in ends).count(b"0001") == 1
    await (await open_store(empty_database.url, keyring)).close()


async def test_a_migration_that_fails_leaves_nothing_behind(
    empty_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(connection: Connection, say: object) -> None:
        real(connection)
        raise ZeroDivisionError

    real = migrating_module.upgrade
    monkeypatch.setattr(migrating_module, "upgrade", broken)
    with pytest.raises(ZeroDivisionError):
        await migrate(empty_database.url)
    assert await _ask(empty_database, _said) == []


async def test_a_database_of_a_newer_program_is_left_alone(database: Database, keyring: KeyRing) -> None:
    await _ask(database, lambda connection: connection.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    try:
        with pytest.raises(BadInput, match="made by a newer program"):
            await migrate(database.url)
        with pytest.raises(BadInput, match=f"at version 9999, this program needs {REVISION}"):
            await open_store(database.url, keyring)
    finally:
        back = text(f"UPDATE alembic_version SET version_num = '{REVISION}'")
        await _ask(database, lambda connection: connection.execute(back))


async def test_the_way_back_leaves_no_table(empty_database: Database) -> None:
    await migrate(empty_database.url)
    await _ask(empty_database, _downgrade)
    assert [line for line in await _ask(empty_database, _said) if "alembic_version" not in line] == []


def test_the_newest_migration_is_the_one_the_store_asks_for() -> None:
    assert ScriptDirectory(_scripts()).get_heads() == [REVISION]


def _scripts() -> str:
    from pathlib import Path

    return str(Path(migrating_module.__file__).parent / "migrations")


async def _ask(database: Database, work: Any) -> Any:
    engine = make_migrator(read_url(database.url), 5)
    async with engine.begin() as connection:
        found = await connection.run_sync(work)
        found = None if hasattr(found, "cursor") else found
    await engine.dispose()
    return found


def _differences(connection: Connection) -> Sequence[Any]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return list(compare_metadata(context, metadata))


def _made_from_tables(connection: Connection) -> None:
    metadata.drop_all(connection)
    metadata.create_all(connection)


def _said(connection: Connection) -> list[str]:
    """Every table and index as the database itself would write it."""
    if connection.dialect.name == "sqlite":
        found = connection.execute(text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"))
        return sorted("\n".join(sorted(line.strip(" ,\t") for line in row[0].splitlines())) for row in found)
    indexes = connection.execute(text("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'"))
    columns = connection.execute(
        text(
            "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns "
            "WHERE table_schema = 'public'"
        )
    )
    return sorted([row[0] for row in indexes] + [" ".join(map(str, row)) for row in columns])


def _downgrade(connection: Connection) -> None:
    from alembic import command

    config = Config()
    config.set_main_option("script_location", _scripts())
    config.attributes.update(connection=connection, on_version_apply=lambda **_: None)
    command.downgrade(config, "base")
