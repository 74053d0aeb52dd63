"""Distress wins over silence: at once wherever no officer writes; where one does, half a minute is theirs."""

from __future__ import annotations

from bot.clock import FixedClock
from bot.conversations import Holder
from bot.desk.desk import Desk
from bot.desk.handoff import holding, queue
from bot.desk.intake import take_in
from bot.desk.outbox import claim_passive, deliver_once
from bot.messages import Author, Outcome, State
from bot.staff import Staff
from tests.desk.conftest import message
from tests.desk.handoff.conftest import Post, officer, queued, talk

DANGER = "我不想活了"


async def _out(desk: Desk) -> list[str]:
    """The fixed words that left by now."""
    post = Post()
    while await deliver_once(desk, {"wechat": post}):
        pass
    return [row.text for row in post.sent if row.about.get("outcome") == Outcome.DISTRESS]


async def _held(desk: Desk) -> tuple[Staff, str]:
    me, one = await officer(desk), await queued(desk)
    await holding.claim(desk, me, one.id)
    await _out(desk)
    return me, one.id


async def test_queued_waiting_and_closed_it_is_said_at_once(office: Desk, clock: FixedClock) -> None:
    me = await officer(office)
    one = await queued(office)
    await take_in(office, message(DANGER))
    assert len(await _out(office)) == 1
    await holding.claim(office, me, one.id)
    await holding.reply(office, me, one.id, "我在")
    await holding.wait_for_resident(office, me, one.id)
    await take_in(office, message(DANGER))
    assert len(await _out(office)) == 1
    assert (await talk(office, one.id)).holder is Holder.OFFICER  # they answered: it is the officer's again
    await holding.close(office, me, one.id, "solved")
    await take_in(office, message(DANGER))
    assert len(await _out(office)) == 1
    assert (await talk(office, one.id)).holder is Holder.QUEUED


async def test_an_officer_who_has_been_silent_is_not_waited_for(office: Desk, clock: FixedClock) -> None:
    me, one = await _held(office)
    await holding.reply(office, me, one, "您好")
    await _out(office)
    clock.advance(seconds=121)
    taken = await take_in(office, message(DANGER))
    assert len(await _out(office)) == 1
    assert taken.conversation.holder is Holder.OFFICER
    assert taken.message.state is State.HANDLED


async def test_an_officer_who_writes_has_half_a_minute(office: Desk, clock: FixedClock) -> None:
    me, one = await _held(office)
    await holding.reply(office, me, one, "您好")
    clock.advance(seconds=119)
    await take_in(office, message(DANGER))
    assert await _out(office) == []
    clock.advance(seconds=29)
    assert await _out(office) == []
    clock.advance(seconds=2)
    assert len(await _out(office)) == 1
    row = (await queue.opened(office, me, one)).messages[-1]
    assert (row.author, row.actor) == (Author.SYSTEM, "system")


async def test_an_answer_in_time_makes_them_needless_and_is_not_held_up(office: Desk, clock: FixedClock) -> None:
    me, one = await _held(office)
    await holding.reply(office, me, one, "您好")
    clock.advance(seconds=10)
    await take_in(office, message(DANGER))
    clock.advance(seconds=10)
    await holding.reply(office, me, one, "我听到了，您先别挂，我打给您")
    post = Post()
    while await deliver_once(office, {"wechat": post}):
        pass
    assert post.sent[-1].text.startswith("我听到了")
    clock.advance(seconds=60)
    assert await _out(office) == []


async def test_the_answer_to_the_next_push_does_not_take_them_along(office: Desk, clock: FixedClock) -> None:
    me, one = await _held(office)
    await holding.reply(office, me, one, "您好")
    await _out(office)
    await take_in(office, message(DANGER), passive_seconds=4)
    clock.advance(seconds=3)
    taken = await take_in(office, message("你在吗"), passive_seconds=4)
    assert list(await claim_passive(office, one, taken.message.id, lambda rows: True)) == []
    clock.advance(seconds=30)
    assert len(await _out(office)) == 1


async def test_the_officers_list_alarms(office: Desk, clock: FixedClock) -> None:
    me, one = await _held(office)
    await holding.reply(office, me, one, "您好")
    assert (await queue.counts(office, me))["distress"] == 0
    await take_in(office, message(DANGER))
    (row,) = await queue.waiting(office, me, "distress")
    assert (row.conversation, row.distress, row.overdue) == (one, True, False)
    clock.advance(minutes=3)
    assert [row.conversation for row in await queue.waiting(office, me, "overdue")] == [one]
