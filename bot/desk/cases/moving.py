"""Move a case from one state to the next: checked, dated, written to its timeline, and told to the resident."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from bot.calendar import Deadline
from bot.cases import STATES, check_move, due
from bot.clock import SHANGHAI
from bot.desk.case_ports import Case, Happening
from bot.desk.cases.naming import programme_of
from bot.desk.cases.notifying import Notice, notify
from bot.desk.desk import Desk
from bot.desk.ports import Work
from bot.errors import BadInput
from bot.programmes.parts import Stage

LONGEST_REASON = 500
NEEDS_REASON = frozenset({"need_more", "rejected", "reducing", "stopped", "referred"})
"""What is decided against somebody, or asked of them, is said with its reason (社会救助法 第45、48条)."""


async def move(
    desk: Desk,
    work: Work,
    case: Case,
    to: str,
    actor: str,
    reason: str = "",
    *,
    missing: Sequence[str] = (),
    on: date | None = None,
    tell: bool = True,
) -> Case:
    """The case in its new state. `missing`: all papers that are wanted, at once (一次性告知). `on`: the day it happened at
    the office, from which its time runs. Raises Conflict where the procedure has no such move, BadInput where it lacks
    its reason; then nothing was changed."""
    reason = reason.strip()
    check_move(case.state, to)
    if to in NEEDS_REASON and not reason and not missing:
        raise BadInput(f"改成“{STATES[to].name}”要写明理由，居民会看到；加上说明再改")
    if len(reason) > LONGEST_REASON or any(len(one) > 60 for one in missing) or len(missing) > 20:
        raise BadInput(f"说明最多{LONGEST_REASON}字，要补的材料最多20样、每样60字；写短再改")
    happened = on or desk.today()
    if happened > desk.today():
        raise BadInput(f"{happened} 还没到，不能作为办理的日子；改成今天或以前")
    entered = {**days_entered(await work.cases.timeline(case.id)), to: happened}
    deadline = due_of(desk, case.programme, case.region, to, entered)
    about: dict[str, object] = {"missing": list(missing)} if missing else {}
    if on:
        about["on"] = on.isoformat()
    if deadline and not deadline.sure:
        about["about"] = True
    now = desk.clock.now()
    moved = await work.cases.move(case, to, actor, reason, now, deadline.day if deadline else None, **about)
    if tell:
        await notify(desk, work, moved, notice_of(to, reason, missing))
    return moved


def notice_of(state: str, reason: str, missing: Iterable[str]) -> Notice:
    said = "、".join(missing)
    text = "\n".join(filter(None, (f"要补：{said}" if said else "", reason)))
    if state == "reducing":
        return Notice("notice_hearing", text, ("hearing", "person"))
    if state in ("rejected", "stopped"):
        return Notice("notice_decided", text, ("objection", "person"))
    return Notice("notice_move", text, ("more", "lookup") if state == "need_more" else ("lookup",))


def days_entered(timeline: Iterable[Happening]) -> dict[str, date]:
    """The day each state was last come into, in China; what the office says of the day counts before our clock."""
    days = {}
    for line in timeline:
        if line.new != line.old:
            told = line.about.get("on")
            days[line.new] = date.fromisoformat(told) if told else line.at.astimezone(SHANGHAI).date()
    return days


def due_of(
    desk: Desk, programme: str, region: str, state: str, entered: Mapping[str, date] | None = None
) -> Deadline | None:
    """The statutory last day of a state a case is in. `entered`: when it came into each of its states; left out, it came
    into this one today. None where no document sets a time, or the state it is counted from was skipped."""
    days = entered or {state: desk.today()}
    since = days.get(state, desk.today())
    stage = stage_of(desk, programme, region, state, since)
    return due([stage], state, since, desk.calendar, days) if stage else None


def stage_of(desk: Desk, programme: str, region: str, state: str, day: date) -> Stage | None:
    """The rule for this stage, here and on that day."""
    known = programme_of(desk, programme)
    stages = known.stages_on(desk.edition.chain(region), day) if known else ()
    return next((stage for stage in stages if stage.state == state), None)
