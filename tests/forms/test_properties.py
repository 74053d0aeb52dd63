"""What holds for every form: nothing said is lost, nothing unproved is kept, and a summary is always in reach.

Over the small household form, forms made up by Hypothesis, and the forms that are published. A seeded sample here; all of
it with `make proof`.
"""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.forms import steps
from bot.forms.model import Asked, Field, Form, Kind, Option, Sheet, Step
from bot.forms.readers import Context, Said, read, valid
from bot.logic import Test as Condition
from tests.forms import household
from tests.forms.driving import FORMS, QUICK
from tests.forms.published import DAY, regions
from tests.forms.walk import identity
from tests.forms.wandering import reaches_the_end, walk

FIELDS = tuple(
    {one.field.key: one.field for form in FORMS.values() for step in form.steps for one in step.fields}.values()
)


# Readers -----------------------------------------------------------------------------------------------------------


@given(
    st.sampled_from(FIELDS),
    st.text(max_size=40) | st.text("0123456789Xx 一二两三十百千万块没有都不是和，。车房我老伴健康去年月", max_size=24),
)
@settings(max_examples=600, deadline=None)
def test_no_reader_raises_and_none_keeps_what_is_not_of_its_kind(field: Field, text: str) -> None:
    result = read(field, text, Context(DAY, regions(), household.FORM))
    assert not isinstance(result, Said) or valid(field, result.value, DAY)


@given(
    st.integers(1, 999),
    st.dates(min_value=DAY.replace(year=1900), max_value=DAY),
    st.sampled_from(["42", "11", "65", "81"]),
    st.integers(0, 16),
    st.integers(1, 9),
)
@settings(max_examples=300, deadline=None)
def test_every_right_identity_number_is_taken_and_every_slip_of_one_digit_is_not(
    serial: int, born: object, province: str, place: int, by: int
) -> None:
    right = identity(f"{province}0106{born:%Y%m%d}{serial:03d}")
    context = Context(DAY, regions(), household.FORM)
    assert read(household.IDENTITY, right, context) == Said(right)
    assert read(household.IDENTITY, f"身份证 {right[:6]} {right[6:14]} {right[14:].lower()}", context) == Said(right)
    wrong = right[:place] + str((int(right[place]) + by) % 10) + right[place + 1 :]
    assert not isinstance(read(household.IDENTITY, wrong, context), Said)


# Walking -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", QUICK)
def test_a_random_walk_loses_nothing_and_is_never_stuck(name: str, seed: int) -> None:
    random = Random(f"{name} {seed}")
    assert reaches_the_end(FORMS[name], walk(FORMS[name], random, 60), random)


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", FORMS)
def test_random_walks_of_500_turns_over_every_form(name: str, seed: int) -> None:
    random = Random(f"{name} {seed}")
    assert reaches_the_end(FORMS[name], walk(FORMS[name], random, 500), random)


# Forms made up -----------------------------------------------------------------------------------------------------

_OPTIONS = (Option("a", "苹果", ("果子",)), Option("b", "白菜", ("青菜",)), Option("c", "土豆", ("洋芋",)))
_LABELS = "路费 学费 药费 电费 米钱 油钱 衣服 家具 牛羊 树木 鱼塘 果园".split()  # noqa: SIM905
_KINDS = (Kind.MONEY, Kind.NUMBER, Kind.YES_NO, Kind.CHOICE, Kind.CHOICES, Kind.TEXT, Kind.DATE, Kind.PHONE)


@st.composite
def made_up(draw: st.DrawFn) -> Form:
    """Steps of one or two fields, some for members, some that rest on an answer before them."""
    size = Field("size", "家里人数", Kind.NUMBER, "家里几口人？")
    made = [Step("size", "家里几口人？", (Asked(size),), section="一")] if draw(st.booleans()) else []
    members = "size" if made else ""
    tests: list[Condition] = []
    for index, label in enumerate(draw(st.permutations(_LABELS))[: draw(st.integers(2, 7))]):
        kind = draw(st.sampled_from(_KINDS))
        options = _OPTIONS if kind in (Kind.CHOICE, Kind.CHOICES) else ()
        field = Field(f"f{index}", label, kind, f"{label}是什么情况？", options=options)
        when = draw(st.sampled_from(tests)) if tests and draw(st.booleans()) else None
        each = bool(members) and draw(st.integers(0, 3)) == 0
        step = Step(
            f"s{index}",
            field.ask,
            (Asked(field, draw(st.booleans())),),
            when,
            each=each,
            section=draw(st.sampled_from("一二")),
        )
        made.append(step)
        if kind is Kind.YES_NO and not each:
            tests.append(Condition.read({"is": [field.key, True]}))
        if kind is Kind.CHOICE and not each:
            tests.append(Condition.read({"in": [field.key, ["a", "b"]]}))
        if kind is Kind.CHOICES and not each:
            tests.append(Condition.read({"has": [field.key, "c"]}))
    return Form("made_up", "", tuple(made), members, confirm=draw(st.booleans()))


@given(made_up(), st.integers(0, 10**6))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_form_can_be_walked(form: Form, seed: int) -> None:
    random = Random(seed)
    assert reaches_the_end(form, walk(form, random, 25), random)


@given(made_up(), st.integers(0, 10**6))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_answers_stand_in_no_order(form: Form, seed: int) -> None:
    """A sheet filled one answer after the other asks nothing again, and what does not apply is not on it."""
    random = Random(seed)
    sheet = steps.advance(form, Sheet(form.id), DAY)
    assert reaches_the_end(form, sheet, random)
    done, all_ = steps.progress(form, sheet.answers, DAY)
    assert 0 <= done <= all_
    assert steps.drop_dependents(form, sheet.answers, DAY) == dict(sheet.answers)
