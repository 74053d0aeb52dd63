"""Consent is given and refused in plain words or with a tap, and by nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from bot.forms import steps
from bot.forms.model import Asked, Field, Form, Kind, Sheet, Step
from bot.forms.moves import Answer, Move, Unclear
from bot.forms.saying import Hints, understand
from tests.forms.household import WANG, context
from tests.forms.published import DAY

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
