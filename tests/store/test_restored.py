"""Who was erased stays erased in whatever copy is restored: of the database, of the keys, or of both."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import BadInput
from bot.store import KeyRing, open_store
from tests.canary import NAME
from tests.databases import Database
from tests.store.applications import submitted
from tests.store.conftest import NOW, opened, took, wrote
from tests.store.erased import assert_gone, count, erase, keys_of, restored_afterwards


async def test_a_database_restored_from_before_stays_erased(
    database: Database, keyring: KeyRing, tmp_path: Path
) -> None:
    """The copy holds all of it, but the keys are gone and the list is replayed before anybody is served."""
    store = await open_store(database.url, keyring)
    case = await submitted(store)
    talk = await opened(store)
    await took(store, wrote(f"我叫{NAME}"))
    await store.close()
    async with restored_afterwards(database, "database", tmp_path):
        store = await open_store(database.url, keyring)
        await erase(store, case.person)
        await store.close()
    assert await count(database, "cases") == 1  # it really is the old one
    store = await open_store(database.url, keyring)
    await assert_gone(store, case.id, case.person)
    async with store.reading() as work:
        assert [row.text for row in await work.messages.history(talk.id)] == [""]
    await store.close()
    assert await count(database, "cases") == await count(database, "people") == await count(database, "facts") == 0


async def test_keys_restored_from_before_are_destroyed_again(
    database: Database, keyring: KeyRing, tmp_path: Path
) -> None:
    store = await open_store(database.url, keyring)
    case = await submitted(store)
    await store.close()
    async with restored_afterwards(database, "keys", tmp_path):
        store = await open_store(database.url, keyring)
        await erase(store, case.person)
        await store.close()
    store = await open_store(database.url, keyring)
    assert await keys_of(store, case.person) == set()
    await assert_gone(store, case.id, case.person)
    await store.close()


async def test_a_case_the_office_took_over_after_the_copy_was_made_is_not_lost(
    database: Database, keyring: KeyRing, tmp_path: Path
) -> None:
    """In the copy it has no office number yet, but the erasure did not name it."""
    store = await open_store(database.url, keyring)
    case = await submitted(store)
    await store.close()
    async with restored_afterwards(database, "database", tmp_path):
        store = await open_store(database.url, keyring)
        async with store.writing() as work:
            await work.cases.change(case.id, NOW, office_number="鄂2026-17")
            await work.commit()
        assert len((await erase(store, case.person)).held) == 1
        await store.close()
    store = await open_store(database.url, keyring)
    async with store.reading() as work:
        assert (await work.cases.get(case.id, answers=True)).answers == case.answers
        with pytest.raises(BadInput, match="erased"):
            await work.people.get(case.person)
    await store.close()


async def test_a_list_kept_elsewhere_erases_when_both_databases_are_old(
    database: Database, keyring: KeyRing, tmp_path: Path
) -> None:
    """The loss of a whole machine: both backups are from before the erasure, only the printed list knows."""
    store = await open_store(database.url, keyring)
    case = await submitted(store)
    await store.close()
    async with restored_afterwards(database, "database", tmp_path):
        (tmp_path / "keys").mkdir()
        async with restored_afterwards(database, "keys", tmp_path / "keys"):
            store = await open_store(database.url, keyring)
            await erase(store, case.person)
            async with store.reading() as work:
                kept = await work.people.erasures()
            await store.close()
    store = await open_store(database.url, keyring)
    async with store.writing() as work:
        assert (await work.people.get(case.person)).name == NAME  # it is back, until the list is replayed
        assert await work.people.erasures() == []
        assert await work.people.erase_again(kept) == len(kept)
        await work.commit()
    await assert_gone(store, case.id, case.person)
    assert await keys_of(store, case.person) == set()
    async with store.writing() as work:
        assert await work.people.erasures() == kept
        assert await work.people.erase_again(kept) == 0
    await store.close()
