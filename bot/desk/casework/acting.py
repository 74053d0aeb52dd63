"""What an officer does with a case: the next move, a call or visit, done or not. Each in one transaction with its line in the
audit log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.audit import Deed
from bot.clock import SHANGHAI
from bot.desk.case_ports import Case, Task
from bot.desk.cases import moving
from bot.desk.cases.rights import masked_name, masked_phone
from bot.desk.cases.whose import applicant_of, person_of
from bot.desk.casework.theirs import NotThere, case_of
from bot.desk.desk import Desk
from bot.desk.ports import Work
from bot.errors import BadInput, Conflict
from bot.staff import Staff, covers

BOOKED = {"callback": "打电话", "visit": "上门", "video": "视频"}
TASKS = BOOKED | {"phone_notice": "电话通知", "emergency": "急难求助", "follow_up": "转介回访", "referral": "转介"}
OPENED = {"phone": "电话", "counter": "窗口"}


async def move(
    desk: Desk, staff: Staff, case: str, version: int, to: str, reason: str, missing: Sequence[str] = ()
) -> Case:
    """The next state; the resident is told. Raises Conflict where it is not the case that was shown any more."""
    async with desk.store.writing() as work:
        found = await case_of(desk, work, staff, case)
        if found.version != version:
            raise Conflict("这件刚刚被别人办过，请重新打开看看再办")
        before = found.state
        moved = await moving.move(desk, work, found, to, f"officer:{staff.name}", reason, missing=missing)
        now, about = desk.clock.now(), {"from": before, "to": to}
        await work.audit.add(staff.id, Deed.MOVE, f"case:{case}", now, region=found.region, about=about)
        await work.commit()
    return moved


async def book(desk: Desk, staff: Staff, case: str, kind: str, day: str, hour: str, text: str) -> Task:
    """A call, a visit or a video call on a day and hour, in China's time."""
    if kind not in BOOKED:
        raise BadInput("请选打电话、上门还是视频")
    try:
        due = datetime.combine(date.fromisoformat(day), time.fromisoformat(hour), SHANGHAI)
    except ValueError as error:
        raise BadInput("请写清楚哪天几点，比如 2026-12-01 09:30") from error
    now = desk.clock.now()
    if due <= now or due > now + timedelta(days=366):
        raise BadInput("约的时间要在现在以后、一年以内")
    if not text.strip() or len(text) > 300:
        raise BadInput("请写明要办什么，300字以内")
    async with desk.store.writing() as work:
        found = await case_of(desk, work, staff, case)
        person = await applicant_of(work, found)
        made = await work.tasks.add(kind, found.person, found.id, found.region, text.strip(), person.phone, due, now)
        await work.cases.note(found, f"officer:{staff.name}", "", now, booked=kind, on=day)
        await work.audit.add(staff.id, Deed.CHANGE, f"case:{case}", now, region=found.region, about={"booked": kind})
        await work.commit()
    return made


async def tasks(desk: Desk, staff: Staff) -> list[tuple[Task, Case | None]]:
    """What is to be done in their places, the most pressing first; names and numbers masked."""
    async with desk.store.writing() as work:
        found = {task.id: task for region in staff.regions for task in await work.tasks.open(region)}
        found |= {task.id: task for task in await work.tasks.unplaced()}
        mine = [task for task in found.values() if covers(staff, task.region, desk.regions)]
        rows = [(await _masked(work, task), await _case(work, task.case)) for task in mine]
        about = {"rows": len(rows)}
        await work.audit.add(staff.id, Deed.READ, "tasks", desk.clock.now(), about=about)
        await work.commit()
    return sorted(rows, key=lambda row: (row[0].due_at, row[0].id))


async def close(desk: Desk, staff: Staff, task: str, outcome: str) -> None:
    """Done: what came of it stands in the case. Raises NotThere, Conflict when somebody was faster."""
    outcome = outcome.strip()
    if not outcome or len(outcome) > 300:
        raise BadInput("请写一句办得怎样，300字以内")
    async with desk.store.writing() as work:
        try:
            known = await work.tasks.get(task)
        except BadInput as gone:
            raise NotThere(task) from gone
        if not covers(staff, known.region, desk.regions):
            raise NotThere(task)
        if known.state != "open":
            raise Conflict("这件待办已经办结了，请刷新看看")
        now = desk.clock.now()
        await work.tasks.done(task, f"officer:{staff.name}", now)
        found = await _case(work, known.case)
        if found:
            await work.cases.note(found, f"officer:{staff.name}", outcome, now, task=task, kind=known.kind)
        await work.audit.add(staff.id, Deed.CHANGE, f"task:{task}", now, region=known.region, about={"state": "done"})
        await work.commit()


async def _case(work: Work, case: str) -> Case | None:
    try:
        return await work.cases.get(case) if case else None
    except BadInput:
        return None


async def _masked(work: Work, task: Task) -> Task:
    person = await person_of(work, task.person)
    text = task.text.replace(person.name, masked_name(person.name)) if person and person.name else task.text
    return replace(task, text=text, phone=masked_phone(task.phone))
