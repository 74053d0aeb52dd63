"""A chat stops speaking for somebody: nothing of them is left to be said in it."""

from __future__ import annotations

import pytest

from bot.audit import Deed
from bot.desk.cases.notifying import Notice, notify
from bot.desk.desk import Desk
from bot.desk.identity.binding import RESIDENT, has_others, unbind
from bot.desk.outbox import deliver_once
from bot.errors import BadInput
from bot.messages import State
from tests.desk.filling.talk import APPLY
from tests.desk.identity.conftest import Chat
from tests.desk.test_outbox import Post


async def both(app: Chat, wechat: Chat) -> None:
    await wechat.say(f"接续码{await app.code()}")
    await app.answer("是我")


async def test_unbinding_asks_first_and_no_is_no(app: Chat) -> None:
    person = await app.person()
    assert "会删掉" in await app.say("解除绑定")
    assert "没有动" in await app.answer("先不解除")
    assert await app.person() == person
    assert (await app.draft()).state == "open"


async def test_the_last_chat_takes_what_was_half_filled_with_it(app: Chat) -> None:
    person, draft = await app.person(), (await app.draft()).id
    await app.say("解除绑定")
    assert "不再知道您是谁" in await app.answer("解除")
    assert await app.person() == ""
    assert (await app.talk()).form == ""
    assert (await app.draft(draft)).state == "cancelled"
    await app.say("接着填")
    assert (await app.talk()).form == ""
    async with app.desk.store.reading() as work:
        lines = [line async for line, _ in work.audit.lines()]
    (line,) = [line for line in lines if line.about.get("unbound")]
    assert (line.actor, line.deed, line.what) == (RESIDENT, Deed.CHANGE, f"person:{person}")


async def test_with_another_chat_the_form_goes_on_there(app: Chat, wechat: Chat) -> None:
    draft = (await app.draft()).id
    await both(app, wechat)
    assert "别的聊天里接着填" in await app.say("解除绑定")
    await app.answer("解除")
    assert (await app.person(), await wechat.person() != "") == ("", True)
    assert "几口人" in await wechat.say("接着填")
    assert (await wechat.draft()).id == draft
    assert "没有您填了一半" in await app.say("接着填")


async def test_where_nobody_is_bound_there_is_nothing_to_undo(wechat: Chat) -> None:
    assert "没有绑定" in await wechat.say("解除绑定")


async def test_a_tap_on_an_old_question_does_nothing_more(app: Chat) -> None:
    await app.say("解除绑定")
    asked = (await app.lines())[-1]
    await app.answer("解除")
    assert "没有绑定" in await app.say("解除", choice=f"{asked.seq}-1")


async def test_other_words_after_the_question_are_heard_as_ever(app: Chat) -> None:
    person = await app.person()
    await app.say("解除绑定")
    await app.say("三口人")
    assert await app.person() == person
    assert (await app.draft()).sheet.answers["household_size"].value == 3


async def test_notices_that_waited_here_are_not_let_out_any_more(app: Chat, wechat: Chat, desk: Desk) -> None:
    draft = await app.draft()
    async with desk.store.writing() as work:
        case = await work.cases.add(draft, "dibao", "420111", "submitted", "", desk.clock.now())
        await work.people.change(draft.person, desk.clock.now(), phone="13800001234")
        await notify(desk, work, case, Notice("notice_move", "材料齐了。", ()))
        await work.commit()
    (row,) = [row for row in await app.lines() if "材料齐了" in row.text]
    assert row.state is State.QUEUED
    await app.say("解除绑定")
    await app.answer("解除")
    post = Post()
    for _ in range(10):
        await deliver_once(desk, {"app": post})
    assert not [text for text in post.got if "材料齐了" in text]
    async with desk.store.reading() as work:
        (task,) = await work.tasks.of_case(case.id)
    assert "材料齐了" in task.text


async def test_after_unbinding_somebody_else_may_apply_there(app: Chat) -> None:
    before = await app.person()
    await app.say("解除绑定")
    await app.answer("解除")
    await app.say(APPLY)
    assert await app.person() not in ("", before)


async def test_bindings_say_what_proved_them(app: Chat, wechat: Chat) -> None:
    await both(app, wechat)
    async with app.desk.store.reading() as work:
        found = await work.people.bindings(await app.person())
    assert [(one.conversation, one.how) for one in found] == [
        (app.conversation, "application"),
        (wechat.conversation, "code"),
    ]


async def test_unbinding_needs_somebody(wechat: Chat) -> None:
    await wechat.say("低保怎么申请")
    talk = await wechat.talk()
    async with wechat.desk.store.writing() as work:
        assert not await unbind(wechat.desk, work, talk, RESIDENT)
        with pytest.raises(BadInput):
            await has_others(work, talk)
