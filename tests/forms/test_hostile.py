"""Texts made to hurt cost no time, raise nothing and fill nothing (A-35, A-36, A-37, A-42)."""

from __future__ import annotations

import time

import pytest

from bot.forms.model import Sheet
from bot.forms.moves import Answer, Ask
from bot.forms.readers import valid
from bot.forms.saying import Hints, understand
from bot.forms.steps import ask_again, current, field_of
from tests.forms.hearing import AT_HEALTH, AT_OWNED, AT_REASON, AT_SIZE, START, hear
from tests.forms.household import FORM, LAST, PEOPLE, REST, context, sheet
from tests.forms.published import DAY

SHEETS = (START, AT_SIZE, AT_HEALTH, AT_OWNED, AT_REASON, sheet(PEOPLE, REST, LAST))
SECONDS = 0.5
"""Of the processor, for one message at one question; a page of them takes a hundredth of it on an idle machine."""
PIECES = (
    "这个", "我", "就是", "不是3口人是", "错了", "改", "改1", "第1项", "1", "１", "420106", "x", "一", "十", "百万", "一十",
    "两千三", "三五", "-", "1e", "没有", "没", "都", "都健康", "老伴", "孙子", "除了", "其他", "有车没车", "，", "。", "？", "为什么",
    "不知道", "先", "算了，", "工资", "工资两千", "，工资", "洪山区", "武汉", "街道", "去年", "腊月", "月", "个月前", "王", "·", "叫王",
    "还有", "和", "一个", "几口", "吗", "/", "〔", "已隐去〕", "\U0001f468\u200d", "\u0301", "ﷺ", "\u202e", "\ud83d", "\x00", " ", "\n",
)  # fmt: skip


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: ascii(piece))
def test_a_page_of_one_thing_takes_no_time(piece: str) -> None:
    for filled in SHEETS:
        for text in (piece * (700 // len(piece) + 1), piece * (700 // len(piece)) + "甲", "王桂英" + piece * 99):
            began = time.process_time()
            move = hear(filled, text)
            assert time.process_time() - began < SECONDS, (filled.asked, move)
            if isinstance(move, Answer):
                for path, value in move.values.items():
                    field = field_of(FORM, {**filled.answers}, path)
                    assert field is not None
                    assert valid(field, value, DAY)


@pytest.mark.parametrize("text", ["1e308", "-500", "负五百", "9" * 30, "NaN", "Infinity", "0x1F", "1/0", "二十亿亿"])
def test_an_absurd_sum_is_asked_again(text: str) -> None:
    filled = _at("members.1.wages")
    move = understand(text, None, current(FORM, filled, DAY), FORM, filled, context(filled, 1), Hints())
    assert not isinstance(move, Answer) or not move.values


@pytest.mark.parametrize("text", ["我收入一百块，你说能批吧", "我没收入，能批低保吗", "收入写成零就能批吗"])
def test_a_wish_for_a_result_is_a_question_and_fills_nothing_by_itself(text: str) -> None:
    for filled in (AT_SIZE, AT_OWNED):
        assert not isinstance(hear(filled, text), Answer)
    assert isinstance(hear(AT_SIZE, "我没收入，能批低保吗"), Ask)


def _at(path: str) -> Sheet:
    return ask_again(FORM, sheet(PEOPLE, REST, LAST), DAY, path)
