"""Whose a case is: what is not theirs does not exist for them, and that they asked stands in the audit log."""

from __future__ import annotations

from datetime import date, timedelta

from bot.audit import Deed
from bot.desk.case_ports import Case
from bot.desk.desk import Desk
from bot.desk.ports import Work
from bot.errors import BadInput, Conflict
from bot.staff import Staff, covers

HOUR = timedelta(hours=1)
SEARCHES = 60
"""By a number, in one hour, by one person, whether for cases or for conversations."""
SHORTEST_REASON = 4
LONGEST_REASON = 500


class NotThere(LookupError):
    """There is no such thing, or it is somebody else's: both look the same."""


async def case_of(desk: Desk, work: Work, staff: Staff, case: str) -> Case:
    """Raises NotThere."""
    try:
        found = await work.cases.get(case)
    except BadInput as gone:
        raise NotThere(case) from gone
    if not covers(staff, found.region, desk.regions):
        raise NotTheirs(found)
    return found


class NotTheirs(NotThere):
    """It exists, for somebody else. Whoever catches it lets `refused` write a line."""

    def __init__(self, case: Case) -> None:
        super().__init__(case.id)
        self.case = case


async def refused(desk: Desk, staff: Staff, what: NotThere) -> None:
    if isinstance(what, NotTheirs):
        async with desk.store.writing() as work:
            about = {"why": "region"}
            case = what.case
            now = desk.clock.now()
            await work.audit.add(staff.id, Deed.REFUSED, f"case:{case.id}", now, region=case.region, about=about)
            await work.commit()


def reason_of(text: str) -> str:
    """A reason that says something. Raises BadInput."""
    reason = " ".join(text.split())
    if len(reason) < SHORTEST_REASON:
        raise BadInput(f"请写明为什么要看，至少{SHORTEST_REASON}个字，会记进审计")
    if len(reason) > LONGEST_REASON:
        raise BadInput(f"理由最多{LONGEST_REASON}个字，请写短一点")
    return reason


async def within_limit(desk: Desk, key: str, most: int, what: str) -> None:
    """Count one more of something in this hour, also where it fails afterwards. Raises Conflict when it is too many."""
    now = desk.clock.now()
    async with desk.store.writing() as work:
        if await work.cases.tries(key, now - HOUR) >= most:
            raise Conflict(f"一小时内{what}已到{most}次，请过一会儿再来；确有需要请告诉主管")
        await work.cases.tried(key, now)
        await work.commit()


def days_left(desk: Desk, due: date | None) -> int | None:
    """Working days until the last day, today not counted; negative: so many late."""
    if due is None:
        return None
    today = desk.today()
    first, last = min(today, due), max(today, due)
    days = sum(desk.calendar.works(first + timedelta(days=number)) for number in range(1, (last - first).days + 1))
    return days if due >= today else -days
