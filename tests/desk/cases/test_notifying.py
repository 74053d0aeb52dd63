"""Whoever is told something is told: by message while the platform lets one out, else by a person; both are on record."""

from __future__ import annotations

import pytest

from bot.clock import SHANGHAI, FixedClock
from bot.conversations import Holder
from bot.desk.case_ports import Case
from bot.desk.cases.moving import move
from bot.desk.cases.notifying import Notice, Told, notify
from bot.desk.outbox import deliver_once, sweep
from bot.errors import QuotaSpent, TryAgain, Undeliverable
from bot.messages import Author, State
from tests.desk.cases.conftest import Town
from tests.desk.test_outbox import Post

NOTICE = Notice("notice_move", "材料齐了。", ("lookup",))


async def tell(town: Town, case: Case, notice: Notice = NOTICE) -> Told:
    async with town.desk.store.writing() as work:
        told = await notify(town.desk, work, case, notice)
        await work.commit()
    return told


async def test_a_message_goes_out_while_the_window_is_open(town: Town) -> None:
    talk = await town.chat()
    case = await town.case(await town.person(talk), talk)
    told = await tell(town, case)
    (row,) = await town.said(talk)
    assert (told.way, told.id) == ("message", row.id)
    assert (row.author, row.state) == (Author.SYSTEM, State.QUEUED)
    assert "材料齐了。" in row.text
    assert case.number[-4:] in row.text
    assert case.number not in row.text, "a notice on a locked screen opens nothing"
    assert [choice.meaning for choice in row.choices] == [{"form": "lookup", "programme": case.id}]
    post = Post()
    await deliver_once(town.desk, {"wechat": post})
    assert post.got == [row.text]
    assert not await town.tasks(case)
    assert [line.about["way"] for line in await town.timeline(case) if "way" in line.about] == ["message"]


async def test_a_shut_window_becomes_a_call_and_the_words_wait_for_the_next_message(town: Town) -> None:
    talk = await town.chat(open_for=0)
    case = await town.case(await town.person(talk), talk)
    told = await tell(town, case)
    (task,) = await town.tasks(case)
    (row,) = await town.said(talk)
    assert (told.way, told.id) == ("task", task.id)
    assert row.state is State.HELD
    assert (task.kind, task.phone, task.region) == ("phone_notice", "13800008765", "420111")
    assert "材料齐了。" in task.text
    assert task.due_at.astimezone(SHANGHAI).strftime("%m-%d %H:%M") == "11-26 17:00"
    line = (await town.timeline(case))[-1]
    assert (line.about["way"], line.about["held"]) == ("task", row.id)


async def test_calls_are_due_on_working_days(town: Town, clock: FixedClock) -> None:
    clock.advance(days=2)  # a Friday
    case = await town.case(await town.person())
    await tell(town, case)
    (task,) = await town.tasks(case)
    assert task.due_at.astimezone(SHANGHAI).strftime("%m-%d %a") == "11-30 Mon"


async def test_without_phone_and_chat_somebody_goes_there(town: Town) -> None:
    case = await town.case(await town.person(phone=""))
    told = await tell(town, case)
    (task,) = await town.tasks(case)
    assert (told.way, task.kind) == ("task", "visit")


async def test_the_helper_is_told_where_the_applicant_has_no_chat(town: Town) -> None:
    talk = await town.chat()
    helper = await town.person(talk, name="李小华", phone="13900002222")
    case = await town.case(await town.person(name="李大爷", phone=""), helper=helper.id)
    assert (await tell(town, case)).way == "message"
    assert len(await town.said(talk)) == 1


async def test_the_newest_open_chat_is_taken(town: Town, clock: FixedClock) -> None:
    old = await town.chat()
    owner = await town.person(old)
    clock.advance(hours=1)
    new = await town.chat()
    async with town.desk.store.writing() as work:
        await work.people.bind(new.id, owner.id, "test", town.now)
        await work.commit()
    case = await town.case(owner, old)
    await tell(town, case)
    assert (len(await town.said(old)), len(await town.said(new))) == (0, 1)


