"""What a message does at the question being asked: answers it, corrects an earlier one, asks why, asks something else.

One decision, in the order a patient clerk would take it. Nothing is stored here and nothing is answered.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.forms import commands, corrections, wishes
from bot.forms.answers import read_answer
from bot.forms.asking import NO, YES
from bot.forms.beside import beside
from bot.forms.model import Asked, Field, Form, Kind, Sheet, State
from bot.forms.moves import (
    Answer,
    Apply,
    Ask,
    Cancel,
    Change,
    Command,
    Confirm,
    Correct,
    Move,
    Person,
    Repeat,
    Simplify,
    Skip,
    Unclear,
    Which,
)
from bot.forms.readers import choices
from bot.forms.readers.base import Context, Reading, Refused
from bot.forms.readers.plain import Clause, asks, clauses, fold, plain, told, without
from bot.forms.readers.shape import valid
from bot.forms.steps import StepAt, applying, field_of
from bot.language import programmes
from bot.language.choosing import chosen

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
_KEEP = re.compile(
    r"(?:这个|这项|那就|还是|就|跟|和|没|嗯|哦)*(?:没变|不变|不用改|不改|没错|没写错|没填错|不用动|原来那个|原来的|原样|刚才那个|刚才一样|照旧|就这样)"
    r"(?:了|的|吧|啊|呀|不变)*"
)
_HAVE_NOT = re.compile(
    r"(?:我|现在|暂时|目前|家里|还|都)*(?:没有?|没得|冇|无|不用|不需要)(?:卡|银行卡|手机|电话|联系人|照片|证|的|了|呢|啊|人)*"
)
"""没有, 没有卡: what may be left out is left out."""


@dataclass(frozen=True, slots=True)
class Hints:
    """What others think of the message: the classifier and the finder of published answers."""

    intent: str = ""
    ranking: Mapping[str, float] = field(default_factory=dict)
    question_chance: float = 0.0
    """The best chance the finder gives a published answer."""
    exact: bool = False
    """The text is a published phrasing, letter for letter."""
    programme: str = ""
    """What is being applied for, as `bot.language.programmes` knows it; elsewhere no wish to apply is heard."""


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
        reading = read_answer(said, step, asked, context)
        if reading.values:
            return Answer(reading.values, reading.refused)
    if hints.programme and (wish := wishes.at(said, step, asked, context, hints.programme)) is not None:
        return wish
    if hints.exact:
        return _all_options(said, step, asked, context) or Ask(text)
    if _KEEP.fullmatch(re.sub(r"\W", "", plain(said))) and (kept := _as_it_was(asked, sheet)):
        return Answer(kept)
    if step is None and commands.confirms(said):
        return Confirm()
    command = commands.hear(said, [one.field for one in asked.values()])
    if command is not None and not _names_option(asked, said):
        return command if tells(form, sheet) else _consented(command, asked)
    if (correction := corrections.hear(said, form, sheet, context, at_summary=step is None)) is not None:
        return correction
    if step is None:
        return _at_summary(text, said, hints)
    answer = _answered(said, step, asked, context, hints)
    if answer is None and _HAVE_NOT.fullmatch(re.sub(r"\W", "", plain(said))) and not any(map(_needed, asked.values())):
        return Skip()
    if isinstance(answer, Ask) and hints.programme and (wish := wishes.within(said)):
        return wish
    return answer or _otherwise(text, said, hints)


def _as_it_was(asked: Mapping[str, Asked], sheet: Sheet) -> dict[str, Any]:
    """The answers to a question that is asked again, if it has them all."""
    given = {path: sheet.answers[path] for path in asked if path in sheet.answers}
    said = {path: one.value for path, one in given.items() if one.state is State.SAID}
    return said if asked and len(given) == len(asked) else {}


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
    if known.kind is Kind.AGREE:
        return _consent_tapped(path, value, step)
    if known.kind is Kind.YES_NO and isinstance(value, str):
        value = choices.means_yes(known, value)
    if not valid(known, value, context.today):
        return Unclear("form_old_option")
    if step is not None and path in step.fields:
        return Answer({path: value})
    applies = any(path in at.fields for at in applying(form, sheet.answers, context.today))
    return Correct((Change(path, value),)) if applies else Unclear("form_old_option")


def _consent_tapped(path: str, value: Any, step: StepAt | None) -> Move:
    """Only what is asked now can be agreed to: a yes meant for an earlier text is none to this one. Which version was read
    is the caller's to note."""
    if value not in (YES, NO):
        return Unclear("form_old_option")
    if step is None or path not in step.fields:
        return Repeat()
    return Answer({path: {"version": ""}}) if value == YES else Answer({}, {path: Refused("refused_consent")})


