"""Which question is next, what an answer changes, and what hangs on what. Pure functions over a form and its answers.

Everything here is computed from the answers anew: there is no place in a form to be lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from bot.errors import BadInput
from bot.forms.facts import facts_of, members_of
from bot.forms.model import Asked, Field, Form, Given, Kind, Sheet, State, Step, member_path, split_path
from bot.forms.readers.shape import valid

SUMMARY, END = ":summary", ":end"
"""What is asked when all questions are: the summary, if the form has one; else nothing."""
Answers = Mapping[str, Given]


@dataclass(frozen=True, slots=True)
class StepAt:
    """One question as it stands now: of one member (`member` > 0), of all of them, or of nobody in particular."""

    step: Step
    member: int
    fields: Mapping[str, Asked]
    """Every path this question may fill now, in order."""
    wanted: tuple[str, ...] = ()
    """The paths still to be asked for, or asked for again; empty: the question is answered."""

    @property
    def id(self) -> str:
        return f"{self.step.id}#{self.member}" if self.member else self.step.id

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(self.fields)

    @property
    def whole(self) -> bool:
        """Whether the step's own words ask for what is wanted; else the fields are asked by theirs."""
        needed = {path for path, asked in self.fields.items() if asked.required and asked.default is None}
        return bool(self.step.ask) and not (self.step.over and self.member) and needed <= set(self.wanted)


def steps(form: Form, answers: Answers, today: date) -> list[StepAt]:
    """Every question that applies now, in order, answered or not. An `over` step that is answered for some members only
    is a question for each."""
    return [at for at in applying(form, answers, today) if _has_question(at.step)]


def next_step(form: Form, answers: Answers, today: date) -> StepAt | None:
    """The first question that is still open."""
    return next((at for at in steps(form, answers, today) if at.wanted), None)


def find_step(form: Form, answers: Answers, today: date, path: str) -> StepAt | None:
    """The question that fills this path now, wanting it."""
    for at in applying(form, answers, today):
        if path in at.fields:
            return replace(at, wanted=(path,))
    return None


def current(form: Form, sheet: Sheet, today: date) -> StepAt | None:
    """The question `sheet.asked` names if it applies, else the next open one; None: the summary or the end."""
    if sheet.asked in (SUMMARY, END):
        return None
    found = next((at for at in _named(form, sheet.answers, today, sheet.asked)), None)
    if found is None:
        return next_step(form, sheet.answers, today)
    wanted = tuple(path for path in sheet.asked_paths if path in found.fields)
    return replace(found, wanted=wanted or found.wanted or found.paths)


def advance(form: Form, sheet: Sheet, today: date) -> Sheet:
    """The sheet with the next open question as the one being asked; SUMMARY or END after the last one."""
    answers = _settled(form, sheet.answers, today)
    at = next_step(form, answers, today)
    asked = at.id if at else SUMMARY if form.confirm else END
    paths = at.wanted if at else ()
    same = (asked, paths) == (sheet.asked, sheet.asked_paths)
    return replace(sheet, answers=answers, asked=asked, asked_paths=paths, tries=sheet.tries if same else 0)


def ask_again(form: Form, sheet: Sheet, today: date, *paths: str) -> Sheet:
    """The sheet with these paths of one question as what is being asked; the answers stay until others come."""
    at = find_step(form, sheet.answers, today, paths[0]) if paths else None
    if at is None:
        return sheet
    wanted = tuple(path for path in paths if path in at.fields)
    return replace(sheet, asked=at.id, asked_paths=wanted, tries=0)


def put(
    form: Form,
    sheet: Sheet,
    values: Mapping[str, Any],
    *,
    today: date,
    message: str = "",
    at: datetime | None = None,
    state: State = State.SAID,
) -> Sheet:
    """The sheet with these answers and without those they make void. For UNKNOWN and SKIPPED the values are None.

    Raises BadInput on a path the form does not have or a value no reader would give: nothing unproved is kept.
    """
    for path, value in values.items():
        number, key = split_path(path)
        field = _fields(form, bool(number)).get(key)
        if field is None:
            raise BadInput(f"表单“{form.id}”里没有“{path}”这一项；请用表单现有的项")
        if state is State.SAID and not valid(field, value, today):
            raise BadInput(f"“{path}”的内容不是“{field.label}”该有的样子；请重新回答这一项")
    given = {path: Given(value if state is State.SAID else None, state, message, at) for path, value in values.items()}
    answers = dict(sheet.answers) | given
    if gone := [path for path in values if split_path(path)[0] > members_of(form, answers)]:
        raise BadInput(f"家里没有“{gone[0]}”这一位；请先改家里的人数")
    answers = _without_stale(form, sheet.answers, answers, set(values), today)
    answers = drop_dependents(form, answers, today)
    return replace(sheet, answers=_settled(form, answers, today), tries=0, last_put=tuple(values))


def drop_dependents(form: Form, answers: Answers, today: date) -> dict[str, Given]:
    """The answers less those whose question does not apply (any more), and of members who are not there. Answers that
    are no field of the form stay."""
    kept = dict(answers)
    while True:
        open_paths = {path for at in applying(form, kept, today) for path in at.fields}
        gone = [path for path in kept if path not in open_paths and _belongs(form, path)]
        if not gone:
            return kept
        for path in gone:
            del kept[path]


def missing_required(form: Form, answers: Answers, today: date) -> list[str]:
    """Required paths nobody has answered, also where the resident did not know or skipped: what to come back to."""
    return [
        path
        for at in applying(form, answers, today)
        for path, asked in at.fields.items()
        if asked.required and (path not in answers or answers[path].state is not State.SAID)
    ]


