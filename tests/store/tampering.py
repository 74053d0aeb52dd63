"""What an owner of the database can do to the audit log: drop what guards it, change it, and put the guards back."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.engine import make_migrator, read_url
from tests.databases import Database


async def tamper(database: Database, *statements: str) -> None:
    """As the owner of the database, who can drop the triggers that refuse it; afterwards they stand again."""
    engine = make_migrator(read_url(database.url), 30.0)
    try:
        async with engine.begin() as connection:
            kept = await _triggers(connection, database)
            for name, table, _ in kept:
                await connection.execute(text(f"DROP TRIGGER {name}" + _on(database, table)))
            for statement in statements:
                await connection.execute(text(statement))
            for _, _, made in kept:
                await connection.execute(text(made))
    finally:
        await engine.dispose()


def _on(database: Database, table: str) -> str:
    return f" ON {table}" if database.kind == "postgresql" else ""


async def _triggers(connection: AsyncConnection, database: Database) -> list[tuple[str, str, str]]:
    """Name, table and definition of each trigger that guards the log."""
    if database.kind == "sqlite":
        asked = "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'audit%'"
    else:
        asked = (
            "SELECT tgname, tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger "
            "WHERE NOT tgisinternal AND tgrelid::regclass::text LIKE 'audit%'"
        )
    found = (await connection.exec_driver_sql(asked)).all()
    assert len(found) == 5
    return [(row[0], row[1], row[2]) for row in found]
