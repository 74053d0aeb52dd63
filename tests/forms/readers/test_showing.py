"""Answers in a resident's words; numbers covered unless somebody may see them."""

from __future__ import annotations

from typing import Any

import pytest

from bot.forms.model import Field, Kind
from bot.forms.readers import read, show
from bot.forms.readers.base import Said
from tests.forms import household
from tests.forms.household import FORM, WANG
from tests.forms.published import DAY, regions


@pytest.mark.parametrize(
    ("field", "said", "shown"),
    [
        (household.WAGES, "两千三", "每月2300元"),
        (household.WAGES, "一千来块", "每月约1000元"),
        (household.WAGES, "三五百", "每月约300到500元"),
        (household.WAGES, "两千以上", "每月2000元以上"),
        (household.WAGES, "不到一千", "每月不到1000元"),
        (household.WAGES, "一年一万二", "每年12000元"),
        (household.WAGES, "没有", "没有"),
        (household.SINCE, "2025年3月", "2025年3月"),
        (household.SINCE, "3月15号", "2026年3月15日"),
        (household.SINCE, "去年", "2025年"),
        (household.SINCE, "去年腊月", "大约2026年1月18日到2026年2月16日"),
        (household.BORROWED, "有", "有"),
        (household.BORROWED, "没有", "没有"),
        (household.HEALTH, "高血压", "慢性病"),
        (household.OWNED, "有房有车", "房子、车"),
        (household.OWNED, "都没有", "都没有"),
        (household.HOME, "洪山区关山街道1号", "湖北省武汉市洪山区关山街道1号"),
        (household.PHONE, "13800001234", "138****1234"),
        (household.IDENTITY, WANG, f"420****{WANG[-4:]}"),
        (household.NAME, "王桂英", "王桂英"),
        (household.SIZE, "三口人", "3"),
    ],
)
def test_what_was_said_comes_back_in_plain_words(field: Field, said: str, shown: str) -> None:
    result = read(field, said, household.Context(DAY, regions(), FORM))
    assert isinstance(result, Said)
    assert show(field, result.value, True, regions()) == shown


@pytest.mark.parametrize(
    ("field", "value", "open_", "covered"),
    [
        (household.IDENTITY, WANG, WANG, f"420****{WANG[-4:]}"),
        (household.PHONE, "13800001234", "13800001234", "138****1234"),
        (household.CARD, "4111111111111111", "4111111111111111", "****1111"),
        (household.HOME, {"region": "420111", "detail": "关山街道保利花园3栋"}, "关山街道保利花园3栋", "关山街道保利…"),
    ],
)
def test_masked_and_not(field: Field, value: Any, open_: str, covered: str) -> None:
    assert show(field, value, masked=False) == open_
    assert show(field, value) == covered


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("今晚缺哪样？吃住都有着落，就回“不缺”。", "都不缺"),
        ("这些事哪些做不了？都做得了就回“没有”。", "都没有"),
        ("家里有这些人吗？没有就回“都没有”。", "都没有"),
        ("家里有哪些人？", "都没有"),
    ],
)
def test_none_of_them_is_said_as_the_question_says_it(question: str, shown: str) -> None:
    assert show(Field("some", "哪些", Kind.CHOICES, question), []) == shown


def test_photos_and_agreements() -> None:
    assert show(Field("p", "照片", Kind.PAPER, "?"), ["a", "b"]) == "2张照片"
    assert show(Field("n", "同意", Kind.AGREE, "?"), {"version": "1"}) == "已同意"
