"""What steers a form: commands, corrections, the summary, and options tapped."""

from __future__ import annotations

from typing import Any

import pytest

from bot.forms import asking, moves, steps
from bot.forms.model import Sheet
from bot.forms.moves import Answer, Ask, Change, Confirm, Correct, Move, Unclear, Which
from bot.forms.saying import Hints
from tests.forms.hearing import AT_HEALTH, AT_HOSPITAL, AT_OWNED, AT_REASON, AT_SIZE, DONE, START, hear
from tests.forms.household import FORM
from tests.forms.published import DAY

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
