"""Somebody fills in a form for another: whose name is whose."""

from __future__ import annotations

import pytest

from tests.desk.filling.talk import Talk


async def helping(talk: Talk) -> None:
    await talk.until("apply_as")
    await talk.say("替我妈办")
    await talk.say("我叫王强，我是她儿子")
    assert (await talk.draft()).sheet.answers["helper_name"].value == "王强"


@pytest.mark.parametrize("said", ["她叫赵秀英", "我妈叫赵秀英", "老人的名字是赵秀英", "病人 叫赵秀英", "我妈赵秀英"])
async def test_a_name_said_of_somebody_else_is_not_the_helpers(talk: Talk, said: str) -> None:
    await helping(talk)
    told = await talk.say(said)
    draft = await talk.draft()
    assert draft.sheet.answers["helper_name"].value == "王强"
    assert draft.sheet.answers["members.1.name"].value == "赵秀英"
    assert draft.sheet.asked == "helper", "the helper's own number is still asked for"
    assert draft.sheet.answers["helper_relation"].value == "child"
    assert "记下了：姓名：赵秀英。" in told


async def test_of_both_in_one_message_each_has_their_own(talk: Talk) -> None:
    await talk.until("apply_as")
    await talk.say("替我妈办")
    await talk.say("我妈叫赵秀英，我叫王强，是她儿子")
    answers = (await talk.draft()).sheet.answers
    assert (answers["helper_name"].value, answers["helper_relation"].value) == ("王强", "child")


async def test_when_the_name_is_known_nothing_is_noted_and_nothing_is_lost(talk: Talk) -> None:
    await helping(talk)
    await talk.say("她叫赵秀英")
    told = await talk.say("她叫赵秀英")
    assert "记下了" not in told
    assert (await talk.draft()).sheet.answers["helper_name"].value == "王强"


@pytest.mark.parametrize("said", ["我是她儿子王小强", "我叫王小强", "王小强"])
async def test_the_helpers_own_name_is_heard_beside_words_for_the_other(talk: Talk, said: str) -> None:
    await talk.until("apply_as")
    await talk.say("替我妈办")
    await talk.say(said)
    draft = await talk.draft()
    assert "members.1.name" not in draft.sheet.answers
    if said != "我是她儿子王小强":
        assert draft.sheet.answers["helper_name"].value == "王小强"
