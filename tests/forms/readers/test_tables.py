"""What residents write and what is kept of it, kind by kind: tests/forms/tables/. All of it, or a refusal that says why."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.forms.model import Field, Given
from bot.forms.readers import Context, NotAnAnswer, Refused, Result, Said, read, valid
from tests.forms import household
from tests.forms.household import FORM
from tests.forms.published import DAY, ROOT, regions
from tests.forms.walk import identity

TABLES = Path(__file__).parents[1] / "tables"
HUKOU = {"region": "420111", "detail": "关山街道葛光社区"}


def rows(name: str) -> Any:
    return yaml.load((TABLES / f"{name}.yml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def _money(value: Any) -> str:
    low, high = value["low"], value["high"]
    amount = low if low == high else f"{low}..{high or ''}"
    return amount + (" about" if value["about"] else "") + (f" per {value['per']}" if value["per"] else "")


def _date(value: Any) -> str:
    return f"{value['first']}..{value['last']}" + (" about" if value["about"] else "")


TABLE: dict[str, tuple[Field, Callable[[Any], Any]]] = {
    "money": (household.WAGES, _money),
    "number": (household.SIZE, str),
    "date": (household.SINCE, _date),
    "name": (household.NAME, str),
    "yes_no": (household.BORROWED, lambda value: "yes" if value else "no"),
    "choice": (household.HEALTH, str),
    "choices": (household.OWNED, list),
    "address": (household.HOME, lambda value: f"{value['region']} {value['detail']}"),
}
ROWS = [
    pytest.param(field, written, said, expected, id=f"{name} {said}")
    for name, (field, written) in TABLE.items()
    for said, expected in rows(name).items()
]


def heard(field: Field, said: str) -> Result:
    form = household.FORM
    steps_ = (*form.steps, household.Step("hukou", household.HUKOU.ask, (household.Asked(household.HUKOU),)))
    form = household.Form(form.id, form.title, steps_, form.members)
    result = read(field, said, Context(DAY, regions(), form, {"hukou": Given(HUKOU)}))
    if isinstance(result, Said):
        assert valid(field, result.value, DAY)
    return result


@pytest.mark.parametrize(("field", "written", "said", "expected"), ROWS)
def test_what_is_said_is_what_is_kept(field: Field, written: Callable[[Any], Any], said: str, expected: Any) -> None:
    result = heard(field, said)
    if expected == "-":
        assert isinstance(result, NotAnAnswer)
    elif isinstance(expected, str) and expected.startswith("! "):
        assert isinstance(result, Refused)
        assert result.key == expected[2:]
    else:
        assert isinstance(result, Said), result
        assert written(result.value) == expected


@pytest.mark.parametrize("row", rows("identity"), ids=lambda row: f"{row['said']} {row.get('first', '')}")
def test_an_identity_number_has_one_clear_reason(row: dict[str, str]) -> None:
    number = ""
    if first := row.get("first"):
        number = identity(first[:17])
        if first.endswith("≠"):
            number = number[:17] + "0123456789X"["0123456789X".index(number[17]) - 1]
    result = heard(household.IDENTITY, row["said"].replace("{}", number))
    if row["is"] == "ok":
        assert result == Said(number)
    elif row["is"] == "none":
        assert isinstance(result, NotAnAnswer)
    else:
        assert isinstance(result, Refused)
        assert result.key == row["is"]


@pytest.mark.parametrize("field", [household.PHONE, household.CARD], ids=lambda field: field.kind)
def test_a_phone_and_a_bank_card_have_one_clear_reason(field: Field) -> None:
    for said, expected in rows("phone" if field is household.PHONE else "bank_card").items():
        result = heard(field, said)
        if expected == "ok":
            wanted = "13800001234" if field is household.PHONE else ("4" + "1" * 15, "6217000010001234569")
            assert isinstance(result, Said), said
            assert result.value in wanted, said
        elif expected == "none":
            assert isinstance(result, NotAnAnswer), said
        else:
            assert isinstance(result, Refused), said
            assert result.key == expected, said


def test_an_identity_number_is_no_bank_card() -> None:
    result = heard(household.CARD, household.WANG)
    assert isinstance(result, Refused)
    assert result.key == "form_card_is_identity"


def test_the_number_of_another_member_is_asked_again() -> None:
    filled = household.sheet(household.PEOPLE)
    result = read(household.IDENTITY, household.LI, household.context(filled, member=3))
    assert isinstance(result, Refused)
    assert result.key == "form_identity_twice"
    assert read(household.IDENTITY, household.BAO, household.context(filled, member=3)) == Said(household.BAO)


def test_a_name_of_several_places_is_offered_and_the_talk_narrows_it() -> None:
    result = heard(household.HOME, "鼓楼区中山路5号")
    assert isinstance(result, Refused)
    assert len(result.options) == 4
    assert all(valid(household.HOME, value, DAY) for _, value in result.options)
    near = Context(DAY, regions(), FORM, region="320100")
    assert read(household.HOME, "鼓楼区中山路5号", near) == Said({"region": "320106", "detail": "中山路5号"})


def test_a_street_alone_is_in_the_county_of_the_talk() -> None:
    near = Context(DAY, regions(), FORM, region="420111")
    assert read(household.HOME, "关山街道1号", near) == Said({"region": "420111", "detail": "关山街道1号"})


def test_every_refusal_has_words() -> None:
    """A reason nobody can read out is none."""
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot" / "forms").rglob("*.py"))
    words = yaml.safe_load((ROOT / "content" / "words.yml").read_text(encoding="utf-8"))["words"]
    keys = set(re.findall(r'Refused\(\s*"(\w+)"', code)) | set(re.findall(r'key = "(form_\w+)"', code))
    prefixes = {"form_identity", "form_phone"}
    keys |= {f"{prefix}_{end}" for prefix in prefixes for end in ("short", "long")}
    assert sorted(keys - set(words) - {"refused_consent"}) == []
    assert len(keys) > 25
