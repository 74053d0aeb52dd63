"""Opening a store: is the database at our version, does the key ring hold the keys that sealed what is in it, is its store
of subject keys there, and is everybody still forgotten who was erased?"""

from __future__ import annotations

import hmac
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import URL, column, select, table
from sqlalchemy.schema import CreateSchema

from bot.errors import BadInput
from bot.store.case_tables import cases
from bot.store.crypto import Suite
from bot.store.engine import START_SECONDS, is_sqlite, make_migrator, no_file, read_url, touch
from bot.store.erasing import replay
from bot.store.keys import KeyRing, make_key_file, parse, read_key_file
from bot.store.link import Link, connected
from bot.store.people_tables import people
from bot.store.sheet_tables import sheets
from bot.store.subject_keys import SCHEMA, SubjectKeys, beside
from bot.store.subject_keys import metadata as key_tables
from bot.store.tables import REVISION, key_checks
from bot.store.unit import Retention, SqlStore

_KNOWN = b"jiuzhutong"
DEFAULT = Retention()


async def open_store(
    url: str, keyring: KeyRing, subject_keys: str = "", keep: Retention = DEFAULT, ahead: bool = False
) -> SqlStore:
    """A store on a migrated database. Raises TryAgain when it is away, BadInput when its version or keys are wrong.

    `subject_keys`: where the keys of subjects lie; empty: beside the database (`subject_keys.beside`).
    `ahead`: for a process whose commits are made certain by somebody's later commit, so that it need not wait for the disk
    itself. The dialogue engine is one: the gateway commits the replies after it, in the same log, and both are on the disk
    or neither is; where neither is, the message was not answered and is asked again.
    """
    parsed = read_url(url)
    await _check(url, keyring)
    apart = read_url(subject_keys) if subject_keys else beside(parsed)
    await _make_key_store(parsed, apart)
    store = SqlStore(parsed, keyring, SubjectKeys(apart, keyring), keep, ahead)
    try:
        async with connected(store._writer) as link:
            unit = store.unit(link, writes=True)
            await replay(unit.room)
            await unit.commit()
    except BaseException:
        await store.close()
        raise
    return store


async def _make_key_store(database: URL, apart: URL) -> None:
    """Its tables, at the first start; a store of keys that was lost must be restored, not replaced."""
    fresh = await _is_fresh(apart)
    # Looked at again: another process may have made it, and sealed somebody, since.
    if fresh and await _seals_somebody(database) and (fresh := await _is_fresh(apart)):
        raise BadInput(
            f"the store of subject keys is not where the setting says ({apart.render_as_string(hide_password=True)}), but "
            f"the database holds people and drafts sealed with its keys; restore it from its backup, or mend the setting"
        )
    if not fresh:
        return
    if is_sqlite(apart):
        touch(apart)
    engine = make_migrator(apart, START_SECONDS, SCHEMA, erase=True)
    try:
        async with connected(engine) as link:
            await link.alone()
            if not is_sqlite(apart):
                await link.run(CreateSchema(SCHEMA, if_not_exists=True))
            await link.sync(key_tables.create_all)
            await link.commit()
    finally:
        await engine.dispose()


async def _is_fresh(apart: URL) -> bool:
    return no_file(apart) or not await _has_subjects(apart)


async def _has_subjects(apart: URL) -> bool:
    engine = make_migrator(apart, START_SECONDS, SCHEMA, erase=True)
    try:
        async with connected(engine) as link:
            return await link.has_table("subjects")
    finally:
        await engine.dispose()


async def _seals_somebody(database: URL) -> bool:
    engine = make_migrator(database, START_SECONDS)
    try:
        async with connected(engine) as link:
            for held in (people, sheets, cases):
                if await link.first(select(held.c.id).limit(1)):
                    return True
            return False
    finally:
        await engine.dispose()


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
