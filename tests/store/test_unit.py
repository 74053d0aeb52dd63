"""All or nothing, through restarts; and a database that is away says so, in time, in our words."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from datetime import datetime

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import StatementError

from bot.desk.ports import Store
from bot.errors import BadInput, TryAgain
from bot.messages import Author
from bot.store import KeyRing, migrate, open_store
from bot.store.engine import read_url
from tests.databases import POSTGRES_URL, Database, postgres_is_there, sql
from tests.store.conftest import NOW, opened, reply, took, wrote


async def test_leaving_without_commit_leaves_nothing(store: Store) -> None:
    async with store.writing() as work:
        made = await work.conversations.open("wechat", "gh_1", "o-wang", NOW, "wechat")
        await work.messages.take(made, wrote(), "低保", {}, NOW)
    async with store.reading() as work:
        assert await work.conversations.by_sender("wechat", "gh_1", "o-wang") is None
        assert sum((await work.messages.by_state()).values()) == 0


async def test_an_error_halfway_leaves_nothing_and_is_told_as_it_is(store: Store) -> None:
    wang = await opened(store)
    with pytest.raises(ZeroDivisionError):
        async with store.writing() as work:
            await work.messages.add(wang, Author.BOT, reply(), NOW)
            raise ZeroDivisionError
    async with store.reading() as work:
        assert await work.messages.history(wang.id) == []
    assert (await took(store, wrote())).message.seq == 1


async def test_a_cancelled_unit_gives_its_connection_back(store: Store) -> None:
    async def slow() -> None:
        async with store.writing() as work:
            await work.conversations.open("wechat", "gh_1", "o-slow", NOW, "wechat")
            await asyncio.sleep(60)

    for _ in range(12):
        task = asyncio.create_task(slow())
        await asyncio.sleep(0.02)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert (await opened(store)).sender == "o-wang"


async def test_a_unit_that_reads_cannot_write(store: Store) -> None:
    wang = await opened(store)
    with pytest.raises(Exception, match=r"(?i)read-?only|readonly"):
        async with store.reading() as work:
            await work.conversations.change(wang.id, NOW, region="420106")
    with pytest.raises(RuntimeError, match=r"open store.writing\(\)"):
        async with store.reading() as work:
            await work.commit()


async def test_readers_see_what_was_committed_while_a_writer_writes(store: Store, second_store: Store) -> None:
    wang = await opened(store)
    async with store.writing() as work:
        await work.messages.add(wang, Author.BOT, reply(), NOW)
        async with second_store.reading() as other:
            assert await other.messages.history(wang.id) == []
        await work.commit()
    async with second_store.reading() as other:
        assert len(await other.messages.history(wang.id)) == 1


async def test_a_restart_keeps_everything(database: Database, keyring: KeyRing) -> None:
    store = await open_store(database.url, keyring)
    taken = await took(store, wrote("低保怎么申请", message_id="m1"))
    await store.close()
    await migrate(database.url)
    store = await open_store(database.url, keyring)
    async with store.reading() as work:
        assert await work.messages.get(taken.message.id) == taken.message
    assert not (await took(store, wrote(message_id="m1"))).fresh
    await store.close()


async def test_a_locked_database_says_try_again_within_three_seconds(database: Database, keyring: KeyRing) -> None:
    store = await open_store(database.url, keyring)
    wang = await opened(store)
    other = await open_store(database.url, keyring)
    started = time.monotonic()
    async with other.writing() as work:
        await work.messages.add(wang, Author.BOT, reply(), NOW)  # locks the file, or the row
        with pytest.raises(TryAgain, match="nothing was stored"):
            await took(store, wrote())
    assert time.monotonic() - started < 3
    assert (await took(store, wrote())).fresh
    await store.close()
    await other.close()


async def test_a_naive_moment_is_refused(store: Store) -> None:
    wang = await opened(store)
    with pytest.raises((ValueError, StatementError), match="without a time zone"):
        async with store.writing() as work:
            await work.conversations.change(wang.id, datetime(2026, 1, 1))  # noqa: DTZ001


async def test_no_value_reaches_an_error(store: Store) -> None:
    """On a failed statement SQLAlchemy would print what was bound to it: here that could be a resident's id."""
    for engine in (store._writer, store._reader):  # type: ignore[attr-defined]
        with pytest.raises(Exception, match="nowhere") as failure:
            async with engine.connect() as connection:
                await connection.execute(text("SELECT * FROM nowhere WHERE a = :a"), {"a": "420106195001011234"})
        assert "420106195001011234" not in str(failure.value)


