"""What is past its time is told to a named supervisor: the one of the place first; when they do not look within a working
day, the one of the wider place. Each time once, with a line in the audit log; whoever runs it twice tells nobody twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from bot.audit import Deed
from bot.clock import SHANGHAI
from bot.desk.desk import Desk
from bot.desk.handoff.theirs import COMPLAINT
from bot.desk.ports import Work
from bot.desk.supervising.places import nearness
from bot.desk.supervising_ports import Escalation, Late
from bot.errors import BadInput
from bot.staff import Staff, covers, may

AT_ONCE = 100
"""Of each kind in one unit of work, so that residents never wait behind it."""
_SOONEST = timedelta(hours=12)
"""No working day is shorter: what is younger needs no look at the calendar."""


async def escalate(desk: Desk) -> int:
    """Tell of what became late, close what is done; how many were told."""
    now, today = desk.clock.now(), desk.today()
    async with desk.store.writing() as work:
        await work.supervising.settle(now, today)
        late = await work.supervising.late(now, today, AT_ONCE)
        unseen = [one for one in await work.supervising.unseen(now - _SOONEST, AT_ONCE) if _looked_long(desk, one)]
        told = 0
        if late or unseen:
            told = await _tell(desk, work, late, unseen)
        await work.commit()
    return told


async def _tell(desk: Desk, work: Work, late: Sequence[Late], unseen: Sequence[Escalation]) -> int:
    people = [one for one in await work.staff.list() if may(one, "conversations.assign")]
    load = Counter({one.id: await work.supervising.count_open(one.id) for one in people})
    told = 0
    for one in late:
        told += await _tell_one(desk, work, one, 1, _next(desk, people, load, one), load)
    for before in unseen:
        first = next((one for one in people if one.id == before.supervisor), None)
        again = Late(before.kind, before.ref, before.region, before.due_at, await _reason(work, before))
        told += await _tell_one(desk, work, again, 2, _next(desk, people, load, again, first), load)
    return told


async def _tell_one(desk: Desk, work: Work, late: Late, level: int, whom: Staff | None, load: Counter[str]) -> int:
    if level == 2 and whom is None:
        return 0  # nobody stands above: it stays with the first
    now, named = desk.clock.now(), whom.id if whom else ""
    if not await work.supervising.escalate(late, level, named, now):
        return 0
    load[named] += 1
    about = {"did": "escalate", "level": level, "to": named}
    await work.audit.add("system", Deed.CHANGE, f"{late.kind}:{late.ref}", now, region=late.region, about=about)
    return 1


def _next(
    desk: Desk, people: Sequence[Staff], load: Counter[str], late: Late, first: Staff | None = None
) -> Staff | None:
    """Who supervises this place most closely; of several, who has least. `first`: the one who did not look; then somebody
    of the same place or a wider one."""
    most = nearness(desk, first, late.region) if first else None
    able = [
        one
        for one in people
        if covers(one, late.region, desk.regions)
        and late.reason != COMPLAINT + one.id
        and (first is None or one.id != first.id)
        and (most is None or nearness(desk, one, late.region) <= most)
    ]
    return min(able, key=lambda one: (-nearness(desk, one, late.region), load[one.id], one.id), default=None)


def _looked_long(desk: Desk, one: Escalation) -> bool:
    """Whether the working day after they were told is over."""
    return desk.calendar.deadline(one.at.astimezone(SHANGHAI).date(), 1).day < desk.today()


async def _reason(work: Work, one: Escalation) -> str:
    if one.kind != "conversation":
        return ""
    try:
        return (await work.conversations.get(one.ref)).reason
    except BadInput:
        return ""
