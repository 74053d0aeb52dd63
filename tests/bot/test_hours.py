"""When people answer: several spans, holidays, make-up days, the narrowest place first."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.calendar import WorkingDays
from bot.clock import SHANGHAI
from bot.errors import BadInput
from bot.hours import Hours

CONTENT = Path(__file__).parents[2] / "content"
WUHAN = ("420111", "420100", "420000", "000000")
CALENDAR = WorkingDays.of({date(2026, 10, 1): False, date(2026, 10, 2): False, date(2026, 10, 10): True})


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)


def hours(tmp_path: Path, *lines: str) -> Hours:
    path = tmp_path / "hours.csv"
    path.write_text("\n".join(["region,spans,note", *lines]), encoding="utf-8")
    return Hours.from_csv(path)


@pytest.mark.parametrize(
    ("now", "is_open"),
    [
        (at(25, 8, 29), False),
        (at(25, 8, 30), True),
        (at(25, 11, 59), True),
        (at(25, 12, 0), False),
        (at(25, 13, 30), True),
        (at(25, 17, 0), False),
        (at(28, 10), False),  # a Saturday
        (at(1, 10, month=10), False),  # a Thursday, and National Day
        (at(10, 10, month=10), True),  # a Saturday that is worked
        (at(10, 12, 30, month=10), False),
    ],
)
def test_open_or_not(now: datetime, is_open: bool) -> None:
    assert Hours.from_csv(CONTENT / "hours.csv").open(now, WUHAN, CALENDAR) is is_open


def test_the_narrowest_place_has_its_own(tmp_path: Path) -> None:
    made = hours(tmp_path, "000000,mon-fri 09:00-17:00,", "420100,mon-fri 08:00-12:00 14:00-18:00; sat 09:00-12:00,")
    assert made.open(at(28, 10), WUHAN, CALENDAR)
    assert not made.open(at(28, 10), ("000000",), CALENDAR)
    assert made.said(WUHAN) == "周一到周五08:00—12:00、14:00—18:00，周六09:00—12:00"


def test_the_next_time_somebody_is_there() -> None:
    made = Hours.from_csv(CONTENT / "hours.csv")
    start, end = made.next_span(at(27, 18), WUHAN, CALENDAR) or pytest.fail("never")
    assert (start, end) == (at(30, 8, 30), at(30, 12))  # Friday evening to Monday
    assert (made.next_span(at(25, 12, 30), WUHAN, CALENDAR) or pytest.fail("never"))[0] == at(25, 13, 30)
    assert (made.next_span(at(30, 20, month=9), WUHAN, CALENDAR) or pytest.fail("never"))[0] == at(5, 8, 30, month=10)


@pytest.mark.parametrize(
    ("now", "minutes", "then"),
    [
        (at(25, 10), 10, at(25, 10, 10)),
        (at(25, 11, 55), 10, at(25, 13, 35)),  # over lunch
        (at(25, 16, 58), 10, at(26, 8, 38)),  # into the next morning
        (at(25, 12, 30), 10, at(25, 13, 40)),
        (at(27, 16, 55), 10, at(30, 8, 35)),  # over a weekend
        (at(30, 16, 59, month=9), 2, at(5, 8, 31, month=10)),  # over a holiday
        (at(25, 10), 7 * 60, at(26, 10)),
    ],
)
def test_only_time_in_which_people_are_there_counts(now: datetime, minutes: int, then: datetime) -> None:
    made = Hours.from_csv(CONTENT / "hours.csv")
    assert made.after(now, timedelta(minutes=minutes), WUHAN, CALENDAR) == then
    assert Hours().after(now, timedelta(minutes=minutes), WUHAN, CALENDAR) == now + timedelta(minutes=minutes)


def test_without_a_file_somebody_may_always_be_there() -> None:
    assert Hours().open(at(28, 3), WUHAN, CALENDAR)
    assert Hours().next_span(at(28, 3), WUHAN, CALENDAR) is None
    assert Hours().said(WUHAN) == ""


@pytest.mark.parametrize(
    "line",
    [
        "420100,mon-fri,",
        "420100,mon-fri 9:00-12:00,",
        "420100,mon-fri 12:00-09:00,",
        "420100,mon-fri 08:00-12:00 11:00-17:00,",
        "420100,fri-mon 08:00-12:00,",
        "420100,mon 25:00-26:00,",
        "420100,xyz 08:00-12:00,",
        "420100,mon 08:00-12:00; mon-fri 09:00-10:00,",
        "武汉,mon 08:00-12:00,",
        "420100,,",
    ],
)
def test_a_line_that_is_not_understood_is_named(tmp_path: Path, line: str) -> None:
    with pytest.raises(BadInput, match=r"line 2 of hours\.csv"):
        hours(tmp_path, line)


def test_the_same_place_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="line 3"):
        hours(tmp_path, "420100,mon 08:00-12:00,", "420100,tue 08:00-12:00,")
