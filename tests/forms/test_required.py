"""Every application asks what an office's form needs: row by row, for each programme, and when it must be asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from bot.forms.model import Asked, Step
from tests.forms.published import APPLICATIONS, HOUSEHOLD, SMALL, form

ALWAYS: Mapping[str, Any] = {}
ADULT, CHILD = {"age": 40, "member": 2}, {"age": 9, "member": 2}
# What the office's form calls it, our fields, and the facts under which they have to be asked.
EVERYBODY = [
    ("告知与同意", ("notice",), ALWAYS),
    ("敏感信息单独同意", ("sensitive",), ALWAYS),
    ("申请方式", ("apply_as",), ALWAYS),
    ("委托手续", ("delegation", "helper_name", "helper_identity", "helper_phone"), {"apply_as": "other"}),
    ("和申请人的关系", ("helper_relation", "helper_agreed"), {"apply_as": "guardian"}),
    ("申请人姓名、证件、电话", ("name", "identity", "phone"), {"member": 1}),
    ("已享受待遇", ("benefits",), ALWAYS),
    ("家庭人口", ("household_size",), ALWAYS),
    ("困难原因和时间", ("reasons", "reasons_since"), ALWAYS),
    ("真实性承诺", ("truth",), ALWAYS),
]
FULL = [
    *EVERYBODY,
    ("户籍地址", ("hukou", "lives"), ALWAYS),
    ("经常居住地址", ("address",), {"lives": "other"}),
    ("居住证", ("residence_permit",), {"lives": "other"}),
    ("居住证签发地、有效期", ("permit_place", "permit_until"), {"residence_permit": True}),
    ("成员姓名、关系、证件", ("name", "relation", "identity"), {"member": 2}),
    ("成员健康", ("health",), CHILD),
    ("成员劳动能力", ("labour",), ADULT),
    ("成员残疾类别等级", ("disability_kind", "disability_level"), {"health": "disabled"}),
    ("成员就业", ("work",), CHILD),
    ("成员在读", ("study",), {"work": "student"}),
    ("成员婚姻", ("marital",), {**ADULT, "relation": "child"}),
    ("一个人住也问婚姻", ("marital",), {"member": 1}),
    ("申请人婚姻", ("marital",), {"age": 60, "member": 1, "members.relation": ["child"]}),
    ("不计入成员情形", ("excluded",), ALWAYS),
    ("工资性收入、必要就业成本", ("income_wages", "work_cost"), {**ADULT, "benefits": []}),
    ("经营、财产、转移净收入", ("income_business", "income_property", "income_transfer"), {**ADULT, "benefits": []}),
    ("不知道年龄时也问收入", ("income_wages",), {"member": 2, "benefits": []}),
    ("房产", ("home",), {"benefits": []}),
    ("房产面积", ("home_area",), {"home": "own", "benefits": []}),
    (
        "房产套数、面积、产权、用途",
        ("house_count", "house_area", "house_title", "house_use"),
        {"assets": ["second_house"]},
    ),
    ("车辆船舶农机、存款、市场主体", ("assets",), {"benefits": []}),
    ("车辆类型、用途", ("vehicle_kind", "vehicle_use"), {"assets": ["car"]}),
    ("存款与金融资产", ("savings_amount",), {"assets": ["savings"]}),
    ("市场主体登记", ("business_kind", "business_state"), {"assets": ["business"]}),
    ("送达方式", ("delivery", "visit"), ALWAYS),
    ("核对授权", ("check",), {"apply_as": "self"}),
    ("未成年人由监护人", ("guardian",), {"apply_as": "self", "minors": 1}),
]
RELATIVES = [
    ("近亲属申报、非共同生活义务人", ("ties",), ALWAYS),
    ("非共同生活义务人是谁", ("obligors",), {"ties": ["obligors"]}),
    ("近亲属是谁", ("officials_who",), {"ties": ["officials"]}),
]
SPENDING = [
    (
        "刚性支出(近12个月)",
        ("spending_living", "spending_medical", "spending_education", "spending_rehabilitation", "spending_other"),
        ALWAYS,
    )
]
PLACE = [("急难发生地", ("emergency_place",), ALWAYS)]
REQUIRED = {
    "dibao": [*FULL, *RELATIVES],
    "bianyuan": [*FULL, *RELATIVES],
    "gangxing": [*FULL, *RELATIVES, *SPENDING],
    "tekun": [
        *FULL,
        ("赡养、抚养、扶养情况", ("supporters",), ALWAYS),
        ("法定义务人是谁", ("obligors",), {"supporters": "weak"}),
        ("近亲属申报", ("officials",), ALWAYS),
        ("近亲属是谁", ("officials_who",), {"officials": True}),
        ("生活自理能力", ("self_care",), ALWAYS),
    ],
    "linshi_jinan": [*FULL, *RELATIVES, *PLACE],
    "linshi_zhichu": [*FULL, *RELATIVES, *SPENDING, *PLACE],
    SMALL: [*EVERYBODY, *PLACE, ("今晚吃住", ("tonight",), ALWAYS)],
}
ROWS = [pytest.param(name, *row, id=f"{name} {row[0]}") for name, rows in REQUIRED.items() for row in rows]
ACCOUNT = ("account_name", "bank_name", "bank_account")


def asked(name: str, key: str) -> list[tuple[Step, Asked]]:
    return [(step, one) for step in form(name).steps for one in step.fields if one.field.key == key]


def holds(step: Step, one: Asked, facts: Mapping[str, Any]) -> bool:
    return all(test is None or test(facts) is True for test in (step.when, one.when))


@pytest.mark.parametrize(("name", "row", "keys", "facts"), ROWS)
def test_what_the_office_needs_is_asked(name: str, row: str, keys: tuple[str, ...], facts: Mapping[str, Any]) -> None:
    for key in keys:
        ways = [one for step, one in asked(name, key) if holds(step, one, facts)]
        assert ways, f"{row}: {name} does not ask {key}"
        assert all(one.required or one.default is not None for one in ways), f"{row}: {key} may be left open"


def test_every_application_is_in_the_table() -> None:
    assert set(REQUIRED) == set(APPLICATIONS)


@pytest.mark.parametrize("name", HOUSEHOLD)
def test_an_account_may_be_given_later(name: str) -> None:
    assert all(not one.required for key in ACCOUNT for _, one in asked(name, key))
    assert all(one.required for key in ACCOUNT for _, one in asked("bank", key))


@pytest.mark.parametrize("name", HOUSEHOLD)
def test_children_are_not_asked_for_wages_and_couples_not_whether_they_are_married(name: str) -> None:
    assert not any(holds(step, one, {**CHILD, "benefits": []}) for step, one in asked(name, "income_wages"))
    for one_of_them in ({**ADULT, "relation": "spouse"}, {"age": 60, "member": 1, "members.relation": ["spouse"]}):
        assert not any(holds(step, one, one_of_them) for step, one in asked(name, "marital"))


@pytest.mark.parametrize("name", ["linshi_jinan", "linshi_zhichu"])
@pytest.mark.parametrize("known", ["dibao", "bianyuan", "gangxing"])
def test_who_was_found_poor_before_need_not_tell_income_and_property_again(name: str, known: str) -> None:
    for key in ("income_wages", "home", "assets"):
        assert not any(holds(step, one, {**ADULT, "benefits": [known]}) for step, one in asked(name, key))


@pytest.mark.parametrize("name", APPLICATIONS)
def test_a_helper_cannot_agree_to_the_check_for_the_applicant(name: str) -> None:
    for helper in ("family", "village", "other", "guardian"):
        assert not any(holds(step, one, {"apply_as": helper}) for step, one in asked(name, "check"))


@pytest.mark.parametrize("name", APPLICATIONS)
def test_nothing_is_asked_before_both_consents(name: str) -> None:
    first = [one.field.key for step in form(name).steps for one in step.fields][:2]
    assert first == ["notice", "sensitive"]