def _all_options(said: str, step: StepAt | None, asked: Mapping[str, Asked], context: Context) -> Answer | None:
    """今晚没吃的也没地方睡 is a published wording, and at 今晚缺哪样 plainly the answer: options and words of the question."""
    if step is None or asks(said) or not all(one.field.kind in (Kind.CHOICE, Kind.CHOICES) for one in asked.values()):
        return None
    reading = read_answer(said, step, asked, context)
    question = step.step.ask + _asks_for(asked)
    # A reader takes a clause for its own that tells of more: 我爹瘫在床上低保还给停了.
    rests = (reading.rest, _without_options(said, asked))
    if not reading.values or any(told(beside(one, said, question)) not in question for one in rests):
        return None
    return Answer(reading.values, reading.refused)


def _asks_for(asked: Mapping[str, Asked]) -> str:
    return "".join(one.field.ask for one in asked.values())


def _without_options(said: str, asked: Mapping[str, Asked]) -> str:
    rest = plain(said)
    for name in sorted(_names_of([one.field for one in asked.values()]), key=len, reverse=True):
        rest = rest.replace(name, "")
    return re.sub(r"\W", "", rest)


def _is_option(asked: Mapping[str, Asked], said: str) -> bool:
    """Whether the text is an option of the question asked, letter for letter, or the number of one."""
    choosing = [one.field for one in asked.values() if one.field.kind in (Kind.CHOICE, Kind.CHOICES, Kind.YES_NO)]
    if len(asked) == 1 and choosing and chosen(said, [option.label for option in choosing[0].options]) is not None:
        return True
    return re.sub(r"\W", "", plain(said)) in _names_of(choosing)


def _names_option(asked: Mapping[str, Asked], said: str) -> bool:
    """Whether a clause of several is an option: 打电话，别上门 steers nothing where a call can be chosen."""
    pieces = [re.sub(r"\W", "", clause.text) for clause in clauses(plain(said)) if not clause.asks]
    return len(pieces) > 1 and not _names_of([one.field for one in asked.values()]).isdisjoint(pieces)


def _names_of(fields: Iterable[Field]) -> frozenset[str]:
    return frozenset[str]().union(*map(choices.words_of, fields))


def tells(form: Form, sheet: Sheet) -> bool:
    """Whether somebody told anything yet, consents apart: from then on a no to a text is asked about before anything is lost."""
    kinds = (field_of(form, sheet.answers, path) for path, one in sheet.answers.items() if one.state is State.SAID)
    return any(one is not None and one.kind is not Kind.AGREE for one in kinds)


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
    reading = read_answer(told_, step, asked, context)
    if not reading.values and not reading.refused:
        return None
    if not questions and _rather_a_question(said, reading, asked, hints):
        return Ask(said)
    if reading.refused and not reading.values and questions:
        # A question with figures in it is no bad answer.
        return None
    ask = "，".join(clause.text for clause in _asides(said, reading)) if questions else ""
    return Answer(reading.values, reading.refused, _ASIDE.sub("", ask))


def _rather_a_question(said: str, reading: Reading, asked: Mapping[str, Asked], hints: Hints) -> bool:
    """残疾人补贴 at a question about health: half an answer, and plainly the name of a published one."""
    kinds = {asked[path].field.kind for path in (*reading.values, *reading.refused) if path in asked}
    if kinds == {Kind.TEXT}:
        return hints.question_chance >= _SURE and len(re.sub(r"\W", "", said)) <= _SHORT
    return (
        bool(told(beside(reading.rest, said, _asks_for(asked))))
        and hints.question_chance >= _LIKELY
        and kinds <= {Kind.CHOICE, Kind.CHOICES, Kind.YES_NO, Kind.NAME}
    )


def _asides(said: str, reading: Reading) -> list[Clause]:
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
    questions = asks(said) or any(clause.asks for clause in clauses(said))
    if hints.programme and not questions and (wish := _wished(text, said, hints, chance)):
        return wish
    if questions or hints.question_chance >= _MAYBE:
        return Ask(text)
    if chance >= _MAYBE and hints.intent in _POLITE:
        return Ask(text)
    return Unclear()


def _wished(text: str, said: str, hints: Hints, chance: float) -> Apply | None:
    """At the end of what was told, or in words that the classifier knows for a wish."""
    if wish := wishes.within(said):
        return wish
    named = programmes.find(plain(said)) if hints.intent == "ask_apply" and chance >= _LIKELY else ()
    return Apply(named[-1].code, text) if named else None
