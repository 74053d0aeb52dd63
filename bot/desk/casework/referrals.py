"""A case, or a part of its need, handed to another office: who asked for what by when, and what the office answered."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.audit import Deed
from bot.clock import SHANGHAI
from bot.desk.case_ports import Case, Referral, Task
from bot.desk.cases.notifying import Notice, notify
from bot.desk.cases.rights import masked_name
from bot.desk.cases.whose import applicant_of
from bot.desk.casework.theirs import NotThere, case_of
from bot.desk.desk import Desk
from bot.desk.ports import Work
from bot.desk.referring import refer_to
from bot.errors import BadInput, Conflict
from bot.knowledge.contacts import OFFICES
from bot.staff import Staff, covers

OTHER = "other"
ASKING, DECLINED = "asking", "declined"
"""Beside open, taken, done and returned: whether the resident agrees is not known yet; they do not."""
OUTCOMES = {"taken": "对方已接收", "done": "已办结", "returned": "已退回"}
STATES = {"open": "已转出，等答复", ASKING: "等本人同意", DECLINED: "本人不同意，没有转"} | OUTCOMES
_EVENING = time(17)
"""A reminder has its whole day: the resident is asked in the morning (`asking_after`)."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What an officer wants to hand on, as the form brings it."""

    office: str
    other: str
    """The name of one that is no department of the government, or of the very school."""
    what: str
    follow_up: str
    consent: str
    """How the person agreed, where that was asked by word of mouth."""
    papers: Sequence[str] = ()

    @property
    def name(self) -> str:
        return self.other or OFFICES.get(self.office, self.office)


async def refer(desk: Desk, staff: Staff, case: str, wish: Wish) -> Referral:
    """A letter to another office, with these papers of the case. One that is no department of the government gets personal
    data only with the separate consent of whom it is about (个人信息保护法 第23条): how it was given is written down."""
    due = checked(desk, wish)
    if wish.office == OTHER and len(wish.consent.strip()) < 4:
        raise BadInput("转给政府部门以外的单位，要先得到本人单独同意；请写明什么时候、怎样同意的，或在聊天里问本人")
    async with desk.store.writing() as work:
        found = await case_of(desk, work, staff, case)
        now = desk.clock.now()
        await owned(work, found, wish.papers)
        task = await remind(desk, work, found, wish.name, due, now)
        made = await work.referrals.add(found.id, office_of(wish), wish.what.strip(), wish.papers, due, now, task.id)
        told = {"referral": made.id, "office": wish.office}
        consent = {"consent": wish.consent.strip()} if wish.office == OTHER else {}
        await work.cases.note(found, f"officer:{staff.name}", "", now, **told, **consent)
        await work.audit.add(staff.id, Deed.CHANGE, f"case:{case}", now, region=found.region, about=told)
        await tell(desk, work, found, made, task.id)
        await work.commit()
    return made


async def waiting(desk: Desk, staff: Staff) -> list[tuple[Referral, Case, str]]:
    """Those that wait for an answer, with the masked name of whom they are about."""
    async with desk.store.reading() as work:
        found = await work.referrals.open(staff.regions)
        return [
            (one, case, masked_name((await applicant_of(work, case)).name))
            for one, case in found
            if covers(staff, case.region, desk.regions)
        ]


async def follow_up(desk: Desk, staff: Staff, referral: str, state: str, outcome: str) -> Referral:
    """What the office answered. Raises NotThere, BadInput, Conflict."""
    if state not in OUTCOMES:
        raise BadInput("请选对方怎样答复")
    if len(outcome) > 500 or (state != "taken" and not outcome.strip()):
        raise BadInput("请写明结果，500字以内")
    async with desk.store.writing() as work:
        known, case = await referral_of(desk, work, staff, referral)
        if known.state not in ("open", "taken"):
            raise Conflict("这件转介已经有结果了，或者还在等本人同意，请刷新看看")
        now = desk.clock.now()
        changed = await work.referrals.change(referral, state, outcome.strip(), now)
        await work.cases.note(case, f"officer:{staff.name}", outcome.strip(), now, referral=referral, state=state)
        about = {"referral": referral, "state": state}
        await work.audit.add(staff.id, Deed.CHANGE, f"case:{case.id}", now, region=case.region, about=about)
        await work.commit()
    return changed


def checked(desk: Desk, wish: Wish) -> date:
    """The day of the follow-up. Raises BadInput for what lacks something."""
    if wish.office not in OFFICES and wish.office != OTHER:
        raise BadInput("请选转给哪个部门")
    if (wish.office == OTHER or wish.other) and not 2 <= len(wish.other.strip()) <= 60:
        raise BadInput("请写明转给哪个单位，60字以内")
    if not 4 <= len(wish.what.strip()) <= 500:
        raise BadInput("请写明请对方办什么，4到500字")
    try:
        due = date.fromisoformat(wish.follow_up)
    except ValueError as error:
        raise BadInput("请选哪天回访，比如 2026-12-01") from error
    if not desk.today() < due <= desk.today() + timedelta(days=366):
        raise BadInput("回访的日子要在今天以后、一年以内")
    return due


async def owned(work: Work, case: Case, papers: Sequence[str]) -> None:
    if not set(papers) <= {one.id for one in await work.papers.of_case(case.id)}:
        raise BadInput("随函材料里有一样已经不在这个案件里了，请刷新后再选")


def office_of(wish: Wish) -> str:
    return wish.other.strip() or wish.office


async def remind(desk: Desk, work: Work, case: Case, name: str, due: date, now: datetime) -> Task:
    """An officer's reminder for the day of the follow-up."""
    person = await applicant_of(work, case)
    text, by = f"问问对方办得怎样、帮上没有：{name}", datetime.combine(due, _EVENING, SHANGHAI)
    return await work.tasks.add("follow_up", case.person, case.id, case.region, text, person.phone, by, now)


async def reminder(work: Work, one: Referral) -> Task | None:
    """The one that stands for it; None where an officer closed it, or it was done long ago."""
    try:
        task = await work.tasks.get(one.task) if one.task else None
    except BadInput:
        return None
    return task if task and task.state == "open" else None


async def end_reminder(work: Work, one: Referral, actor: str, now: datetime) -> None:
    task = await reminder(work, one)
    if task is not None:
        with suppress(Conflict):  # an officer closed it in the same moment
            await work.tasks.done(task.id, actor, now)


async def tell(desk: Desk, work: Work, case: Case, one: Referral, task: str) -> None:
    """The resident hears where it went."""
    known = one.office in OFFICES
    where = refer_to(desk, one.office, case.region).line.rstrip("。") if known else one.office
    await notify(desk, work, case, Notice("notice_referred", where, ("person",), task))


def addressed(desk: Desk, referral: Referral, case: Case) -> str:
    """The counter by its own name where the place has one on file."""
    if referral.office in OFFICES and case.region:
        return refer_to(desk, referral.office, case.region).called
    return OFFICES.get(referral.office, referral.office)


async def referral_of(desk: Desk, work: Work, staff: Staff, referral: str) -> tuple[Referral, Case]:
    """Raises NotThere."""
    try:
        known = await work.referrals.get(referral)
    except BadInput as gone:
        raise NotThere(referral) from gone
    return known, await case_of(desk, work, staff, known.case)
