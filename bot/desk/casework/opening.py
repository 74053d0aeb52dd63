"""An officer fills in an application, or an emergency report, for somebody who calls or stands at the counter.

The same forms, readers and proofs as in a chat; what is agreed to is read out, and noted as given by word of mouth, with the
time. The officer is no helper: who applies for somebody else (代办) is asked for by the form, and kept apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.audit import Deed
from bot.cases import show_number
from bot.codes import show
from bot.desk import consenting
from bot.desk.case_ports import Case, Draft
from bot.desk.casework.acting import OPENED
from bot.desk.casework.theirs import NotThere
from bot.desk.desk import Desk
from bot.desk.kinds import KINDS, application, emergency
from bot.desk.offering import applicable
from bot.desk.ports import Work
from bot.errors import BadInput, Conflict, NotYours
from bot.forms import readers, steps
from bot.forms.model import Asked, Form, Kind, Sheet, State, split_path
from bot.forms.readers.base import Context
from bot.forms.steps import StepAt
from bot.staff import Staff, may

RIGHT = "cases.open"
CHANNELS = OPENED
EMERGENCY = "emergency"
UNSURE = "?"
"""What is sent for a question whose answer the person does not know."""
_MOST = 20


@dataclass(frozen=True, slots=True)
class At:
    """Where a form stands."""

    draft: Draft
    form: Form
    step: StepAt | None
    """None: everything was asked."""
    fields: Mapping[str, Asked]
    """What is asked now, by path."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What became of it, to be told to the person."""

    case: Case
    number: str
    codes: Sequence[tuple[str, str]]
    """Name and code of everybody who has to agree in their own chat."""


class Unanswered(BadInput):
    """Some answers were not taken: by path, in words for the officer."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("有几项要再看看，填过的都还在。")
        self.problems = problems


def offered(desk: Desk) -> list[tuple[str, str]]:
    return [(EMERGENCY, "急难求助（先登记，马上派人看）"), *applicable(desk)]


async def begin(desk: Desk, staff: Staff, what: str, channel: str, agreed: bool) -> Draft:
    """Raises BadInput where the notice was not read out and agreed to: nothing may be taken down before."""
    if not may(staff, RIGHT):
        raise NotYours("您的账号不能做这件事。")
    if what not in dict(offered(desk)):
        raise BadInput("请选要办哪一样")
    if channel not in CHANNELS:
        raise BadInput("请选是电话还是窗口")
    if not agreed:
        raise BadInput("先把告知念给本人听，本人同意了再勾上")
    kind, programme = (EMERGENCY, "") if what == EMERGENCY else ("application", what)
    now = desk.clock.now()
    async with desk.store.writing() as work:
        if len(await work.drafts.of_conversation(_desk_of(staff))) >= _MOST:
            raise Conflict(f"您有{_MOST}份没填完的，先填完或删掉几份")
        person = await work.people.make("", now, "officer")
        about = {"by": staff.id, "channel": channel, "oral": now.isoformat(), "other": False}
        draft = await work.drafts.open(_desk_of(staff), person.id, kind, programme, Sheet(what), about, now)
        form = KINDS[kind].form(desk, draft)
        sheet = _past_papers(desk, form, replace(draft.sheet, form=form.id))
        draft = await work.drafts.save(draft, now, sheet=sheet)
        about = {"opened": what, "channel": channel}
        await work.audit.add(staff.id, Deed.CHANGE, f"draft:{draft.id}", now, about=about)
        await work.commit()
    return draft


async def lying(desk: Desk, staff: Staff) -> Sequence[Draft]:
    """Those one has not finished."""
    async with desk.store.reading() as work:
        return list(await work.drafts.of_conversation(_desk_of(staff)))


async def look(desk: Desk, staff: Staff, draft: str) -> At:
    """Raises NotThere, also for a colleague's."""
    async with desk.store.reading() as work:
        return _at(desk, await _own(work, staff, draft))


