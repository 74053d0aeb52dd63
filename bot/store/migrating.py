"""Bringing a database to the newest tables: safe at every start, and in several processes at once.

A new migration: change `tables.py`, write `migrations/versions/NNNN_what.py`, set `tables.REVISION`; the test that
holds migrations and tables together prints what is still missing.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection

from bot.errors import BadInput
from bot.store.engine import START_SECONDS, is_sqlite, make_migrator, read_url, touch
from bot.store.link import connected


def _quiet(line: str) -> None:
    """The default: say nothing."""


async def migrate(url: str, say: Callable[[str], None] = _quiet) -> None:
    """Run every migration this database lacks, in one transaction; `say` gets one line for each.

    Whoever comes second waits for the lock, then finds nothing left to do.
    """
    parsed = read_url(url)
    if is_sqlite(parsed):
        touch(parsed)
    engine = make_migrator(parsed, START_SECONDS)
    try:
        async with connected(engine) as link:
            await link.alone()
            await link.sync(lambda connection: upgrade(connection, say))
            await link.commit()
    finally:
        await engine.dispose()


def upgrade(connection: Connection, say: Callable[[str], None] = _quiet) -> None:
    """The migrations on a connection whose transaction is the caller's."""

    def applied(*, step: Any, **_: Any) -> None:
        say(f"database: {step.up_revision_id} {step.up_revision.doc}")

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes.update(connection=connection, on_version_apply=applied)
    try:
        command.upgrade(config, "head")
    except CommandError as e:
        raise BadInput(
            f"the database cannot be migrated ({e}); it was probably made by a newer program: install that one again, "
            f"or restore the backup from before the change"
        ) from e
