"""What a message does at the question being asked: an answer, a question, both, or neither."""

from __future__ import annotations

from typing import Any

import pytest

from bot.forms import steps
from bot.forms.model import Sheet
from bot.forms.moves import Answer, Ask, Unclear
from bot.forms.saying import Hints
from tests.forms.hearing import (
    AT_HEALTH,
    AT_HOSPITAL,
    AT_MEMBER,
    AT_OWNED,
    AT_REASON,
    AT_SIZE,
    DONE,
    QUESTIONS,
    START,
    hear,
)
from tests.forms.household import BAO, FORM, LI, PEOPLE, REST, WANG
from tests.forms.published import DAY


def test_the_sheets_stand_where_they_should() -> None:
    asked = [one.asked for one in (START, AT_SIZE, AT_MEMBER, AT_HEALTH, AT_OWNED, AT_REASON, AT_HOSPITAL, DONE)]
    assert asked == ["me#1", "size", "member#2", "health", "owned", "reason", "hospital", steps.SUMMARY]


# An answer, with or without a question ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filled", "text", "values"),
    [
        (START, f"王桂英 {WANG} 13800001234", {"members.1.name": "王桂英", "members.1.identity": WANG, "members.1.phone": "13800001234"}),
        (AT_SIZE, "三口人", {"size": 3}),
        (AT_SIZE, "就我一个", {"size": 1}),
        (AT_MEMBER, f"老伴李建国{LI}", {"members.2.relation": "spouse", "members.2.name": "李建国", "members.2.identity": LI}),
        (AT_HEALTH, "都健康", {f"members.{n}.health": "well" for n in (1, 2, 3)}),
        (AT_OWNED, "1和2", {"owned": ["house", "car"]}),
        (AT_OWNED, "没有", {"owned": []}),
        (AT_HOSPITAL, "协和医院", {"hospital": "协和医院"}),
        (AT_HOSPITAL, "没有去过医院", {"hospital": "没有去过医院"}),
    ],
)  # fmt: skip
def test_an_answer(filled: Sheet, text: str, values: dict[str, Any]) -> None:
    assert hear(filled, text) == Answer(values)


@pytest.mark.parametrize(
    ("filled", "text", "value", "ask"),
    [
        (AT_SIZE, "3口人，对了低保要多久", 3, "低保要多久"),
        (AT_SIZE, "三口人。低保一个月多少钱？", 3, "低保一个月多少钱?"),
        (AT_SIZE, "我家三口人，能申请吗", 3, "能申请吗"),
        (AT_SIZE, "三口人，如果孩子上大学，能一起申请吗", 3, "如果孩子上大学，能一起申请吗"),
        (AT_HOSPITAL, "协和医院，另外看病的钱能报吗", "协和医院", "看病的钱能报吗"),
    ],
)
def test_an_answer_and_a_question(filled: Sheet, text: str, value: Any, ask: str) -> None:
    move = hear(filled, text)
    assert isinstance(move, Answer)
    assert list(move.values.values()) == [value]
    assert move.ask.replace("？", "?") == ask


def test_several_members_in_one_message() -> None:
    for text in (
        f"老伴 李建国 {LI}；孙子 李小宝 {BAO}",
        f"老伴李建国{LI}，孙子李小宝{BAO}",
        f"老伴 李建国 {LI}\n孙子 李小宝 {BAO}",
    ):
        move = hear(AT_MEMBER, text)
        assert isinstance(move, Answer)
        wanted = {path: value for path, value in PEOPLE.items() if not path.startswith("members.1")}
        assert move.values == wanted, text


def test_a_line_with_a_number_only_is_no_other_member() -> None:
    move = hear(AT_MEMBER, f"老伴 李建国\n{LI}")
    assert isinstance(move, Answer)
    assert move.values == {path: value for path, value in PEOPLE.items() if path.startswith("members.2")}
    move = hear(AT_MEMBER, f"老伴 李建国\n{LI}\n孙子 李小宝\n{BAO}")
    assert isinstance(move, Answer)
    assert move.values == {path: value for path, value in PEOPLE.items() if not path.startswith("members.1")}


def test_two_members_have_not_one_number() -> None:
    move = hear(AT_MEMBER, f"老伴 李建国 {LI}；孙子 李小宝 {LI}")
    assert isinstance(move, Answer)
    assert move.refused["members.3.identity"].key == "form_identity_twice"


