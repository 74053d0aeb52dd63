"""What residents say is in no byte that the database writes, and a sealed record serves in no other row."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text

from bot.desk.ports import Store
from bot.errors import BadInput
from bot.forms.model import Given, Sheet
from bot.messages import Author, Choice, Inbound, Kind
from bot.store import KeyRing, open_store
from tests.databases import Database
from tests.store.applications import began, sheet, submitted
from tests.store.conftest import NOW, after, opened, reply, took, wrote

IDENTITY = "42010619" + str(secrets.randbelow(10**10)).zfill(10)
NAME = f"欧阳{secrets.randbelow(10**10)}某"
LOG_SINCE = """
SELECT name FROM pg_ls_waldir()
WHERE length(name) = 24 AND name >= $1 AND name <= pg_walfile_name(pg_current_wal_lsn()) ORDER BY name
"""
CONTROL = "not-secret-314159"
"""Stands in a column in clear: a sweep that does not find it would find nothing."""


async def test_an_identity_number_is_in_no_byte_on_disk(database: Database, keyring: KeyRing, tmp_path: Path) -> None:
    store = await open_store(database.url, keyring)
    swept = []
    async with _log_kept(database) as begin:
        await _say_it_everywhere(store)
        if database.kind == "sqlite":  # its log, before closing folds it into the file
            swept.append(await _bytes(database, begin))
        await store.close()
        swept.append(await _bytes(database, begin))
    for written in swept:
        assert _has(written, CONTROL)
        assert not _has(written, IDENTITY)
        assert not _has(written, NAME)


async def _say_it_everywhere(store: Store) -> None:
    inbound = Inbound("wechat", "gh_1", f"o-{IDENTITY}", f"m-{IDENTITY}", Kind.TEXT, NOW, text=f"我是{NAME}{IDENTITY}")
    about = {"media": IDENTITY, "place": NAME, "event_key": IDENTITY}
    taken = await took(store, inbound, **about)
    await _tell_a_case(store, taken.conversation.id)
    said = reply(f"{NAME}您好 {IDENTITY}", choices=(Choice(NAME, {"say": IDENTITY}),), title=NAME, reason=IDENTITY)
    async with store.writing() as work:
        made = await work.messages.add(taken.conversation, Author.BOT, said, NOW, reply_to=taken.message.id)
        await work.events.append(taken.conversation.id, 1, {"slots": {"id_number": IDENTITY, "name": NAME}}, NOW)
        await work.tokens.put("gh_1", f"token-{IDENTITY}", after(7200), NOW)
        await work.editions.publish([], 0, "li", CONTROL, NOW)
        await work.commit()
    async with store.reading() as work:
        assert IDENTITY in (await work.messages.get(made.id)).text
        assert (await work.conversations.get(taken.conversation.id)).sender == inbound.sender
        assert (await work.events.read(taken.conversation.id, 1))[0][1]["slots"]["id_number"] == IDENTITY
        assert (await work.tokens.get("gh_1") or ("",))[0] == f"token-{IDENTITY}"


async def _tell_a_case(store: Store, talk: str) -> None:
    """Everything that belongs to a case, with the secrets wherever a resident or an officer could write them."""
    answers = {"members.1.name": Given(NAME), "members.1.identity": Given({"number": IDENTITY, "of": [NAME]})}
    async with store.writing() as work:
        person = await work.people.make(talk, NOW, "made")
        await work.people.change(person.id, NOW, name=NAME, identity=IDENTITY, phone=IDENTITY)
        about = {"for": NAME, "number": IDENTITY}
        draft = await work.drafts.open(talk, person.id, "application", "dibao", Sheet("dibao", answers), about, NOW)
        draft = await work.drafts.save(draft, NOW, message="m1", replies=[{"text": f"{NAME}{IDENTITY}"}])
        picture = f"{NAME}{IDENTITY}".encode()
        await work.papers.add(draft.id, person.id, 1, "identity", "kept", picture, NOW)
        await work.consents.ask(draft.id, 1, NAME, "check", "1", f"code-{IDENTITY}", after(60), NOW)
        case = await work.cases.add(draft, "dibao", "420111", "submitted", "", NOW)
        case = await work.cases.move(case, "accepted", "officer:li", f"{NAME}来过", NOW, None, seen=IDENTITY)
        await work.cases.tried(f"number:{IDENTITY}", NOW)
        await work.tasks.add("callback", person.id, case.id, "420111", NAME, IDENTITY, after(60), NOW)
        await work.tasks.add("emergency", "", "", "420111", NAME, IDENTITY, after(60), NOW)
        referral = await work.referrals.add(case.id, "yibao", NAME, [], None, NOW)
        await work.referrals.change(referral.id, "done", IDENTITY, NOW)
        await work.talk_pictures.want(talk, "m9", NOW)
        wanted = await work.talk_pictures.lease(NOW, after(60))
        assert wanted is not None
        await work.talk_pictures.keep(wanted.id, picture, NOW)
        await work.tips.add("cadre", "420111", "420100", NAME, IDENTITY, NOW, conversation=talk, contact=IDENTITY)
        notice = await work.notices.add(case.id, person.id, "notice_move", NAME, [], {"state": IDENTITY}, NOW)
        await work.notices.tried(notice, "sms", "refused", "reason", NOW)
        await work.continuations.add(f"code-{IDENTITY}", talk, person.id, {"title": NAME}, NOW, after(600))
        await work.requests.put("moves", f"key-{IDENTITY}", "hash", 200, "{}", NOW)
        conversation = await work.conversations.get(talk)
        await work.messages.take(
            conversation, wrote(sender=conversation.sender), "〔已隐去〕", {}, NOW, private=f"{NAME}{IDENTITY}"
        )
        await work.commit()
    async with store.reading() as work:
        read = await work.cases.get(case.id, answers=True)
        assert (read.answers["members.1.name"].value, dict(read.about)) == (NAME, about)
        assert read.number == case.number


def _has(written: bytes, words: str) -> bool:
    """Also as a dump would print it."""
    return any(form in written for form in (words.encode(), words.encode().hex().encode(), words.encode("utf-16-le")))


@asynccontextmanager
async def _log_kept(database: Database) -> AsyncIterator[str]:
    """Where PostgreSQL's log stands now; until the end it keeps what it writes after (a checkpoint would remove it)."""
    if database.kind == "sqlite":
        yield ""
        return
    connection = await asyncpg.connect(database.url)
    try:  # the slot is temporary: it goes with its connection
        name = f"kept_{secrets.token_hex(4)}"
        await connection.execute("SELECT pg_create_physical_replication_slot($1, true, true)", name)
        yield str(await connection.fetchval("SELECT pg_current_wal_lsn()::text"))
    finally:
        await connection.close()


