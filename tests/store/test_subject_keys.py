"""The keys that erasing destroys: made up for after an interruption, noticed elsewhere, swept, kept apart, and in no byte left."""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from bot.desk.ports import Store
from bot.errors import BadInput, TryAgain
from bot.store import KeyRing, open_store
from bot.store.keys import new_text
from bot.store.link import connected
from bot.store.subject_keys import SCHEMA
from tests.canary import NAME
from tests.databases import Database, postgres_is_there, postgres_url, sql
from tests.store.applications import submitted
from tests.store.conftest import NOW, after
from tests.store.erased import count, erase, keys_of


async def test_an_interruption_between_commit_and_keys_is_made_up_for(
    store: Store, second_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await submitted(store)
    keys = store._keys  # type: ignore[attr-defined]

    async def away(*about: object) -> None:
        raise TryAgain("the database is away")

    with monkeypatch.context() as broken:
        broken.setattr(keys, "destroy", away)
        await erase(store, case.person)
    assert await keys_of(second_store, case.person) == {case.person}
    async with second_store.writing() as work:
        assert await work.people.tidy(after(9)) > 0
        await work.commit()
    assert await keys_of(store, case.person) == set()


async def test_another_process_notices_within_seconds(
    store: Store, second_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await submitted(store)
    async with second_store.reading() as work:
        await work.people.get(case.person)  # its key is in that process's memory now
    held = second_store._keys._held  # type: ignore[attr-defined]
    assert case.person in held
    await erase(store, case.person)
    for subject, (until, key) in list(held.items()):
        held[subject] = (until - 11, key)  # eleven seconds later
    with pytest.raises(BadInput, match="was erased and opens no more"):
        await second_store._keys.of(case.person)  # type: ignore[attr-defined]


async def test_keys_of_nobody_are_swept_after_a_day_and_before_a_week(store: Store) -> None:
    case = await submitted(store)
    async with store.writing() as work:
        orphan = await work.people.make("", NOW, "made")  # and then its process dies
    assert await keys_of(store, orphan.id) == {orphan.id}
    for now, left in ((timedelta(hours=23), {orphan.id}), (timedelta(days=2), set())):
        async with store.writing() as work:
            await work.people.tidy(NOW + now)
            await work.commit()
        assert await keys_of(store, orphan.id) == left
    assert await keys_of(store, case.person) == {case.person}


async def test_a_lost_store_of_keys_is_not_replaced_by_an_empty_one(database: Database, keyring: KeyRing) -> None:
    store = await open_store(database.url, keyring)
    await submitted(store)
    await store.close()
    if database.kind == "sqlite":
        database.path.with_suffix(".subject-keys").unlink()
    else:
        await sql(f"DROP SCHEMA {SCHEMA} CASCADE", database=database.url.rpartition("/")[2])
    with pytest.raises(BadInput, match="store of subject keys is not where the setting says"):
        await open_store(database.url, keyring)


async def test_many_processes_may_open_for_the_first_time_at_once(database: Database, tmp_path: Path) -> None:
    (tmp_path / "ring").write_text(new_text())
    program = (
        "import asyncio, pathlib; from datetime import UTC, datetime; from bot.store import open_store; "
        "from bot.store.keys import parse\n"
        "async def main():\n"
        f"    store = await open_store({database.url!r}, parse(pathlib.Path({str(tmp_path / 'ring')!r}).read_text()))\n"
        "    async with store.writing() as work:\n"
        "        made = await work.people.make('', datetime.now(UTC), 'made')\n"
        "        await work.commit()\n"
        "    async with store.reading() as work:\n"
        "        await work.people.get(made.id)\n"
        "    await store.close()\n"
        "asyncio.run(main())"
    )
    started = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", program, stderr=asyncio.subprocess.PIPE)
        for _ in range(4)
    ]
    ends = [await process.communicate() for process in started]
    assert [process.returncode for process in started] == [0, 0, 0, 0], ends
    assert await count(database, "people") == 4


if postgres_is_there():

    async def test_a_user_who_may_make_no_schema_is_told_so(templates: dict[str, str], keyring: KeyRing) -> None:
        name, role = templates["postgresql"], f"jzt_poor_{os.getpid()}"
        rights = f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}"
        await sql(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE", f"CREATE ROLE {role} LOGIN", rights, database=name)
        url = make_url(postgres_url(name)).set(username=role).render_as_string(hide_password=False)
        try:
            with pytest.raises(BadInput, match=r"lacks a right .* CREATE included"):
                await open_store(url, keyring)
        finally:
            await sql(f"DROP OWNED BY {role}", f"DROP ROLE {role}", "DELETE FROM key_checks", database=name)


async def test_the_keys_may_lie_wherever_the_setting_says(tmp_path: Path, database: Database, keyring: KeyRing) -> None:
    apart = f"sqlite:///{tmp_path / 'elsewhere' / 'subjects.db'}"
    store = await open_store(database.url, keyring, apart)
    case = await submitted(store)
    await store.close()
    path = tmp_path / "elsewhere" / "subjects.db"
    assert path.stat().st_mode & 0o777 == 0o600
    store = await open_store(database.url, keyring, apart)
    async with store.reading() as work:
        assert (await work.people.get(case.person)).name == NAME
    await store.close()


async def test_a_destroyed_key_is_in_no_byte_of_its_file(tmp_path: Path, keyring: KeyRing) -> None:
    from bot.store import migrate

    url, file = f"sqlite:///{tmp_path / 'bot.db'}", tmp_path / "bot.subject-keys"
    await migrate(url)
    store = await open_store(url, keyring)
    case = await submitted(store)
    async with connected(store._keys._reader) as link:
        record = await link.value(text("SELECT key FROM subjects WHERE id = :one"), {"one": case.person})
    assert record in file.read_bytes()
    await erase(store, case.person)
    left = b"".join(path.read_bytes() for path in tmp_path.glob("bot.subject-keys*"))
    assert record not in left
    assert record[-32:] not in left
    await store.close()
