"""Who was erased stays erased: in the rows, and in the words of their conversations."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.desk.ports import Store
from bot.errors import BadInput
from bot.forms.model import Sheet
from bot.messages import Author, State
from bot.store import KeyRing, Retention, open_store
from tests.canary import NAME
from tests.databases import Database
from tests.store.applications import began, submitted
from tests.store.conftest import NOW, after, opened, reply, took, wrote
from tests.store.erased import RECEIPT, erase, keys_of


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
    erased = await erase(store, made.person.id)
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
    assert await keys_of(store, made.person.id, made.draft.id, other.id, filed.id) == {filed.id}


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
        assert (await erase(store, person)).counts.get("cases", 0) == 0
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
    await erase(store, helper.id)
    assert await keys_of(store, helper.id, applicant.id) == set()
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
    await erase(store, first.person.id)
    async with store.reading() as work:
        assert (await work.drafts.get(second.draft.id)) == second.draft
        assert (await work.people.of_conversation(talk.id)) == second.person
        assert ((await work.messages.get(mine.id)).text, (await work.messages.get(theirs.id)).text) == ("", NAME)
        assert await work.events.read(talk.id, 9) == [(2, {"turn": 2})]
        assert (await work.conversations.get(talk.id)).form == second.draft.id
    assert await keys_of(store, first.person.id, first.draft.id) == set()


async def test_erasing_twice_is_erasing_once(store: Store) -> None:
    case = await submitted(store)
    await erase(store, case.person)
    again = await erase(store, case.person)
    assert again.counts == {}
    assert again.held == []


async def test_an_erasure_that_is_rolled_back_erased_nothing(store: Store) -> None:
    case = await submitted(store)
    async with store.writing() as work:
        await work.people.erase(case.person, RECEIPT, after(1))
    async with store.reading() as work:
        assert (await work.cases.get(case.id, answers=True)).answers == case.answers
        assert (await work.people.get(case.person)).name == NAME


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
