"""The table of moves is whole, and a receipt number survives being read aloud, typed and mistyped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import WorkingDays
from bot.cases import (
    DIGITS,
    MOVES,
    STATES,
    check_digit,
    check_move,
    due,
    new_number,
    number_is_valid,
    read_number,
    show_number,
)
from bot.errors import Conflict
from bot.people import mask

BODIES = st.text("0123456789", min_size=DIGITS - 1, max_size=DIGITS - 1)
NUMBERS = BODIES.map(lambda body: body + check_digit(body))


def test_every_state_is_in_the_table_and_leads_only_to_states() -> None:
    assert set(MOVES) == set(STATES)
    assert {new for allowed in MOVES.values() for new in allowed} <= set(STATES)


def test_every_state_can_be_reached_from_a_draft() -> None:
    reached, open_ends = {"draft"}, ["draft"]
    while open_ends:
        fresh = MOVES[open_ends.pop()] - reached
        reached |= fresh
        open_ends += fresh
    assert reached == set(STATES)


def test_every_state_that_is_not_final_leads_on() -> None:
    assert {code for code in STATES if not MOVES[code]} == {"withdrawn"}
    assert all(state.final or MOVES[code] for code, state in STATES.items())


def test_nobody_is_cut_without_being_heard_while_reviewed() -> None:
    assert "reducing" in MOVES["recheck"] & MOVES["paying"]
    assert "stopped" in MOVES["reducing"]
    assert "paying" in MOVES["reducing"]


@pytest.mark.parametrize("code", list(STATES))
def test_a_resident_is_told_what_who_and_what_next_in_short_plain_words(code: str) -> None:
    state = STATES[code]
    for words in (state.name, state.meaning, state.who, state.next):
        assert words
    for words in (state.meaning, state.next, state.object):
        assert all(len(sentence) <= 25 for sentence in words.split("。")), words
    said = f"{state.name}{state.meaning}{state.next}{state.object}"
    assert not [banned for banned in ("您不符合", "不符合条件", "一定能", "保证") if banned in said]


def test_a_refusal_and_a_cut_say_how_to_object() -> None:
    for code in ("rejected", "stopped"):
        assert "行政复议" in STATES[code].object
    assert STATES["reducing"].object


def test_moves_are_refused_with_what_is_allowed() -> None:
    check_move("submitted", "accepted")
    check_move("need_more", "need_more")  # another paper is still missing
    with pytest.raises(Conflict, match="cannot go from submitted to paying; from there it goes to accepted、"):
        check_move("submitted", "paying")
    with pytest.raises(Conflict, match="cannot go from withdrawn to accepted; from there it goes to nothing"):
        check_move("withdrawn", "accepted")
    with pytest.raises(Conflict, match="no state 'lost'"):
        check_move("submitted", "lost")
    with pytest.raises(Conflict):
        check_move("lost", "accepted")


def test_numbers_are_thirteen_digits_and_never_the_same() -> None:
    numbers = {new_number() for _ in range(500)}
    assert len(numbers) == 500
    assert all(number_is_valid(number) for number in numbers)
    assert len({number[0] for number in numbers}) == 10


def test_the_check_digit_is_that_of_the_standard() -> None:
    # ISO/IEC 7064 prints 0794 → 5 as its example of MOD 11,10.
    assert check_digit("0794") == "5"


@given(NUMBERS)
def test_a_number_is_read_however_it_is_typed(number: str) -> None:
    shown = show_number(number)
    full_width = "".join(chr(ord(digit) + 0xFEE0) for digit in number)
    typed = [
        number,
        shown,
        shown.replace(" ", "-"),
        shown.replace(" ", "　"),
        full_width,
        "​".join(number),
        f" {shown} ",
    ]
    typed += [f"我的编号是{shown}，帮我查查", f"编号：{number}。", f"3口人 {shown} 谢谢"]
    for text in typed:
        assert read_number(text) == number, text


@given(NUMBERS, st.integers(0, DIGITS - 1), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(number: str, at: int, shift: int) -> None:
    wrong = number[:at] + str((int(number[at]) + shift) % 10) + number[at + 1 :]
    assert not number_is_valid(wrong)
    assert read_number(wrong) is None


def test_two_digits_that_changed_places_are_noticed_nearly_always() -> None:
    swapped = missed = 0
    for body in (f"{n * 7919:012}" for n in range(3000)):
        number = body + check_digit(body)
        for at in range(DIGITS - 1):
            if number[at] != number[at + 1]:
                swapped += 1
                missed += number_is_valid(number[:at] + number[at + 1] + number[at] + number[at + 2 :])
    assert missed / swapped < 0.03


@pytest.mark.parametrize(
    "text", ["", "13800001234", "420106195001011234", "一二三", "١٢٣٤٥٦٧٨٩٠١٢٣", "1234 5678 9012", "x" * 10_000]
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert read_number(text) is None


def test_no_mask_takes_a_receipt_for_something_private() -> None:
    for number in (new_number() for _ in range(300)):
        for form in (number, show_number(number), f"编号{show_number(number)}"):
            assert mask(form)[0] == form


def test_a_long_run_of_digits_is_looked_through_in_no_time() -> None:
    assert read_number("1 " * 50_000) in (None, read_number("1 " * 13))


@dataclass(frozen=True)
class OneStage:
    state: str
    days: int
    working: bool = True
    counts_from: str = ""


FRIDAY = date(2026, 11, 27)


def test_the_deadline_of_a_stage_counts_from_the_day_after() -> None:
    stages = [OneStage("accepted", 30), OneStage("publicizing", 7, working=False), OneStage("reviewing", 0)]
    calendar = WorkingDays.of({date(2026, 1, 1): False})
    accepted = due(stages, "accepted", FRIDAY, calendar)
    publicized = due(stages, "publicizing", FRIDAY, calendar)
    assert accepted is not None
    assert publicized is not None
    assert (accepted.day, accepted.sure) == (date(2027, 1, 8), False)
    assert str(accepted) == "约2027年1月8日"
    assert (publicized.day, str(publicized)) == (date(2026, 12, 4), "2026年12月4日")
    assert due(stages, "reviewing", FRIDAY, calendar) is None
    assert due(stages, "submitted", FRIDAY, calendar) is None


def test_a_stage_may_count_from_an_earlier_one() -> None:
    stages = [OneStage("investigating", 5, counts_from="accepted")]
    calendar = WorkingDays.of({date(2026, 1, 1): False})
    counted = due(stages, "investigating", date(2026, 12, 2), calendar, {"accepted": FRIDAY})
    assert counted is not None
    assert counted.day == date(2026, 12, 4)
    assert due(stages, "investigating", date(2026, 12, 2), calendar) is None
