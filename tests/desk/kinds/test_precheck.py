"""看看能申请什么: few taps, every programme with its reason, no decision, nothing kept."""

from __future__ import annotations

import re

import pytest

from bot.desk.desk import Desk
from bot.desk.kinds.precheck import ENOUGH, NEXT
from bot.knowledge.plain_language import refused_words
from bot.messages import Outcome
from tests.desk.kinds.conftest import Chat

SAYS = {
    "tonight": "都有着落",
    "place_now": "重庆市万州区",
    "place": "重庆市万州区",
    "hukou_kind": "城镇",
    "household_size": "3口人",
    "household_income": "一千五",
    "assets": "都没有",
    "people": "都没有",
    "child_parents": "父母能管",
    "supporters": "没有",
    "troubles": "都没有",
    "benefits": "都没有",
    "rigid_spending": "没有",
}
POOR = SAYS
STRANDED = SAYS | {"tonight": "没地方睡，没吃的"}
ILL = SAYS | {"people": "得了重病的人", "troubles": "突然得重病", "rigid_spending": "五万"}


async def walked(chat: Chat, says: dict[str, str]) -> list[str]:
    """Answer until the list is there; which questions came."""
    await chat.open("precheck", text="看看我能申请什么")
    asked = []
    while chat.asked != NEXT:
        assert chat.asked not in asked, f"{chat.asked} again: {chat.text}"
        asked.append(chat.asked)
        assert len(asked) <= 12
        await chat.say(says[chat.asked])
    return asked


async def test_a_household_gets_its_list_in_at_most_twelve_taps(chat: Chat, desk: Desk) -> None:
    asked = await walked(chat, POOR)
    assert asked[0] == "tonight"
    listed = "\n".join(one.text for one in chat.said[:-1])
    for programme in desk.edition.programmes.values():
        assert programme.name in listed, programme.id
    assert "可以先申请" in listed
    assert "最低生活保障" in listed.split("还说不准")[0]
    assert "2026-11-25" in listed
    assert "不是决定" in listed
    assert re.search(r"约\d+", listed), "no amount"
    assert re.search("（[^（）]*第[〇一二三四五六七八九十百0-9]+条", listed), "no clause"


async def test_what_is_still_missing_is_named(chat: Chat) -> None:
    await walked(chat, POOR | {"household_income": "不知道"})
    assert "还差" in chat.text or "还说不准" in chat.text
    assert chat.said[-1].outcome is Outcome.ASKED


@pytest.mark.parametrize("says", [POOR, STRANDED, ILL], ids=["poor", "stranded", "ill"])
async def test_nobody_is_told_that_they_do_not_qualify(chat: Chat, says: dict[str, str]) -> None:
    await walked(chat, says)
    assert not list(refused_words(chat.text))
    assert not re.search("不符合|没有资格|不能申请|不够格", chat.text)


async def test_who_has_no_bed_tonight_is_asked_where_they_are_and_can_call_for_help(chat: Chat) -> None:
    asked = await walked(chat, STRANDED)
    assert asked[:2] == ["tonight", "place_now"]
    await chat.tap("现在就急，请先帮我")
    assert chat.asked == "how_many", "what was told is not asked again"


async def test_the_answers_are_the_beginning_of_the_application(chat: Chat, desk: Desk) -> None:
    await walked(chat, POOR)
    before = chat.form
    (label,) = [one.label for one in chat.said[-1].choices if "最低生活保障" in one.label][:1]
    await chat.tap(label)
    draft = await chat.draft()
    assert (draft.kind, draft.programme) == ("application", "dibao")
    assert draft.sheet.answers["household_size"].value == 3
    async with desk.store.reading() as work:
        left = await work.drafts.get(before)
    assert (left.state, left.sheet.answers) == ("cancelled", {})


async def test_nothing_is_kept_of_a_check_that_ends(chat: Chat, desk: Desk) -> None:
    await walked(chat, POOR)
    before = chat.form
    await chat.tap("先这样")
    assert chat.form == ""
    async with desk.store.reading() as work:
        left = await work.drafts.get(before)
        assert (left.state, left.sheet.answers, left.about) == ("cancelled", {}, {})
        assert not await work.cases.list()
        assert not await work.tasks.open()


async def test_an_option_of_a_check_that_is_over_still_begins_what_it_names(chat: Chat) -> None:
    """It stands on the screen; of the answers nothing was kept. Tapped once more it finds what was begun."""
    await walked(chat, POOR)
    (apply,) = [one for one in chat.said[-1].choices if "最低生活保障" in one.label]
    (why,) = [one for one in chat.said[-1].choices if one.label == "为什么这么说"]
    await chat.tap("先这样")
    await chat.tap_old(why)
    assert "没有您填了一半的表" in chat.text
    await chat.tap_old(apply)
    draft = await chat.draft()
    assert (draft.kind, draft.programme, dict(draft.sheet.answers)) == ("application", "dibao", {})
    await chat.say("先停一下")
    assert chat.form == ""
    await chat.tap_old(apply)
    assert [one.label for one in chat.said[-1].choices] == ["接着填", "重新填一份"]


async def test_so_does_the_one_that_calls_for_help(chat: Chat) -> None:
    await walked(chat, STRANDED)
    (urgent,) = [one for one in chat.said[-1].choices if one.label == "现在就急，请先帮我"]
    await chat.tap("先这样")
    await chat.tap_old(urgent)
    assert (await chat.draft()).kind == "emergency"


async def test_so_does_the_one_that_asks_for_a_person(chat: Chat) -> None:
    await walked(chat, POOR)
    (person,) = [one for one in chat.said[-1].choices if one.label == "找人工"]
    await chat.tap("先这样")
    await chat.tap_old(person)
    assert (chat.said[-1].outcome, chat.said[-1].reason) == (Outcome.PERSON, "asked")


async def test_enough_said_twice_is_met_with_the_same_goodbye(chat: Chat) -> None:
    await walked(chat, POOR)
    (enough,) = [one for one in chat.said[-1].choices if one.label == "先这样"]
    await chat.tap("先这样")
    bye = chat.text
    await chat.tap_old(enough)
    assert chat.text == bye


async def test_nothing_lacking_is_said_back_as_it_was_asked(chat: Chat) -> None:
    """都没有, typed at this question, would mean that there is nothing to eat."""
    await chat.open("precheck", text="看看我能申请什么")
    await chat.tap("不缺")
    assert "今晚缺什么：都不缺" in chat.text


async def test_why_gives_every_condition_with_its_clause_and_asks_on(chat: Chat) -> None:
    await walked(chat, POOR)
    await chat.tap("为什么这么说")
    assert chat.asked == NEXT
    assert "✓" in chat.text
    assert NEXT not in await chat.answers()
    await chat.tap("先这样")


async def test_a_person_can_be_asked_for(chat: Chat) -> None:
    await walked(chat, POOR)
    await chat.tap("找人工")
    assert chat.said[-1].outcome is Outcome.PERSON
    assert chat.form == ""


async def test_a_corrected_answer_changes_the_list(chat: Chat) -> None:
    await walked(chat, POOR)
    first = chat.said[0].text
    await chat.say("收入不是一千五，是一万五")
    while chat.asked != NEXT:
        await chat.say(POOR[chat.asked])
    assert chat.said[0].text != first
    assert ENOUGH not in chat.text
