"""The supervisor's board: what was escalated, who waits with whom to give it to, and who has how much. All masked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.desk.case_ports import Wanted
from bot.desk.cases.naming import number_of, place_name, programme_name
from bot.desk.casework.acting import TASKS
from bot.desk.casework.listing import OPEN
from bot.desk.casework.theirs import days_left
from bot.desk.desk import Desk
from bot.desk.handoff.queue import listed, waiting, why
from bot.desk.handoff.records import Row
from bot.desk.handoff.theirs import COMPLAINT
from bot.desk.ports import Work
from bot.desk.supervising.figures import long
from bot.desk.supervising.routing import Candidate, Crew, candidates
from bot.desk.supervising_ports import Escalation, Load
from bot.errors import BadInput
from bot.staff import Staff, covers

MOST = 200
SUGGESTED = 5
DAY = timedelta(hours=24)


_FITS: Mapping[str, Callable[[Row], bool]] = {
    "held": lambda row: row.holder == "officer",
    "waiting": lambda row: row.holder == "waiting",
    "overdue": lambda row: row.overdue,
    "closed": lambda row: True,
}
"""The numbers of a load, and which of somebody's conversations stand behind each."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing past its time."""

    one: Escalation
    what: str
    """会话 · 想找人工; 待办 · 回电; 案件 · 1234…"""
    place: str
    link: str
    late: str
    """How long past, in words."""
    told: str
    """The supervisor's name; empty: nobody supervises the place."""
    mine: bool
    new: bool
    """Mine, and not looked at before this page."""


@dataclass(frozen=True, slots=True)
class Waits:
    row: Row
    suggested: Sequence[Candidate]
    """Who should take it, the best first."""


@dataclass(frozen=True, slots=True)
class Colleague:
    staff: Staff
    places: str
    here: bool
    load: Load


@dataclass(frozen=True, slots=True)
class Board:
    alarms: Sequence[Alarm]
    waits: Sequence[Waits]
    crew: Sequence[Colleague]
    cases_late: int
    tasks_late: int
    talks_late: int
    partial: bool


async def board(desk: Desk, staff: Staff) -> Board:
    """Looking at it is what "looked at" means: what is this supervisor's is not passed on any more."""
    now = desk.clock.now()
    queued = await waiting(desk, staff, "queue", 30)
    async with desk.store.writing() as work:
        opened = await work.supervising.open(staff.regions, MOST)
        names = {one.id: one.name for one in await work.staff.list()}
        alarms = [alarm for one in opened if (alarm := await _alarm(desk, work, staff, one, names, now))]
        crew = await Crew.of(desk, work)
        waits = [Waits(row, await _suggested(desk, work, row, crew)) for row in queued]
        late = Wanted(staff.regions, OPEN, due_until=desk.today() - timedelta(days=1))
        cases_late = sum(one.number for one in await work.cases.counts(late))
        tasks = [one for region in staff.regions for one in await work.tasks.open(region)]
        tasks_late = len({one.id for one in (*tasks, *await work.tasks.unplaced()) if one.due_at < now})
        talks_late = (await work.talks.counts(staff.id, staff.regions, now))["overdue"]
        if any(alarm.new for alarm in alarms):
            await work.supervising.seen(staff.id, now)
            await work.commit()
    alarms.sort(key=lambda alarm: (not alarm.mine, alarm.one.due_at))
    return Board(
        alarms, waits, _crew(desk, staff, crew), cases_late, tasks_late, talks_late, partial=len(opened) >= MOST
    )


async def held_by(desk: Desk, staff: Staff, colleague: str, what: str) -> tuple[str, Sequence[Row]]:
    """The conversations behind one number of somebody's load: held, waiting, overdue, closed; their name with them. Raises
    BadInput for somebody who is no colleague in one's places."""
    now, test = desk.clock.now(), _FITS.get(what)
    if test is None:
        raise BadInput("没有这个数字，请从列表里点开。")
    async with desk.store.reading() as work:
        crew = await Crew.of(desk, work)
        who = next((one for one in _crew(desk, staff, crew) if one.staff.id == colleague), None)
        if who is None:
            raise BadInput("没有这位同事，请从列表里点开。")
        if what == "closed":
            ids = await work.supervising.closed_by(colleague, now - DAY, MOST)
        else:
            ids = [one.id for one in await work.talks.list("mine", colleague, staff.regions, now, MOST)]
    rows = await listed(desk, staff, ids)
    return who.staff.name, [row for row in rows if test(row)]


def _crew(desk: Desk, staff: Staff, crew: Crew) -> list[Colleague]:
    """Those who work in one's places, who has most first."""
    found = [
        Colleague(
            one,
            "、".join(place_name(desk, region) or region for region in one.regions) or "没有地区",
            one.id in crew.present,
            crew.loads.get(one.id) or Load(one.id, 0, 0, 0, 0),
        )
        for one in crew.people
        if any(covers(staff, region, desk.regions) for region in one.regions)
    ]
    return sorted(found, key=lambda one: (-one.load.overdue, -one.load.held, not one.here, one.staff.name))


async def _suggested(desk: Desk, work: Work, row: Row, crew: Crew) -> Sequence[Candidate]:
    talk = await work.conversations.get(row.conversation)
    return (await candidates(desk, work, talk, crew))[:SUGGESTED]


async def _alarm(
    desk: Desk, work: Work, staff: Staff, one: Escalation, names: dict[str, str], now: datetime
) -> Alarm | None:
    """None for what is erased, and for what is complained of about whoever looks."""
    try:
        if one.kind == "conversation":
            talk = await work.conversations.get(one.ref)
            if talk.reason == COMPLAINT + staff.id:
                return None
            what, link = f"会话 · {why(talk.reason) or '居民写了话'}", f"/conversations/{one.ref}"
        elif one.kind == "task":
            task = await work.tasks.get(one.ref)
            what, link = f"待办 · {TASKS.get(task.kind, task.kind)}", f"/tasks#{one.ref}"
        else:
            case = await work.cases.get(one.ref)
            what, link = f"案件 · {programme_name(desk, case.programme)} {number_of(case)}", f"/cases/{one.ref}"
    except BadInput:
        return None
    mine = one.supervisor == staff.id
    return Alarm(
        one,
        what,
        (place_name(desk, one.region) or one.region) if one.region else "地区还不知道",
        link,
        _late(desk, one, now),
        names.get(one.supervisor, ""),
        mine,
        mine and one.seen_at is None,
    )


def _late(desk: Desk, one: Escalation, now: datetime) -> str:
    """A case's days are working days; a conversation's or a call's time is that of a clock."""
    if one.kind == "case":
        left = days_left(desk, (one.due_at - timedelta(seconds=1)).date())
        return f"超期 {-left} 个工作日" if left else "超期"
    return f"超时 {long((now - one.due_at).total_seconds() / 60)}"
