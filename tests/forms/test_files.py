"""Fields, forms and consents as editors write them: what they become, and the exact words of each refusal."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.forms.defaults import default_of
from bot.forms.files import clauses_of, read_consent, read_field, texts_of
from bot.forms.model import Clause, Field, Kind, Option
from bot.forms.readers import valid
from bot.knowledge.fields import Fields
from tests.forms.broken import BROKEN, fail, form, good, told

CASES = sorted((BROKEN / "cases").glob("*.yml"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_what_cannot_be_used_is_refused_in_these_words(path: Any) -> None:
    case = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    assert told(case["breaks"], case["change"]) == case["says"], case["story"]
    assert case["says"], "a case without a refusal shows nothing"


def test_the_good_ones_are_accepted_without_a_word() -> None:
    assert [told(kind, {}) for kind in ("field", "form", "consent")] == [[], [], []]
    assert len(CASES) >= 30


def test_a_field_keeps_what_was_written() -> None:
    field = read_field(Fields(good()["field"], fail))
    assert (field.key, field.label, field.kind, field.sensitive, field.private) == (
        "health",
        "身体",
        Kind.CHOICE,
        True,
        False,
    )
    assert field.options == (Option("healthy", "健康", ("没病", "硬朗")), Option("ill", "重病", ("大病",)))
    assert field.words == ("身体", "病")
    assert clauses_of(field) == (Clause("低保审核确认办法", "第13条"),)
    assert texts_of(field) == ("身体", "{who}身体怎么样？", "有病的花费能考虑进去。", "高血压", "健康", "重病")


def test_a_step_without_a_question_of_its_own_has_that_of_its_field() -> None:
    assert [step.ask for step in form({}).steps] == [
        "您同意吗？",
        "一共几口人？",
        "{who}叫什么？",
        "大家在做什么？",
        "怎么回事？",
    ]


def test_a_step_whose_answers_are_all_given_is_never_asked() -> None:
    (step,) = form({"members": "", "steps": [{"id": "work", "fields": [{"field": "work", "default": "farm"}]}]}).steps
    assert (step.ask, step.fields[0].default) == ("", "farm")


def test_who_is_asked_how_often_stands_in_the_step() -> None:
    steps = {step.id: step for step in form({}).steps}
    assert (steps["who"].each, steps["who"].over) == (True, False)
    assert (steps["work"].each, steps["work"].over) == (False, True)
    assert (steps["story"].each, steps["story"].over) == (False, False)


def test_conditions_and_defaults_are_read() -> None:
    steps = {step.id: step for step in form({}).steps}
    work, wage = steps["work"].fields
    assert wage.default == {"low": "0", "high": "0", "about": False, "per": "month"}
    assert wage.when is not None
    assert [wage.when({"work": value}) for value in ("farm", "student", None)] == [True, False, None]
    assert (work.default, work.when, work.required) == (None, None, True)
    assert not steps["story"].fields[0].required


def test_a_shared_step_takes_other_words_but_keeps_its_own() -> None:
    written = [{"id": "household_size", "fields": ["household_size"]}, {"use": "who", "ask": "{who}是谁？"}]
    step = form({"steps": written}).steps[1]
    assert (step.id, step.section, step.ask, step.each) == ("who", "家庭成员", "{who}是谁？", True)


def test_a_step_with_a_condition_may_ask_again_of_somebody_else() -> None:
    mine = {"id": "me", "members": "each", "fields": ["name"], "when": {"is": ["member", "1"]}}
    theirs = {"id": "them", "members": "each", "fields": ["name"], "when": {"more": ["member", "1"]}}
    assert len(form({"steps": [mine, {"id": "household_size", "fields": ["household_size"]}, theirs]}).steps) == 3


def test_a_form_that_goes_nowhere_needs_no_separate_consent() -> None:
    steps = form({"members": "", "end": "", "steps": [{"id": "wage", "fields": ["wage"]}]}).steps
    assert steps[0].fields[0].field.sensitive


def test_a_consent_is_told_apart_by_the_day_it_was_written() -> None:
    consent = read_consent(Fields(good()["consent"], fail))
    assert (consent.id, consent.version) == ("check", "2026-11-25")
    assert texts_of(consent) == ("授权查收入和财产", "我同意查。")
    assert clauses_of(consent) == (Clause("社会救助法", "第40条"),)


@pytest.mark.parametrize(
    ("field", "written", "value"),
    [
        (Field("wage", "工钱", Kind.MONEY, ""), "0", {"low": "0", "high": "0", "about": False, "per": "month"}),
        (
            Field("wage", "工钱", Kind.MONEY, ""),
            "一年三千",
            {"low": "3000", "high": "3000", "about": False, "per": "year"},
        ),
        (Field("car", "车", Kind.YES_NO, ""), "no", False),
        (Field("note", "备注", Kind.TEXT, ""), "没有", "没有"),
        (Field("visit", "上门", Kind.CHOICE, "", options=(Option("home", "可以"),)), "home", "home"),
        (Field("out", "不算", Kind.CHOICES, "", options=(Option("prison", "服刑"),)), [], []),
    ],
)
def test_an_answer_taken_without_asking_is_what_the_sheet_would_keep(field: Field, written: Any, value: Any) -> None:
    assert default_of(field, written) == value
    assert valid(field, value, date(2026, 11, 25))


WRITTEN = st.recursive(
    st.sampled_from(["", "name", "choice", "sensitive", "each", "{who}", "work", "武汉", "1e308"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["is", "all", "field", "value", "words", "use", "id", "when"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)


@given(
    kind=st.sampled_from(["field", "form", "consent"]),
    change=st.dictionaries(
        st.sampled_from(["key", "id", "kind", "ask", "options", "clause", "guard", "steps", "members", "clauses"]),
        WRITTEN,
        max_size=3,
    ),
)
def test_whatever_is_written_is_told_and_never_breaks_the_reader(kind: str, change: dict[str, Any]) -> None:
    lines = told(kind, change)
    assert all(line.endswith("。") and "；" in line for line in lines)
