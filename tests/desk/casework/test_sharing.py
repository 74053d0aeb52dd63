"""Before somebody's name goes to one that is no department of the government, they are asked; nothing goes before they agree."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.clock import SHANGHAI, FixedClock
from bot.conversations import Conversation
from bot.desk.case_ports import Referral
from bot.desk.casework import acting, letters, referrals, sharing
from bot.desk.casework.asking_after import ask_due
from bot.desk.casework.referrals import Wish
from bot.desk.casework.theirs import NotThere
from bot.desk.ports import Message
from bot.errors import BadInput, Conflict
from bot.messages import Reply, State
from tests.desk.cases.conftest import Town
from tests.desk.cases.conftest import desk as desk
from tests.desk.cases.conftest import town as town
from tests.desk.casework.test_asking_after import Office
from tests.desk.casework.test_asking_after import office as office


async def asked(town: Office, **changed: str) -> Referral:
    day = (town.desk.today() + timedelta(days=14)).isoformat()
    told = {
        "office": "other",
        "other": "洪山区慈善会",
        "what": "请送两床棉被。",
        "follow_up": day,
        "consent": "",
    } | changed
    made = await sharing.ask(town.desk, town.chen, town.case.id, Wish(**told))
    await town.out()
    return made


async def _talk(office: Office, which: str) -> Conversation:
    async with office.desk.store.reading() as work:
        return await work.conversations.get(which)


def _reply(row: Message) -> Reply:
    return Reply(row.text, row.choices)


async def open_tasks(office: Office) -> list[tuple[str, str]]:
    return sorted((one.kind, one.text) for one in await office.tasks(office.case) if one.state == "open")


async def test_they_are_asked_to_whom_for_what_and_agree(office: Office, clock: FixedClock) -> None:
    made = await asked(office)
    (question,) = await office.said(office.talk)
    assert "洪山区慈善会\n要办的事：请送两床棉被。" in question.text
    assert [choice.label for choice in question.choices] == ["同意转过去", "不转", "找人工"]
    ((kind, _),) = await open_tasks(office)
    assert (made.state, kind) == ("asking", "referral")
    with pytest.raises(NotThere):
        await letters.letter(office.desk, office.chen, made.id)
    with pytest.raises(Conflict, match="等本人同意"):
        await referrals.follow_up(office.desk, office.chen, made.id, "done", "棉被送到了")

    (answer,) = await office.says("同意转过去")
    assert "工作人员会转给他们" in answer.text
    after = await office.referral(made)
    assert (after.state, after.due) == ("open", made.due)
    assert await open_tasks(office) == [
        ("follow_up", "问问对方办得怎样、帮上没有：洪山区慈善会"),
        ("referral", "本人同意了，请把转介函送给洪山区慈善会"),
    ]
    line = (await office.timeline(office.case))[-1]
    assert (line.actor.partition(":")[0], line.about["consent"]) == (
        "resident",
        "本人同意：2026-11-25 10:00 在微信里点的",
    )
    assert (await letters.letter(office.desk, office.chen, made.id)).receiver == "洪山区慈善会"
    clock.advance(days=14)
    assert await ask_due(office.desk) == 1, "as after any referral"


async def test_who_does_not_want_it_loses_nothing(office: Office, clock: FixedClock) -> None:
    made = await asked(office)
    question = (await office.said(office.talk))[-1]
    (answer,) = await office.says("2. 不转", choice=f"{question.seq}-2")
    assert "照常办" in answer.text
    assert ((await office.referral(made)).state, await open_tasks(office)) == ("declined", [])
    with pytest.raises(NotThere):
        await letters.letter(office.desk, office.chen, made.id)
    (again,) = await office.says("1. 同意转过去", choice=f"{question.seq}-1")
    assert "已经记下了" in again.text
    assert (await office.referral(made)).state == "declined", "the first word counts: nothing goes by a second tap"
    clock.advance(days=14)
    assert await ask_due(office.desk) == 0


async def test_without_an_answer_an_officer_calls_and_writes_down_how(office: Office) -> None:
    made = await asked(office)
    for said, how, why in (("perhaps", "电话里说的", "同意还是不同意"), ("yes", "嗯", "什么时候、怎样")):
        with pytest.raises(BadInput, match=why):
            await sharing.told(office.desk, office.chen, made.id, said, how)
    assert (await sharing.told(office.desk, office.chen, made.id, "yes", "11月25日电话里同意")).state == "open"
    with pytest.raises(Conflict):
        await sharing.told(office.desk, office.chen, made.id, "no", "后来又说不要")
    assert (await office.timeline(office.case))[-1].about["consent"] == "本人同意：11月25日电话里同意"
    (said,) = await office.says("不转")
    assert "已经记下了" in said.text


async def test_a_reminder_that_was_closed_and_forgotten_stops_nothing(office: Office, clock: FixedClock) -> None:
    made = await asked(office)
    await acting.close(office.desk, office.chen, made.task, "打了电话，没人接")
    clock.advance(days=400)
    async with office.desk.store.writing() as work:
        await work.tasks.forget(office.now)
        await work.commit()
    await office.says("同意转过去")
    assert (await office.referral(made)).state == "open"


async def test_late_consent_gives_the_other_side_time(office: Office, clock: FixedClock) -> None:
    made = await asked(office)
    clock.advance(days=20)
    await office.says("同意转过去")
    due = (await office.referral(made)).due
    assert due is not None
    assert due > office.desk.today()
    assert await ask_due(office.desk) == 0


async def test_only_the_person_it_is_about_can_agree(office: Office) -> None:
    """Who has no chat of their own is asked by word of mouth; a helper's tap is no consent."""
    helper_talk = await office.chat(open_for=60 * 60 * 24)
    helper = await office.person(helper_talk, name="李小华", phone="13900002222")
    old = await office.person(name="李大爷", phone="")
    theirs = await Town.case(office, old, helper=helper.id)
    person_talk = await office.chat(open_for=60 * 60 * 24)
    office.case = theirs
    with pytest.raises(BadInput, match="没有自己的聊天"):
        await asked(office)
    async with office.desk.store.writing() as work:
        own = await work.people.get(theirs.person)
        await work.people.bind(person_talk.id, own.id, "test", office.now)
        await work.commit()
    made = await asked(office)
    (question,) = await office.said(person_talk)
    async with office.desk.store.writing() as work:
        row = await work.messages.get(question.id)
        # The same question shown in the helper's chat, however it came there.
        copy = await work.messages.add(
            await work.conversations.get(helper_talk.id), row.author, _reply(row), office.now
        )
        await work.commit()
    office.talk = await _talk(office, helper_talk.id)
    await office.out()
    (said,) = await office.says("1. 同意转过去", choice=f"{copy.seq}-1")
    assert "本人自己拿主意" in said.text
    assert (await office.referral(made)).state == "asking"


async def test_a_department_needs_no_such_question(office: Office) -> None:
    with pytest.raises(BadInput, match="不用单独同意"):
        await asked(office, office="school", other="")
    with pytest.raises(BadInput, match="单独同意"):
        day = (office.desk.today() + timedelta(days=14)).isoformat()
        await referrals.refer(office.desk, office.chen, office.case.id, Wish("other", "慈善会", "请送棉被", day, ""))


async def test_with_a_shut_window_the_question_waits_and_an_officer_is_reminded(office: Office) -> None:
    async with office.desk.store.writing() as work:
        await work.conversations.change(office.talk.id, office.now, quota_left=0, window_until=None)
        await work.commit()
    await asked(office)
    (question,) = await office.said(office.talk)
    assert question.state is State.HELD
    ((kind, text),) = await open_tasks(office)
    assert (kind, "打电话问" in text) == ("referral", True)
    (task,) = await office.tasks(office.case)
    assert task.due_at.astimezone(SHANGHAI).strftime("%m-%d") == "11-27", "two working days"
