"""A form driven as a driver does it, in its simplest form: what a message is, what it does to the sheet, and what may go with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random

from bot.forms import steps
from bot.forms.model import Form, Sheet, State, split_path
from bot.forms.moves import Answer, Back, Correct, DontKnow, Move, Skip
from bot.forms.readers import Context
from bot.forms.saying import Hints, understand
from tests.forms import answering, household
from tests.forms.published import DAY, regions, report

FORMS: Mapping[str, Form] = {"household": household.FORM, **report().content.forms}
QUICK = ("household", "dibao", "emergency")


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
