"""After a referral: the resident hears of it, is asked on its day whether it helped, and what they say reaches an officer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from bot.clock import SHANGHAI, FixedClock
from bot.conversations import Conversation
from bot.desk.case_ports import Case, Referral, Task
from bot.desk.casework import acting, referrals
from bot.desk.casework.asking_after import ask_due
from bot.desk.casework.referrals import Wish
from bot.desk.intake import take_in
from bot.desk.outbox import deliver_once
from bot.desk.ports import Message, Store
from bot.messages import Author, Inbound, Kind, Reply, State
from bot.staff import Role, Staff
from tests.desk.cases.conftest import Town
from tests.desk.cases.conftest import desk as desk
from tests.desk.cases.conftest import town as town
from tests.desk.test_outbox import Post

_numbers = count(1)


class Office(Town):
    """A town with an officer, and a resident whose case was handed on."""

    chen: Staff
    talk: Conversation
    case: Case

    async def hands_on(self, days: int = 14, office: str = "school", other: str = "") -> Referral:
        day = (self.desk.today() + timedelta(days=days)).isoformat()
        made = await referrals.refer(
            self.desk, self.chen, self.case.id, Wish(office, other, "孩子学费交不起。", day, "")
        )
        await self.out()
        return made

    async def out(self) -> None:
        while await deliver_once(self.desk, {"wechat": Post()}):
            pass

    async def says(self, text: str, choice: str = "") -> list[Message]:
        """What is answered to it."""
        before = len(await self.said(self.talk))
        number = f"m-{next(_numbers)}"
        inbound = Inbound(
            "wechat",
            "gh_1",
            self.talk.sender,
            number,
            Kind.TEXT,
            self.now,
            text=text,
            choice=choice,
            may_send=5,
            may_send_seconds=172_800,
        )
        await take_in(self.desk, inbound)
        await self.out()
        return (await self.said(self.talk))[before:]

    async def referral(self, which: Referral) -> Referral:
        async with self.desk.store.reading() as work:
            return await work.referrals.get(which.id)

    async def follow_ups(self) -> list[Task]:
        return [one for one in await self.tasks(self.case) if one.kind == "follow_up"]

    async def question(self) -> Message:
        (row,) = [row for row in await self.said(self.talk) if "帮上您了吗" in row.text]
        return row


@pytest.fixture
async def office(town: Town) -> Office:
    made = Office(town.desk)
    async with town.desk.store.writing() as work:
        staff = await work.staff.add("chen", "陈工", [Role.OFFICER], ["420111"], [], "test", town.now)
        made.chen = await work.staff.change(staff, "test", town.now, state="active")
        await work.commit()
    made.talk = await town.chat(open_for=60 * 60 * 24 * 40)
    made.case = await town.case(await town.person(made.talk), made.talk)
    return made


async def test_the_resident_hears_where_it_went_and_is_asked_on_its_day_once(
    office: Office, clock: FixedClock, second_store: Store
) -> None:
    made = await office.hands_on()
    (told,) = await office.said(office.talk)
    assert "学校" in told.text
    assert told.state is State.SENT
    (reminder,) = await office.follow_ups()
    assert (reminder.id, reminder.due_at.astimezone(SHANGHAI).strftime("%m-%d %H:%M")) == (made.task, "12-09 17:00")

    clock.advance(days=13)
    assert await ask_due(office.desk) == 0, "the day before"
    clock.advance(days=1, hours=-1)
    assert await ask_due(office.desk) == 0, "at nine, before the hour"
    clock.advance(hours=1)
    other = replace(office.desk, store=second_store)
    assert sorted([await ask_due(office.desk), await ask_due(other)]) == [0, 1]
    await office.out()
    question = await office.question()
    assert [choice.label for choice in question.choices] == ["帮上了", "帮了一点", "没帮上", "还没人找过我", "找人工"]
    assert (await office.referral(made)).asked_at == office.now
    assert len(await office.follow_ups()) == 1, "nobody is called twice"


async def test_it_helped_ends_the_reminder_and_the_waiting(office: Office, clock: FixedClock) -> None:
    made = await office.hands_on()
    await asked(office, clock)
    (said,) = await office.says("帮上了")
    assert "谢谢您告诉我们" in said.text
    after = await office.referral(made)
    assert (after.state, after.helped, after.task, after.helped_at) == ("done", "yes", "", office.now)
    assert [one.state for one in await office.follow_ups()] == ["done"]
    line = (await office.timeline(office.case))[-1]
    assert (line.actor.partition(":")[0], line.about) == ("resident", {"referral": made.id, "helped": "yes"})


@pytest.mark.parametrize(
    ("words", "said", "shown"), [("没帮上", "no", "没帮上"), ("4", "nobody", "还没人找过"), ("2", "partly", "帮了一点")]
)
async def test_what_did_not_help_is_an_officers_again(
    office: Office, clock: FixedClock, words: str, said: str, shown: str
) -> None:
    """Also where the office itself said that it is done."""
    made = await office.hands_on()
    await referrals.follow_up(office.desk, office.chen, made.id, "done", "已减免")
    await asked(office, clock)
    (answer,) = await office.says(words)
    assert "工作人员12月10日17:00前联系您" in answer.text
    assert [choice.label for choice in answer.choices] == ["找人工"]
    after = await office.referral(made)
    assert (after.state, after.outcome, after.helped) == ("open", "已减免", said)
    old, new = sorted(await office.follow_ups(), key=lambda task: task.created_at)
    assert (old.state, new.state, new.id) == ("done", "open", after.task)
    assert f"居民说{shown}：学校" in new.text
    assert new.due_at.astimezone(SHANGHAI).strftime("%m-%d %H:%M") == "12-10 17:00"


async def test_they_may_say_otherwise_later_and_the_same_again_changes_nothing(
    office: Office, clock: FixedClock
) -> None:
    made = await office.hands_on()
    await asked(office, clock)
    question = await office.question()
    await office.says("还没人找过我", choice=f"{question.seq}-4")
    (again,) = await office.says("还没人找过我", choice=f"{question.seq}-4")
    assert "前联系您" in again.text
    assert len(await office.follow_ups()) == 2
    clock.advance(days=2)
    await office.says("1. 帮上了", choice=f"{question.seq}-1")
    assert (await office.referral(made)).helped == "yes"
    assert {one.state for one in await office.follow_ups()} == {"done"}
    await office.says("没帮上", choice=f"{question.seq}-3")
    assert ((await office.referral(made)).state, [one.state for one in await office.follow_ups()].count("open")) == (
        "open",
        1,
    )


async def test_where_the_window_is_shut_the_words_wait_beside_the_reminder(office: Office, clock: FixedClock) -> None:
    made = await office.hands_on()
    clock.advance(days=14)
    async with office.desk.store.writing() as work:
        await work.conversations.change(office.talk.id, office.now, quota_left=0, window_until=None)
        await work.commit()
    assert await ask_due(office.desk) == 1
    assert (await office.question()).state is State.HELD
    assert [one.kind for one in await office.tasks(office.case)] == ["follow_up"], "the reminder is the call"
    # With their next words it leaves; a word that came with it was said before they read it.
    said = await office.says("帮上了")
    assert (await office.question()).state is State.SENT
    assert (await office.referral(made)).helped == ""
    assert not any("谢谢您告诉我们" in row.text for row in said)
    await office.says("帮上了")
    assert (await office.referral(made)).helped == "yes"


async def test_nobody_is_asked_where_an_officer_asked_or_the_office_sent_it_back(
    office: Office, clock: FixedClock
) -> None:
    asked_by_phone, returned = await office.hands_on(), await office.hands_on(office="employment")
    await acting.close(office.desk, office.chen, asked_by_phone.task, "打过电话，学费免了")
    await referrals.follow_up(office.desk, office.chen, returned.id, "returned", "不归我们")
    clock.advance(days=14)
    assert await ask_due(office.desk) == 0
    clock.advance(days=30)
    late = await office.hands_on(days=1)
    clock.advance(days=9)
    assert await ask_due(office.desk) == 0, "too long ago for a question out of nowhere"
    assert (await office.referral(late)).asked_at is None


async def test_a_chat_that_speaks_for_nobody_any_more_says_nothing_of_it(office: Office, clock: FixedClock) -> None:
    made = await office.hands_on()
    await asked(office, clock)
    async with office.desk.store.writing() as work:
        await work.people.unbind(office.talk.id, office.now)
        await work.commit()
    (said,) = await office.says("没帮上")
    assert "已经记下了" in said.text
    assert (await office.referral(made)).helped == ""


async def test_an_officer_who_was_faster_is_not_doubled(office: Office, clock: FixedClock) -> None:
    await office.hands_on()
    await asked(office, clock)
    await office.says("没帮上")
    (task,) = [one for one in await office.follow_ups() if one.state == "open"]
    await acting.close(office.desk, office.chen, task.id, "联系过学校")
    question = await office.question()
    (said,) = await office.says("没帮上", choice=f"{question.seq}-3")
    assert "已经记下了" in said.text
    assert {one.state for one in await office.follow_ups()} == {"done"}


async def test_the_same_words_at_another_time_are_about_something_else(office: Office, clock: FixedClock) -> None:
    made = await office.hands_on()
    assert await office.says("帮上了") == [], "left for the engine"
    await asked(office, clock)
    await office.says("低保怎么申请呢")
    async with office.desk.store.writing() as work:
        talk = await work.conversations.get(office.talk.id)
        await work.messages.add(talk, Author.BOT, Reply("带上户口簿去窗口。"), office.now)
        await work.commit()
    await office.out()
    await office.says("1")
    assert (await office.referral(made)).helped == ""


async def asked(office: Office, clock: FixedClock) -> None:
    clock.advance(days=14)
    assert await ask_due(office.desk) == 1
    await office.out()
