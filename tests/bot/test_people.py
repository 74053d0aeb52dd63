"""Numbers that identify a person are known, and never shown."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.people import _CHECKS, _FOLDED, _UNFOLDED, _WEIGHTS, identity_number_is_valid, mask

TODAY = date(2026, 11, 25)


def numbers() -> st.SearchStrategy[str]:
    def complete(region: int, born: date, serial: int) -> str:
        head = f"{region:06d}{born:%Y%m%d}{serial:03d}"
        return head + _CHECKS[sum(int(d) * w for d, w in zip(head, _WEIGHTS, strict=True)) % 11]

    return st.builds(complete, st.integers(110000, 659999), st.dates(date(1900, 1, 1), TODAY), st.integers(0, 999))


@given(numbers())
def test_a_right_number_is_valid_and_a_changed_digit_is_not(number: str) -> None:
    assert identity_number_is_valid(number, TODAY)
    wrong = str((int(number[10]) + 1) % 10)
    assert not identity_number_is_valid(number[:10] + wrong + number[11:], TODAY)


@given(
    numbers(),
    st.sampled_from(["", " ", "-", "  ", "\u200b", "."]),
    st.sampled_from(["我的号是{}", "{}", "身份证{}，查一下", "{}。"]),
)
def test_an_identity_number_is_covered_however_it_is_typed(number: str, gap: str, frame: str) -> None:
    typed = gap.join([number[:6], number[6:10], number[10:14], number[14:]])
    covered, found = mask(frame.format(typed))
    assert found
    assert number not in covered
    assert number[6:14] not in covered


@given(st.text(st.characters() | st.sampled_from("0１一①，　我\u200b\u00ad-"), max_size=40))
def test_folding_only_what_may_change_changes_as_much(text: str) -> None:
    assert _UNFOLDED.sub(lambda found: found.group().translate(_FOLDED), text) == text.translate(_FOLDED)


@given(
    st.text(st.sampled_from("13862453x-+ \n我９")), numbers() | st.from_regex(r"(\+?86-?)?1[3-9]\d{9}", fullmatch=True)
)
def test_a_number_is_covered_whatever_stands_before_it(before: str, number: str) -> None:
    covered, _ = mask(f"{before}我{number}")
    assert number[-6:] not in covered


def test_full_width_digits_are_covered() -> None:
    covered, found = mask("４２０１０６１９５００１０１１２３４")
    assert found
    assert covered == "〔身份证号已隐去〕"


def test_a_wrong_digit_does_not_make_a_number_public() -> None:
    assert mask("号码420106195001011230")[1]


def test_a_phone_keeps_three_and_four_digits() -> None:
    assert mask("打13800138000找我") == ("打138****8000找我", False)


@pytest.mark.parametrize(
    "text", ["低保1100元", "12345", "2026年11月25日", "民电〔2020〕41号", "编号20200313", "我家3口人，一个月２０００块"]
)
def test_other_numbers_stay_as_they_are(text: str) -> None:
    assert mask(text) == (text, False)


@given(numbers(), st.sampled_from(["零", "〇"]), st.sampled_from(["", " "]))
def test_a_number_told_digit_by_digit_is_covered_too(number: str, zero: str, gap: str) -> None:
    spoken = gap.join(f"{zero}一二三四五六七八九"[int(digit)] if digit.isdigit() else digit for digit in number)
    covered, found = mask(f"我的身份证是{spoken}。")
    assert found
    assert spoken[:12] not in covered


@pytest.mark.parametrize("text", ["二〇二六年一月一日", "三五百块", "一二三四五六七", "七八十岁", "八九十"])
def test_numerals_of_everyday_speech_stay(text: str) -> None:
    assert mask(text) == (text, False)