async def test_an_unmigrated_database_is_refused_with_the_cure(empty_database: Database, keyring: KeyRing) -> None:
    with pytest.raises(BadInput, match="bot migrate"):
        await open_store(empty_database.url, keyring)


@pytest.mark.parametrize(
    "url", ["", "x", "sqlite://", "sqlite:///:memory:", "mysql://root:secret@h/d", "postgresql://me:secret@h"]
)
def test_a_setting_that_is_no_database_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(BadInput) as refusal:
        read_url(url)
    assert "secret" not in str(refusal.value)


async def test_sqlite_is_durable_and_strict(tmp_path, keyring: KeyRing) -> None:  # type: ignore[no-untyped-def]
    url = f"sqlite:///{tmp_path}/deep/bot.db"
    await migrate(url)
    assert (tmp_path / "deep" / "bot.db").stat().st_mode & 0o777 == 0o600
    store = await open_store(url, keyring)
    async with store._writer.connect() as connection:
        found = [
            (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert found == ["wal", 2, 1, 2000]
    await store.close()


async def test_a_full_disk_refuses_writes_reads_on_and_recovers(tmp_path, keyring: KeyRing) -> None:  # type: ignore[no-untyped-def]
    url = f"sqlite:///{tmp_path}/bot.db"
    await migrate(url)
    store = await open_store(url, keyring)
    wang = await opened(store)
    async with store._writer.connect() as connection:
        pages = (await connection.exec_driver_sql("PRAGMA page_count")).scalar()
        await connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    with pytest.raises(TryAgain, match="locked, full or away"):
        for n in range(200):
            await took(store, wrote("长" * 2000, sender=f"o-{n}"))
    async with store.reading() as work:
        assert await work.conversations.get(wang.id) == wang
    async with store._writer.connect() as connection:
        await connection.exec_driver_sql("PRAGMA max_page_count=1000000")
    assert (await took(store, wrote("长" * 20000))).fresh
    await store.close()


async def test_a_file_that_is_no_database_is_not_overwritten(tmp_path, keyring: KeyRing) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "bot.db").write_text("a letter, not a database" * 100)
    with pytest.raises(BadInput, match="not a database"):
        await migrate(f"sqlite:///{tmp_path}/bot.db")
    assert (tmp_path / "bot.db").read_text().startswith("a letter")


if postgres_is_there():

    async def test_lost_connections_are_told_and_made_anew(database_url_of_postgres: str, keyring: KeyRing) -> None:
        store = await open_store(database_url_of_postgres, keyring)
        wang = await opened(store)
        name = make_url(database_url_of_postgres).database
        others = f"FROM pg_stat_activity WHERE datname = '{name}' AND pid <> pg_backend_pid()"
        kill = f"SELECT pg_terminate_backend(pid) {others}"
        await sql(kill)
        with pytest.raises(TryAgain):
            await took(store, wrote())
        assert (await took(store, wrote())).fresh
        with pytest.raises(TryAgain):
            async with store.writing() as work:
                await work.messages.add(wang, Author.BOT, reply(), NOW)
                await sql(kill)
                await work.commit()
        assert (await took(store, wrote())).message.seq == 2
        await store.close()

    async def test_a_server_that_is_away_says_try_again(keyring: KeyRing, unused_tcp_port: int) -> None:
        url = make_url(POSTGRES_URL).set(port=unused_tcp_port).render_as_string(hide_password=False)
        with pytest.raises(TryAgain, match="did not answer"):
            await open_store(url, keyring)

    async def test_a_wrong_database_name_is_named_as_such(keyring: KeyRing) -> None:
        url = make_url(POSTGRES_URL).set(database="jzt_nowhere").render_as_string(hide_password=False)
        with pytest.raises(BadInput, match="mend the database setting"):
            await open_store(url, keyring)

    @pytest.fixture
    def database_url_of_postgres(templates: dict[str, str]) -> str:
        from tests.databases import postgres_url

        return postgres_url(templates["postgresql"])


def test_sqlite_is_new_enough() -> None:
    assert sqlite3.sqlite_version_info >= (3, 35)  # RETURNING
