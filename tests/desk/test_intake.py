"""A message is taken in once, masked, and danger in it is met before anything else."""

from __future__ import annotations

import asyncio

import pytest

from bot.clock import FixedClock
from bot.conversations import Holder
from bot.desk.desk import Desk
from bot.desk.intake import PER_MINUTE, take_in
from bot.errors import Forged
from bot.messages import Author, Kind, Outcome, State
from tests.desk.conftest import message


async def test_the_same_message_again_changes_nothing(desk: Desk) -> None:
    first = await take_in(desk, message(message_id="m:same"))
    again = await take_in(desk, message(message_id="m:same", text="别的话"))
    assert (first.fresh, again.fresh) == (True, False)
    assert again.message == first.message


async def test_fifty_copies_at_once_are_one_row(desk: Desk) -> None:
    taken = await asyncio.gather(*(take_in(desk, message(message_id="m:many")) for _ in range(50)))
    assert sum(one.fresh for one in taken) == 1
    assert len({one.message.id for one in taken}) == 1


async def test_the_same_id_of_another_account_is_another_message(desk: Desk) -> None:
    await take_in(desk, message(message_id="m:1x", account="gh_1"))
    assert (await take_in(desk, message(message_id="m:1x", account="gh_2"))).fresh


async def test_an_identity_number_before_consent_is_not_kept(desk: Desk) -> None:
    taken = await take_in(desk, message("我是王某，420106195001011234，想问低保"))
    assert "420106195001011234" not in taken.message.text
    assert taken.message.about["secret"] is True


async def test_danger_is_answered_at_once_and_a_person_is_asked_for(desk: Desk) -> None:
    taken = await take_in(desk, message("低保停了，我不想活了"))
    assert taken.conversation.holder is Holder.QUEUED
    assert taken.conversation.priority == 9
    async with desk.store.reading() as work:
        [words] = await work.messages.replies(taken.message.id)
        inbound = await work.messages.get(taken.message.id)
    assert words.author is Author.SYSTEM
    assert words.about["outcome"] == Outcome.DISTRESS
    assert all(number in words.text for number in ("110", "120", "12356"))
    assert inbound.state is State.HANDLED


async def test_heavy_words_are_met_and_the_question_goes_on(desk: Desk) -> None:
    taken = await take_in(desk, message("活不下去了，临时救助怎么申请"))
    async with desk.store.reading() as work:
        assert len(await work.messages.replies(taken.message.id)) == 1
        assert (await work.messages.get(taken.message.id)).state is State.RECEIVED


async def test_a_flood_is_kept_and_told_so_once(desk: Desk) -> None:
    taken = [await take_in(desk, message(f"第{n}条")) for n in range(PER_MINUTE + 30)]
    async with desk.store.reading() as work:
        states = [(await work.messages.get(one.message.id)).state for one in taken]
        rows = await work.messages.history(taken[0].conversation.id, 200)
    assert states.count(State.RECEIVED) == PER_MINUTE
    assert [row.about["reason"] for row in rows if row.author is Author.SYSTEM] == ["too_many"]


async def test_leaving_the_account_closes_the_window(desk: Desk) -> None:
    await take_in(desk, message())
    gone = await take_in(desk, message("", kind=Kind.EVENT, event="unsubscribe", may_send=0))
    assert gone.conversation.quota_left == 0
    assert gone.conversation.window_until is None


async def test_a_proof_that_comes_again_with_another_body_is_forged(desk: Desk) -> None:
    await take_in(desk, message(), proof=("signature", "body one"))
    await take_in(desk, message(), proof=("signature", "body one"))
    with pytest.raises(Forged):
        await take_in(desk, message(), proof=("signature", "body two"))


async def test_long_texts_are_kept_whole(desk: Desk, clock: FixedClock) -> None:
    text = "我家的情况说来话长。" * 300
    assert (await take_in(desk, message(text))).message.text == text
