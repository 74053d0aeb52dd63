"""Reports of offices and frauds, as those read them who stand above: opened one by one, each with its line in the audit log."""

from __future__ import annotations

from collections.abc import Sequence

from bot.audit import Deed
from bot.desk.casework import revealing
from bot.desk.casework.theirs import NotThere, reason_of, within_limit
from bot.desk.desk import Desk
from bot.desk.officer_ports import Tip
from bot.desk.ports import Work
from bot.errors import BadInput, Conflict
from bot.regions import UnknownRegion
from bot.staff import Staff, may

RIGHT = "complaints.read"
ABOUT = {"cadre": "干部或工作人员办事不公", "money": "救助钱被扣、被挪", "fraud": "有人不该领却领了", "other": "别的事"}
STATES = {"new": "还没有人办", "taken": "正在核实", "done": "已办结"}
LONGEST = 1000


async def waiting(desk: Desk, staff: Staff) -> Sequence[Tip]:
    """Those that happened below the divisions of this supervisor, never in one of them alone."""
    if not may(staff, RIGHT):
        return []
    async with desk.store.writing() as work:
        found = await work.tips.list(staff.regions)
        await work.audit.add(staff.id, Deed.READ, "tips", desk.clock.now(), about={"rows": len(found)})
        await work.commit()
    return found


async def opened(desk: Desk, staff: Staff, tip: str) -> Tip:
    """Raises NotThere, also for another division's."""
    async with desk.store.writing() as work:
        found = await _theirs(desk, work, staff, tip)
        await work.audit.add(staff.id, Deed.READ, f"tip:{tip}", desk.clock.now(), region=found.level)
        await work.commit()
    return found


async def contact(desk: Desk, staff: Staff, tip: str, reason: str) -> Tip:
    """The number a named one left, for a reason. Raises NotThere, BadInput, Conflict."""
    why = reason_of(reason)
    async with desk.store.reading() as work:
        await _theirs(desk, work, staff, tip)
    await within_limit(desk, f"reveal|{staff.id}", revealing.REVEALS, "查看隐去的信息")
    async with desk.store.writing() as work:
        found = await _theirs(desk, work, staff, tip)
        about = {"fields": ["contact"]}
        await work.audit.add(
            staff.id, Deed.REVEAL, f"tip:{tip}", desk.clock.now(), region=found.level, reason=why, about=about
        )
        await work.commit()
    return found


async def move(desk: Desk, staff: Staff, tip: str, state: str, outcome: str) -> Tip:
    """Taken up, or done with what came of it. Raises NotThere, BadInput, Conflict."""
    outcome = outcome.strip()
    if state not in ("taken", "done"):
        raise BadInput("请选“开始核实”还是“办结”。")
    if len(outcome) > LONGEST or (state == "done" and len(outcome) < 4):
        raise BadInput(f"办结要写明核实的结果，4到{LONGEST}字。")
    async with desk.store.writing() as work:
        found = await _theirs(desk, work, staff, tip)
        if found.state == state == "taken":
            raise Conflict("已经有人在核实，请刷新看看。")
        now = desk.clock.now()
        found = await work.tips.change(tip, state, staff.id, outcome, now)
        await work.audit.add(staff.id, Deed.CHANGE, f"tip:{tip}", now, region=found.level, about={"state": state})
        await work.commit()
    return found


async def _theirs(desk: Desk, work: Work, staff: Staff, tip: str) -> Tip:
    try:
        found = await work.tips.get(tip)
        here = any(desk.regions.is_within(found.level, own) for own in staff.regions)
    except (BadInput, UnknownRegion):
        raise NotThere(tip) from None
    if not may(staff, RIGHT) or not here:
        raise NotThere(tip)
    return found
