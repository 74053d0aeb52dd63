"""Working days are counted by the State Council's holidays where they are announced, and honestly where they are not."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import Deadline, WorkingDays
from bot.errors import BadInput

CONTENT = Path(__file__).parents[2] / "content"
CALENDAR = WorkingDays.from_csv(CONTENT / "calendar.csv")
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))


def test_the_calendar_of_this_year_is_on_file() -> None:
    assert {2025, 2026} <= CALENDAR.years
    assert not CALENDAR.works(date(2026, 10, 1))  # 国庆节, a Thursday
    assert CALENDAR.works(date(2026, 10, 10))  # a Saturday that is worked for it
    assert CALENDAR.works(date(2026, 11, 25))
    assert not CALENDAR.works(date(2026, 11, 28))


@pytest.mark.parametrize(
    ("since", "days", "last"),
    [
        (date(2026, 11, 25), 1, date(2026, 11, 26)),
        (date(2026, 11, 27), 1, date(2026, 11, 30)),
        (date(2026, 9, 30), 1, date(2026, 10, 8)),  # over 国庆节
        (date(2026, 9, 30), 3, date(2026, 10, 10)),  # Thursday, Friday, and the Saturday that is worked
        (date(2026, 2, 13), 3, date(2026, 2, 25)),  # over 春节, the Saturday before it is worked
        (date(2026, 10, 1), 10, date(2026, 10, 20)),
    ],
)
def test_working_days_by_hand(since: date, days: int, last: date) -> None:
    assert CALENDAR.deadline(since, days) == Deadline(last, sure=True)


def test_a_year_nobody_announced_is_about() -> None:
    deadline = CALENDAR.deadline(date(2026, 12, 21), 30)
    assert not deadline.sure
    assert str(deadline) == "约2027年2月1日"


def test_calendar_days_need_no_calendar() -> None:
    assert WorkingDays().deadline(date(2026, 12, 28), 7, working=False) == Deadline(date(2027, 1, 4), sure=True)


def test_without_a_file_weekends_are_known_and_nothing_is_sure() -> None:
    assert WorkingDays().deadline(date(2026, 11, 27), 1) == Deadline(date(2026, 11, 30), sure=False)


def test_no_days_cannot_be_counted() -> None:
    with pytest.raises(BadInput, match="0 days cannot be counted"):
        CALENDAR.deadline(date(2026, 11, 27), 0)


@given(DAYS, st.integers(1, 60), st.integers(1, 60))
def test_two_times_one_after_the_other_are_their_sum(since: date, first: int, second: int) -> None:
    middle = CALENDAR.deadline(since, first).day
    assert CALENDAR.deadline(middle, second).day == CALENDAR.deadline(since, first + second).day


@given(DAYS, st.integers(1, 60))
def test_a_deadline_is_a_working_day_with_that_many_before_it(since: date, days: int) -> None:
    last = CALENDAR.deadline(since, days).day
    between = [since + timedelta(days=n) for n in range(1, (last - since).days + 1)]
    assert CALENDAR.works(last)
    assert sum(map(CALENDAR.works, between)) == days


HEAD = "day,kind,note,source\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("day,kind\n", r"columns of calendar\.csv must be day,kind,note,source"),
        (HEAD + "2026-13-01,holiday,,\n", r"line 2 of calendar\.csv is not a day"),
        (HEAD + "2026-01-01,feast,,\n", "line 2 .* and holiday or workday"),
        (HEAD + "2026-01-01,holiday,,\n2026-01-01,holiday,,\n", "line 3 .* names 2026-01-01 a second time"),
        (HEAD + "2026-01-03,holiday,,\n", "calls 2026-01-03 a holiday, which it is without the line"),
        (HEAD + "2026-01-05,workday,,\n", "calls 2026-01-05 a workday"),
        (HEAD + '"2026-01-01,holiday', "cannot be read"),
    ],
)
def test_a_broken_calendar_is_refused_by_the_line(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "calendar.csv").write_text(text, "utf-8")
    with pytest.raises(BadInput, match=said):
        WorkingDays.from_csv(tmp_path / "calendar.csv")


def test_a_missing_calendar_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"calendar\.csv cannot be read"):
        WorkingDays.from_csv(tmp_path / "calendar.csv")
