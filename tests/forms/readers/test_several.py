"""One message that answers several fields, or speaks of several people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.forms import steps
from bot.forms.model import Asked, Field, Kind
from bot.forms.readers import Context, Reading, read_step
from tests.forms import household
from tests.forms.household import BAO, FORM, LI, PEOPLE, WANG, context, sheet
from tests.forms.published import DAY, regions
from tests.forms.walk import identity

TABLES = Path(__file__).parents[1] / "tables"
TOGETHER = yaml.safe_load((TABLES / "together.yml").read_text(encoding="utf-8"))
SUMS = yaml.safe_load((TABLES / "sums.yml").read_text(encoding="utf-8"))


def of_one(fields: tuple[Field, ...], said: str, member: int = 0) -> Reading:
    return read_step({one.key: Asked(one) for one in fields}, said, Context(DAY, regions(), FORM, member=member))


@pytest.mark.parametrize(("said", "expected"), TOGETHER.items())
def test_people_are_told_apart_by_name_and_relation(said: str, expected: Any) -> None:
    filled = sheet(PEOPLE)
    at = steps.current(FORM, filled, DAY)
    assert at is not None
    assert at.id == "health"
    reading = read_step(at.fields, said, context(filled), over=True)
    if isinstance(expected, str):
        assert not reading.values
        assert {one.key for one in reading.refused.values()} == {expected[2:]}
    else:
        assert [reading.values.get(f"members.{n}.health", "-") for n in (1, 2, 3)] == expected
        assert reading.refused == {}


@pytest.mark.parametrize(("said", "expected"), SUMS.items())
def test_every_sum_goes_to_its_word(said: str, expected: Any) -> None:
    reading = of_one((household.WAGES, household.PENSION, household.RENT), said)
    if isinstance(expected, str):
        assert {one.key for one in reading.refused.values()} == {expected[2:]}
        assert [one.options[0][0] for one in reading.refused.values()] == ["工资", "养老金", "房租"]
    else:
        lows = [reading.values.get(key, {}).get("low", "-") for key in ("wages", "pension", "rent")]
        assert lows == [str(one) for one in expected]


def test_sums_of_several_people() -> None:
    filled = sheet(PEOPLE, {f"members.{n}.health": "well" for n in (1, 2, 3)})
    at = steps.current(FORM, filled, DAY)
    assert at is not None
    assert at.id == "sums"
    reading = read_step(at.fields, "我打零工一千五，老伴退休金两千，孙子没有", context(filled), over=True)
    low = {path: value["low"] for path, value in reading.values.items()}
    assert low == {"members.1.wages": "1500", "members.2.pension": "2000"} | {
        f"members.3.{key}": "0" for key in ("wages", "pension", "rent")
    }
    reading = read_step(at.fields, "我工资两千三，老伴养老金一百三，别的没有", context(filled), over=True)
    assert len(reading.values) == 9
    assert [path for path, value in reading.values.items() if value["low"] != "0"] == [
        "members.1.wages",
        "members.2.pension",
    ]


def test_a_sum_of_two_people_is_asked_of_each() -> None:
    filled = sheet(PEOPLE, {f"members.{n}.health": "well" for n in (1, 2, 3)})
    at = steps.current(FORM, filled, DAY)
    assert at is not None
    reading = read_step(at.fields, "我们俩养老金一共三百", context(filled), over=True)
    assert reading.values == {}
    assert {one.key for one in reading.refused.values()} == {"form_money_each"}


@pytest.mark.parametrize(
    "said",
    [
        f"王桂英 {WANG} 13800001234",
        f"我叫王桂英，身份证号{WANG}，电话13800001234",
        f"13800001234，王桂英，{WANG}",
        f"王桂英\n{WANG[:6]} {WANG[6:14]} {WANG[14:]}\n138 0000 1234",
        f"王桂英{WANG}手机13800001234",
    ],
)
def test_name_and_numbers_in_one_line(said: str) -> None:
    reading = of_one((household.NAME, household.IDENTITY, household.PHONE), said, 1)
    assert reading.values == {"name": "王桂英", "identity": WANG, "phone": "13800001234"}
    assert reading.refused == {}


@pytest.mark.parametrize(
    "said",
    [
        f"老伴 李建国 {LI}",
        f"李建国，老伴，身份证{LI}",
        f"老伴李建国{LI}",
        f"我老公叫李建国，身份证号是{LI}",
        f"丈夫李建国，{LI}",
    ],
)
def test_relation_name_and_number_in_one_line(said: str) -> None:
    reading = of_one((household.NAME, household.RELATION, household.IDENTITY), said, 2)
    assert reading.values == {"name": "李建国", "relation": "spouse", "identity": LI}


def test_what_is_right_is_kept_and_what_is_wrong_has_its_reason() -> None:
    reading = of_one((household.NAME, household.IDENTITY), f"王桂英 {WANG[:-1]}")
    assert reading.values == {"name": "王桂英"}
    assert reading.refused["identity"].key == "form_identity_short"
    assert reading.refused["identity"].marks == {"number": "1"}


def test_a_story_is_kept_whole_and_read_for_the_rest() -> None:
    fields = (household.REASON, household.SINCE, household.STORY)
    reading = of_one(fields, "去年腊月我老公出了车祸，腿断了，没法干活。")
    assert reading.values["reason"] == "accident"
    assert reading.values["since"]["first"] == "2026-01-18"
    assert reading.values["story"] == "去年腊月我老公出了车祸，腿断了，没法干活"
    assert set(of_one(fields, "生病").values) == {"reason"}


def test_numbers_with_their_units() -> None:
    count = Field("count", "几套房", Kind.NUMBER, "几套？", words=("套",))
    area = Field("area", "面积", Kind.NUMBER, "多大？", words=("平", "平方"))
    assert of_one((count, area), "一套八十平").values == {"count": 1, "area": 80}
    assert of_one((count, area), "八十平，一套").values == {"count": 1, "area": 80}
    assert of_one((area, count), "85.5平").values == {"area": 85.5}


def test_two_phones_are_told_apart_by_their_words() -> None:
    other = Field("other", "紧急联系人电话", Kind.PHONE, "紧急联系人的电话？", words=("联系人电话",))
    reading = of_one((household.PHONE, other), "我的手机13800001234，紧急联系人电话13900001234")
    assert reading.values == {"phone": "13800001234", "other": "13900001234"}


def test_two_grandsons_of_one_name_are_nobody() -> None:
    twins = dict(PEOPLE) | {"members.2.relation": "grandchild"}
    filled = sheet(twins)
    at = steps.current(FORM, filled, DAY)
    assert at is not None
    assert read_step(at.fields, "孙子残疾，我健康", context(filled), over=True).values == {"members.1.health": "well"}
    both = read_step(at.fields, "两个孙子都健康，我重病", context(filled), over=True)
    assert both.values == {"members.1.health": "sick", "members.2.health": "well", "members.3.health": "well"}


def test_a_son_and_a_daughter_are_told_apart_by_their_numbers() -> None:
    girl = identity(BAO[:16] + "2")
    children = {"members.2.relation": "child", "members.3.relation": "child", "members.3.identity": girl}
    children = dict(PEOPLE) | children
    filled = sheet(children)
    at = steps.current(FORM, filled, DAY)
    assert at is not None
    reading = read_step(at.fields, "儿子健康，女儿残疾，我健康", context(filled), over=True)
    assert [reading.values[f"members.{n}.health"] for n in (1, 2, 3)] == ["well", "well", "disabled"]