def back(form: Form, sheet: Sheet, today: date) -> Sheet:
    """The question before the one being asked is asked again; its answer stays until another comes."""
    order = steps(form, sheet.answers, today)
    ids = [at.id for at in order]
    here = ids.index(sheet.asked) if sheet.asked in ids else len(ids)
    if sheet.asked not in ids and sheet.asked not in (SUMMARY, END):
        at = current(form, sheet, today)
        here = ids.index(at.id) if at and at.id in ids else len(ids)
    if here == 0:
        return sheet
    before = order[here - 1]
    return replace(sheet, asked=before.id, asked_paths=before.paths, tries=0)


def progress(form: Form, answers: Answers, today: date) -> tuple[int, int]:
    """Questions answered, and all that apply now."""
    order = steps(form, answers, today)
    return sum(not at.wanted for at in order), len(order)


def field_of(form: Form, answers: Answers, path: str) -> Field | None:
    """The field of a path, if the form has it for the people who are there."""
    number, key = split_path(path)
    if number > members_of(form, answers):
        return None
    return _fields(form, bool(number)).get(key)


def applying(form: Form, answers: Answers, today: date) -> Iterator[StepAt]:
    """Every question that applies, those without words too."""
    count = members_of(form, answers)
    facts = {number: facts_of(form, answers, today, number) for number in range(count + 1)}
    for step in form.steps:
        if not (step.each or step.over):
            yield from _one(step, 0, _applying(step, 0, facts[0]), answers)
            continue
        of_member = {number: _applying(step, number, facts[number]) for number in range(1, count + 1)}
        if step.each:
            for number, fields in of_member.items():
                yield from _one(step, number, fields, answers)
            continue
        together = {path: asked for fields in of_member.values() for path, asked in fields.items()}
        told = [path for path in together if path in answers]
        alone = [at for number, fields in of_member.items() for at in _one(step, number, fields, answers)]
        if told and any(at.wanted for at in alone):
            yield from alone
        elif together:
            yield StepAt(step, 0, together, () if told else tuple(together))


def _named(form: Form, answers: Answers, today: date, name: str) -> Iterator[StepAt]:
    """The question of this id, also where an `over` step was split meanwhile or is whole again."""
    if not name:
        return
    step_id, _, number = name.partition("#")
    for at in applying(form, answers, today):
        if at.step.id != step_id:
            continue
        if at.id == name or not number:
            yield at
        elif not at.member:
            mine = {path: asked for path, asked in at.fields.items() if split_path(path)[0] == int(number)}
            if mine:
                yield StepAt(at.step, int(number), mine, tuple(mine))


def _applying(step: Step, number: int, facts: Mapping[str, Any]) -> dict[str, Asked]:
    if step.when is not None and step.when(facts) is not True:
        return {}
    return {
        (member_path(number, asked.field.key) if number else asked.field.key): asked
        for asked in step.fields
        if asked.when is None or asked.when(facts) is True
    }


def _one(step: Step, number: int, fields: Mapping[str, Asked], answers: Answers) -> Iterator[StepAt]:
    if not fields:
        return
    missing = [path for path in fields if path not in answers]
    needed = tuple(path for path in missing if fields[path].required and fields[path].default is None)
    wanted = needed if len(missing) < len(fields) else tuple(missing)
    yield StepAt(step, number, fields, wanted)


def _has_question(step: Step) -> bool:
    return bool(step.ask) or any(asked.default is None for asked in step.fields)


def _settled(form: Form, answers: Answers, today: date) -> dict[str, Given]:
    """What a question asked for and got no word of: its default where it has one, skipped where it is optional. Steps
    without words have nothing but defaults."""
    settled = dict(answers)
    while True:
        before = len(settled)
        for at in list(applying(form, settled, today)):
            missing = [path for path in at.fields if path not in settled]
            silent = not _has_question(at.step)
            if not missing or (not silent and (at.wanted or len(missing) == len(at.fields))):
                continue
            for path in missing:
                default = at.fields[path].default
                settled[path] = Given(None, State.SKIPPED) if default is None else Given(default)
        if len(settled) == before:
            return settled


def _without_stale(
    form: Form, before: Answers, after: Mapping[str, Given], told: set[str], today: date
) -> dict[str, Given]:
    """Answers to questions that were asked because of a choice that is another now: what was told of the illness says
    nothing of the accident. A figure or a list that changed makes void only what no longer applies."""
    changed = {
        split_path(path)
        for path in told
        if path in before and before[path].state is State.SAID and before[path].value != after[path].value
        if (field := field_of(form, after, path)) is not None and field.kind is Kind.CHOICE
    }
    if not changed:
        return dict(after)
    kept = dict(after)
    for at in applying(form, after, today):
        for path, asked in at.fields.items():
            number = split_path(path)[0]
            reads = (at.step.when.reads if at.step.when else frozenset()) | (
                asked.when.reads if asked.when else frozenset()
            )
            if path not in told and any(key in reads and who in (0, number) for who, key in changed):
                kept.pop(path, None)
    return kept


def _fields(form: Form, of_members: bool) -> dict[str, Field]:
    return {
        asked.field.key: asked.field
        for step in form.steps
        if (step.each or step.over) == of_members
        for asked in step.fields
    }


def _belongs(form: Form, path: str) -> bool:
    number, key = split_path(path)
    return key in _fields(form, bool(number))
