"""Accounts, sessions and the audit log on both databases."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.audit import Deed
from bot.desk.ports import Store
from bot.errors import BadInput, Conflict
from bot.staff import Role
from bot.store.engine import make_migrator, read_url
from tests.chain import first_break
from tests.databases import Database
from tests.store.conftest import NOW, after
from tests.store.tampering import tamper


async def chen(store: Store) -> str:
    async with store.writing() as work:
        made = await work.staff.add("chen", "陈工", [Role.OFFICER], ["420111"], ["低保"], "system", NOW)
        await work.commit()
    return made.id


async def test_an_account_is_found_by_its_login_alone_and_made_once(store: Store) -> None:
    await chen(store)
    async with store.writing() as work:
        found = await work.staff.by_login("chen")
        assert found is not None
        assert (found.name, found.roles, found.regions, found.state) == (
            "陈工",
            frozenset({Role.OFFICER}),
            ("420111",),
            "invited",
        )
        assert await work.staff.by_login("CHEN") is None
        with pytest.raises(BadInput, match="已经有人用了"):
            await work.staff.add("chen", "别人", [Role.OFFICER], [], [], "system", NOW)


async def test_who_saves_second_looks_again(store: Store) -> None:
    staff = await chen(store)
    async with store.writing() as work:
        first = await work.staff.get(staff)
        await work.staff.change(first, "s-0", after(1), state="active")
        with pytest.raises(Conflict, match="被别人改过"):
            await work.staff.change(first, "s-0", after(2), name="陈工程师")
        with pytest.raises(BadInput, match="no changeable password"):
            await work.staff.change(first, "s-0", after(2), password="x")


async def test_secrets_and_a_step_that_is_used_once(store: Store) -> None:
    staff = await chen(store)
    async with store.writing() as work:
        await work.staff.keep_secrets(staff, NOW, password="$argon2id$…", totp_key="JBSWY3DP", recovery=["a", "b"])
        kept = await work.staff.secrets(staff)
        assert (kept.totp_key, kept.recovery, kept.totp_step) == ("JBSWY3DP", ("a", "b"), 0)
        assert await work.staff.use_step(staff, 7)
        assert not await work.staff.use_step(staff, 7)
        assert not await work.staff.use_step(staff, 6)


async def test_an_invitation_ends_when_used_replaced_or_late(store: Store) -> None:
    staff = await chen(store)
    async with store.writing() as work:
        await work.staff.invite(staff, "first", after(60))
        await work.staff.invite(staff, "second", after(60))
        assert await work.staff.by_invitation("first", NOW) is None
        found = await work.staff.by_invitation("second", NOW)
        assert found is not None
        assert found.id == staff
        assert await work.staff.by_invitation("second", after(60)) is None
        await work.staff.invite(staff, "", NOW)
        assert await work.staff.by_invitation("second", NOW) is None
        assert await work.staff.by_invitation("", NOW) is None


async def test_sessions_end_one_by_one_or_all_but_one(store: Store) -> None:
    staff = await chen(store)
    async with store.writing() as work:
        one, two, three = [
            await work.sessions.open(token, staff, "10.0.0.1", "Firefox", NOW) for token in ("t1", "t2", "t3")
        ]
        assert await work.sessions.end(one.id, "signed out", after(1))
        assert not await work.sessions.end(one.id, "signed out", after(2))
        assert await work.sessions.end_all(staff, "password changed", after(3), but=three.id) == 1
        ends = {}
        for token in ("t1", "t2", "t3"):
            session = await work.sessions.by_token(token)
            assert session is not None
            ends[token] = session.ended_why
        assert ends == {"t1": "signed out", "t2": "password changed", "t3": ""}
        assert two.id != three.id
        assert await work.sessions.by_token("t4") is None


async def test_no_token_code_or_key_stands_in_the_database(store: Store, database: Database) -> None:
    staff = await chen(store)
    async with store.writing() as work:
        await work.staff.keep_secrets(staff, NOW, totp_key="JBSWY3DPEHPK3PXP")
        await work.staff.invite(staff, "the-invitation", after(60))
        await work.sessions.open("the-session", staff, "10.0.0.1", "Firefox", NOW)
        await work.commit()
    engine = make_migrator(read_url(database.url), 30.0)
    async with engine.connect() as connection:
        rows = [
            str([bytes(cell) if isinstance(cell, memoryview) else cell for cell in row])
            for table in ("staff_accounts", "staff_sessions")
            for row in (await connection.execute(text(f"SELECT * FROM {table}"))).all()
        ]
    await engine.dispose()
    for secret in ("the-invitation", "the-session", "JBSWY3DPEHPK3PXP"):
        assert not any(secret in row for row in rows)


async def test_failed_tries_are_counted_in_their_time(store: Store) -> None:
    async with store.writing() as work:
        for seconds in (0, 10, 400):
            await work.staff.tried("chen|10.0.0.1", after(seconds))
        assert await work.staff.tries("chen|10.0.0.1", after(-1)) == 3
        assert await work.staff.tries("chen|10.0.0.1", after(100)) == 1
        assert await work.staff.tries("chen|10.0.0.2", after(-1)) == 0


async def _verify(store: Store) -> int | None:
    async with store.reading() as work:
        rows = [row async for row in work.audit.lines()]
        broken = first_break(rows, work.audit.mac, await work.audit.head())
    return None if broken is None else broken.seq


async def test_the_audit_log_chains_lines_of_many_writers_in_one_order(store: Store, second_store: Store) -> None:
    async def write(one: Store, name: str) -> None:
        for number in range(10):
            async with one.writing() as work:
                await work.audit.add(name, Deed.READ, f"case:{number}", after(number), about={"field": "phone"})
                await work.commit()

    await asyncio.gather(write(store, "s-1"), write(second_store, "s-2"))
    async with store.reading() as work:
        lines = [line async for line, _ in work.audit.lines()]
    assert [line.seq for line in lines] == list(range(1, 21))
    assert await _verify(store) is None


async def test_a_deed_that_is_not_kept_leaves_no_line(store: Store) -> None:
    async with store.writing() as work:
        await work.audit.add("s-1", Deed.READ, "case:1", NOW)
    async with store.reading() as work:
        assert await work.audit.head() is None


@pytest.mark.parametrize(
    ("tampering", "found_at"),
    [
        ("UPDATE audit_log SET reason = '别的' WHERE seq = 4", 4),
        ("UPDATE audit_log SET actor = 's-9' WHERE seq = 1", 1),
        ("DELETE FROM audit_log WHERE seq = 7", 7),
        ("DELETE FROM audit_log WHERE seq >= 9", 9),
        ("UPDATE audit_log SET about = '{}' WHERE seq = 10", 10),
        ("UPDATE audit_log SET deed = 'coffee' WHERE seq = 5", 5),
        ("UPDATE audit_log SET about = '{' WHERE seq = 5", 5),
        ("UPDATE audit_log SET about = '[1]' WHERE seq = 5", 5),
        ("UPDATE audit_log SET region = '420111' WHERE seq = 5", 5),
        ("UPDATE audit_log SET what = 'case:6' WHERE seq = 5", 5),
        ("UPDATE audit_log SET at = (SELECT at FROM audit_log AS other WHERE other.seq = 4) WHERE seq = 5", 5),
        ("UPDATE audit_log SET seq = 99 WHERE seq = 10", 10),
        (
            "INSERT INTO audit_log SELECT 11, at, actor, deed, what, region, reason, about, mac FROM audit_log WHERE seq = 10",
            11,
        ),
        ("UPDATE audit_head SET seq = 12 WHERE id = 1", 11),
        ("UPDATE audit_log SET mac = (SELECT mac FROM audit_log AS other WHERE other.seq = 2) WHERE seq = 3", 3),
    ],
)
async def test_tampering_is_found(store: Store, database: Database, tampering: str, found_at: int) -> None:
    for number in range(1, 11):
        async with store.writing() as work:
            moment = NOW + timedelta(seconds=number)
            await work.audit.add(
                "s-1", Deed.REVEAL, f"case:{number}", moment, reason="核对", about={"field": "identity"}
            )
            await work.commit()
    assert await _verify(store) is None
    await tamper(database, tampering)
    assert await _verify(store) == found_at


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_log SET reason = 'x' WHERE seq = 1",
        "DELETE FROM audit_log WHERE seq = 2",
        "DELETE FROM audit_log",
        "UPDATE audit_head SET seq = 1",
        "UPDATE audit_head SET seq = seq",
        "DELETE FROM audit_head",
        pytest.param("TRUNCATE audit_log", id="truncate"),
        pytest.param(
            "INSERT OR REPLACE INTO audit_log "
            "SELECT seq, at, 'x', deed, what, region, reason, about, mac FROM audit_log WHERE seq = 2",
            id="replace",
        ),
    ],
)
async def test_the_database_itself_refuses_to_change_the_log(store: Store, database: Database, change: str) -> None:
    """A-62. What one database has no words for is a mistake there, and changes as little."""
    for number in range(1, 4):
        async with store.writing() as work:
            await work.audit.add("s-1", Deed.READ, f"case:{number}", NOW)
            await work.commit()
    engine = make_migrator(read_url(database.url), 30.0)
    only = {"TRUNCATE": "postgresql", "INSERT": "sqlite"}.get(change.split()[0], database.kind)
    expected = "only added to" if only == database.kind else "syntax error"
    with pytest.raises(DBAPIError, match=expected):
        async with engine.begin() as connection:
            await connection.exec_driver_sql(change)
    await engine.dispose()
    assert await _verify(store) is None
    async with store.reading() as work:
        assert len([line async for line in work.audit.lines()]) == 3


@pytest.mark.parametrize(
    "tampering", ["UPDATE audit_log SET mac = 'x' WHERE seq = 4", "UPDATE audit_log SET at = 'x' WHERE seq = 4"]
)
async def test_what_is_no_moment_or_hash_any_more_is_found(store: Store, database: Database, tampering: str) -> None:
    for number in range(1, 6):
        async with store.writing() as work:
            await work.audit.add("s-1", Deed.READ, f"case:{number}", NOW)
            await work.commit()
    refused = False
    try:
        await tamper(database, tampering)
    except DBAPIError:
        refused = True
    assert await _verify(store) == (None if refused else 4)
    # PostgreSQL keeps no nonsense as a moment; SQLite keeps whatever it is given.
    assert not refused or database.kind == "postgresql"
