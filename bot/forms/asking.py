"""How a question is worded: the step's own words, or the field's where only part of an answer is missing."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.forms.model import Form, Given, Kind, Option, Sheet, State, member_path, split_path
from bot.forms.steps import StepAt

_HELPED = ("family", "village", "other", "guardian")
"""Values of `apply_as` with which the talk is about somebody else than the one who writes."""
_APPLY_AS, _NAME, _RELATION = "apply_as", "name", "relation"
YES, NO = "yes", "no"
_PAIRS = (
    ("愿意", "愿意", "不愿意"),
    ("同意", "同意", "不同意"),
    ("是这样", "是这样", "不是这样"),
    ("有", "有", "没有"),
    ("", "是", "不是"),
)
"""What a question asks with, and its two answers in the same word."""


def question(form: Form, sheet: Sheet, at: StepAt) -> str:
    """The text to send; `{who}` is filled in."""
    if at.whole:
        asked = at.step.ask
        return asked.replace("{who}", who(form, sheet.answers, at.member))
    lines = []
    for path in at.wanted or at.paths:
        number, _ = split_path(path)
        lines.append(at.fields[path].field.ask.replace("{who}", who(form, sheet.answers, number)))
    return "\n".join(dict.fromkeys(lines))


def options(sheet: Sheet, at: StepAt) -> tuple[tuple[str, Option], ...]:
    """(path, option) to offer as choices; none where the question has no single set of options. Consents that are read
    out together are agreed to together, and no is offered as plainly as yes."""
    wanted = at.wanted or at.paths
    fields = [at.fields[path].field for path in wanted]
    if fields and all(field.kind is Kind.AGREE for field in fields):
        return tuple((wanted[0], option) for option in _pair(fields[0].ask))
    if len(wanted) != 1:
        return ()
    (path,), (field,) = wanted, fields
    if field.kind is Kind.YES_NO:
        pair = field.options if len(field.options) == 2 else _pair(field.ask + field.label)
        return tuple((path, option) for option in pair)
    return tuple((path, option) for option in field.options) if field.kind in (Kind.CHOICE, Kind.CHOICES) else ()


def _pair(asked: str) -> tuple[Option, Option]:
    yes, no = next((yes, no) for word, yes, no in _PAIRS if word in asked)
    return Option(YES, yes), Option(NO, no)


def none_of_them(at: StepAt) -> tuple[str, str] | None:
    """(path, words) of "none of these" where several options may be named; the words are those the question gives."""
    wanted = at.wanted or at.paths
    fields = [at.fields[path].field for path in wanted]
    if len(fields) != 1 or fields[0].kind is not Kind.CHOICES:
        return None
    said = re.search("回“([^”]+)”", at.step.ask or fields[0].ask)
    return (wanted[0], said[1]) if said else None


def example(sheet: Sheet, at: StepAt) -> str:
    """What a good answer looks like; empty where the content gives none. A consent can be typed as well as tapped."""
    fields = [at.fields[path].field for path in at.wanted or at.paths]
    if all(field.kind is Kind.AGREE for field in fields):
        return "“同意”，或者“不同意”"
    examples = [field.example for field in fields]
    return " ".join(dict.fromkeys(one for one in examples if one))


def why(sheet: Sheet, at: StepAt) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Why this is asked, in plain words, and the (document, clause) behind it."""
    fields = [at.fields[path].field for path in at.wanted or at.paths]
    words = dict.fromkeys(field.why for field in fields if field.why)
    clauses = dict.fromkeys((field.clause.document, field.clause.clause) for field in fields if field.clause)
    return "\n".join(words), tuple(clauses)


def who(form: Form, answers: Mapping[str, Given], member: int) -> str:
    """The member's name, or relation, or 第3位; 您 for an applicant who writes for themselves."""
    if member <= 1:
        applies = _said(answers, _APPLY_AS)
        if applies not in _HELPED:
            return "您"
        return str(_said(answers, member_path(1, _NAME)) or _said(answers, _NAME) or "申请人")
    name = _said(answers, member_path(member, _NAME))
    if name:
        return str(name)
    relation = _said(answers, member_path(member, _RELATION))
    labels = (
        option.label
        for step in form.steps
        for asked in step.fields
        if asked.field.key == _RELATION
        for option in asked.field.options
        if option.value == relation
    )
    return next(labels, f"第{member}位")


def _said(answers: Mapping[str, Given], path: str) -> object:
    given = answers.get(path)
    return given.value if given and given.state is State.SAID else None
