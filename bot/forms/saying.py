"""What a message does at the question being asked: answers it, corrects an earlier one, asks why, asks something else.

One decision, in the order a patient clerk would take it. Nothing is stored here and nothing is answered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from bot.forms import commands, corrections
from bot.forms.model import Asked, Form, Given, Kind, Sheet
from bot.forms.moves import (
    Answer,
    Ask,
    Back,
    Cancel,
    Change,
    Command,
    Confirm,
    Correct,
    DontKnow,
    Move,
    Overview,
    Person,
    Repeat,
    Simplify,
    Skip,
    Stop,
    Unclear,
    Which,
    Why,
)
from bot.forms.readers import choices
from bot.forms.readers.base import Context, Reading, Refused
from bot.forms.readers.members import groups
from bot.forms.readers.plain import asks, clauses, fold, plain, told, without
from bot.forms.readers.reading import read_step
from bot.forms.readers.shape import valid
from bot.forms.steps import StepAt, applying, field_of
from bot.language.choosing import chosen

__all__ = [
    "Answer",
    "Ask",
    "Back",
    "Cancel",
    "Change",
    "Command",
    "Confirm",
    "Correct",
    "DontKnow",
    "Hints",
    "Move",
    "Overview",
    "Person",
    "Repeat",
    "Simplify",
    "Skip",
    "Stop",
    "Unclear",
    "Which",
    "Why",
    "understand",
]

_SURE, _LIKELY, _MAYBE = 0.9, 0.8, 0.5
"""Chances of a published answer: from which a short text at a free question, one that half reads as an answer, and one
that reads as nothing is a side question."""
_SHORT = 14
"""Letters up to which words without a verb may be a question (低保标准)."""
_BY_INTENT: Mapping[str, Command] = {
    "repeat": Repeat(),
    "simplify": Simplify(),
    "person": Person(),
    "cancel": Cancel(),
}
_POLITE = ("greet", "thanks", "bye", "bot_identity", "chitchat", "off_topic", "nearby", "complaint")
_ASIDE = re.compile(r"^(?:对了|另外|顺便|还有|那么?|请问|我?想?再?问一?下|哦对了?|再问一?下?|就是|\W)+")
_HAVE_NOT = re.compile(
    r"(?:我|现在|暂时|目前|家里|还|都)*(?:没有?|没得|冇|无|不用|不需要)(?:卡|银行卡|手机|电话|联系人|照片|证|的|了|呢|啊|人)*"
)
"""没有, 没有卡: what may be left out is left out."""
_NUMBER_END = re.compile(r"(?<!\d)[1-9](?:[ -]{0,2}\d){14,16}[ -]{0,2}[\dXx](?!\d)")


@dataclass(frozen=True, slots=True)
class Hints:
    """What others think of the message: the classifier and the finder of published answers."""

    intent: str = ""
    ranking: Mapping[str, float] = field(default_factory=dict)
    question_chance: float = 0.0
    """The best chance the finder gives a published answer."""
    exact: bool = False
    """The text is a published phrasing, letter for letter."""


def understand(
    text: str,
    meaning: Mapping[str, Any] | None,
    step: StepAt | None,
    form: Form,
    sheet: Sheet,
    context: Context,
    hints: Hints,
) -> Move:
    """What this message does. `step` is what is being asked (`steps.current`), None at the summary. `meaning` is a tapped
    option: {"field": path, "value": …}."""
    if meaning and "field" in meaning:
        return _tapped(meaning, step, form, sheet, context)
    said = fold(text)
    if not re.search(r"\w", said):
        return Unclear()
    context = replace(context, form=form, answers=sheet.answers, member=step.member if step else 0)
    asked = {path: step.fields[path] for path in step.wanted or step.paths} if step else {}
    if step and _is_option(asked, said):
        reading = _read(said, step, asked, context)
        if reading.values:
            return Answer(reading.values, reading.refused)
    if hints.exact:
        return Ask(text)
    if step is None and commands.confirms(said):
        return Confirm()
    if (command := commands.hear(said, [one.field for one in asked.values()])) is not None:
        return _consented(command, asked)
    if (correction := corrections.hear(said, form, sheet, context, at_summary=step is None)) is not None:
        return correction
    if step is None:
        return _at_summary(text, said, hints)
    answer = _answered(said, step, asked, context, hints)
    if answer is None and _HAVE_NOT.fullmatch(re.sub(r"\W", "", plain(said))) and not any(map(_needed, asked.values())):
        return Skip()
    return answer or _otherwise(text, said, hints)


def _needed(asked: Asked) -> bool:
    return asked.required and asked.default is None


def _tapped(meaning: Mapping[str, Any], step: StepAt | None, form: Form, sheet: Sheet, context: Context) -> Move:
    """An option of this question answers it; one of an earlier question corrects that."""
    path, value = str(meaning["field"]), meaning.get("value")
    known = field_of(form, sheet.answers, path)
    if known is None:
        return Unclear("form_old_option")
    if value is None:
        return Correct((Change(path),))
    if not valid(known, value, context.today):
        return Unclear("form_old_option")
    if step is not None and path in step.fields:
        return Answer({path: value})
    applies = any(path in at.fields for at in applying(form, sheet.answers, context.today))
    return Correct((Change(path, value),)) if applies else Unclear("form_old_option")


def _is_option(asked: Mapping[str, Asked], said: str) -> bool:
    """Whether the text is an option of the question asked, letter for letter, or the number of one."""
    choosing = [one.field for one in asked.values() if one.field.kind in (Kind.CHOICE, Kind.CHOICES, Kind.YES_NO)]
    if len(asked) == 1 and choosing and chosen(said, [option.label for option in choosing[0].options]) is not None:
        return True
    names = frozenset[str]().union(*map(choices.words_of, choosing))
    pieces = [re.sub(r"\W", "", clause.text) for clause in clauses(plain(said)) if not clause.asks]
    return re.sub(r"\W", "", plain(said)) in names or (len(pieces) > 1 and any(piece in names for piece in pieces))


def _consented(command: Command, asked: Mapping[str, Asked]) -> Move:
    """At a notice, 算了 and 不想说 say no to it."""
    agrees = [path for path, one in asked.items() if one.field.kind is Kind.AGREE]
    if agrees and isinstance(command, Cancel | Skip):
        return Answer({}, {path: Refused("refused_consent") for path in agrees})
    return command


def _at_summary(text: str, said: str, hints: Hints) -> Move:
    if any(clause.asks for clause in clauses(said)):
        return Ask(text)
    if re.search(r"错|不对|改|有误", said):
        return Which()
    return _otherwise(text, said, hints)


def _answered(
    said: str, step: StepAt, asked: Mapping[str, Asked], context: Context, hints: Hints
) -> Answer | Ask | None:
    """The message as an answer, with the question in it, if there is one; None: it answers nothing here."""
    questions = [clause for clause in clauses(said) if clause.asks]
    told_ = without(said, [(clause.start, clause.end) for clause in questions])
    if not told(told_) and questions:
        return None
    reading = _read(told_, step, asked, context)
    if not reading.values and not reading.refused:
        return None
    if not questions and _rather_a_question(said, reading, asked, hints):
        return Ask(said)
    if reading.refused and not reading.values and questions:
        # A question with figures in it is no bad answer.
        return None
    ask = "，".join(clause.text for clause in _asides(said, reading)) if questions else ""
    return Answer(reading.values, reading.refused, _ASIDE.sub("", ask))


def _read(told_: str, step: StepAt, asked: Mapping[str, Asked], context: Context) -> Reading:
    """Those asked for first; else everything the question has to do with; of an `each` step also the next members."""
    over = step.step.over and not step.member
    several = _members_at_once(told_, step, context) if step.step.each else None
    if several is not None:
        return several
    if step.step.over and step.member and _of_others(told_, step.member, context):
        return Reading(rest=told_)
    reading = read_step(asked, told_, context, over)
    if not reading.values and not reading.refused and len(asked) < len(step.fields):
        reading = read_step(step.fields, told_, context, over)
    return _with_dependents(reading, told_, step, context, over)


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
    parts = [part for part in re.split(r"[\n;；]", text) if told(part)]
    if len(parts) == 1 and any(one.field.kind is Kind.IDENTITY for one in step.fields.values()):
        ends = [match.end() for match in _NUMBER_END.finditer(text)]
        cuts = [0, *ends[:-1], len(text)] if len(ends) > 1 else []
        parts = [text[start:stop] for start, stop in pairwise(cuts)]
    if len(parts) < 2:
        return None
    places = [
        at
        for at in applying(context.form, context.answers, context.today)
        if at.step.id == step.step.id and at.member >= step.member
    ]
    if len(places) < len(parts):
        return None
    readings = [
        read_step(at.fields, part, replace(context, member=at.member)) for at, part in zip(places, parts, strict=False)
    ]
    if not all(reading.values for reading in readings):
        return None
    values = {path: value for reading in readings for path, value in reading.values.items()}
    refused = {path: why for reading in readings for path, why in reading.refused.items()}
    return Reading(values, refused, "，".join(reading.rest for reading in readings if reading.rest))


def _rather_a_question(said: str, reading: Reading, asked: Mapping[str, Asked], hints: Hints) -> bool:
    """残疾人补贴 at a question about health: half an answer, and plainly the name of a published one."""
    kinds = {asked[path].field.kind for path in (*reading.values, *reading.refused) if path in asked}
    if kinds == {Kind.TEXT}:
        return hints.question_chance >= _SURE and len(re.sub(r"\W", "", said)) <= _SHORT
    return (
        bool(told(reading.rest))
        and hints.question_chance >= _LIKELY
        and kinds <= {Kind.CHOICE, Kind.CHOICES, Kind.YES_NO, Kind.NAME}
    )


def _asides(said: str, reading: Reading) -> list[Any]:
    """The question in a message that also answers, with the words before it that were not part of the answer."""
    rest = {clause.text for clause in clauses(reading.rest)}
    pieces = clauses(said)
    first = next(index for index, clause in enumerate(pieces) if clause.asks)
    while first and pieces[first - 1].text in rest and re.match(r"如果|要是|假如|像我|那", pieces[first - 1].text):
        first -= 1
    return [clause for clause in pieces[first:] if clause.asks or clause.text in rest]


def _otherwise(text: str, said: str, hints: Hints) -> Move:
    """What answers nothing: a question, a command in other words, small talk, or nothing that was understood."""
    chance = hints.ranking.get(hints.intent, 1.0 if hints.intent else 0.0)
    if chance >= _LIKELY and hints.intent in _BY_INTENT:
        return _BY_INTENT[hints.intent]
    if asks(said) or any(clause.asks for clause in clauses(said)) or hints.question_chance >= _MAYBE:
        return Ask(text)
    if chance >= _MAYBE and hints.intent in _POLITE:
        return Ask(text)
    return Unclear()
