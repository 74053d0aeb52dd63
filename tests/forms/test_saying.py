"""What a message does at the question being asked."""

from __future__ import annotations

from typing import Any

import pytest

from bot.forms import asking, moves, steps
from bot.forms.model import Asked, Field, Form, Kind, Sheet, Step
from bot.forms.moves import Answer, Ask, Change, Confirm, Correct, Move, Unclear, Which
from bot.forms.saying import Hints, understand
from tests.forms.household import BAO, FORM, LAST, LI, PEOPLE, REST, WANG, context, sheet
from tests.forms.published import DAY

START = steps.advance(FORM, Sheet(FORM.id), DAY)
AT_SIZE = steps.advance(FORM, steps.put(FORM, START, {path: PEOPLE[path] for path in list(PEOPLE)[:3]}, today=DAY), DAY)
AT_MEMBER = steps.advance(FORM, steps.put(FORM, AT_SIZE, {"size": 3}, today=DAY), DAY)
AT_HEALTH = sheet(PEOPLE)
AT_OWNED = sheet(PEOPLE, {path: value for path, value in REST.items() if path.startswith("members.")})
AT_REASON = sheet(PEOPLE, REST)
AT_HOSPITAL = sheet(PEOPLE, REST, {path: value for path, value in LAST.items() if path != "hospital"})
DONE = sheet(PEOPLE, REST, LAST)


def hear(filled: Sheet, text: str, hints: Hints | None = None, meaning: dict[str, Any] | None = None) -> Move:
    at = steps.current(FORM, filled, DAY)
    return understand(text, meaning, at, FORM, filled, context(filled), hints or Hints())


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

QUESTIONS = (
    "低保要多久",
    "低保怎么申请",
    "残疾人补贴一个月多少钱？",
    "三口人的低保是多少钱",
    "没有房子能申请吗",
    "有车能不能吃低保",
    "得了重病有什么救助",
    "低保几口人能申请",
    "身份证丢了怎么办",
    "工资两千三能申请吗",
    "失业了去哪里登记",
    "你们几点上班",
    "孩子上学有补助吗",
    "是不是要查存款",
    "去年申请过还能再申请吗",
)


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
    assert hear(AT_SIZE, "补贴政策", Hints(question_chance=0.6)) == Ask("补贴政策")


@pytest.mark.parametrize("text", ["/inform", "/restart", '/inform{"a": 1}', "？？？", "。。。", "", "\u200b", "😭😭"])
@pytest.mark.parametrize("filled", [START, AT_SIZE, AT_OWNED, AT_HOSPITAL, DONE], ids=lambda one: one.asked)
def test_what_says_nothing_answers_nothing(filled: Sheet, text: str) -> None:
    assert isinstance(hear(filled, text), Unclear | Ask)


# Steering ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "move"),
    [
        ("您为什么问这个", moves.Why()),
        ("要这干嘛", moves.Why()),
        ("不知道", moves.DontKnow()),
        ("跳过", moves.Skip()),
        ("以后再说", moves.Skip()),
        ("上一步", moves.Back()),
        ("先到这，明天再填", moves.Stop()),
        ("算了不申请了", moves.Cancel()),
        ("再说一遍", moves.Repeat()),
        ("看不懂", moves.Simplify()),
        ("我要找人帮我填", moves.Person()),
        ("我都填了什么", moves.Overview()),
    ],
)
@pytest.mark.parametrize(
    "filled", [START, AT_SIZE, AT_HEALTH, AT_OWNED, AT_REASON, AT_HOSPITAL, DONE], ids=lambda one: one.asked
)
def test_commands_steer_at_every_step_also_at_a_free_question(filled: Sheet, text: str, move: Move) -> None:
    assert hear(filled, text) == move


def test_what_the_classifier_hears_helps_only_where_nothing_was_read() -> None:
    person = Hints(intent="person", ranking={"person": 0.9})
    assert hear(AT_SIZE, "喊个管事的来", person) == moves.Person()
    assert hear(AT_SIZE, "三口人", person) == Answer({"size": 3})
    greet = Hints(intent="greet", ranking={"greet": 0.9})
    assert hear(AT_SIZE, "你们好呀", greet) == Ask("你们好呀")
    assert hear(AT_SIZE, "好的", Hints(intent="affirm", ranking={"affirm": 0.9})) == Unclear()


def test_nothing_to_give_at_an_optional_question() -> None:
    at = steps.ask_again(FORM, AT_REASON, DAY, "since")
    assert hear(at, "没有") == moves.Skip()
    assert hear(AT_HOSPITAL, "没有") == Answer({"hospital": "没有"})
    assert hear(START, "没有") == Unclear()


# Corrections, and the summary --------------------------------------------------------------------------------------


