"""A random walk through a form, and whether its end is in reach from wherever that led; what must hold is looked at each time."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from bot.forms import asking, steps
from bot.forms.model import Form, Sheet, State, split_path
from bot.forms.moves import Answer, Ask, Correct, DontKnow, Skip
from bot.forms.readers import valid
from bot.forms.saying import Hints
from tests.forms import answering
from tests.forms.driving import carry_out, hear, may_go
from tests.forms.hearing import QUESTIONS
from tests.forms.published import DAY

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


def all_proved(form: Form, sheet: Sheet) -> bool:
    return all(
        (field := steps.field_of(form, sheet.answers, path)) is not None and valid(field, one.value, DAY)
        for path, one in sheet.answers.items()
        if one.state is State.SAID
    )


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
