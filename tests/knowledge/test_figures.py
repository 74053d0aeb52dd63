"""Which figure a place has on a day: current, last published, history or none; never a neighbour's."""

from __future__ import annotations

from datetime import date

import pytest

from bot.knowledge.figures import FigureState, choose, judge, months_later
from bot.knowledge.standards import Standard, Start


def row(value: str, start: str = "", last: str = "", **more: object) -> Standard:
    values: dict[str, object] = {
        "region": "510100", "region_name": "成都市", "area": "", "programme": "dibao", "urban": value, "rural": value,
        "unit": "month", "start": Start.read(start), "last": date.fromisoformat(last) if last else None,
        "document": "文", "verified": "yes", "say": "", "note": "", "counties": (),
    }  # fmt: skip
    return Standard(**{**values, **more})  # type: ignore[arg-type]


def shown(rows: list[Standard], asked: str, day: str) -> list[tuple[str, str, FigureState]]:
    return [(line.urban, line.rural, line.state) for line in choose(rows, asked, date.fromisoformat(day))]


CLOSED, OPEN, BEFORE = row("1", "2023-07-01", "2024-06-30"), row("2", "2024-07-01"), row("0", "", "2023-06-30")


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2023-06-30", None), ("2023-07-01", FigureState.CURRENT), ("2024-06-30", FigureState.CURRENT),
        ("2024-07-01", FigureState.HISTORY),
    ],
)  # fmt: skip
def test_a_figure_with_both_days_is_current_on_each_of_them(day: str, state: FigureState | None) -> None:
    judged = judge(CLOSED, date.fromisoformat(day))
    assert (judged and judged[0]) == state


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2024-06-30", None), ("2024-07-01", FigureState.LAST_PUBLISHED), ("2025-12-31", FigureState.LAST_PUBLISHED),
        ("2026-01-01", FigureState.HISTORY),
    ],
)  # fmt: skip
def test_a_figure_without_a_last_day_is_last_published_for_eighteen_months(day: str, state: FigureState | None) -> None:
    judged = judge(OPEN, date.fromisoformat(day))
    assert (judged and judged[0]) == state


def test_a_value_known_only_by_its_end_is_never_more_than_history() -> None:
    assert judge(BEFORE, date(2023, 6, 30)) == (FigureState.HISTORY, date(2023, 6, 30))
    assert judge(BEFORE, date(2021, 1, 1)) is None, "it says nothing of the years before"


def test_the_next_row_takes_over() -> None:
    rows = [BEFORE, CLOSED, OPEN]
    assert shown(rows, "510100", "2023-06-01") == [("0", "0", FigureState.HISTORY)]
    assert shown(rows, "510100", "2024-01-01") == [("1", "1", FigureState.CURRENT)]
    assert shown(rows, "510100", "2025-01-01") == [("2", "2", FigureState.LAST_PUBLISHED)]
    assert shown(rows, "510100", "2010-01-01") == []


CITY = row("9", "2025-01-01", area="主城", counties=("510104",))
COUNTY = row("8", "2025-01-01", area="郊县", counties=("510121",))


def test_a_county_sees_its_own_part_and_the_city_sees_all_parts() -> None:
    assert shown([CITY, COUNTY], "510104", "2025-02-01") == [("9", "9", FigureState.LAST_PUBLISHED)]
    assert shown([CITY, COUNTY], "510121", "2025-02-01") == [("8", "8", FigureState.LAST_PUBLISHED)]
    assert len(shown([CITY, COUNTY], "510100", "2025-02-01")) == 2
    assert shown([CITY, COUNTY], "510131", "2025-02-01") == [], "a county in no part gets no part's figure"


def test_a_newer_figure_for_the_whole_city_takes_over_from_an_older_one_of_a_part() -> None:
    whole = row("10", "2025-06-01", rural="")
    lines = shown([CITY, whole], "510104", "2025-07-01")
    assert sorted(lines) == [("", "9", FigureState.LAST_PUBLISHED), ("10", "", FigureState.LAST_PUBLISHED)]


def test_a_way_of_living_stands_beside_the_city_and_not_in_its_place() -> None:
    whole, apart = row("10", "2025-06-01", rural=""), row("7", "2025-06-01", area="农村集中供养", urban="")
    assert len(shown([whole, apart], "510104", "2025-07-01")) == 2


def test_urban_by_the_month_and_rural_by_the_year_are_two_lines() -> None:
    month, year = row("620", "2025-01", rural=""), row("5400", "2025-01", urban="", unit="year")
    assert shown([month, year], "510100", "2025-02-01") == [
        ("620", "", FigureState.LAST_PUBLISHED),
        ("", "5400", FigureState.LAST_PUBLISHED),
    ]


@pytest.mark.parametrize(
    ("written", "said"), [("2023", "2023年"), ("2023-07", "2023年7月"), ("2023-07-31", "2023年7月31日")]
)
def test_a_first_day_is_said_as_exactly_as_it_is_known(written: str, said: str) -> None:
    start = Start.read(written)
    assert start
    assert start.said == said


@pytest.mark.parametrize("written", ["2023-7", "2023-13", "2023-02-30", "23", "2023-07-01起", "２０２３"])
def test_anything_else_is_no_first_day(written: str) -> None:
    with pytest.raises(ValueError):
        Start.read(written)


def test_eighteen_months_end_in_a_shorter_month() -> None:
    assert months_later(date(2023, 8, 31), 18) == date(2025, 2, 28)
    assert months_later(date(2025, 7, 1), 18) == date(2027, 1, 1)
