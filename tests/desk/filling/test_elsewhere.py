"""On a channel where strangers may read along no form begins: it says where to go on, and asks nothing."""

from __future__ import annotations

import re

import pytest

from bot.conversations import Holder
from bot.desk.desk import Desk
from bot.desk.filling import opening
from bot.desk.kinds import KINDS
from bot.desk.question import Question
from bot.messages import Outcome
from tests.desk.filling.talk import APPLY, BAO, Talk


async def drafts(talk: Talk) -> int:
    async with talk.desk.store.reading() as work:
        return len(await work.drafts.of_conversation(talk.conversation))


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"emergency"}))
async def test_no_form_of_any_kind_begins_on_weibo(desk: Desk, kind: str) -> None:
    talk = Talk(desk, channel="weibo")
    await talk.take("开始")
    asked = Question("", desk.today(), "weibo", meaning={"form": kind, "programme": "dibao"})
    heard = await opening.begin(desk, talk.conversation, "m1", asked)
    assert "请到我们的微信或手机应用接着办" in heard.replies[0].text
    assert heard.form == ""
    assert len(heard.replies[0].text) <= 280, "one message"
    assert await drafts(talk) == 0


async def test_the_code_carries_the_wish_to_wechat_and_nobody_with_it(desk: Desk) -> None:
    weibo, wechat = Talk(desk, channel="weibo"), Talk(desk, sender="o-other")
    said = await weibo.say(APPLY)
    code = re.search(r"\d{4} \d{4}", said)
    assert code, said
    async with desk.store.reading() as work:
        assert await work.people.of_conversation(weibo.conversation) is None
    answer = await wechat.say(f"接续码 {code[0]}")
    assert any(choice.meaning.get("form") == "application" for row in wechat.rows for choice in row.choices), answer


async def test_the_same_words_begin_it_on_wechat_and_in_the_mini_program(desk: Desk) -> None:
    for channel in ("wechat", "mini", "app"):
        talk = Talk(desk, sender=f"o-{channel}", channel=channel)
        await talk.say(APPLY)
        assert (await talk.talk()).form, channel


async def test_who_needs_help_tonight_is_told_whom_to_call_and_people_look(desk: Desk) -> None:
    talk = Talk(desk, channel="weibo")
    said = await talk.say("今晚没地方住，身上没有钱了")
    assert "120" in said
    assert (await talk.talk()).holder is Holder.QUEUED
    assert await drafts(talk) == 0
    assert [row.about["outcome"] for row in talk.rows] == [Outcome.PERSON]


async def test_a_number_sent_there_is_covered_and_never_said_again(desk: Desk) -> None:
    talk = Talk(desk, channel="weibo")
    said = await talk.say(f"{APPLY}，我的身份证号是{BAO}")
    assert BAO not in said
    async with desk.store.reading() as work:
        rows = await work.messages.history(talk.conversation, 10)
    assert all(BAO not in row.text for row in rows)
