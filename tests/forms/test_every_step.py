"""At every step of every form: each question leaves the answers as they are, each correction lands, the summary leads back.

A sample of steps here; all of them with `make proof`."""

from __future__ import annotations

from random import Random

import pytest

from bot.forms import asking, steps, summary
from bot.forms.model import Field, Form, Given, Kind, Sheet, State, split_path
from bot.forms.moves import Ask, Confirm, Correct, Which
from bot.forms.saying import Hints
from tests.forms import answering, household
from tests.forms.driving import FORMS, QUICK, carry_out, filled, hear, may_go
from tests.forms.hearing import QUESTIONS
from tests.forms.published import DAY, regions, report


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
