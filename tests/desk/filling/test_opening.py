"""How a form begins: by a wish, by an option, by another form; and what stays a question."""

from __future__ import annotations

import pytest

from bot.desk.desk import Desk
from bot.desk.filling import opening
from bot.desk.filling.wanting import wanted
from bot.desk.question import Question
from bot.errors import BadInput
from tests.desk.filling.talk import APPLY, Talk

PLAIN = {"ask_apply": 0.9}


def question(desk: Desk, text: str, **fields: object) -> Question:
    told = {"intent": "ask_apply", "ranking": PLAIN, **fields}
    return Question(text, desk.today(), **told)  # type: ignore[arg-type]


async def test_asked_outside_any_conversation_nothing_is_begun(desk: Desk) -> None:
    heard = await opening.begin(desk, "nobody", "m-1", question(desk, APPLY))
    assert heard.form == ""
    assert heard.replies


@pytest.mark.parametrize("text", ["低保怎么申请", "咋个报低保", "点样申请低保啊", "申请低保要多久", "我能不能申请低保"])
def test_a_question_stays_a_question(desk: Desk, text: str) -> None:
    assert wanted(desk, question(desk, text)) is None


@pytest.mark.parametrize("text", [APPLY, "给我办个低保", "帮我爸申请低保", "我要报名低保"])
def test_a_wish_begins_the_form_it_names(desk: Desk, text: str) -> None:
    wish = wanted(desk, question(desk, text))
    assert wish is not None
    assert (wish.kind, wish.programme) == ("application", "dibao")


def test_a_classifier_that_wavers_begins_nothing(desk: Desk) -> None:
    assert wanted(desk, question(desk, APPLY, ranking={"ask_apply": 0.5, "ask_policy": 0.4})) is None


async def test_what_names_no_programme_is_asked_which(talk: Talk) -> None:
    talk.acts.intents["我要申请救助"] = "ask_apply"
    said = await talk.say("我要申请救助")
    assert "哪一种" in said
    labels = [choice.label for row in talk.rows for choice in row.choices]
    assert {name for _, name in programmes(talk.desk)} <= set(labels)
    await talk.say("特困人员救助供养")
    assert (await talk.draft()).programme == "tekun"


async def test_the_name_alone_is_enough_to_choose(talk: Talk) -> None:
    talk.acts.intents["我要申请临时救助"] = "ask_apply"
    await talk.say("我要申请临时救助")
    await talk.say("急难型")
    assert (await talk.draft()).programme == "linshi_jinan"


def programmes(desk: Desk) -> list[tuple[str, str]]:
    return [(one.id, one.name) for one in desk.edition.programmes.values() if one.form]


async def test_half_filled_it_is_asked_whether_to_go_on(talk: Talk) -> None:
    draft = await talk.until("household_size")
    await talk.say("先到这吧")
    assert "接着填" in await talk.say(APPLY)
    await talk.tap("重新填")
    new = await talk.draft()
    assert new.id != draft.id
    assert new.sheet.asked == "notice"
    assert (await talk.draft(draft.id)).state == "paused"


async def test_a_form_that_is_not_known_is_refused_aloud(desk: Desk, talk: Talk) -> None:
    await talk.say("你好")
    with pytest.raises(BadInput, match="no form of the kind"):
        await opening.begin(desk, talk.conversation, "m-9", question(desk, "x", meaning={"form": "nonsense"}))