@pytest.mark.parametrize("filled", [AT_REASON, AT_HOSPITAL, DONE], ids=lambda one: one.asked)
def test_a_correction_lands_from_every_step(filled: Sheet) -> None:
    assert hear(filled, "不是3口人是4口") == Correct((Change("size", 4),))
    assert hear(filled, "电话错了，是13900001234") == Correct((Change("members.1.phone", "13900001234"),))
    move = hear(filled, "电话错了，是13900001234，低保要多久？")
    assert isinstance(move, Correct)
    assert move.ask


@pytest.mark.parametrize(
    ("text", "move"),
    [
        ("确认", Confirm()),
        ("没问题，提交", Confirm()),
        ("就这样吧", Confirm()),
        ("对", Confirm()),
        ("2", Correct((Change("size"),))),
        ("不对", Which()),
        ("有一个地方错了", Which()),
        ("提交以后要多久", Ask("提交以后要多久")),
        ("取消申请", moves.Cancel()),
        ("王桂英", Unclear()),
    ],
)
def test_at_the_summary(text: str, move: Move) -> None:
    assert hear(DONE, text) == move


# Taps --------------------------------------------------------------------------------------------------------------


def test_a_tapped_option_answers_this_question_and_corrects_an_earlier_one() -> None:
    tap = {"field": "owned", "value": ["car"], "draft": "d"}
    assert hear(AT_OWNED, "车", meaning=tap) == Answer({"owned": ["car"]})
    assert hear(AT_REASON, "车", meaning=tap) == Correct((Change("owned", ["car"]),))
    assert hear(AT_REASON, "改", meaning={"field": "size"}) == Correct((Change("size"),))


def test_a_tapped_yes_is_a_yes() -> None:
    borrowed = steps.ask_again(FORM, AT_REASON, DAY, "borrowed")
    at = steps.current(FORM, borrowed, DAY)
    assert at is not None
    values = []
    for path, option in asking.options(borrowed, at):
        move = hear(borrowed, option.label, meaning={"field": path, "value": option.value})
        assert isinstance(move, Answer)
        values.append(move.values)
    assert values == [{"borrowed": True}, {"borrowed": False}]


@pytest.mark.parametrize(
    "meaning",
    [
        {"field": "owned", "value": ["boat"]},
        {"field": "owned", "value": "car"},
        {"field": "members.9.health", "value": "well"},
        {"field": "nothing", "value": 1},
        {"field": "car_use", "value": "拉货"},
    ],
)
def test_an_option_that_is_gone_changes_nothing(meaning: dict[str, Any]) -> None:
    assert hear(AT_REASON, "车", meaning=meaning) == Unclear("form_old_option")


# Consent -----------------------------------------------------------------------------------------------------------

NOTICE = Field("notice", "同意", Kind.AGREE, "您同意吗？")


def agree(text: str, meaning: dict[str, Any] | None = None) -> Move:
    form = Form("consent", "", (Step("notice", "您同意吗？", (Asked(NOTICE),)),))
    filled = steps.advance(form, Sheet("consent"), DAY)
    return understand(text, meaning, steps.current(form, filled, DAY), form, filled, context(filled), Hints())


@pytest.mark.parametrize("value", ["yes", "no"])
def test_consent_is_tapped_as_it_is_typed(value: str) -> None:
    words = {"yes": "同意", "no": "不同意"}[value]
    assert agree(words, {"field": "notice", "value": value}) == agree(words)


@pytest.mark.parametrize("value", [True, "", "是", {"version": "1"}, ["yes"], 1])
def test_what_no_option_says_is_no_consent(value: Any) -> None:
    assert agree("同意", {"field": "notice", "value": value}) == Unclear("form_old_option")


@pytest.mark.parametrize("text", ["同意", "我同意", "好", "可以", "行", "1", "好的，同意", "我愿意", "没问题"])
def test_consent_is_given_in_plain_words(text: str) -> None:
    move = agree(text)
    assert isinstance(move, Answer)
    assert move.values == {"notice": {"version": ""}}


@pytest.mark.parametrize("text", ["不同意", "不", "不愿意", "算了", "不想填了", "2", "跳过", "不行"])
def test_consent_is_refused_in_plain_words(text: str) -> None:
    move = agree(text)
    assert isinstance(move, Answer)
    assert move.refused["notice"].key == "refused_consent"


@pytest.mark.parametrize(
    "text",
    [
        *("为什么要同意", "你们存多久", "嗯？", "王桂英", WANG, "同意了会怎么样"),
        *("有点担心信息泄露", "是骗子吧这样要身份证", "要看看再说", "有冇真人呀我要同人讲"),
    ],
)
def test_anything_else_is_no_consent(text: str) -> None:
    move = agree(text)
    assert not isinstance(move, Answer) or not move.values


def test_words_that_are_nothing_but_options_answer_though_they_are_published() -> None:
    assert hear(AT_OWNED, "有车，也有存款", Hints(exact=True)) == Answer({"owned": ["car", "savings"]})
    assert hear(AT_OWNED, "存款多少不能办低保", Hints(exact=True)) == Ask("存款多少不能办低保")
