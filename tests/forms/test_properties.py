"""What holds for every form: nothing said is lost, nothing unproved is kept, and a summary is always in reach.

Over the small household form, forms made up by Hypothesis, and the forms that are published. A seeded sample here; all of
it with `make proof`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.forms import asking, steps, summary
from bot.forms.model import Asked, Field, Form, Given, Kind, Option, Sheet, State, Step, split_path
from bot.forms.moves import Answer, Ask, Back, Confirm, Correct, DontKnow, Move, Skip, Which
from bot.forms.readers import Context, Said, read, valid
from bot.forms.saying import Hints, understand
from bot.logic import Test as Condition
from tests.forms import answering, household
from tests.forms.published import DAY, regions, report
from tests.forms.test_saying import QUESTIONS
from tests.forms.walk import identity

FORMS: Mapping[str, Form] = {"household": household.FORM, **report().content.forms}
QUICK = ("household", "dibao", "emergency")
FIELDS = tuple(
    {one.field.key: one.field for form in FORMS.values() for step in form.steps for one in step.fields}.values()
)
COMMANDS = (
    "不知道",
    "跳过",
    "上一步",
    "为什么问这个",
    "看不懂",
    "再说一遍",
    "先到这",
    "不办了",
    "我都填了什么",
    "人工",
)
NOISE = ("嗯", "哈哈", "？", "/inform", "1e308", "-5", "99", "4201061970", "🙂🙂", "那个那个", "a" * 700, "低保")


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


def hear(form: Form, sheet: Sheet, text: str, hints: Hints | None = None) -> Move:
    context = Context(DAY, regions(), form, sheet.answers)
    return understand(text, None, steps.current(form, sheet, DAY), form, sheet, context, hints or Hints())


def carry_out(form: Form, sheet: Sheet, move: Move) -> Sheet:
    """What a driver does with a move, in its simplest form."""
    at = steps.current(form, sheet, DAY)
    match move:
        case Answer(values=values) if values:
            return steps.advance(form, steps.put(form, sheet, values, today=DAY), DAY)
        case Correct(changes=changes):
            values = {one.path: one.value for one in changes if one.value is not None}
            again = [one.path for one in changes if one.value is None]
            sheet = steps.put(form, sheet, values, today=DAY) if values else sheet
            return steps.ask_again(form, sheet, DAY, *again) if again else steps.advance(form, sheet, DAY)
        case Skip() | DontKnow() if at is not None:
            state = State.SKIPPED if isinstance(move, Skip) else State.UNKNOWN
            unsaid = [path for path in at.wanted if path not in sheet.answers]
            return steps.advance(form, steps.put(form, sheet, dict.fromkeys(unsaid), today=DAY, state=state), DAY)
        case Back():
            return steps.back(form, sheet, DAY)
        case _:
            return sheet


def all_proved(form: Form, sheet: Sheet) -> bool:
    return all(
        (field := steps.field_of(form, sheet.answers, path)) is not None and valid(field, one.value, DAY)
        for path, one in sheet.answers.items()
        if one.state is State.SAID
    )


def may_go(form: Form, before: Sheet, after: Sheet, touched: set[str]) -> set[str]:
    """Answers that a change of `touched` may take away: of members who left, and of questions that rest on it."""
    keys = {split_path(path)[1] for path in touched}
    derived = {"age", "sex", "minors"} if form.members in keys or any("identity" in key for key in keys) else set()
    gone: set[str] = set()
    while True:
        rest = keys | derived | {split_path(path)[1] for path in gone}
        rest |= {f"members.{key}" for key in rest} | {f"{key}.region" for key in rest}
        more = set()
        for path in before.answers:
            number, key = split_path(path)
            reads: frozenset[str] = frozenset()
            for step in form.steps:
                for asked in step.fields:
                    if asked.field.key == key:
                        reads |= step.when.reads if step.when else frozenset()
                        reads |= asked.when.reads if asked.when else frozenset()
            if (number and form.members in keys) or reads & rest:
                more.add(path)
        if more <= gone:
            return gone
        gone |= more


def walk(form: Form, random: Random, turns: int) -> Sheet:
    """So many turns of answers, questions, slips, corrections, commands and noise; what must hold is looked at each time."""
    sheet = steps.advance(form, Sheet(form.id), DAY)
    for _ in range(turns):
        at = steps.current(form, sheet, DAY)
        text, hints = _said(form, sheet, at, random)
        move = hear(form, sheet, text, hints)
        after = carry_out(form, sheet, move)
        touched = set(after.answers) - set(sheet.answers)
        touched |= {path for path in after.answers if after.answers[path] != sheet.answers.get(path)}
        lost = set(sheet.answers) - set(after.answers)
        assert all_proved(form, after)
        if not isinstance(move, Answer | Correct | Skip | DontKnow):
            assert after.answers == sheet.answers, (text, move)
        assert not lost or lost <= may_go(form, sheet, after, touched), (text, move, lost)
        if text in QUESTIONS:
            assert isinstance(move, Ask), (text, move)
        sheet = after
        if sheet.asked in (steps.SUMMARY, steps.END) and random.random() < 0.5:
            sheet = _reopened(form, sheet, random)
    return sheet


def _said(form: Form, sheet: Sheet, at: steps.StepAt | None, random: Random) -> tuple[str, Hints]:
    dice = random.random()
    if at is None:
        return random.choice(("1", "改2", "不对", "低保要多久", "上一步", "确认")), Hints()
    if dice < 0.5:
        return answering.answer(form, sheet, at, random), Hints()
    if dice < 0.62:
        return random.choice(QUESTIONS), Hints()
    if dice < 0.68:
        return answering.answer(form, sheet, at, random) + "，对了低保要多久", Hints()
    if dice < 0.78:
        return random.choice(COMMANDS), Hints()
    if dice < 0.9 and sheet.answers:
        return _correction(form, sheet, random), Hints()
    return random.choice(NOISE), Hints(exact=dice > 0.97)


def _correction(form: Form, sheet: Sheet, random: Random) -> str:
    path = random.choice(list(sheet.answers))
    field = steps.field_of(form, sheet.answers, path)
    number = split_path(path)[0]
    whose = f"{asking.who(form, sheet.answers, number)}的" if number > 1 else ""
    if field is None or random.random() < 0.2:
        return "上一个填错了"
    return f"{whose}{answering.label(field)}错了，应该是{answering.words(field, random)}"


def _reopened(form: Form, sheet: Sheet, random: Random) -> Sheet:
    return steps.ask_again(form, sheet, DAY, random.choice(list(sheet.answers))) if sheet.answers else sheet


def reaches_the_end(form: Form, sheet: Sheet, random: Random) -> bool:
    """Whether sensible answers lead to the summary from here, in a number of turns that can be counted."""
    sheet = steps.advance(form, sheet, DAY)
    for _ in range(40 + 12 * len(form.steps)):
        at = steps.current(form, sheet, DAY)
        if at is None:
            return True
        text = answering.answer(form, sheet, at, random)
        move = hear(form, sheet, text)
        after = carry_out(form, sheet, move)
        assert after.answers != sheet.answers or isinstance(move, Answer) or sheet.tries < 3, (at.id, text, move)
        sheet = after if after != sheet else replace(sheet, tries=sheet.tries + 1)
    return False


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


# Every step × every question, every step × every correction ----------------------------------------------------------


def filled(form: Form, seed: int) -> Iterator[Sheet]:
    """The sheet at each question of a sensible filling, and at the end."""
    random = Random(seed)
    sheet = steps.advance(form, Sheet(form.id), DAY)
    for _ in range(40 + 12 * len(form.steps)):
        yield sheet
        at = steps.current(form, sheet, DAY)
        if at is None:
            return
        sheet = carry_out(form, sheet, hear(form, sheet, answering.answer(form, sheet, at, random)))


def test_every_question_at_every_step_leaves_the_answers() -> None:
    for name in QUICK:
        _ask_everything(FORMS[name], QUESTIONS[::3], ("低保标准",))


@pytest.mark.proof
@pytest.mark.parametrize("name", FORMS)
def test_every_published_phrasing_at_every_step_leaves_the_answers(name: str) -> None:
    phrasings = [said for answer in report().content.answers.values() for said in answer.phrasings]
    assert len(phrasings) > 1000
    # All of them at every step of the longest form; in the others, which share its steps, every tenth.
    _ask_everything(FORMS[name], QUESTIONS, phrasings if name == "dibao" else phrasings[::10])


def _ask_everything(form: Form, questions: tuple[str, ...], published: tuple[str, ...] | list[str]) -> None:
    for sheet in filled(form, 1):
        at = steps.current(form, sheet, DAY)
        for text in questions:
            move = hear(form, sheet, text)
            assert isinstance(move, Ask), (sheet.asked, text, move)
            assert carry_out(form, sheet, move) == sheet
        words = {
            one
            for asked in (at.fields.values() if at else ())
            for option in asked.field.options
            for one in (option.label, *option.words)
        }
        for text in published:
            if text not in words:
                assert hear(form, sheet, text, Hints(exact=True)) == Ask(text), (sheet.asked, text)


NO_VALUE_IN_WORDS = (Kind.AGREE, Kind.PAPER, Kind.TEXT)


def by_words(form: Form) -> bool:
    """Whether any of its answers can be corrected by naming it and its value; where only photos are sent, none can."""
    return any(one.field.kind not in NO_VALUE_IN_WORDS for step in form.steps for one in step.fields)


def corrections_land(form: Form, seed: int, sample: int) -> int:
    """Every answer corrected by its words, from so many steps: the new value is there, and only what rests on it is not."""
    random = Random(seed)
    landed = 0
    sheets = list(filled(form, seed))
    for sheet in random.sample(sheets, min(sample, len(sheets))):
        for path, one in list(sheet.answers.items()):
            field = steps.field_of(form, sheet.answers, path)
            if field is None or one.state is not State.SAID or field.kind in NO_VALUE_IN_WORDS:
                continue
            landed += _corrected(form, sheet, path, field, random)
    return landed


def _corrected(form: Form, sheet: Sheet, path: str, field: Field, random: Random) -> bool:
    number = split_path(path)[0]
    whose = f"{asking.who(form, sheet.answers, number)}的" if number > 1 else "我的" if number else ""
    new = answering.words(field, random)
    text = f"{whose}{answering.label(field)}写错了，应该是{new}"
    move = hear(form, sheet, text)
    assert isinstance(move, Correct | Which), (sheet.asked, text, move)
    if isinstance(move, Which):
        assert not move.paths or path in move.paths, (text, move)
        return False
    changed = {change.path: change for change in move.changes}
    if path not in changed:
        return False
    after = carry_out(form, sheet, move)
    change = changed[path]
    if change.value is not None:
        assert after.answers[path].value == change.value
    touched = {one for one, given_ in after.answers.items() if given_ != sheet.answers.get(one)} | set(changed)
    lost = set(sheet.answers) - set(after.answers)
    assert lost <= may_go(form, sheet, after, touched), (text, move, lost)
    return change.value is not None


@pytest.mark.parametrize("name", ["household", "dibao"])
def test_corrections_land_from_a_sample_of_steps(name: str) -> None:
    assert corrections_land(FORMS[name], 2, 3) > 5


@pytest.mark.proof
@pytest.mark.parametrize("name", [name for name, form in FORMS.items() if form.confirm and by_words(form)])
def test_every_correction_from_every_step(name: str) -> None:
    assert corrections_land(FORMS[name], 3, 1000) > 0


def test_the_summary_leads_back_to_every_answer() -> None:
    for name in QUICK:
        *_, sheet = filled(FORMS[name], 4)
        lines = summary.lines(FORMS[name], sheet.answers, DAY, regions=regions())
        told = [path for line in lines for path in line.paths]
        assert len(told) == len(set(told))
        agreed = {path for path in sheet.answers if steps.field_of(FORMS[name], sheet.answers, path).kind is Kind.AGREE}  # type: ignore[union-attr]
        assert set(told) == set(sheet.answers) - agreed
        for line in lines:
            assert summary.paths_of(FORMS[name], sheet.answers, DAY, line.number) == line.paths


def test_numbers_are_covered_in_the_summary() -> None:
    text = summary.text(household.FORM, household.sheet(household.PEOPLE, household.REST, household.LAST).answers, DAY)
    for secret in (household.WANG, household.LI, household.BAO, "13800001234", household.WANG[6:14]):
        assert secret not in text


def test_confirming_changes_nothing() -> None:
    sheet = household.sheet(household.PEOPLE, household.REST, household.LAST)
    assert hear(household.FORM, sheet, "确认") == Confirm()
    assert isinstance(next(iter(sheet.answers.values())), Given)