async def answer(desk: Desk, staff: Staff, draft: str, version: int, told: Mapping[str, Sequence[str]]) -> At:
    """What was filled in for the questions that are open. Raises Unanswered, then nothing was kept; Conflict where the form
    stands elsewhere by now."""
    now = desk.clock.now()
    async with desk.store.writing() as work:
        known = await _own(work, staff, draft)
        here = _at(desk, known)
        if known.version != version or here.step is None:
            raise Conflict("这张表刚刚在别处填过，请看看现在问到哪里")
        read: dict[State, dict[str, Any]] = {state: {} for state in State}
        problems: dict[str, str] = {}
        for path, asked in here.fields.items():
            try:
                state, value = _read(desk, staff, here, path, asked, [one.strip() for one in told.get(path, ())])
                read[state][path] = value
            except BadInput as wrong:
                problems[path] = str(wrong)
        if problems:
            raise Unanswered(problems)
        sheet, today = known.sheet, desk.today()
        for state, values in read.items():
            if values:
                sheet = steps.put(here.form, sheet, values, today=today, at=now, state=state)
        sheet = _past_papers(desk, here.form, sheet)
        known = await work.drafts.save(known, now, sheet=sheet)
        await work.commit()
    return _at(desk, known)


async def again(desk: Desk, staff: Staff, draft: str, path: str) -> At:
    """One question once more; its answer stays until another comes."""
    now = desk.clock.now()
    async with desk.store.writing() as work:
        known = await _own(work, staff, draft)
        form = KINDS[known.kind].form(desk, known)
        at = steps.find_step(form, known.sheet.answers, desk.today(), path)
        if at is None:
            raise BadInput("没有这一项可以改，请刷新后再试")
        sheet = steps.ask_again(form, known.sheet, desk.today(), *at.paths)
        known = await work.drafts.save(known, now, sheet=sheet)
        await work.commit()
    return _at(desk, known)


async def drop(desk: Desk, staff: Staff, draft: str) -> None:
    """Nothing of it is kept."""
    async with desk.store.writing() as work:
        known = await _own(work, staff, draft)
        now = desk.clock.now()
        await work.drafts.save(known, now, state="cancelled")
        await work.audit.add(staff.id, Deed.CHANGE, f"draft:{draft}", now, about={"state": "cancelled"})
        await work.commit()


async def finish(desk: Desk, staff: Staff, draft: str, version: int) -> Opened:
    """Handed in: a case with a receipt. Raises BadInput where something is missing, Conflict, NotThere."""
    now = desk.clock.now()
    async with desk.store.writing() as work:
        known = await _own(work, staff, draft)
        here = _at(desk, known)
        if known.version != version or here.step is not None:
            raise Conflict("这张表还没填完，请看看现在问到哪里")
        answers = known.sheet.answers
        missing = [
            path
            for path in steps.missing_required(here.form, answers, desk.today())
            if path not in answers or answers[path].state is not State.UNKNOWN
        ]
        if missing:
            raise BadInput(f"还有{len(missing)}项没有回答，请补上再交")
        channel, oral = str(known.about["channel"]), str(known.about["oral"])
        home = staff.regions[0] if staff.regions else ""
        codes: Sequence[consenting.Wanted] = ()
        if known.kind == EMERGENCY:
            case = await _emergency(desk, work, known, here.form, home)
        else:
            done = await application.handed_in(desk, work, known, channel, home)
            case, codes = done.case, done.waiting
        await work.cases.note(case, f"officer:{staff.name}", "", now, opened=channel, oral=oral)
        await work.drafts.save(known, now, state="done")
        about = {"opened": case.programme, "channel": channel}
        await work.audit.add(staff.id, Deed.CHANGE, f"case:{case.id}", now, region=case.region, about=about)
        await work.commit()
    told = [(one.name, show(one.code)) for one in codes if one.code]
    return Opened(case, show_number(case.number), told)


