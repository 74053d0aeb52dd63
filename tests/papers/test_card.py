"""Who is on a card or page, from the lines read off it: proposals only, and only where the number proves itself."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from bot.papers.card import Line, people_in
from tests.papers.persons import a_number, numbers

TODAY = date(2026, 11, 25)
WANG, LI = a_number("420106", date(1950, 1, 1), 123), a_number("420111", date(1948, 7, 9), 457)


def line(text: str, x: float, y: float, height: float = 40, sure: float = 0.95) -> Line:
    return Line(text, x, y, height, sure)


def card(name: str, number: str, top: float = 0) -> list[Line]:
    return [
        line(f"姓名{name}", 200, top + 60),
        line("性别女民族汉", 220, top + 130),
        line("出生1950年1月1日", 240, top + 200),
        line("住址湖北省武汉市洪山区珞南街道", 300, top + 270),
        line("公民身份号码", 120, top + 440),
        line(number, 500, top + 440),
    ]


def test_a_card_gives_its_name_and_number() -> None:
    (found,) = people_in(card("王桂英", WANG), TODAY)
    assert (found.name, found.identity) == ("王桂英", WANG)


def test_label_and_name_may_be_two_lines_and_the_number_one_with_its_label() -> None:
    lines = [line("姓名", 80, 60), line("王桂英", 220, 66), line("汉", 300, 130), line(f"公民身份号码{WANG}", 300, 440)]
    (found,) = people_in(lines, TODAY)
    assert (found.name, found.identity) == ("王桂英", WANG)


def test_a_page_of_the_household_register() -> None:
    lines = [
        line("常住人口登记卡", 400, 40),
        line("姓", 60, 100),
        line("姓 名", 80, 100),
        line("王桂英", 220, 102),
        line("户主或与户主关系", 420, 100),
        line("妻", 560, 101),
        line("曾用名", 80, 150),
        line("性别", 420, 150),
        line("公民身份证件编号", 100, 300),
        line(WANG, 320, 302),
    ]
    (found,) = people_in(lines, TODAY)
    assert (found.name, found.identity) == ("王桂英", WANG)


def test_two_pages_on_one_photo_keep_their_names_apart() -> None:
    found = people_in([*card("王桂英", WANG), *card("李建国", LI, top=700)], TODAY)
    assert [(one.name, one.identity) for one in found] == [("王桂英", WANG), ("李建国", LI)]


def test_letters_that_look_like_digits_are_read_as_such() -> None:
    lines = card("王桂英", WANG.replace("0", "O").replace("1", "l"))
    assert [one.identity for one in people_in(lines, TODAY)] == [WANG]


def test_an_x_may_be_small_or_a_sign() -> None:
    ending = next(one for one in (a_number("420106", date(1950, 1, 1), n) for n in range(1, 400)) if one.endswith("X"))
    for shown in (ending.lower(), ending.replace("X", "×")):
        assert [one.identity for one in people_in(card("王桂英", shown), TODAY)] == [ending]


def test_a_number_that_does_not_hold_is_not_proposed() -> None:
    wrong = WANG[:-1] + ("1" if WANG[-1] != "1" else "2")
    assert people_in(card("王桂英", wrong), TODAY) == ()
    assert people_in(card("王桂英", "123456789012345678"), TODAY) == ()
    # Nineteen digits hold eighteen that would do: none of them is taken.
    assert people_in(card("王桂英", "9" + WANG), TODAY) == ()


def test_what_the_reader_doubts_is_left_out() -> None:
    doubtful = [line("姓名王桂英", 200, 60, sure=0.3), line(WANG, 500, 440)]
    assert [(one.name, one.identity) for one in people_in(doubtful, TODAY)] == [("", WANG)]


def test_a_name_that_is_none_is_left_out() -> None:
    for shown in ("王", "湖北省武汉市洪山区珞南街道", "A12", ""):
        assert people_in(card(shown, WANG), TODAY)[0].name == ""


def test_a_minority_name_keeps_its_point() -> None:
    assert people_in(card("阿依古丽•买买提", WANG), TODAY)[0].name == "阿依古丽·买买提"


@given(numbers(), st.integers(0, 17), st.sampled_from("0123456789"))
def test_one_digit_read_wrong_is_never_proposed(number: str, at: int, digit: str) -> None:
    bent = number[:at] + digit + number[at + 1 :]
    found = people_in(card("王桂英", bent), TODAY)
    assert [one.identity for one in found] == ([number] if bent == number else [])
