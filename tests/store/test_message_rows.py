"""A message is kept once, in order, and its states change only from where they stood."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial

import pytest

from bot.desk.ports import Message, Store
from bot.errors import BadInput
from bot.messages import Author, Choice, Outcome, Source, State
from tests.store.conftest import NOW, after, opened, patiently, reply, took, wrote


async def test_the_same_message_again_finds_the_first_row(store: Store) -> None:
    first = await took(store, wrote(message_id="m1"), media="media-1")
    again = await took(store, wrote("换了字", message_id="m1"), after(5))
    assert (first.fresh, again.fresh) == (True, False)
    assert again.message == first.message
    assert again.conversation == first.conversation
    assert first.message.about == {"media": "media-1"}
    assert first.message.channel_message_id == "m1"


async def test_the_same_id_on_another_account_is_another_message(store: Store) -> None:
    await took(store, wrote(message_id="m1"))
    assert (await took(store, wrote(message_id="m1", account="gh_2"))).fresh


async def test_an_id_that_another_sender_used_finds_that_ones_row(store: Store) -> None:
    first = await took(store, wrote(message_id="m1", sender="o-li"))
    again = await took(store, wrote(message_id="m1", sender="o-wang"))
    assert not again.fresh
    assert again.conversation.id == first.conversation.id


async def test_forty_copies_over_two_processes_are_one_row(store: Store, second_store: Store) -> None:
    inbound = wrote(message_id="m1")
    taken = await asyncio.gather(*(patiently(partial(took, (store, second_store)[n % 2], inbound)) for n in range(40)))
    assert [one.fresh for one in taken].count(True) == 1
    assert len({one.message.id for one in taken}) == 1
    assert len({one.conversation.id for one in taken}) == 1


async def test_sixty_messages_at_once_are_numbered_without_gap_or_double(store: Store, second_store: Store) -> None:
    copies = [wrote(f"第{n}条", message_id=f"m{n}") for n in range(30)] * 2
    taken = await asyncio.gather(
        *(patiently(partial(took, (store, second_store)[n % 2], one)) for n, one in enumerate(copies))
    )
    async with store.reading() as work:
        rows = await work.messages.history(taken[0].conversation.id, 100)
    assert [row.seq for row in rows] == list(range(1, 31))
    assert {row.text for row in rows} == {f"第{n}条" for n in range(30)}


async def test_a_reply_is_kept_with_all_it_says(store: Store) -> None:
    taken = await took(store, wrote())
    said = reply(
        "低保这样申请。",
        choices=(Choice("材料", {"answer": "dibao-cailiao"}), Choice("找人", {"person": True})),
        outcome=Outcome.ANSWERED,
        entry="dibao-shenqing",
        sources=(Source("民发〔2021〕57号", "办法", "第八条", "2021-06-11"),),
        score=0.93,
        region="420106",
    )
    async with store.writing() as work:
        made = await work.messages.add(taken.conversation, Author.BOT, said, NOW, reply_to=taken.message.id)
        await work.commit()
    async with store.reading() as work:
        kept = await work.messages.get(made.id)
        assert await work.messages.replies(taken.message.id) == [kept]
        assert await work.messages.replies("") == []
    assert kept == made
    assert kept.choices == said.choices
    assert kept.about["sources"] == [
        {"number": "民发〔2021〕57号", "title": "办法", "clause": "第八条", "date": "2021-06-11"}
    ]
    assert (kept.about["outcome"], kept.about["entry"], kept.about["score"]) == ("answered", "dibao-shenqing", 0.93)
    assert (kept.seq, kept.state, kept.reply_to, kept.actor) == (2, State.QUEUED, taken.message.id, "bot")


async def test_broken_half_characters_and_nul_are_kept_as_they_came(store: Store) -> None:
    taken = await took(store, wrote("低保\ud83d\x00怎么"))
    async with store.reading() as work:
        assert (await work.messages.get(taken.message.id)).text == "低保\ud83d\x00怎么"


async def test_a_state_changes_only_from_an_expected_one(store: Store) -> None:
    made = await _queued(store)
    async with store.writing() as work:
        change = work.messages.set_state
        assert await change(made.id, [State.QUEUED, State.HELD], State.SENDING, after(1), attempt=True)
        assert not await change(made.id, [State.QUEUED], State.SENDING, after(1), attempt=True)
        assert await change(made.id, [State.SENDING], State.QUEUED, after(2), reason="again", not_before=after(60))
        again = await work.messages.get(made.id)
        assert await change(made.id, [State.QUEUED], State.SENT, after(3))
        done = await work.messages.get(made.id)
        assert not await change(made.id, [State.SENDING], State.FAILED, after(4))
        assert not await change("nobody", [State.SENT], State.FAILED, after(4))
        await work.commit()
    assert (again.state, again.attempts, again.reason, again.not_before) == (State.QUEUED, 1, "again", after(60))
    assert (done.state, done.done_at, done.not_before) == (State.SENT, after(3), None)


async def test_two_senders_want_one_row_and_one_gets_it(store: Store, second_store: Store) -> None:
    made = await _queued(store)

    async def claim(one: Store) -> bool:
        async with one.writing() as work:
            got = await work.messages.set_state(made.id, [State.QUEUED], State.SENDING, NOW)
            await work.commit()
        return got

    assert (await asyncio.gather(*(patiently(partial(claim, (store, second_store)[n % 2])) for n in range(20)))).count(
        True
    ) == 1


async def test_what_is_due_leaves_in_order_one_of_each_conversation(store: Store) -> None:
    wang, li = await opened(store, "o-wang"), await opened(store, "o-li")
    async with store.writing() as work:
        first = await work.messages.add(wang, Author.BOT, reply("一"), NOW)
        second = await work.messages.add(wang, Author.BOT, reply("二"), NOW)
        other = await work.messages.add(li, Author.BOT, reply("甲"), after(1))
        later = await work.messages.add(await _new(work, "o-zhao"), Author.BOT, reply("晚"), NOW, not_before=after(9))
        await work.commit()
    assert await _due(store) == [first.id, other.id]
    await _set(store, first, State.QUEUED, State.SENDING)
    assert await _due(store) == [other.id]  # 二 waits until 一 has gone
    await _set(store, first, State.SENDING, State.QUEUED, not_before=after(5))
    assert await _due(store) == [other.id]  # nor does it overtake 一 while that is tried again
    await _set(store, first, State.QUEUED, State.SENT)
    assert await _due(store) == [second.id, other.id]
    assert await _due(store, 10, 1) == [second.id]
    assert await _due(store, 10) == [second.id, other.id, later.id]


async def test_held_rows_wait_and_pending_shows_them_in_order(store: Store) -> None:
    wang = await opened(store)
    async with store.writing() as work:
        held = await work.messages.add(wang, Author.BOT, reply("一"), NOW, state=State.HELD)
        queued = await work.messages.add(wang, Author.OFFICER, reply("二"), NOW, actor="officer-7")
        sent = await work.messages.add(wang, Author.BOT, reply("三"), NOW, state=State.SENT)
        await work.commit()
    assert sent.done_at == NOW
    async with store.reading() as work:
        assert [row.id for row in await work.messages.pending(wang.id)] == [held.id, queued.id]
    assert await _due(store) == [queued.id]


async def test_what_a_resident_wrote_is_due_until_handled(store: Store) -> None:
    one, two = await took(store, wrote("一")), await took(store, wrote("二"), after(1))
    async with store.writing() as work:
        due = work.messages.due_inbound
        assert [row.text for row in await due(one.conversation.id, after(2))] == ["一", "二"]
        await work.messages.set_state(one.message.id, [State.RECEIVED], State.RECEIVED, after(2), not_before=after(30))
        assert [row.text for row in await due(one.conversation.id, after(2))] == ["二"]
        await work.messages.set_state(two.message.id, [State.RECEIVED], State.HANDLED, after(3))
        assert [row.text for row in await due(one.conversation.id, after(31))] == ["一"]


async def test_history_is_the_newest_rows_and_counting_is_by_author(store: Store) -> None:
    for n in range(6):
        taken = await took(store, wrote(f"第{n}条"), after(n))
    async with store.writing() as work:
        await work.messages.add(taken.conversation, Author.BOT, reply(), after(7))
        await work.commit()
    async with store.reading() as work:
        rows = await work.messages.history(taken.conversation.id, 3)
        assert [row.seq for row in rows] == [5, 6, 7]
        assert await work.messages.count_since(taken.conversation.id, after(3), Author.RESIDENT) == 3
        assert await work.messages.count_since(taken.conversation.id, after(3), Author.BOT) == 1


async def test_a_row_whose_sender_died_is_found(store: Store) -> None:
    made = await _queued(store)
    await _set(store, made, State.QUEUED, State.SENDING, now=after(10))
    async with store.reading() as work:
        assert await work.messages.stuck(after(10)) == []
        assert [row.id for row in await work.messages.stuck(after(11))] == [made.id]
        counts = await work.messages.by_state()
    assert counts == {
        "received": 0, "handled": 0, "queued": 0, "sending": 1, "sent": 0, "held": 0, "failed": 0,
    }  # fmt: skip


async def test_what_is_not_there_is_refused_by_name(store: Store) -> None:
    wang = await opened(store)
    with pytest.raises(BadInput, match="no message 01NOWHERE"):
        async with store.reading() as work:
            await work.messages.get("01NOWHERE")
    with pytest.raises(BadInput, match="no conversation 01NOWHERE"):
        async with store.writing() as work:
            await work.messages.add(replace(wang, id="01NOWHERE"), Author.BOT, reply(), NOW)
    with pytest.raises(BadInput, match="JSON"):
        await took(store, wrote(), what={1, 2})


async def _queued(store: Store) -> Message:
    wang = await opened(store)
    async with store.writing() as work:
        made = await work.messages.add(wang, Author.BOT, reply(), NOW)
        await work.commit()
    return made


async def _new(work, sender):  # type: ignore[no-untyped-def]
    return await work.conversations.open("wechat", "gh_1", sender, NOW, "wechat")


async def _due(store: Store, seconds: float = 2, limit: int = 20) -> list[str]:
    async with store.reading() as work:
        return [row.id for row in await work.messages.due_outbound(after(seconds), limit)]


async def _set(store: Store, row: Message, old: State, new: State, now=NOW, **more) -> None:  # type: ignore[no-untyped-def]
    async with store.writing() as work:
        assert await work.messages.set_state(row.id, [old], new, now, **more)
        await work.commit()
