"""What follows from what was told: income a head, shares, sums over members, and what is still worth asking."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.forms.model import Given, State
from bot.programmes.facts import Household, monthly
from bot.programmes.figures import Figure
from bot.programmes.sheets import from_answers

DAY = date(2026, 11, 25)
BOTH = Figure("重庆市", (Decimal(770),) * 2, (Decimal(630),) * 2, True, "2025年7月1日", "某文件")
OLD = Figure("武汉市", (Decimal(940),) * 2, (Decimal(820),) * 2, False, "2023年6月14日", "某文件")


def household(figure: Figure | None = None, **told: Any) -> Household:
    return Household(told, DAY, lambda programme, region, day: figure, asked=())


def money(low: str, high: str | None = "", per: str = "month") -> dict[str, Any]:
    return {"low": low, "high": low if high == "" else high, "about": False, "per": per}


@pytest.mark.parametrize(
    ("said", "usual", "a_month"),
    [
        (money("1200"), "month", (1200, 1200)),
        (money("12000", per="year"), "month", (1000, 1000)),
        (money("100", per="day"), "month", (3000, 3000)),
        (money("24000", per=""), "year", (2000, 2000)),
        (money("2000", "3000"), "month", (2000, 3000)),
        (money("1000", None), "month", (1000, None)),
        (money("0"), "month", (0, 0)),
    ],
)
def test_an_amount_a_month(said: dict[str, Any], usual: str, a_month: tuple[int, int | None]) -> None:
    low, high = monthly(said, usual) or (None, None)
    assert low is not None
    assert (round(low), None if high is None else round(high)) == a_month


def test_income_a_head() -> None:
    assert household(household_income=money("1800"), household_size=3)["per_person_income"] == (600, 600)
    assert household(household_income=money("2000", "3000"), household_size=2)["per_person_income"] == (1000, 1500)


def test_income_a_head_lies_between_what_it_can_be_while_something_is_not_told() -> None:
    assert household()["per_person_income"] == (0, None)
    low, high = household(household_income=money("1800"))["per_person_income"]
    assert (low, high) == (60, 1800)
    assert household(household_size=3)["per_person_income"] == (0, None)


@given(low=st.integers(0, 9000), size=st.integers(1, 30))
def test_what_is_told_later_only_narrows_it(low: int, size: int) -> None:
    before = household(household_income=money(str(low)))["per_person_income"]
    after = household(household_income=money(str(low)), household_size=size)["per_person_income"]
    assert before[0] <= after[0] <= after[1] <= before[1]


def test_the_share_of_spending() -> None:
    told = household(household_income=money("2000"), rigid_spending=money("18000", per="year"))
    assert told["rigid_share"] == (75, 75)
    assert "rigid_share" not in dict.fromkeys(household(household_income=money("2000")))
    nothing_comes_in = household(household_income=money("0"), rigid_spending=money("18000", per="year"))
    assert nothing_comes_in["rigid_share"][0] >= 100
    assert nothing_comes_in["rigid_share"][1] is None


def test_a_standard_by_town_or_country() -> None:
    place = {"region": "500103", "detail": ""}
    assert household(BOTH, place=place, hukou_kind="urban")["figure.dibao"] == (770, 770)
    assert household(BOTH, place=place, hukou_kind="rural")["figure.dibao"] == (630, 630)
    assert household(BOTH, place=place)["figure.dibao"] == (630, 770)
    assert household(BOTH, place=place).refine("figure.dibao") == {"hukou_kind"}


def test_a_standard_that_is_not_on_file_is_more_than_nothing_and_no_more_is_known_of_it() -> None:
    place = {"region": "420106", "detail": ""}
    for figure in (OLD, None):
        told = household(figure, place=place, hukou_kind="urban")
        assert told["figure.dibao"] == (Decimal("0.01"), None)
        assert told.get("published.dibao") is None
        assert told.refine("figure.dibao") == frozenset()
    assert household(OLD).refine("figure.dibao") == {"place"}


def test_one_published_side_says_nothing_of_the_other() -> None:
    urban_only = Figure("东营市", (Decimal(620),) * 2, None, True, "2019年10月1日", "某文件")
    place = {"region": "370500", "detail": ""}
    assert household(urban_only, place=place, hukou_kind="rural")["figure.dibao"] == (Decimal("0.01"), None)
    assert household(urban_only, place=place)["figure.dibao"] == (Decimal("0.01"), None)


def test_what_was_asked_is_not_asked_again() -> None:
    asked = Household({}, DAY, lambda *_: None, asked=("household_size",))
    assert asked.refine("per_person_income") == {"household_income"}


def test_help_on_the_spot_goes_by_where_somebody_is() -> None:
    told = household(place={"region": "420106", "detail": ""}, place_now={"region": "120101", "detail": ""})
    assert told.region == "420106"
    assert told.here().region == "120101"
    assert household(place={"region": "420106", "detail": ""}).here().region == "420106"


def sheet(**said: Any) -> dict[str, Given]:
    return {path.replace("__", "."): Given(value) for path, value in said.items()}


def test_the_incomes_of_all_members_add_up() -> None:
    answers = sheet(
        members__1__income_wages=money("2300"), members__1__income_transfer=money("0"),
        members__2__income_wages=money("0"), members__2__income_transfer=money("1560", per="year"),
        income_business=money("0"), income_property=money("100", "200"), household_size=2,
    )  # fmt: skip
    low, high = from_answers(answers, DAY)["household_income"]
    assert (round(low), round(high)) == (2530, 2630)


def test_a_kind_of_income_nobody_spoke_of_leaves_the_sum_open() -> None:
    answers = sheet(members__1__income_wages=money("2300"), income_business=money("0"), income_property=money("0"))
    assert "household_income" not in from_answers(answers, DAY)
    unknown = {**answers, "members.1.income_transfer": Given(None, State.UNKNOWN)}
    assert "household_income" not in from_answers(unknown, DAY)


def test_a_sum_told_outright_goes_before_the_members() -> None:
    answers = sheet(household_income=money("900"), members__1__income_wages=money("2300"))
    assert from_answers(answers, DAY)["household_income"] == money("900")


def test_spending_of_the_last_twelve_months() -> None:
    answers = sheet(spending_medical=money("24000", per=""), spending_education=money("1000", per="month"))
    told = household(**from_answers(answers, DAY))
    assert told["rigid_spending"] == (3000, 3000)


def test_who_lives_there_is_seen_from_the_members() -> None:
    answers = sheet(
        members__1__identity="120101195001011232", members__1__health="ill", members__1__work="retired",
        members__2__identity="120101201501011231", members__2__work="student",
        members__3__disability_level="third", members__3__disability_kind="mind", members__3__work="jobless",
        members__3__labour="able", members__4__disability_level="second", members__4__work="jobless",
        members__4__labour="none", members__5__disability_level="fourth",
    )  # fmt: skip
    people = from_answers(answers, DAY)["people"]
    assert people == ["child", "disabled", "elder", "ill", "jobless", "mental", "severe", "student"]


def test_the_day_somebody_turns_sixty() -> None:
    answers = sheet(members__1__identity="120101196611261238")
    assert from_answers(answers, date(2026, 11, 25))["people"] == []
    assert from_answers(answers, date(2026, 11, 26))["people"] == ["elder"]


def test_where_the_register_is_comes_from_the_application() -> None:
    place = {"region": "120101", "detail": "某街道"}
    assert from_answers(sheet(hukou=place), DAY)["place"] == place
