"""Numbers that identify somebody: kept in the draft alone, and only after the notice was accepted (T-36, A-52)."""

from __future__ import annotations

import pytest

from bot.desk.intake import take_in
from tests.desk.conftest import message
from tests.desk.filling.talk import ANSWERS, APPLY, BAO, LI, WANG, Talk


async def test_before_the_notice_is_accepted_nothing_personal_is_kept(talk: Talk) -> None:
    await talk.say(APPLY)
    said = await talk.say(f"王桂英 {WANG} 13800001234")
    draft = await talk.draft()
    assert draft.sheet.asked == "notice"
    assert {path for path, given in draft.sheet.answers.items() if given.message} == set()
    assert "您同意这样用您的信息吗" in said
    assert "隐去" in said
    async with talk.desk.store.reading() as work:
        history = await work.messages.history(talk.conversation)
    assert not any(WANG in row.text or "13800001234" in row.text for row in history)


async def test_a_number_sent_first_of_all_is_not_kept_for_a_form(talk: Talk) -> None:
    taken = await talk.take(WANG)
    async with talk.desk.store.reading() as work:
        assert await work.messages.private(taken.message.id) == ""
    assert not taken.message.about.get("private")


async def test_after_it_the_number_is_in_the_draft_and_nowhere_else(talk: Talk) -> None:
    await talk.until("me#1")
    taken = await talk.take(ANSWERS["me#1"])
    async with talk.desk.store.reading() as work:
        assert await work.messages.private(taken.message.id) == ANSWERS["me#1"]
    assert WANG not in taken.message.text
    await talk.work()
    said = await talk.heard(taken)
    assert (await talk.draft()).sheet.answers["members.1.identity"].value == WANG
    assert WANG not in said
    assert "13800001234" not in said
    assert "没有保存" not in said
    assert all(WANG not in turn.text for turn in talk.acts.asked)
    async with talk.desk.store.reading() as work:
        assert await work.messages.private(taken.message.id) == ""


async def test_nothing_that_leaves_or_is_repeated_holds_a_number(talk: Talk) -> None:
    await talk.until(":summary")
    draft = await talk.draft()
    async with talk.desk.store.reading() as work:
        history = await work.messages.history(talk.conversation, 200)
    told = [row.text + str(row.choices) for row in history] + [str(draft.last_replies)]
    assert not [text for text in told for number in (WANG, LI, BAO, "13800001234") if number in text]


async def test_a_number_that_came_too_early_is_asked_for_again(talk: Talk) -> None:
    """Sent together with the consent: it was masked, because the consent had not been read yet."""
    await talk.until("notice")
    first = await talk.take("我同意")
    second = await talk.take("好的，同意")
    third = await talk.take("给自己家办")
    early = await talk.take(ANSWERS["me#1"])
    await talk.work()
    for taken in (first, second, third):
        await talk.heard(taken)
    said = await talk.heard(early)
    assert "请再发一次" in said
    draft = await talk.draft()
    assert draft.sheet.asked == "me#1"
    assert "members.1.identity" not in draft.sheet.answers
    await talk.say(ANSWERS["me#1"])
    assert (await talk.draft()).sheet.asked == "hukou"


async def test_a_yes_that_was_on_its_way_before_a_text_was_shown_is_none_to_it(talk: Talk) -> None:
    """Impatient, they sent it twice. 个人信息保护法 第14、29条: who agrees knows to what, and to this one separately."""
    await talk.until("notice")
    first, second = await talk.take("同意"), await talk.take("同意")
    await talk.work()
    await talk.heard(first)
    assert "这几样，您同意吗" in await talk.heard(second)
    draft = await talk.draft()
    assert (draft.sheet.asked, draft.sheet.tries) == ("sensitive", 0)
    await talk.say("同意")
    assert (await talk.draft()).sheet.asked == "apply_as"


@pytest.mark.parametrize("text", [WANG, f"我的身份证号是{WANG}"])
async def test_outside_a_form_it_is_as_before(talk: Talk, text: str) -> None:
    taken = await take_in(talk.desk, message(text))
    async with talk.desk.store.reading() as work:
        (row,) = await work.messages.replies(taken.message.id)
    assert "请别在聊天里发身份证号" in row.text


async def test_a_number_in_a_story_is_kept_and_never_shown(talk: Talk) -> None:
    await talk.until("reasons")
    said = [await talk.say(f"老伴李建国（{LI}）去年生病，家里没钱了")]
    said += [await talk.say("看看我填了什么")]
    await talk.until(":summary")
    said += ["".join(row.text for row in talk.rows)]
    assert LI in (await talk.draft()).sheet.answers["reasons_story"].value
    assert not [text for text in said if LI in text]
