"""The best way that is there is taken; what became of it is on record; quiet hours wait."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest

from bot.clock import SHANGHAI, FixedClock
from bot.desk.intake import take_in
from bot.desk.notices.ports import REFUSED, SMS, SUBSCRIPTION, TEMPLATE, Stage
from bot.desk.notices.rules import Quiet, Rules
from bot.desk.outbox import deliver_once
from bot.errors import Misconfigured, TryAgain, Undeliverable
from bot.messages import Agreed, Inbound, Kind, Receipt, State
from tests.desk.conftest import message
from tests.desk.notices.conftest import ROUTES, SUB, Hall
from tests.desk.test_outbox import Post


def event(talk: object, **fields: object) -> Inbound:
    """What a platform reports in the chat of this resident."""
    about = {name: getattr(talk, name) for name in ("channel", "account", "sender")}
    return message("", kind=Kind.EVENT, event="report", may_send=0, **about, **fields)


async def test_who_agreed_gets_the_subscription_notice_and_the_words_wait_in_the_chat(hall: Hall) -> None:
    talk = await hall.chat(open_for=0)
    person = await hall.person(talk)
    mini = await hall.mini(1, person)
    case = await hall.case(person, talk)
    told = await hall.tell(case)
    assert told.way == SUBSCRIPTION
    assert await hall.send() == 1
    (letter,) = hall.senders[SUBSCRIPTION].got
    assert (letter.to, letter.account, letter.template) == (mini.sender, "gh_m", SUB)
    assert dict(letter.values) == {"thing1": "最低生活保障", "phrase2": "已提交，等受理", "date3": "2026年11月25日"}
    assert "王桂英" not in str(letter.values)
    kept = await hall.notice(told)
    assert (kept.stage, kept.platform_id) == (Stage.TOLD, "id-1")
    assert await hall.tried(case) == [(SUBSCRIPTION, "sent", "")]
    waits = [row for one in (talk, mini) for row in await hall.said(one)]
    assert [(row.state, "材料齐了。" in row.text) for row in waits] == [(State.HELD, True)]
    assert not await hall.tasks(case)
    assert await hall.send() == 0


async def test_an_agreement_lets_one_out_and_a_lasting_one_all(hall: Hall) -> None:
    person = await hall.person()
    await hall.mini(1, person)
    case = await hall.case(person)
    assert [(await hall.tell(case)).way, await hall.send()] == [SUBSCRIPTION, 1]
    assert [(await hall.tell(case)).way, await hall.send()] == [SMS, 1], "it was used up"
    lasting = replace(ROUTES[0], templates={"*": replace(SUB, lasting=True)})
    hall.desk = replace(hall.desk, notices=Rules((lasting,)))
    await hall.mini(1, other := await hall.person(identity="420106195001011235"))
    theirs = await hall.case(other)
    for _ in range(3):
        assert [(await hall.tell(theirs)).way, await hall.send()] == [SUBSCRIPTION, 1]


async def test_two_notices_of_one_agreement_one_goes_on_by_the_next_way(hall: Hall) -> None:
    person = await hall.person()
    await hall.mini(1, person)
    case = await hall.case(person)
    first, second = await hall.tell(case), await hall.tell(case)
    assert (first.way, second.way) == (SUBSCRIPTION, SUBSCRIPTION)
    await hall.send()
    await hall.send()
    assert len(hall.senders[SUBSCRIPTION].got) == 1
    assert len(hall.senders[SMS].got) == 1
    assert (SUBSCRIPTION, "passed", "not_agreed") in await hall.tried(case)


async def test_an_open_window_comes_before_template_and_text_message(hall: Hall) -> None:
    talk = await hall.chat()
    case = await hall.case(await hall.person(talk), talk)
    assert (await hall.tell(case)).way == "message"
    assert await hall.tried(case) == [(SUBSCRIPTION, "passed", "no_chat"), ("message", "queued", "")]


async def test_a_shut_window_is_a_template_where_one_is_approved_for_it(hall: Hall) -> None:
    talk = await hall.chat(open_for=0)
    case = await hall.case(await hall.person(talk), talk)
    assert (await hall.tell(case)).way == TEMPLATE
    await hall.send()
    (letter,) = hall.senders[TEMPLATE].got
    assert dict(letter.values) == {"thing5": "办理进度", "character_string2": case.number[-4:]}
    assert (await hall.tell(case, "notice_decided")).way == SMS
    assert (TEMPLATE, "passed", "no_template") in await hall.tried(case)


@pytest.mark.parametrize("fault", [Undeliverable("43101: no", REFUSED), Undeliverable("40003: who", "unknown_person")])
async def test_what_a_platform_refuses_goes_the_next_way_and_ends_with_a_call(hall: Hall, fault: Undeliverable) -> None:
    person = await hall.person()
    mini = await hall.mini(2, person)
    case = await hall.case(person)
    told = await hall.tell(case)
    hall.senders[SUBSCRIPTION].answers.append(fault)
    hall.senders[SMS].answers.append(Undeliverable("bad number", "bad_number"))
    await hall.send()
    await hall.send()
    assert (await hall.notice(told)).stage is Stage.TASK
    (task,) = await hall.tasks(case)
    assert "材料齐了。" in task.text
    assert [outcome for _, outcome, _ in await hall.tried(case)].count("call") == 1
    async with hall.desk.store.reading() as work:
        agreement = await work.notices.agreement(mini.id, SUB.id)
    assert agreement.refused is (fault.reason == REFUSED)


async def test_a_route_that_is_away_is_asked_again_for_an_hour(hall: Hall, clock: FixedClock) -> None:
    person = await hall.person()
    mini = await hall.mini(1, person)
    case = await hall.case(person)
    told = await hall.tell(case)
    sender = hall.senders[SUBSCRIPTION]
    sender.answers.extend([TryAgain("away"), Misconfigured("token_refused: x", 60.0)])
    assert await hall.send() == 1
    assert await hall.send() == 0, "not at once again"
    clock.advance(seconds=301)
    await hall.send()
    async with hall.desk.store.reading() as work:
        assert (await work.notices.agreement(mini.id, SUB.id)).left == 1, "what surely did not go out uses nothing up"
    clock.advance(seconds=301)
    await hall.send()
    assert (await hall.notice(told)).stage is Stage.TOLD
    assert {letter.token for letter in sender.got} == {sender.got[0].token}, "a repeat is known as one"


async def test_after_an_hour_the_next_way_is_taken(hall: Hall, clock: FixedClock) -> None:
    person = await hall.person()
    await hall.mini(1, person)
    case = await hall.case(person)
    told = await hall.tell(case)
    hall.senders[SUBSCRIPTION].answers.extend([TryAgain("away: x")] * 50)
    for _ in range(16):
        await hall.send()
        clock.advance(seconds=301)
    assert (await hall.notice(told)).route == SMS
    assert (SUBSCRIPTION, "later", "away") in await hall.tried(case)


async def test_a_receipt_of_failure_moves_it_on_once(hall: Hall) -> None:
    person = await hall.person()
    mini = await hall.mini(1, person)
    case = await hall.case(person)
    told = await hall.tell(case)
    await hall.send()
    for _ in range(2):
        await take_in(hall.desk, event(mini, receipts=(Receipt("id-1", ok=False, reason="user block"),)))
    kept = await hall.notice(told)
    assert (kept.route, kept.stage) == (SMS, Stage.WAITING)
    await hall.send()
    await take_in(hall.desk, event(mini, receipts=(Receipt("id-1", ok=False),)))
    assert (await hall.notice(told)).stage is Stage.TOLD
    assert (await hall.tried(case)).count((SUBSCRIPTION, "undelivered", "user block")) == 1
    assert len(hall.senders[SMS].got) == 1


async def test_a_receipt_of_success_is_written_down(hall: Hall) -> None:
    person = await hall.person()
    mini = await hall.mini(1, person)
    case = await hall.case(person)
    told = await hall.tell(case)
    await hall.send()
    await take_in(hall.desk, event(mini, receipts=(Receipt("id-1", ok=True), Receipt("of another", ok=False))))
    assert await hall.tried(case) == [(SUBSCRIPTION, "sent", ""), (SUBSCRIPTION, "delivered", "")]
    assert (await hall.notice(told)).stage is Stage.TOLD


async def test_the_receipt_may_be_faster_than_the_answer(hall: Hall) -> None:
    person = await hall.person()
    mini = await hall.mini(1, person)
    case = await hall.case(person)
    told = await hall.tell(case)
    sender = hall.senders[SUBSCRIPTION]
    report = event(mini, receipts=(Receipt("id-9", ok=False, reason="43101"),))

    async def send(letter: object) -> str:
        await take_in(hall.desk, report)
        return "id-9"

    sender.send = send  # type: ignore[method-assign, assignment]
    await hall.send()
    assert (await hall.notice(told)).route == SMS
    assert (await hall.notice(told)).stage is Stage.WAITING


async def test_residents_agree_and_take_back_by_events(hall: Hall) -> None:
    person = await hall.person()
    mini = await hall.mini(0, person)
    case = await hall.case(person)
    await take_in(hall.desk, event(mini, agreed=(Agreed(SUB.id, yes=True), Agreed("TPL_B", yes=False))))
    assert (await hall.tell(case)).way == SUBSCRIPTION
    await take_in(hall.desk, event(mini, agreed=(Agreed(SUB.id, yes=False),)))
    await hall.send()
    assert hall.senders[SUBSCRIPTION].got == []
    assert (SUBSCRIPTION, "passed", "refused") in await hall.tried(case)


async def test_a_chat_that_was_unbound_is_not_told(hall: Hall) -> None:
    person = await hall.person()
    mini = await hall.mini(1, person)
    case = await hall.case(person)
    await hall.tell(case)
    async with hall.desk.store.writing() as work:
        await work.people.unbind(mini.id, hall.now)
        await work.commit()
    await hall.send()
    assert hall.senders[SUBSCRIPTION].got == []
    await hall.send()
    assert len(hall.senders[SMS].got) == 1


async def test_a_route_nobody_serves_is_passed(hall: Hall) -> None:
    case = await hall.case(await hall.person())
    told = await hall.tell(case)
    assert told.way == SMS
    del hall.senders[SMS]
    await hall.send()
    assert (await hall.notice(told)).stage is Stage.TASK


async def test_a_message_that_fails_goes_by_template(hall: Hall) -> None:
    talk = await hall.chat()
    case = await hall.case(await hall.person(talk), talk)
    await hall.tell(case)
    await deliver_once(hall.desk, {"wechat": Post(Undeliverable("43004", "not a follower"))})
    await hall.send()
    assert len(hall.senders[TEMPLATE].got) == 1
    assert not await hall.tasks(case)


async def test_nobody_is_told_on_weibo(hall: Hall) -> None:
    async with hall.desk.store.writing() as work:
        talk = await work.conversations.open("weibo", "w", "w-1", hall.now, "resident")
        await work.conversations.change(talk.id, hall.now, quota_left=5, window_until=hall.now.replace(year=2027))
        await work.commit()
    case = await hall.case(await hall.person(talk))
    assert (await hall.tell(case)).way == SMS
    assert await hall.said(talk) == []


async def test_at_night_it_waits_for_the_morning(hall: Hall, clock: FixedClock) -> None:
    hall.desk = replace(hall.desk, notices=Rules(ROUTES, Quiet(time(22), time(7))))
    clock.advance(hours=13)  # 23:00 or later in China
    talk = await hall.chat()
    owner = await hall.person(talk)
    case, other = await hall.case(owner, talk), await hall.case(await hall.person())
    assert hall.desk.notices.earliest(hall.now) > hall.now
    await hall.tell(case)
    await hall.tell(other)
    post = Post()
    await deliver_once(hall.desk, {"wechat": post})
    assert await hall.send() == 0
    assert (post.got, hall.senders[SMS].got) == ([], [])
    morning = hall.desk.notices.earliest(hall.now)
    assert morning.astimezone(SHANGHAI).time() == time(7)
    clock.advance(seconds=(morning - hall.now).total_seconds())
    await deliver_once(hall.desk, {"wechat": post})
    await hall.send()
    assert (len(post.got), len(hall.senders[SMS].got)) == (1, 1)


async def test_a_route_that_is_away_until_night_waits_for_the_morning(hall: Hall, clock: FixedClock) -> None:
    case = await hall.case(await hall.person())
    told = await hall.tell(case)
    hall.desk = replace(hall.desk, notices=Rules(ROUTES, Quiet(time(22), time(7))))
    clock.advance(hours=13)
    assert await hall.send() == 1
    assert hall.senders[SMS].got == []
    assert (await hall.notice(told)).due_at == hall.desk.notices.earliest(hall.now)


async def test_who_had_themselves_forgotten_meanwhile_is_told_nothing(hall: Hall) -> None:
    person = await hall.person()
    await hall.mini(1, person)
    case = await hall.case(person)
    async with hall.desk.store.writing() as work:
        await work.cases.change(case.id, hall.now, office_number="鄂2026-1")  # the office's archive keeps the case
        await work.commit()
    told = await hall.tell(case)
    async with hall.desk.store.writing() as work:
        await work.people.erase(person.id, "R-1", hall.now)
        await work.commit()
    await hall.send()
    assert hall.senders[SUBSCRIPTION].got == []
    assert (await hall.notice(told)).stage is Stage.NOBODY
    assert not await hall.tasks(case)
