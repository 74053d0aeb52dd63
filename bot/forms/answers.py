"""What a message answers of the question being asked: of one member or all, of this member and the next, and of what an
answer opens in its own question. Everything goes through the readers; nothing here is said twice."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from bot.forms.model import Asked, Given, Kind
from bot.forms.readers.base import Context, Reading, Refused
from bot.forms.readers.kin import ANY_OF_KIN, CHILD, ELDER
from bot.forms.readers.members import groups
from bot.forms.readers.plain import plain, told, without
from bot.forms.readers.reading import read_step
from bot.forms.steps import StepAt, applying

_NUMBER_END = re.compile(r"(?<!\d)[1-9](?:[ -]{0,2}\d){14,16}[ -]{0,2}[\dXx](?!\d)")

_HELPER, _APPLICANT = "helper_name", "members.1.name"
_SOMEBODY_ELSE = re.compile(
    rf"(?<!\w)(?:她|他|病人|患者|申请人|户主|{'|'.join(ELDER | CHILD)}|(?:我|俺|咱)家?的?(?:{ANY_OF_KIN}))"
    r"(?:本人|自己|老人家)?的?(?:大名|名字|姓名|名)?(?:就|是|叫做?|为|[:：\s])*$"
)
"""What stands before the name of whom one helps: 她叫, 我妈叫, 老人的名字是."""


def read_answer(text: str, step: StepAt, asked: Mapping[str, Asked], context: Context) -> Reading:
    """Those asked for first; else everything the question has to do with; of an `each` step also the next members."""
    reading = _read(text, step, asked, context)
    name = str(reading.values.get(_HELPER, ""))
    other = _SOMEBODY_ELSE.search(text[: text.index(name)]) if name and name in text else None
    if other is None:
        return reading
    # 我妈叫赵秀英, said where the helper is asked about themselves: the applicant's name, and no word of the helper.
    reading = _read(without(text, [(other.start(), text.index(name) + len(name))]), step, asked, context)
    open_ = any(_APPLICANT in at.fields for at in applying(context.form, context.answers, context.today))
    if not open_ or _APPLICANT in context.answers:
        return reading
    return replace(reading, values={**reading.values, _APPLICANT: name})


def _read(text: str, step: StepAt, asked: Mapping[str, Asked], context: Context) -> Reading:
    over = step.step.over and not step.member
    several = _members_at_once(text, step, context) if step.step.each else None
    if several is not None:
        return several
    if step.step.over and step.member and _of_others(text, step.member, context):
        return Reading(rest=text)
    reading = read_step(asked, text, context, over)
    if not reading.values and not reading.refused and len(asked) < len(step.fields):
        reading = read_step(step.fields, text, context, over)
    return _with_dependents(reading, text, step, context, over)


def _of_others(text: str, member: int, context: Context) -> bool:
    """Asked about the grandson, somebody tells of themselves."""
    named = {
        number for group in groups(plain(text), context.form, context.answers, context) for number in group.members
    }
    return bool(named) and member not in named


def _with_dependents(reading: Reading, text: str, step: StepAt, context: Context, over: bool) -> Reading:
    """孙子上小学 says what he does, and thereby also in which school: what an answer opens in its own question."""
    if not reading.values:
        return reading
    answers = {**context.answers, **{path: Given(value) for path, value in reading.values.items()}}
    opened = {
        path: asked
        for at in applying(context.form, answers, context.today)
        if at.step.id == step.step.id and (at.member == step.member or over)
        for path, asked in at.fields.items()
        if path not in step.fields
    }
    if not opened:
        return reading
    more = read_step(opened, text, replace(context, answers=answers), over)
    return Reading({**reading.values, **more.values}, reading.refused, reading.rest)


def _members_at_once(text: str, step: StepAt, context: Context) -> Reading | None:
    """李建国 丈夫 4201…；李小宝 儿子 4201…: one stretch a member, from the one being asked on."""
    parts = _stretches(text, step, context)
    places = [
        at
        for at in applying(context.form, context.answers, context.today)
        if at.step.id == step.step.id and at.member >= step.member
    ]
    if not 2 <= len(parts) <= len(places):
        return None
    values: dict[str, Any] = {}
    refused: dict[str, Refused] = {}
    rest: list[str] = []
    answers = dict(context.answers)
    for at, part in zip(places, parts, strict=False):
        reading = read_step(at.fields, part, replace(context, member=at.member, answers=answers))
        if not reading.values:
            return None
        values |= reading.values
        refused |= reading.refused
        answers |= {path: Given(value) for path, value in reading.values.items()}
        rest.append(reading.rest)
    return Reading(values, refused, "，".join(filter(None, rest)))


def _stretches(text: str, step: StepAt, context: Context) -> list[str]:
    """The pieces of a text that are about one person each: a piece with a name begins one, lines without belong to it."""
    fields = [one.field for one in step.fields.values()]
    if not any(field.kind is Kind.IDENTITY for field in fields):
        return []
    pieces = [piece for piece in re.split(r"[\n;；]", text) if told(piece)]
    if len(pieces) == 1:
        ends = [match.end() for match in _NUMBER_END.finditer(text)]
        cuts = [0, *ends[:-1], len(text)] if len(ends) > 1 else []
        pieces = [text[start:stop] for start, stop in pairwise(cuts)]
    named_by = {path for path, one in step.fields.items() if one.field.kind is Kind.NAME}
    if not named_by:
        return pieces
    people: list[str] = []
    named = True
    for piece in pieces:
        has_name = not named_by.isdisjoint(read_step(step.fields, piece, context).values)
        if not people or (has_name and named):
            people.append(piece)
            named = has_name
        else:
            people[-1] += f"\n{piece}"
            named = named or has_name
    return people
