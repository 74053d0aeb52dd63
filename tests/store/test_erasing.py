"""Who was erased stays erased: in the rows, in the words of their conversations, and in whatever copy is restored."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from bot.desk.case_ports import Erased
from bot.desk.ports import Store
from bot.errors import BadInput, TryAgain
from bot.forms.model import Sheet
from bot.messages import Author, State
from bot.store import KeyRing, Retention, open_store
from bot.store.append_only import TRIGGERS
from bot.store.keys import new_text
from bot.store.link import connected
from bot.store.subject_keys import SCHEMA
from tests.canary import NAME
from tests.databases import Database, postgres_is_there, postgres_url, sql
from tests.store.applications import began, submitted
from tests.store.conftest import NOW, after, opened, reply, took, wrote

RECEIPT = "R-2026-1"


async def test_everything_of_a_person_goes_and_what_the_office_holds_is_told(store: Store) -> None:
    talk = await opened(store)
    told = await took(store, wrote(f"我叫{NAME}"))
    async with store.writing() as work:
        await work.messages.set_state(told.message.id, [State.RECEIVED], State.HANDLED, NOW)
        made = await began(work, talk.id)
        await work.papers.add(made.draft.id, made.person.id, 1, "identity", "kept", b"picture", NOW)
        await work.tasks.add("callback", made.person.id, "", "420111", NAME, "13800001234", after(60), NOW)
        filed = await work.drafts.open(talk.id, made.person.id, "application", "tekun", made.draft.sheet, {}, NOW)
        held = await work.cases.add(filed, "tekun", "420111", "submitted", "", NOW)
        held = await work.cases.change(held.id, NOW, office_number="鄂2026-17")
        other = await work.drafts.open(talk.id, made.person.id, "application", "linshi", made.draft.sheet, {}, NOW)
        loose = await work.cases.add(other, "linshi", "420111", "submitted", "", NOW)
        await work.conversations.change(talk.id, NOW, form=made.draft.id, region="420111")
        sent = await work.messages.add(talk, Author.BOT, reply(f"{NAME}您好"), NOW, state=State.SENT)
        queued = await work.messages.add(talk, Author.BOT, reply(NAME), NOW)
        await work.events.append(talk.id, 1, {"said": NAME}, NOW)
        await work.commit()
    wish = await took(store, wrote("删除我的信息"), after(1))
    erased = await _erase(store, made.person.id)
    assert (erased.receipt, erased.at) == (RECEIPT, after(2))
    assert [(case.id, case.number, case.office_number) for case in erased.held] == [(held.id, held.number, "鄂2026-17")]
    assert erased.counts == {"papers": 1, "cases": 1, "drafts": 3, "conversations": 1, "messages": 3}
    async with store.reading() as work:
        assert await work.people.of_conversation(talk.id) is None
        assert await work.drafts.of_conversation(talk.id) == []
        assert await work.papers.of_draft(made.draft.id) == []
        assert await work.tasks.open() == []
        assert await work.events.read(talk.id, 9) == []
        assert (await work.cases.get(held.id, answers=True)).answers["members.1.name"].value == NAME
        for lost in (work.people.get(made.person.id), work.drafts.get(made.draft.id), work.cases.get(loose.id)):
            with pytest.raises(BadInput, match="erased"):
                await lost
        conversation = await work.conversations.get(talk.id)
        assert (conversation.form, conversation.region) == ("", "")
        assert (await work.messages.get(sent.id)).text == ""
        gone = await work.messages.get(queued.id)
        assert (gone.text, gone.state, gone.reason) == ("", State.FAILED, "erased")
        # The wish itself is still being handled, and its answer will stand here.
        assert (await work.messages.get(wish.message.id)).text == "删除我的信息"
        assert not [row for row in await work.messages.history(talk.id) if NAME in row.text]
    assert await _keys(store, made.person.id, made.draft.id, other.id, filed.id) == {filed.id}


async def test_a_helper_and_a_member_who_consented_are_unlinked_where_another_ones_case_stays(store: Store) -> None:
    here, there = await opened(store, "o-1"), await opened(store, "o-2")
    async with store.writing() as work:
        helper = await work.people.make(here.id, NOW, "made")
        applicant = await work.people.make("", NOW, "helper")
        son = await work.people.make(there.id, NOW, "made")
        draft = await work.drafts.open(
            here.id, applicant.id, "application", "dibao", (await began(work, "x")).draft.sheet, {}, NOW
        )
        case = await work.cases.add(draft, "dibao", "420111", "submitted", helper.id, NOW)
        given = await work.consents.give(draft.id, 2, "王小明", "check", "1", "wechat", there.id, son.id, NOW)
        await work.commit()
    for person in (helper.id, son.id):
        assert (await _erase(store, person)).counts.get("cases", 0) == 0
    async with store.reading() as work:
        read = await work.cases.get(case.id, answers=True)
        assert (read.helper, read.person, read.answers) == ("", applicant.id, case.answers)
        [kept] = await work.consents.of_case(case.id)
    assert (kept.id, kept.name, kept.state, kept.person, kept.conversation) == (given.id, "王小明", "given", "", "")


async def test_somebody_the_erased_one_only_began_to_apply_for_goes_with_them(store: Store) -> None:
    talk = await opened(store)
    async with store.writing() as work:
        helper = await work.people.make(talk.id, NOW, "made")
        applicant = await work.people.make("", NOW, "helper")
        await work.people.change(applicant.id, NOW, name=NAME)
        await work.drafts.open(talk.id, applicant.id, "application", "dibao", Sheet("dibao"), {}, NOW)
        await work.commit()
    await _erase(store, helper.id)
    assert await _keys(store, helper.id, applicant.id) == set()
    async with store.reading() as work:
        with pytest.raises(BadInput, match="erased"):
            await work.people.get(applicant.id)


async def test_who_speaks_there_now_loses_nothing_of_theirs(store: Store) -> None:
    """A number that changed hands: the first owner is erased, the second one goes on."""
    talk = await opened(store)
    async with store.writing() as work:
        first = await began(work, talk.id)
        mine = await work.messages.add(talk, Author.BOT, reply(NAME), NOW, state=State.SENT)
        await work.events.append(talk.id, 1, {}, NOW)
        await work.people.unbind(talk.id, after(10))
        second = await began(work, talk.id, after(20))
        await work.conversations.change(talk.id, after(20), form=second.draft.id)
        theirs = await work.messages.add(talk, Author.BOT, reply(NAME), after(20), state=State.SENT)
        await work.events.append(talk.id, 2, {"turn": 2}, after(20))
        await work.commit()
    await _erase(store, first.person.id)
    async with store.reading() as work:
        assert (await work.drafts.get(second.draft.id)) == second.draft
        assert (await work.people.of_conversation(talk.id)) == second.person
        assert ((await work.messages.get(mine.id)).text, (await work.messages.get(theirs.id)).text) == ("", NAME)
        assert await work.events.read(talk.id, 9) == [(2, {"turn": 2})]
        assert (await work.conversations.get(talk.id)).form == second.draft.id
    assert await _keys(store, first.person.id, first.draft.id) == set()


async def test_erasing_twice_is_erasing_once(store: Store) -> None:
    case = await submitted(store)
    await _erase(store, case.person)
    again = await _erase(store, case.person)
    assert again.counts == {}
    assert again.held == []


async def test_an_erasure_that_is_rolled_back_erased_nothing(store: Store) -> None:
    case = await submitted(store)
    async with store.writing() as work:
        await work.people.erase(case.person, RECEIPT, after(1))
    async with store.reading() as work:
        assert (await work.cases.get(case.id, answers=True)).answers == case.answers
        assert (await work.people.get(case.person)).name == NAME


async def test_a_database_restored_from_before_stays_erased(
    database: Database, keyring: KeyRing, tmp_path: Path
) -> None:
    """The copy holds all of it, but the keys are gone and the list is replayed before anybody is served."""
    store = await open_store(database.url, keyring)
    case = await submitted(store)
    talk = await opened(store)
    await took(store, wrote(f"我叫{NAME}"))
    await store.close()
    async with _restored_afterwards(database, "database", tmp_path):
        store = await open_store(database.url, keyring)
        await _erase(store, case.person)
        await store.close()
    assert await _count(database, "cases") == 1  # it really is the old one
    store = await open_store(database.url, keyring)
    await _assert_gone(store, case.id, case.person)
    async with store.reading() as work:
        assert [row.text for row in await work.messages.history(talk.id)] == [""]
    await store.close()
    assert await _count(database, "cases") == await _count(database, "people") == await _count(database, "facts") == 0


async def test_keys_restored_from_before_are_destroyed_again(
    database: Database, keyring: KeyRing, tmp_path: Path
) -> None:
    store = await open_store(database.url, keyring)
    case = await submitted(store)
    await store.close()
    async with _restored_afterwards(database, "keys", tmp_path):
        store = await open_store(database.url, keyring)
        await _erase(store, case.person)
        await store.close()
    store = await open_store(database.url, keyring)
    assert await _keys(store, case.person) == set()
    await _assert_gone(store, case.id, case.person)
    await store.close()


async def test_a_case_the_office_took_over_after_the_copy_was_made_is_not_lost(
    database: Database, keyring: KeyRing, tmp_path: Path
) -> None:
    """In the copy it has no office number yet, but the erasure did not name it."""
    store = await open_store(database.url, keyring)
    case = await submitted(store)
    await store.close()
    async with _restored_afterwards(database, "database", tmp_path):
        store = await open_store(database.url, keyring)
        async with store.writing() as work:
            await work.cases.change(case.id, NOW, office_number="鄂2026-17")
            await work.commit()
        assert len((await _erase(store, case.person)).held) == 1
        await store.close()
    store = await open_store(database.url, keyring)
    async with store.reading() as work:
        assert (await work.cases.get(case.id, answers=True)).answers == case.answers
        with pytest.raises(BadInput, match="erased"):
            await work.people.get(case.person)
    await store.close()


async def test_an_interruption_between_commit_and_keys_is_made_up_for(
    store: Store, second_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await submitted(store)
    keys = store._keys  # type: ignore[attr-defined]

    async def away(*about: object) -> None:
        raise TryAgain("the database is away")

    with monkeypatch.context() as broken:
        broken.setattr(keys, "destroy", away)
        await _erase(store, case.person)
    assert await _keys(second_store, case.person) == {case.person}
    async with second_store.writing() as work:
        assert await work.people.tidy(after(9)) > 0
        await work.commit()
    assert await _keys(store, case.person) == set()


async def test_another_process_notices_within_seconds(
    store: Store, second_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await submitted(store)
    async with second_store.reading() as work:
        await work.people.get(case.person)  # its key is in that process's memory now
    held = second_store._keys._held  # type: ignore[attr-defined]
    assert case.person in held
    await _erase(store, case.person)
    for subject, (until, key) in list(held.items()):
        held[subject] = (until - 11, key)  # eleven seconds later
    with pytest.raises(BadInput, match="was erased and opens no more"):
        await second_store._keys.of(case.person)  # type: ignore[attr-defined]


async def test_keys_of_nobody_are_swept_after_a_day_and_before_a_week(store: Store) -> None:
    case = await submitted(store)
    async with store.writing() as work:
        orphan = await work.people.make("", NOW, "made")  # and then its process dies
    assert await _keys(store, orphan.id) == {orphan.id}
    for now, left in ((timedelta(hours=23), {orphan.id}), (timedelta(days=2), set())):
        async with store.writing() as work:
            await work.people.tidy(NOW + now)
            await work.commit()
        assert await _keys(store, orphan.id) == left
    assert await _keys(store, case.person) == {case.person}


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
    assert await _count(database, "people") == 4


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
    await _erase(store, case.person)
    left = b"".join(path.read_bytes() for path in tmp_path.glob("bot.subject-keys*"))
    assert record not in left
    assert record[-32:] not in left
    await store.close()


async def test_closed_cases_go_when_the_archives_years_are_over(database: Database, keyring: KeyRing) -> None:
    store = await open_store(database.url, keyring, keep=Retention(archive_years=10))
    forever = await open_store(database.url, keyring)
    case, open_one = await submitted(store, "o-1"), await submitted(store, "o-2")
    async with store.writing() as work:
        await work.cases.move(case, "withdrawn", "officer:li", "", after(1), None)
        await work.commit()
    later = NOW + timedelta(days=3670)
    for one, expected in ((forever, 0), (store, 1)):
        async with one.writing() as work:
            assert await work.cases.expire(later) == expected
            await work.commit()
    async with store.reading() as work:
        assert (await work.cases.get(open_one.id)).state == "submitted"
        with pytest.raises(BadInput, match="no case"):
            await work.cases.get(case.id)
    await store.close()
    await forever.close()


async def _erase(store: Store, person: str) -> Erased:
    async with store.writing() as work:
        erased = await work.people.erase(person, RECEIPT, after(2))
        await work.commit()
    return erased


async def _keys(store: Store, *subjects: str) -> set[str]:
    return set(await store._keys.find(subjects, held=False))  # type: ignore[attr-defined]


async def _assert_gone(store: Store, case: str, person: str) -> None:
    async with store.reading() as work:
        for lost in (work.people.get(person), work.cases.get(case)):
            with pytest.raises(BadInput, match="erased"):
                await lost
        assert await work.cases.list() == []


@asynccontextmanager
async def _restored_afterwards(database: Database, what: str, folder: Path) -> AsyncIterator[None]:
    """Copy the database, or the keys, now, and put the copy back when the block ends: both are real backups."""
    if database.kind == "sqlite":
        path = database.path if what == "database" else database.path.with_suffix(".subject-keys")
        shutil.copy(path, folder / "backup")
        yield
        for leftover in path.parent.glob(path.name + "*"):
            leftover.unlink()
        shutil.copy(folder / "backup", path)
        return
    schema = "public" if what == "database" else SCHEMA
    dumped = folder / "backup.sql"
    await _run("pg_dump", f"--schema={schema}", "--data-only", "--disable-triggers", f"--file={dumped}", database.url)
    yield
    name = database.url.rpartition("/")[2]
    tables = await _tables(database, schema)
    # The audit log is only added to; its owner may say otherwise, for a restore.
    guarded = [table for table in TRIGGERS if what == "database"]
    for table in guarded:
        await sql(f"ALTER TABLE {table} DISABLE TRIGGER USER", database=name)
    await sql(f"TRUNCATE {', '.join(tables)} CASCADE", database=name)
    for table in guarded:
        await sql(f"ALTER TABLE {table} ENABLE TRIGGER USER", database=name)
    await _run("psql", "--quiet", "--set=ON_ERROR_STOP=1", f"--file={dumped}", database.url)


async def _tables(database: Database, schema: str) -> list[str]:
    import asyncpg

    connection = await asyncpg.connect(database.url)
    rows = await connection.fetch("SELECT schemaname, tablename FROM pg_tables WHERE schemaname = $1", schema)
    await connection.close()
    return [f"{row['schemaname']}.{row['tablename']}" for row in rows]


async def _run(*command: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )
    _, said = await process.communicate()
    assert process.returncode == 0, said.decode()


async def _count(database: Database, table: str) -> int:
    from bot.store.engine import make_writer, read_url

    engine = make_writer(read_url(database.url))
    async with engine.connect() as connection:
        found = (await connection.execute(text(f"SELECT count(*) FROM {table}"))).scalar()
    await engine.dispose()
    return int(found or 0)


async def test_a_list_kept_elsewhere_erases_when_both_databases_are_old(
    database: Database, keyring: KeyRing, tmp_path: Path
) -> None:
    """The loss of a whole machine: both backups are from before the erasure, only the printed list knows."""
    store = await open_store(database.url, keyring)
    case = await submitted(store)
    await store.close()
    async with _restored_afterwards(database, "database", tmp_path):
        (tmp_path / "keys").mkdir()
        async with _restored_afterwards(database, "keys", tmp_path / "keys"):
            store = await open_store(database.url, keyring)
            await _erase(store, case.person)
            async with store.reading() as work:
                kept = await work.people.erasures()
            await store.close()
    store = await open_store(database.url, keyring)
    async with store.writing() as work:
        assert (await work.people.get(case.person)).name == NAME  # it is back, until the list is replayed
        assert await work.people.erasures() == []
        assert await work.people.erase_again(kept) == len(kept)
        await work.commit()
    await _assert_gone(store, case.id, case.person)
    assert await _keys(store, case.person) == set()
    async with store.writing() as work:
        assert await work.people.erasures() == kept
        assert await work.people.erase_again(kept) == 0
    await store.close()
