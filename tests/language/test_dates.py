"""Times as residents say them, as of a day that is given."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.dates import Days, parse

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("said", "first", "last", "about"),
    [
        ("2020年", "2020-01-01", "2020-12-31", False),
        ("二〇二〇年三月", "2020-03-01", "2020-03-31", False),
        ("20年5月", "2020-05-01", "2020-05-31", False),
        ("今年3月", "2026-03-01", "2026-03-31", False),
        ("3月", "2026-03-01", "2026-03-31", False),
        ("12月", "2025-12-01", "2025-12-31", False),
        ("三月十五", "2026-03-15", "2026-03-15", False),
        ("上个月", "2026-10-01", "2026-10-31", False),
        ("上个月15号", "2026-10-15", "2026-10-15", False),
        ("上月底", "2026-10-21", "2026-10-31", True),
        ("去年腊月", "2026-01-18", "2026-02-16", True),
        ("去年春节", "2025-01-28", "2025-02-04", True),
        ("大年初三", "2026-02-19", "2026-02-19", False),
        ("前年冬天", "2024-12-01", "2025-02-28", True),
        ("昨天", "2026-11-24", "2026-11-24", False),
        ("上周三", "2026-11-18", "2026-11-18", False),
        ("三个月前", "2026-08-25", "2026-08-25", True),
        ("半年前", "2026-05-25", "2026-05-25", True),
        ("10天前", "2026-11-15", "2026-11-15", False),
        ("2026年7月1日起", "2026-07-01", "2026-07-01", False),
        ("20200305", "2020-03-05", "2020-03-05", False),
    ],
)
def test_as_people_say_it(said: str, first: str, last: str, about: bool) -> None:
    assert parse(said, TODAY) == Days(date.fromisoformat(first), date.fromisoformat(last), about)


@pytest.mark.parametrize("said", ["不知道", "61岁", "30年", "3个月", "几天前", "2月30号", "2020年13月1日", ""])
def test_what_cannot_be_placed(said: str) -> None:
    assert parse(said, TODAY) is None


@given(st.dates(date(1950, 1, 1), date(2035, 12, 31)))
def test_a_full_date_is_that_day(day: date) -> None:
    assert parse(f"{day.year}年{day.month}月{day.day}日", TODAY) == Days(day, day)


@given(
    st.text(alphabet="去今前年上个月周星期三五十一2月0号底初腊正春节天前半日-./", max_size=12),
    st.dates(date(2011, 1, 1), date(2039, 1, 1)),
)
def test_nothing_raises_and_no_span_runs_backwards(text: str, today: date) -> None:
    days = parse(text, today)
    assert days is None or days.first <= days.last
