"""Sums as residents say them; what is no sum is nothing, never a guess."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.amounts import Amount, find, parse


@pytest.mark.parametrize(
    ("said", "low", "high", "about", "per"),
    [
        ("两千三", 2300, 2300, False, ""),
        ("一千来块", 1000, 1000, True, ""),
        ("三五百块", 300, 500, True, ""),
        ("三五百", 300, 500, True, ""),
        ("每月1500左右", 1500, 1500, True, "month"),
        ("没收入", 0, 0, False, ""),
        ("一分钱没有", 0, 0, False, ""),
        ("没收入，只有养老金一百三", 130, 130, False, ""),
        ("1万2", 12000, 12000, False, ""),
        ("一千五百多", 1500, 1600, True, ""),
        ("不到一千", 0, 1000, False, ""),
        ("2000以上", 2000, None, False, ""),
        ("上千块", 1000, None, True, ""),
        ("百十来块", 100, 120, True, ""),
        ("千把块", 1000, 1000, True, ""),
        ("十来万", 100000, 100000, True, ""),
        ("一千零五十块", 1050, 1050, False, ""),
        ("三到五千", 3000, 5000, False, ""),
        ("1500-2000元", 1500, 2000, False, ""),
        ("一千七八百", 1700, 1800, True, ""),
        ("一年一万二", 12000, 12000, False, "year"),
        ("日结120", 120, 120, False, "day"),
        ("1,500元", 1500, 1500, False, ""),
        ("几百块", 200, 999, True, ""),
    ],
)
def test_as_people_say_it(said: str, low: int, high: int | None, about: bool, per: str) -> None:
    assert parse(said) == Amount(Decimal(low), None if high is None else Decimal(high), about, per)


def test_small_change() -> None:
    assert parse("三块五") == Amount(Decimal("3.5"), Decimal("3.5"))
    assert parse("五毛") == Amount(Decimal("0.5"), Decimal("0.5"))


@pytest.mark.parametrize(
    "said", ["不知道", "三个人", "2020年", "61岁", "没有", "13812345678", "好的时候两千，差的时候五百", ""]
)
def test_no_sum_or_more_than_one(said: str) -> None:
    assert parse(said) is None


def test_in_a_sentence_only_what_is_plainly_money() -> None:
    text = "我一个月挣两千三，家里三口人，存款一万二，2020年领过300元，打12345问的，住3号楼"
    found = [(text[match.start : match.end], match.amount.low, match.amount.per) for match in find(text)]
    assert found == [("两千三", Decimal(2300), "month"), ("一万二", Decimal(12000), ""), ("300元", Decimal(300), "")]


@given(st.integers(min_value=1, max_value=9_999_999))
def test_every_plain_figure_is_itself(value: int) -> None:
    amount = parse(f"{value}元")
    assert amount is not None
    assert (amount.low, amount.high, amount.exact) == (value, value, True)


@given(st.text(alphabet="零一二三五两十百千万几多来块元不到到以上没收入0159.-", max_size=12))
def test_nothing_raises_and_ranges_rise(text: str) -> None:
    amount = parse(text)
    assert amount is None or amount.high is None or amount.low <= amount.high