def test_what_is_asked_again_may_stay_as_it_was() -> None:
    again = steps.back(FORM, AT_REASON, DAY)
    assert again.asked == "home"
    for text in ("没变", "不用改", "还是原来的", "没错"):
        assert hear(again, text) == Answer({"home": REST["home"]}), text
    assert hear(AT_REASON, "没变") != Answer({})


def test_asked_of_one_member_what_is_said_of_another_is_not_theirs() -> None:
    filled = steps.put(FORM, AT_HEALTH, {"members.1.health": "well", "members.2.health": "well"}, today=DAY)
    filled = steps.advance(FORM, filled, DAY)
    assert filled.asked == "health#3"
    assert hear(filled, "我有高血压") == Unclear()
    assert hear(filled, "他有高血压") == Answer({"members.3.health": "chronic"})
    assert hear(filled, "孙子有高血压") == Answer({"members.3.health": "chronic"})


def test_meant_as_an_answer_and_not_right() -> None:
    move = hear(START, f"王桂英 {WANG[:-1]}")
    assert isinstance(move, Answer)
    assert move.values == {"members.1.name": "王桂英"}
    assert move.refused["members.1.identity"].key == "form_identity_short"


# A question is never an answer -------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", QUESTIONS)
@pytest.mark.parametrize(
    "filled", [START, AT_SIZE, AT_MEMBER, AT_HEALTH, AT_OWNED, AT_REASON, AT_HOSPITAL, DONE], ids=lambda one: one.asked
)
def test_a_question_is_a_question_at_every_step(filled: Sheet, text: str) -> None:
    move = hear(filled, text)
    assert isinstance(move, Ask), move


@pytest.mark.parametrize("filled", [START, AT_SIZE, AT_OWNED, AT_REASON, AT_HOSPITAL, DONE], ids=lambda one: one.asked)
def test_a_published_phrasing_is_a_question_whatever_it_looks_like(filled: Sheet) -> None:
    for text in ("低保", "低保标准", "残疾补贴", "三口人低保"):
        assert hear(filled, text, Hints(exact=True)) == Ask(text)


def test_but_an_option_letter_for_letter_is_an_answer() -> None:
    assert hear(AT_OWNED, "存款", Hints(exact=True)) == Answer({"owned": ["savings"]})
    assert hear(AT_OWNED, "2", Hints(exact=True)) == Answer({"owned": ["car"]})
    move = hear(AT_REASON, "失业", Hints(exact=True))
    assert move == Answer({"reason": "job"})


def test_a_reading_wins_over_a_weak_question_and_half_a_reading_does_not() -> None:
    assert hear(AT_SIZE, "三口人", Hints(question_chance=0.95)) == Answer({"size": 3})
    assert hear(AT_OWNED, "房子一套", Hints(question_chance=0.3)) == Answer({"owned": ["house"]})
    assert hear(AT_OWNED, "住房补贴政策", Hints(question_chance=0.95)) == Ask("住房补贴政策")
    assert hear(AT_HOSPITAL, "大病救助政策", Hints(question_chance=0.95)) == Ask("大病救助政策")
    assert hear(AT_HOSPITAL, "大病救助政策", Hints(question_chance=0.5)) == Answer({"hospital": "大病救助政策"})
    assert hear(AT_OWNED, "我爸的低保没了", Hints(question_chance=0.95)) == Ask("我爸的低保没了")
    assert hear(AT_SIZE, "补贴政策", Hints(question_chance=0.6)) == Ask("补贴政策")


@pytest.mark.parametrize("text", ["/inform", "/restart", '/inform{"a": 1}', "？？？", "。。。", "", "\u200b", "😭😭"])
@pytest.mark.parametrize("filled", [START, AT_SIZE, AT_OWNED, AT_HOSPITAL, DONE], ids=lambda one: one.asked)
def test_what_says_nothing_answers_nothing(filled: Sheet, text: str) -> None:
    assert isinstance(hear(filled, text), Unclear | Ask)


def test_words_that_are_nothing_but_options_answer_though_they_are_published() -> None:
    assert hear(AT_OWNED, "有车，也有存款", Hints(exact=True)) == Answer({"owned": ["car", "savings"]})
    assert hear(AT_OWNED, "存款多少不能办低保", Hints(exact=True)) == Ask("存款多少不能办低保")