async def _bytes(database: Database, begin: str) -> bytes:
    """The files and the log; on PostgreSQL the log since `begin`, and every row as a dump prints it."""
    if database.kind == "sqlite":  # with its log and the store of keys
        return b"".join(path.read_bytes() for path in sorted(database.path.parent.glob(database.path.stem + "*")))
    connection = await asyncpg.connect(database.url)
    await connection.execute("CHECKPOINT")
    found = await connection.fetch(
        "SELECT pg_read_binary_file(pg_relation_filepath(oid)) AS bytes FROM pg_class "
        "WHERE relkind IN ('r', 'i', 't') AND relnamespace <> 'pg_catalog'::regnamespace"
    )
    files = b"".join(row["bytes"] for row in found)
    name, start = await connection.fetchrow("SELECT * FROM pg_walfile_name_offset($1::text::pg_lsn)", begin)
    log = b""
    for row in await connection.fetch(LOG_SINCE, name):
        segment = await connection.fetchval("SELECT pg_read_binary_file('pg_wal/' || $1)", row["name"])
        log += segment[start if row["name"] == name else 0 :]
    await connection.close()
    assert _has(log, CONTROL)
    return files + log + await _dump(database)


async def _dump(database: Database) -> bytes:
    out = b""
    connection = await asyncpg.connect(database.url)
    tables = "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'subject_keys')"
    for schema, table in await connection.fetch(tables):
        rows = await connection.fetch(f'SELECT t::text AS line FROM {schema}."{table}" t')
        out += b"\n".join(row["line"].encode() for row in rows)
    await connection.close()
    return out


