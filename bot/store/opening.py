"""Opening a store: is the database at our version, and does the key ring hold the keys that sealed what is in it?"""

from __future__ import annotations

import hmac
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import column, select, table

from bot.errors import BadInput
from bot.store.crypto import Suite
from bot.store.engine import START_SECONDS, make_migrator, no_file, read_url
from bot.store.keys import KeyRing, make_key_file, parse, read_key_file
from bot.store.link import Link
from bot.store.tables import REVISION, key_checks
from bot.store.unit import SqlStore, connected

_KNOWN = b"jiuzhutong"


async def open_store(url: str, keyring: KeyRing) -> SqlStore:
    """A store on a migrated database. Raises TryAgain when it is away, BadInput when its version or keys are wrong."""
    parsed = read_url(url)
    await _check(url, keyring)
    return SqlStore(parsed, keyring)


async def open_keyring(url: str, secret: str, path: Path, suite: Suite = Suite.SM4_GCM) -> KeyRing:
    """The key ring from the environment (`secret`), else from the key file, which the very first start makes.

    A new file is made only for a database that nothing was sealed in: a lost key file must be restored, not replaced.
    """
    if secret:
        return parse(secret, suite)
    try:
        return read_key_file(path, suite)
    except FileNotFoundError as e:
        names = await _sealed_with(url)
        if names:
            raise BadInput(
                f"there is no key file {path}, but the database holds text sealed with key {', '.join(sorted(names))}; "
                f"restore the file from its backup (a new key would open none of it)"
            ) from e
        return make_key_file(path, suite)


async def _sealed_with(url: str) -> frozenset[str]:
    """The names of the keys that sealed something in this database; none when it has no tables, or no file, yet."""
    parsed = read_url(url)
    if no_file(parsed):
        return frozenset()
    engine = make_migrator(parsed, START_SECONDS)
    try:
        async with connected(engine) as link:
            if not await link.has_table(key_checks.name):
                return frozenset()
            return frozenset(row.key_id for row in await link.all(select(key_checks.c.key_id)))
    finally:
        await engine.dispose()


async def _check(url: str, ring: KeyRing) -> None:
    parsed = read_url(url)
    if no_file(parsed):
        raise BadInput(f"there is no database file {parsed.database} yet; make its tables first: python -m bot migrate")
    engine = make_migrator(parsed, START_SECONDS)
    try:
        async with connected(engine) as link:
            await link.alone()  # or two first starts with two key files would both find the database empty
            await _check_version(link)
            await _check_keys(link, ring)
            await link.commit()
    finally:
        await engine.dispose()


async def _check_version(link: Link) -> None:
    found = None
    if await link.has_table("alembic_version"):
        found = await link.value(select(column("version_num")).select_from(table("alembic_version")))
    if found != REVISION:
        raise BadInput(
            f"the database is at version {found or 'none'}, this program needs {REVISION}; run: python -m bot migrate"
        )


async def _check_keys(link: Link, ring: KeyRing) -> None:
    rows = await link.all(select(key_checks))
    if missing := {row.key_id for row in rows} - ring.names:
        raise BadInput(
            f"the database holds text sealed with key {', '.join(sorted(missing))}, which the key ring lacks "
            f"(it has {', '.join(sorted(ring.names))}); put that key back, or point the setting at its own database"
        )
    lookup = ring.hash("key check")
    for row in rows:
        if ring.open(row.sealed, key_checks.name, row.key_id, "sealed") != _KNOWN:
            raise BadInput(f"key {row.key_id} opens its check row to something else; restore the key file")
        if not hmac.compare_digest(row.lookup, lookup):
            raise BadInput(
                "the `lookup` key is not the one this database was written with, so no sender would be found again; "
                "put the old `lookup` line back into the key file"
            )
    if ring.current not in {row.key_id for row in rows}:
        values = {
            "key_id": ring.current,
            "sealed": ring.seal(_KNOWN, key_checks.name, ring.current, "sealed"),
            "lookup": lookup,
            "created_at": datetime.now(UTC),
        }
        await link.put_new(key_checks, values, "key_id")
