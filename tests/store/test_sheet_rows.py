"""A draft is kept answer by answer, changed only from its newest version, and heard exactly once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.desk.case_ports import Draft
from bot.desk.ports import Store
from bot.errors import BadInput, Conflict
from bot.forms.model import Given, Sheet, State
from tests.store.applications import ANSWERS, began, sheet, submitted
from tests.store.conftest import NOW, after, opened, patiently


async def test_a_draft_is_read_as_it_was_saved(store: Store) -> None:
    talk = await opened(store)
    async with store.writing() as work:
        made = await began(
            work, talk.id, asked="wage#1", asked_paths=("members.1.wage",), tries=2, last_put=("holdings",)
        )
        await work.commit()
    draft = made.draft
    assert (draft.state, draft.version, draft.last_message) == ("open", 1, "")
    assert {given.at for given in draft.sheet.answers.values()} == {NOW}
    async with store.reading() as work:
        assert await work.drafts.get(draft.id) == draft
        assert await work.drafts.of_conversation(talk.id) == [draft]
        assert await work.drafts.of_person(made.person.id) == [draft]
        assert await work.drafts.of_person("") == []
        with pytest.raises(BadInput, match="no draft nothing"):
            await work.drafts.get("nothing")


async def test_saving_writes_only_what_changed(store: Store) -> None:
    draft = await _draft(store)
    answers = dict(draft.sheet.answers)
    del answers["holdings"]
    answers["members.1.name"] = Given("王桂芳", State.SAID, "m8")
    async with store.writing() as work:
        saved = await work.drafts.save(
            draft,
            after(60),
            sheet=sheet(answers, asked="x"),
            about={"notice": "2027"},
            message="m8",
            replies=[{"text": "好"}],
        )
        await work.commit()
    async with store.reading() as work:
        read = await work.drafts.get(draft.id)
    assert read == saved
    assert (saved.version, saved.last_message, list(saved.last_replies)) == (2, "m8", [{"text": "好"}])
    assert saved.sheet.answers["members.1.name"] == Given("王桂芳", State.SAID, "m8", after(60))
    assert saved.sheet.answers["members.2.name"].at == NOW
    assert "holdings" not in saved.sheet.answers
    assert saved.expires_at == after(60) + timedelta(days=30)


async def test_what_is_not_given_stays(store: Store) -> None:
    draft = await _draft(store)
    async with store.writing() as work:
        saved = await work.drafts.save(draft, after(1), state="paused")
        await work.commit()
    async with store.reading() as work:
        assert await work.drafts.get(draft.id) == saved
    assert (saved.sheet, saved.about, saved.person) == (draft.sheet, draft.about, draft.person)


async def test_an_older_version_changes_nothing(store: Store) -> None:
    draft = await _draft(store)
    async with store.writing() as work:
        newest = await work.drafts.save(draft, after(1), message="m8", replies=[])
        await work.commit()
    with pytest.raises(Conflict, match=f"draft {draft.id} was changed since version 1"):
        async with store.writing() as work:
            await work.drafts.save(draft, after(2), sheet=sheet({}), message="m9", replies=[])
            await work.commit()
    async with store.reading() as work:
        assert await work.drafts.get(draft.id) == newest


async def test_of_ten_deliveries_of_one_message_one_is_heard(store: Store, second_store: Store) -> None:
    """As the driver does: the same message id gets the replies given before, and changes nothing."""
    draft = await _draft(store)

    async def hear(mine: Store, number: int) -> list[str]:
        async with mine.writing() as work:
            read = await work.drafts.get(draft.id)
            if read.last_message != "m8":
                answers = {**read.sheet.answers, "heard": Given(number, State.SAID, "m8")}
                said = [{"text": str(number)}]
                read = await work.drafts.save(read, NOW, sheet=sheet(answers), message="m8", replies=said)
                await work.commit()
            return [str(reply["text"]) for reply in read.last_replies]

    async def until_heard(number: int) -> list[str]:
        while True:
            try:
                return await patiently(partial(hear, (store, second_store)[number % 2], number))
            except Conflict:
                await asyncio.sleep(0.01)

    replies = await asyncio.gather(*(until_heard(number) for number in range(10)))
    assert len({tuple(one) for one in replies}) == 1
    async with store.reading() as work:
        read = await work.drafts.get(draft.id)
    assert (read.version, str(read.sheet.answers["heard"].value)) == (2, replies[0][0])


@pytest.mark.parametrize("state", ["done", "cancelled"])
async def test_closing_deletes_the_answers_and_keeps_the_last_replies(store: Store, state: str) -> None:
    draft = await _draft(store)
    async with store.writing() as work:
        await work.papers.add(draft.id, draft.person, 1, "identity", "kept", b"picture", NOW)
        closed = await work.drafts.save(draft, after(1), state=state, message="m8", replies=[{"text": "好了"}])
        await work.commit()
    assert closed.sheet == draft.sheet  # still in hand for who closed it
    async with store.reading() as work:
        read = await work.drafts.get(draft.id)
        assert await work.drafts.of_conversation(draft.conversation) == []
        assert await work.papers.of_draft(draft.id) == []
    assert (read.state, read.sheet, read.about) == (state, Sheet("dibao"), {})
    assert (read.last_message, list(read.last_replies)) == ("m8", [{"text": "好了"}])
    async with store.writing() as work:
        with pytest.raises(Conflict, match="its answers are gone"):
            await work.drafts.save(read, after(2), state="open")


async def test_a_draft_moves_to_another_conversation_and_gets_its_person(store: Store) -> None:
    here, there = await opened(store, "o-1"), await opened(store, "o-2")
    async with store.writing() as work:
        draft = await work.drafts.open(here.id, "", "precheck", "", sheet(), {}, NOW)
        person = await work.people.make(there.id, NOW, "made")
        moved = await work.drafts.save(draft, after(1), conversation=there.id, person=person.id)
        await work.commit()
    async with store.reading() as work:
        assert await work.drafts.of_conversation(here.id) == []
        assert await work.drafts.of_conversation(there.id) == [moved]
        assert await work.drafts.of_person(person.id) == [moved]


async def test_drafts_expire_thirty_days_after_the_last_change(store: Store) -> None:
    talk = await opened(store)
    async with store.writing() as work:
        old = (await began(work, talk.id)).draft
        await work.conversations.change(talk.id, NOW, form=old.id)
        await work.papers.add(old.id, "", 1, "identity", "kept", b"picture", NOW)
        await work.consents.give(old.id, 1, "王桂英", "notice", "1", "wechat", talk.id, old.person, NOW)
        younger = await work.drafts.open(talk.id, "", "precheck", "", sheet(), {}, after(86_400))
        await work.commit()
    month = 30 * 86_400
    async with store.writing() as work:
        assert await work.drafts.expire(after(month - 1)) == 0
        assert await work.drafts.expire(after(month)) == 1
        assert await work.papers.of_draft(old.id) == []
        assert await work.consents.of_draft(old.id) == []
        assert (await work.conversations.get(talk.id)).form == ""
        assert await work.drafts.of_conversation(talk.id) == [younger]
        with pytest.raises(BadInput, match="it expired"):
            await work.drafts.get(old.id)
        await work.commit()
    assert await _key_is_there(store, younger.id)
    assert not await _key_is_there(store, old.id)
    assert not await _key_is_there(store, old.person)  # nothing else needed them


async def test_a_submitted_case_outlives_its_draft(store: Store) -> None:
    case = await submitted(store)
    async with store.writing() as work:
        assert await work.drafts.expire(after(31 * 86_400)) == 1
        await work.commit()
    async with store.reading() as work:
        read = await work.cases.get(case.id, answers=True)
        assert (await work.people.get(case.person)).id == case.person
    assert read == case


_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
_paths = st.sampled_from([*ANSWERS, "members.2.wage", "members.10.name", "reason"])
_sheets = st.dictionaries(
    _paths, st.builds(Given, _values, st.sampled_from(State), st.sampled_from(["m1", "m2"])), max_size=8
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(_sheets, min_size=1, max_size=4))
async def test_whatever_was_saved_last_is_what_is_read(store: Store, steps: list[dict[str, Given]]) -> None:
    async with store.writing() as work:
        draft = await work.drafts.open("c", "", "application", "dibao", sheet({}), {}, NOW)
        for number, answers in enumerate(steps):
            draft = await work.drafts.save(draft, after(number), sheet=sheet(answers))
            assert await work.drafts.get(draft.id) == draft
            told = {path: replace(one, at=None) for path, one in draft.sheet.answers.items()}
            assert told == answers
        await work.commit()


async def _draft(store: Store) -> Draft:
    talk = await opened(store)
    async with store.writing() as work:
        made = await began(work, talk.id)
        await work.commit()
    return made.draft


async def _key_is_there(store: Store, subject: str) -> bool:
    return subject in await store._keys.find([subject], held=False)  # type: ignore[attr-defined]
