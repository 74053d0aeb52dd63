"""Corrections of earlier answers, in the words residents use for them: tests/forms/tables/corrections.yml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.forms import corrections, steps
from bot.forms.moves import Change, Correct, Which
from tests.forms.household import FORM, PEOPLE, REST, WANG, context, sheet
from tests.forms.walk import identity

TABLE = yaml.safe_load((Path(__file__).parent / "tables" / "corrections.yml").read_text(encoding="utf-8"))
HOME = {"home": {"region": "420111", "detail": "关山街道1号"}}
FILLED = sheet(PEOPLE, REST, HOME)
AT_SUMMARY = sheet(PEOPLE, REST, {"reason": "job"})


def corrected(said: str) -> Correct | Which | None:
    return corrections.hear(said, FORM, FILLED, context(FILLED))


def told(change: Change) -> Any:
    if change.refused:
        return f"! {change.refused.key}"
    if change.value is None:
        return "again"
    if isinstance(change.value, dict):
        return change.value.get("low") or change.value["detail"]
    return change.value


@pytest.mark.parametrize(("said", "expected"), TABLE.items())
def test_corrections_land_where_they_are_meant(said: str, expected: Any) -> None:
    found = corrected(said)
    if expected == "none":
        assert found is None
    elif expected == "which":
        assert isinstance(found, Which)
        assert len(found.paths) > 1
    else:
        assert isinstance(found, Correct), found
        assert {change.path: told(change) for change in found.changes} == expected


def test_the_last_digit_of_a_number() -> None:
    right = identity(WANG[:16] + "4")
    wrong = sheet(dict(PEOPLE) | {"members.1.identity": right}, REST)
    found = corrections.hear(f"我的身份证尾号是{WANG[-2:]}，写错了", FORM, wrong, context(wrong))
    assert found == Correct((Change("members.1.identity", WANG),))
    found = corrected("我的身份证错了，尾号是" + ("1" if WANG[-1] != "1" else "2"))
    assert isinstance(found, Correct)
    assert [told(change) for change in found.changes] == ["! form_identity_check"]


def test_a_question_beside_a_correction_is_not_lost() -> None:
    found = corrected("电话错了，是13900001234，对了低保要多久")
    assert isinstance(found, Correct)
    assert "低保要多久" in found.ask


def test_which_is_asked_with_what_was_said() -> None:
    found = corrected("收入改成一千五")
    assert found == Which(("members.1.wages", "members.2.pension"), "一千五")


@pytest.mark.parametrize(
    ("said", "paths"),
    [
        ("2", ["size"]),
        ("改2", ["size"]),
        ("2和9", ["size", "home"]),
        ("2、9", ["size", "home"]),
        ("第2项错了", ["size"]),
        ("99", None),
    ],
)
def test_numbers_at_the_summary(said: str, paths: list[str] | None) -> None:
    assert AT_SUMMARY.asked == steps.SUMMARY
    found = corrections.hear(said, FORM, AT_SUMMARY, context(AT_SUMMARY), at_summary=True)
    assert (isinstance(found, Correct) and [change.path for change in found.changes]) == (paths or False)


@pytest.mark.parametrize("said", ["不对", "有错", "填错了", "要改一下"])
def test_something_is_wrong_at_the_summary(said: str) -> None:
    assert corrections.hear(said, FORM, AT_SUMMARY, context(AT_SUMMARY), at_summary=True) == Which()


def test_a_number_in_a_question_about_people_is_no_line_of_the_summary() -> None:
    assert corrected("改3口人") != corrected("改3")
    assert corrections.hear("3", FORM, FILLED, context(FILLED)) is None
