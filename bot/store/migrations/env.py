"""Alembic's entry: runs the migrations on the connection it is handed (`bot.store.migrating`), in its transaction."""

from __future__ import annotations

from alembic import context

from bot.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite can roll back CREATE TABLE as well, as long as we begin the transaction ourselves: all or nothing.
    transactional_ddl=True,
    on_version_apply=context.config.attributes["on_version_apply"],
)
context.run_migrations()