@pytest.mark.parametrize(
    ("table", "column", "key"),
    [
        ("messages", "body", "id"),
        ("conversations", "sender", "id"),
        ("events", "payload", "seq"),
        ("tokens", "token", "account"),
    ],
)
async def test_swapping_two_sealed_records_is_found(store: Store, table: str, column: str, key: str) -> None:
    taken = [await took(store, wrote(f"第{n}条", sender=f"o-{n}", message_id=f"m{n}")) for n in range(2)]
    async with store.writing() as work:
        for n in range(2):
            await work.events.append("c", n, {"turn": n}, NOW)
            await work.tokens.put(f"gh_{n}", f"token-{n}", after(60), NOW)
        await work.commit()
    async with store._writer.begin() as connection:  # type: ignore[attr-defined]
        rows = (await connection.execute(text(f"SELECT {key}, {column} FROM {table} ORDER BY {key}"))).all()
        assert len(rows) == 2
        for mine, other in (rows, rows[::-1]):
            change = text(f"UPDATE {table} SET {column} = :sealed WHERE {key} = :key")
            await connection.execute(change, {"sealed": other[1], "key": mine[0]})
    with pytest.raises(BadInput, match=rf"{table}\|.*\|{column} does not open: it was changed, or moved here"):
        async with store.reading() as work:
            match table:
                case "messages":
                    await work.messages.get(taken[0].message.id)
                case "conversations":
                    await work.conversations.get(taken[0].conversation.id)
                case "events":
                    await work.events.read("c", 2)
                case _:
                    await work.tokens.get("gh_0")


@pytest.mark.parametrize(
    ("table", "column", "key"),
    [
        ("people", "body", "id"),
        ("sheets", "body", "id"),
        ("facts", "value", "path"),
        ("consents", "name", "id"),
        ("papers", "picture", "id"),
        ("cases", "body", "id"),
        ("cases", "about", "id"),
        ("timeline", "body", "id"),
        ("referrals", "body", "id"),
        ("tasks", "body", "id"),
    ],
)
async def test_records_of_one_subject_do_not_serve_in_each_others_place(
    store: Store, table: str, column: str, key: str
) -> None:
    """The same key sealed both: it is the place that refuses. Of two people, or two cases, the keys differ as well."""
    talk = await opened(store)
    async with store.writing() as work:
        made = await began(work, talk.id)
        draft, person = made.draft.id, made.person.id
        papers = [await work.papers.add(draft, person, 1, "identity", "kept", bytes([n]), NOW) for n in range(2)]
        consents = [await work.consents.ask(draft, n, f"某{n}", "check", "1", str(n), after(60), NOW) for n in range(2)]
        tasks = [await work.tasks.add("callback", person, "", "", f"事{n}", "", after(n), NOW) for n in range(2)]
        case = await work.cases.add(made.draft, "dibao", "420111", "submitted", "", NOW)
        await work.cases.note(case, "system", "有事", NOW)
        await work.commit()
    other = await submitted(store, "o-2")
    async with store.writing() as work:
        referrals = [await work.referrals.add(case.id, "yibao", f"事{n}", [], None, NOW) for n in range(2)]
        await work.drafts.open(talk.id, person, "change", "", sheet(), {}, NOW)
        await work.commit()
    async with store._writer.begin() as connection:  # type: ignore[attr-defined]
        where = f"WHERE holder = '{case.id}'" if table == "facts" else ""
        rows = (await connection.execute(text(f"SELECT {key}, {column} FROM {table} {where} ORDER BY {key}"))).all()
        assert len(rows) >= 2
        mine, theirs = rows[0], rows[1]
        for here, there in ((mine, theirs), (theirs, mine)):
            more = f" AND holder = '{case.id}'" if table == "facts" else ""
            change = text(f"UPDATE {table} SET {column} = :sealed WHERE {key} = :key{more}")
            await connection.execute(change, {"sealed": there[1], "key": here[0]})
    with pytest.raises(BadInput, match=rf"{table}\|.*\|{column} does not open: it was changed, or moved here"):
        async with store.reading() as work:
            match table:
                case "people":
                    await work.people.get(person)
                case "sheets":
                    await work.drafts.get(mine[0])
                case "consents":
                    await work.consents.of_draft(consents[0].draft)
                case "papers":
                    await work.papers.read(papers[0].id)
                case "timeline":
                    await work.cases.timeline(case.id)
                case "referrals":
                    await work.referrals.of_case(referrals[0].case)
                case "tasks":
                    await work.tasks.get(tasks[0].id)
                case _:
                    await work.cases.get(case.id, answers=True)
                    await work.cases.get(other.id, answers=True)
