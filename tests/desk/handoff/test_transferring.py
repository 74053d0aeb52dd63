"""To whom a conversation goes next: those who know the matter, the people of another place; and what is put first."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.audit import Deed
from bot.clock import FixedClock
from bot.conversations import FIRST, URGENT, Conversation, Holder
from bot.desk.desk import Desk
from bot.desk.handoff import holding, pressing, queue, transferring
from bot.desk.intake import take_in
from bot.desk.supervising import routing
from bot.errors import BadInput, Conflict, NotYours
from bot.messages import Author
from bot.staff import Staff
from tests.desk.conftest import message
from tests.desk.handoff.conftest import officer, queued, rows
from tests.desk.supervising.conftest import DISTRICT

JIANGXIA = "420115"


async def in_hand(office: Desk, me: Staff, sender: str = "o-wang", region: str = DISTRICT) -> Conversation:
    one = await queued(office, sender)
    async with office.store.writing() as work:
        await work.conversations.change(one.id, office.clock.now(), region=region)
        await work.commit()
    return await holding.claim(office, me, one.id)


async def knows(office: Desk, one: Staff, *skills: str) -> Staff:
    async with office.store.writing() as work:
        made = await work.staff.change(one, "test", office.clock.now(), skills=list(skills))
        await work.commit()
    return made


async def test_who_knows_the_matter_is_asked_first(office: Desk) -> None:
    me = await officer(office, region=DISTRICT)
    li = await knows(office, await officer(office, "li", "李工", region=DISTRICT), "儿童")
    await knows(office, await officer(office, "far", "远工", region="440305"), "老人")
    one = await in_hand(office, me)
    with pytest.raises(BadInput, match="没有同事懂"):
        await transferring.transfer(office, me, one.id, "skill:老人", "她问的是老人的事")
    moved = await transferring.transfer(office, me, one.id, "skill:儿童", "孩子的事")
    assert (moved.holder, moved.reason, moved.region) == (Holder.QUEUED, "asked", DISTRICT)
    async with office.store.reading() as work:
        assert await work.talks.labels([one.id]) == {one.id: ["儿童"]}
        found = await routing.candidates(office, work, moved, await routing.Crew.of(office, work))
    assert (found[0].staff.id, found[0].knows) == (li.id, "儿童")
    said = (await rows(office, one.id))[-1]
    assert (said.author, said.text) == (
        Author.BOT,
        "您的事请别的工作人员接着看。\n您排在最前面。\n要等多久，现在说不准。",
    )


async def test_another_place_takes_what_is_theirs(office: Desk) -> None:
    """Handed to the wrong place once, it goes on to the right one; who sent it on sees it no more."""
    me, there = await officer(office, region=DISTRICT), await officer(office, "jiang", "江工", region=JIANGXIA)
    one = await in_hand(office, me)
    for wrong, why in (("", "写上转到哪个地区"), ("洪山区", "已经在那个地区"), ("火星", "不知道是哪里")):
        with pytest.raises(BadInput, match=why):
            await transferring.transfer(office, me, one.id, "place", "人住在江夏", wrong)
    moved = await transferring.transfer(office, me, one.id, "place", "人住在江夏", "武汉市江夏区")
    assert (moved.holder, moved.region) == (Holder.QUEUED, JIANGXIA)
    assert "湖北省武汉市江夏区" in (await rows(office, one.id))[-1].text
    with pytest.raises(NotYours):
        await queue.opened(office, me, one.id)
    assert [row.conversation for row in await queue.waiting(office, there, "queue")] == [one.id]
    opened = await queue.opened(office, there, one.id)
    assert [note.text for note in opened.notes] == ["人住在江夏"]
    async with office.store.reading() as work:
        lines = [line async for line, _ in work.audit.lines() if line.deed is Deed.MOVE]
    assert (lines[-1].about, lines[-1].region) == ({"to": "place", "region": JIANGXIA}, JIANGXIA)
    await holding.claim(office, there, one.id)
    again = await transferring.transfer(office, there, one.id, "place", "户口在洪山", "420111")
    assert again.region == DISTRICT, "as often as it takes"


async def test_where_nobody_is_any_more_they_hear_until_when(office: Desk, clock: FixedClock) -> None:
    me = await officer(office, region=DISTRICT)
    one = await in_hand(office, me)
    clock.advance(hours=10)
    await transferring.transfer(office, me, one.id, "queue", "下班了")
    assert "现在那边没有人在，11月26日" in (await rows(office, one.id))[-1].text


async def test_where_the_window_is_shut_nothing_is_said(office: Desk) -> None:
    me = await officer(office)
    one = await in_hand(office, me)
    async with office.store.writing() as work:
        await work.conversations.change(one.id, office.clock.now(), quota_left=0)
        await work.commit()
    before = len(await rows(office, one.id))
    await transferring.transfer(office, me, one.id, "queue", "下班了")
    assert len(await rows(office, one.id)) == before


async def test_what_is_put_first_stands_first(office: Desk, clock: FixedClock) -> None:
    me, first = await officer(office), await queued(office, "o-1")
    clock.advance(seconds=1)
    second = await queued(office, "o-2")
    assert [row.conversation for row in await queue.waiting(office, me, "queue")] == [first.id, second.id]
    pressed = await pressing.press(office, me, second.id, FIRST)
    assert pressed.answer_by == second.answer_by, "sooner in its turn, not by the clock"
    (row, _) = await queue.waiting(office, me, "queue")
    assert (row.conversation, row.priority, row.distress) == (second.id, FIRST, False)
    urgent = await pressing.press(office, me, second.id, URGENT)
    assert urgent.answer_by == office.clock.now() + timedelta(minutes=2)
    assert [row.conversation for row in await queue.waiting(office, me, "distress")] == [second.id]
    async with office.store.reading() as work:
        lines = [line.about async for line, _ in work.audit.lines() if line.deed is Deed.CHANGE]
    assert lines[-2:] == [{"priority": 5, "before": 0}, {"priority": 9, "before": 5}]
    with pytest.raises(BadInput):
        await pressing.press(office, me, second.id, 3)


async def test_danger_is_lowered_by_whoever_talked_with_them(office: Desk) -> None:
    me, other = await officer(office), await officer(office, "li", "李工")
    one = (await take_in(office, message("我不想活了"))).conversation
    for who in (me, other):
        with pytest.raises(Conflict, match="先认领"):
            await pressing.press(office, who, one.id, 0)
    await holding.claim(office, me, one.id)
    with pytest.raises(Conflict):
        await pressing.press(office, other, one.id, FIRST)
    assert (await pressing.press(office, me, one.id, 0)).priority == 0
    await holding.close(office, me, one.id, "solved")
    with pytest.raises(Conflict, match="不在等人"):
        await pressing.press(office, me, one.id, FIRST)
