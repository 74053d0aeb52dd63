"""Migrations make the tables that `tables.py` describes, whole, once, whoever starts at the same moment."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bot.errors import BadInput
from bot.messages import State
from bot.store import KeyRing, migrate, open_store
from bot.store import migrating as migrating_module
from bot.store.body import to_json
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
    assert said[0] == "database: 0001 The first tables."
    assert said[1] == "database: 0002 People, forms being filled, cases and what hangs on them."
    assert len(said) == int(REVISION)


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


async def test_what_stood_there_before_cases_came_stays_as_it_was(empty_database: Database, keyring: KeyRing) -> None:
    """A database of version 0001 with messages in it is brought up to date without losing a byte."""
    await _ask(empty_database, lambda connection: _alembic(connection, command.upgrade, "0001"))
    sealed = keyring.seal(b"o-wang", "conversations", "c1", "sender")
    empty = to_json({"text": "低保", "choices": [], "about": {}, "channel_message_id": "m1"}, "a message")
    body = keyring.seal(empty, "messages", "m1", "body")
    await _ask(empty_database, lambda connection: _as_of_0001(connection, sealed, body))
    await migrate(empty_database.url)
    store = await open_store(empty_database.url, keyring)
    async with store.reading() as work:
        talk, message = await work.conversations.get("c1"), await work.messages.get("m1")
        assert (talk.sender, talk.form, message.text) == ("o-wang", "", "低保")
        assert await work.messages.private("m1") == ""
    async with store.writing() as work:
        assert await work.messages.set_state("m1", [message.state], State.HANDLED, message.created_at)
        await work.commit()
    await store.close()


def _as_of_0001(connection: Connection, sender: bytes, body: bytes) -> None:
    moment = "'2026-11-25 02:00:00.000000'"
    connection.execute(
        text(
            "INSERT INTO conversations (id, channel, account, sender_hash, sender, region, holder, holder_name, reason, "
            "priority, version, quota_left, actor, created_at, updated_at, last_seq, lease_worker) VALUES "
            f"('c1', 'wechat', 'gh_1', :hash, :sender, '', 'bot', '', '', 0, 0, 0, 'x', {moment}, {moment}, 1, '')"
        ),
        {"hash": b"h", "sender": sender},
    )
    connection.execute(
        text(
            "INSERT INTO messages (id, conversation, seq, author, state, kind, body, reply_to, reason, attempts, due_at, "
            "actor, region, created_at, state_at) VALUES ('m1', 'c1', 1, 'resident', 'received', 'text', :body, '', '', 0, "
            f"{moment}, 'resident', '', {moment}, {moment})"
        ),
        {"body": body},
    )


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
        # Not the words of a table: a column that was added stands in them where it was added.
        found = connection.execute(
            text(
                "SELECT type, name, sql, 0, 0 FROM sqlite_master WHERE sql IS NOT NULL AND type <> 'table' "
                "UNION ALL SELECT t.name, c.name, c.type, c.\"notnull\", c.dflt_value || '/' || c.pk "
                "FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table' "
                'UNION ALL SELECT t.name, f."table", f."from", f."to", 0 '
                "FROM sqlite_master t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table' "
                'UNION ALL SELECT t.name, group_concat(x.name), i.origin, i."unique", i.partial '
                "FROM sqlite_master t, pragma_index_list(t.name) i, pragma_index_info(i.name) x WHERE t.type = 'table' "
                "GROUP BY t.name, i.name"
            )
        )
        return sorted(" ".join(map(str, row)) for row in found)
    indexes = connection.execute(text("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'"))
    columns = connection.execute(
        text(
            "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns "
            "WHERE table_schema = 'public'"
        )
    )
    return sorted([row[0] for row in indexes] + [" ".join(map(str, row)) for row in columns])


def _downgrade(connection: Connection) -> None:
    _alembic(connection, command.downgrade, "base")


def _alembic(connection: Connection, way: Callable[[Config, str], None], revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", _scripts())
    config.attributes.update(connection=connection, on_version_apply=lambda **_: None)
    way(config, revision)
