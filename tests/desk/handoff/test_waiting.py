"""A resident waits for a person: their place, an honest wait, and the way out; and outside hours a call-back instead."""

from __future__ import annotations

from datetime import timedelta

from bot.clock import FixedClock
from bot.conversations import Holder
from bot.desk.desk import Desk
from bot.desk.handoff import holding
from bot.desk.intake import take_in
from bot.desk.turns import TurnWorker
from bot.forms.model import Given, Sheet
from bot.messages import Kind, State
from tests.desk.conftest import ScriptedEngine, message
from tests.desk.handoff.conftest import officer, queued, rows, talk


async def said(desk: Desk, text: str, sender: str = "o-wang", **fields: object) -> str:
    taken = await take_in(desk, message(text, sender=sender, **fields))
    async with desk.store.reading() as work:
        return "\n".join(row.text for row in await work.messages.replies(taken.message.id))


async def test_the_place_is_the_number_of_those_before(office: Desk, clock: FixedClock) -> None:
    assert "您排在最前面" in await said(office, "转人工", "o-1")
    clock.advance(seconds=5)
    assert "前面还有1位" in await said(office, "转人工", "o-2")
    clock.advance(seconds=5)
    assert "前面还有2位" in await said(office, "转人工", "o-3")
    await said(office, "不等了", "o-1")
    assert "前面还有1位" in await said(office, "还要等多久", "o-3")


async def test_the_wait_is_what_it_took_lately_or_not_said(office: Desk, clock: FixedClock) -> None:
    assert "现在说不准" in await said(office, "转人工", "o-0")
    me = await officer(office)
    for number, minutes in enumerate((2, 3, 4, 11, 12)):
        one = await queued(office, f"o-a{number}")
        clock.advance(minutes=minutes)
        await holding.claim(office, me, one.id)
    assert "最近大多在15分钟内接上" in await said(office, "人工", "o-new")
    clock.advance(hours=24)
    assert "现在说不准" in await said(office, "人工", "o-later")


async def test_what_the_queue_hears_is_said_to_have_arrived_once_in_five_minutes(
    office: Desk, clock: FixedClock, engine: ScriptedEngine
) -> None:
    one = await queued(office)
    assert "工作人员接上就能看到" in await said(office, "我家住在山上")
    clock.advance(minutes=4)
    assert await said(office, "孩子三岁") == ""
    clock.advance(minutes=2)
    assert "收到了" in await said(office, "老伴病了")
    await TurnWorker(office, engine, "w").work_once()
    assert engine.asked == []
    assert {row.state for row in await rows(office, one.id) if row.author == "resident"} == {State.HANDLED}


async def test_a_picture_and_an_event_wait_too(office: Desk) -> None:
    one = await queued(office)
    assert "图片收到了" in await said(office, "", kind=Kind.IMAGE, media="media-1")
    assert await said(office, "", kind=Kind.EVENT, event="subscribe") == ""
    assert "已经在排队" in await said(office, "", kind=Kind.EVENT, event="CLICK", event_key="person")
    assert (await talk(office, one.id)).holder is Holder.QUEUED


async def test_they_may_stop_waiting(office: Desk, engine: ScriptedEngine) -> None:
    for number, words in enumerate(
        ("不等了", "算了", "继续问机器人", "接着问机器人", "不等了，接着问机器人", "算了不等了")
    ):
        one = await queued(office, f"o-{number}")
        assert "不排队了" in await said(office, words, f"o-{number}")
        assert (await talk(office, one.id)).holder is Holder.BOT
    await said(office, "低保怎么申请", "o-0")
    await TurnWorker(office, engine, "w").work_once()
    assert [turn.text for turn in engine.asked] == ["低保怎么申请"]


async def test_what_only_sounds_like_leaving_stays(office: Desk) -> None:
    one = await queued(office)
    for words in ("不等钱用我也不会来", "算了一下一个月八百", "机器人说我能办"):
        await said(office, words)
        assert (await talk(office, one.id)).holder is Holder.QUEUED


async def test_outside_hours_a_call_back_is_noted_and_the_bot_goes_on(
    office: Desk, clock: FixedClock, engine: ScriptedEngine
) -> None:
    clock.advance(hours=8)  # six in the evening
    told = await said(office, "转人工")
    assert "周一到周五08:30—12:00、13:30—17:00" in told
    assert "11月26日12:00前" in told
    async with office.store.reading() as work:
        (task,) = await work.tasks.open()
    assert (task.kind, task.due_at) == ("callback", clock.now() + timedelta(hours=18))
    taken = await take_in(office, message("低保怎么申请"))
    assert taken.conversation.holder is Holder.BOT
    await TurnWorker(office, engine, "w").work_once()
    assert len(engine.asked) == 1
    assert taken.conversation.id in task.text


async def test_asked_twice_at_night_there_is_one_call_back(office: Desk, clock: FixedClock) -> None:
    clock.advance(hours=8)
    await said(office, "转人工")
    assert "已经记下了" in await said(office, "人工")
    async with office.store.writing() as work:
        (task,) = await work.tasks.open()
        await work.tasks.done(task.id, "chen", clock.now())
        await work.commit()
    assert "您的事记下了" in await said(office, "人工")


async def test_who_waits_when_people_go_home_is_not_left_in_silence(
    office: Desk, clock: FixedClock, engine: ScriptedEngine
) -> None:
    one = await queued(office)
    clock.advance(hours=8)
    taken = await take_in(office, message("低保怎么申请"))
    assert taken.message.state is State.RECEIVED
    await TurnWorker(office, engine, "w").work_once()
    assert len(engine.asked) == 1
    assert (await talk(office, one.id)).holder is Holder.QUEUED


async def test_danger_asks_for_people_at_any_hour(office: Desk, clock: FixedClock) -> None:
    clock.advance(hours=13)
    assert "12356" in await said(office, "我不想活了")
    async with office.store.reading() as work:
        (waits,) = await work.conversations.waiting()
    assert (waits.priority, waits.answer_by) == (9, clock.now() + timedelta(minutes=2))


async def test_the_place_told_in_a_form_is_where_they_wait(office: Desk) -> None:
    talk = (await take_in(office, message("你好", sender="o-form"))).conversation
    now = office.clock.now()
    home = {"region": "420111", "detail": "关山街道"}
    async with office.store.writing() as work:
        person = await work.people.make(talk.id, now, "test")
        sheet = Sheet("dibao", {"members.1.hukou": Given(home), "members.1.lives": Given("same")})
        await work.drafts.open(talk.id, person.id, "application", "dibao", sheet, {}, now)
        await work.commit()
    taken = await take_in(office, message("转人工", sender="o-form"))
    assert (taken.conversation.holder, taken.conversation.region) == ("queued", "420111")
    async with office.store.reading() as work:
        assert [move["region"] for move in await work.conversations.moves(talk.id)] == ["420111"]