@pytest.mark.parametrize("fault", [Undeliverable("43004", "not a follower"), QuotaSpent("45047", "quota")])
async def test_what_the_platform_refuses_after_all_becomes_a_call_once(town: Town, fault: Exception) -> None:
    talk = await town.chat()
    case = await town.case(await town.person(talk), talk)
    await tell(town, case)
    await deliver_once(town.desk, {"wechat": Post(fault)})
    (task,) = await town.tasks(case)
    assert task.kind == "phone_notice"
    (row,) = await town.said(talk)
    assert (await town.timeline(case))[-1].about["instead_of"] == row.id
    # Let out with the next contact and refused again: nobody is called twice for one notice.
    async with town.desk.store.writing() as work:
        await work.messages.set_state(row.id, [State.HELD, State.FAILED], State.QUEUED, town.now)
        await work.conversations.change(talk.id, town.now, quota_left=5)
        await work.commit()
    await deliver_once(town.desk, {"wechat": Post(fault)})
    assert len(await town.tasks(case)) == 1


async def test_what_waited_and_is_refused_later_is_not_called_for_twice(town: Town) -> None:
    talk = await town.chat(open_for=0)
    case = await town.case(await town.person(talk), talk)
    assert (await tell(town, case)).way == "task"
    (row,) = await town.said(talk)
    async with town.desk.store.writing() as work:
        await work.messages.set_state(row.id, [State.HELD], State.QUEUED, town.now)
        await work.commit()
    await deliver_once(town.desk, {"wechat": Post()})
    assert len(await town.tasks(case)) == 1


async def test_a_window_that_shuts_between_is_a_call(town: Town, clock: FixedClock) -> None:
    talk = await town.chat(open_for=60)
    case = await town.case(await town.person(talk), talk)
    await tell(town, case)
    clock.advance(seconds=61)
    post = Post()
    await deliver_once(town.desk, {"wechat": post})
    assert post.got == []
    assert len(await town.tasks(case)) == 1


async def test_a_platform_that_stays_broken_is_a_call(town: Town, clock: FixedClock) -> None:
    talk = await town.chat()
    case = await town.case(await town.person(talk), talk)
    await tell(town, case)
    for _ in range(8):
        await deliver_once(town.desk, {"wechat": Post(TryAgain("busy"))})
        clock.advance(seconds=121)
    (row,) = await town.said(talk)
    assert row.state is State.FAILED
    assert len(await town.tasks(case)) == 1
    await sweep(town.desk)
    assert len(await town.tasks(case)) == 1


async def test_a_notice_goes_out_also_while_an_officer_talks(town: Town) -> None:
    talk = await town.chat()
    case = await town.case(await town.person(talk), talk)
    async with town.desk.store.writing() as work:
        await work.conversations.move(talk.id, Holder.OFFICER, "officer:chen", "claimed", town.now, "陈工")
        await work.commit()
    await tell(town, case)
    post = Post()
    await deliver_once(town.desk, {"wechat": post})
    assert len(post.got) == 1


async def test_an_officers_words_fill_no_marks(town: Town) -> None:
    talk = await town.chat()
    case = await town.case(await town.person(talk), talk)
    await tell(town, case, Notice("notice_move", "{next}{number}{hotline} %s {0}"))
    (row,) = await town.said(talk)
    assert "{next}{number}{hotline} %s {0}" in row.text


@pytest.mark.parametrize(
    ("states", "to", "key", "offers"),
    [
        ((), "need_more", "等您补材料", ["more", "lookup"]),
        ((), "accepted", "已受理", ["lookup"]),
        (("accepted",), "rejected", "不收费", ["objection", None]),
        (("accepted", "approved", "paying"), "reducing", "先听您怎么说", ["change", None]),
        (("accepted", "approved", "paying", "reducing"), "stopped", "已停发", ["objection", None]),
    ],
)
async def test_each_move_tells_what_can_be_done(
    town: Town, states: tuple[str, ...], to: str, key: str, offers: list[str | None]
) -> None:
    talk = await town.chat()
    case = await town.set(await town.case(await town.person(talk), talk), *states)
    async with town.desk.store.writing() as work:
        await move(town.desk, work, case, to, "officer:chen", "因为这个理由")
        await work.commit()
    (row,) = await town.said(talk)
    assert key in row.text
    assert "因为这个理由" in row.text
    assert [choice.meaning.get("form") for choice in row.choices] == offers
