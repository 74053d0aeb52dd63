"""The papers of the desk: `bot.desk.ports.Store` on SQLite or PostgreSQL, with what residents say sealed.

await migrate(url)                                   make or update the tables
keyring = await open_keyring(url, secret, path)      keys from the environment, else from the key file
store = await open_store(url, keyring)
"""

from __future__ import annotations

from collections.abc import Callable

from bot.store.crypto import Suite
from bot.store.keys import KeyRing
from bot.store.opening import open_keyring, open_store
from bot.store.unit import Retention

__all__ = ["KeyRing", "Retention", "Suite", "migrate", "open_keyring", "open_store"]


async def migrate(url: str, say: Callable[[str], None] = lambda line: None) -> None:
    """Run every migration that the database lacks; see `bot.store.migrating`."""
    # Alembic takes a second to import; a process that only opens the store need not pay it.
    from bot.store.migrating import migrate as run

    await run(url, say)