async def _emergency(desk: Desk, work: Work, draft: Draft, form: Form, home: str) -> Case:
    """A case with the highest priority, and somebody sent at once: papers follow (社会救助法 第50条)."""
    now = desk.clock.now()
    region = emergency.region_of(desk, draft) or home
    phone = str(emergency.answer_of(draft, "phone") or "")
    if phone:
        await work.people.change(draft.person, now, phone=phone)
    sections = {one.field.key: step.section for step in form.steps for one in step.fields}
    case = await work.cases.add(draft, emergency.APPLY, region, application.SUBMITTED, "", now, sections=sections)
    case = await work.cases.change(case.id, now, priority=emergency.PRIORITY)
    text = "；".join(emergency.summary_of(desk, form, draft))
    await work.tasks.add("emergency", draft.person, case.id, region, text, phone, now + emergency.DUE, now)
    return case


def _at(desk: Desk, draft: Draft) -> At:
    form = KINDS[draft.kind].form(desk, draft)
    at = steps.current(form, draft.sheet, desk.today())
    fields = {path: one for path, one in at.fields.items() if one.default is None or path in at.wanted} if at else {}
    return At(draft, form, at, {path: one for path, one in fields.items() if one.field.kind is not Kind.PAPER})


def _past_papers(desk: Desk, form: Form, sheet: Sheet) -> Sheet:
    """The next question somebody can answer by word of mouth: photos follow later (补材料)."""
    sheet = steps.advance(form, sheet, desk.today())
    while (at := steps.current(form, sheet, desk.today())) is not None:
        papers = {path: one for path, one in at.fields.items() if one.field.kind is Kind.PAPER and path in at.wanted}
        if not papers or len(papers) < len(at.wanted):
            break
        for path, one in papers.items():
            state = State.UNKNOWN if one.required else State.SKIPPED
            sheet = steps.put(form, sheet, {path: None}, today=desk.today(), at=desk.clock.now(), state=state)
        sheet = steps.advance(form, sheet, desk.today())
    return sheet


def _read(desk: Desk, staff: Staff, here: At, path: str, asked: Asked, said: Sequence[str]) -> tuple[State, Any]:
    """What was filled in for one field. Raises BadInput in words."""
    field, first = asked.field, next((one for one in said if one), "")
    if field.kind is Kind.AGREE:
        if first != "yes":
            raise BadInput("要念给本人听，本人口头同意了再勾上")
        return State.SAID, {"version": desk.edition.consents[field.key].version}
    if first == UNSURE:
        return State.UNKNOWN, None
    if field.kind is Kind.CHOICES:
        known = [option.value for option in field.options]
        return State.SAID, [one for one in known if one in said]
    if not first:
        if asked.required:
            raise BadInput("还没有填；本人说不清楚的，选“说不清”")
        return State.SKIPPED, None
    if field.kind is Kind.CHOICE:
        if first not in {option.value for option in field.options}:
            raise BadInput("请从选项里选一个")
        return State.SAID, first
    if field.kind is Kind.YES_NO:
        if first not in ("yes", "no"):
            raise BadInput("请选一个")
        return State.SAID, first == "yes"
    home = staff.regions[0] if staff.regions else ""
    answers, number = here.draft.sheet.answers, split_path(path)[0]
    context = Context(desk.today(), desk.regions, here.form, answers, number, home)
    found = readers.read(field, first, context)
    if isinstance(found, readers.Said):
        return State.SAID, found.value
    if isinstance(found, readers.Refused):
        text = desk.edition.words(found.key)
        for mark, value in found.marks.items():
            text = text.replace("{" + mark + "}", value)
        raise BadInput(" ".join(text.split()))
    raise BadInput(f"没看懂，请照这样写：{field.example}" if field.example else "没看懂，请换个写法")


async def _own(work: Work, staff: Staff, draft: str) -> Draft:
    try:
        known = await work.drafts.get(draft)
    except BadInput:
        raise NotThere(draft) from None
    if known.conversation != _desk_of(staff) or known.state not in ("open", "paused") or not may(staff, RIGHT):
        raise NotThere(draft)
    return known


def _desk_of(staff: Staff) -> str:
    """Where the drafts of an officer lie: no conversation, and nobody's else."""
    return f"staff:{staff.id}"
