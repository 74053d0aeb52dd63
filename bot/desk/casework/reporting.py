"""How many cases there are, and how long they took against the days the rules give. Every number knows the list behind it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

from bot.cases import STATES
from bot.clock import SHANGHAI
from bot.desk.case_ports import Count, Step, Wanted
from bot.desk.cases.moving import due_of, stage_of
from bot.desk.cases.naming import place_name, programme_name
from bot.desk.casework.listing import NO_PLACE, OPEN, called, wanted
from bot.desk.desk import Desk
from bot.staff import Staff

MOST_CASES = 5000
"""Read for one month's stages; more, and the page says that it counts the newest."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One number, what it is called, and the filter of the list behind it."""

    name: str
    number: int
    filter: Mapping[str, str]


@dataclass(slots=True)
class Took:
    """How long cases of one programme stood in one state; those that left it in this month."""

    programme: str
    state: str
    allowed: int
    working: bool
    days: list[int] = field(default_factory=list)
    cases: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)

    @property
    def middle(self) -> float:
        return float(median(self.days))


@dataclass(frozen=True, slots=True)
class Report:
    month: str
    before: str
    """The month before it."""
    after: str
    total: int
    received: int
    """In this month."""
    received_before: int
    open: int
    overdue: int
    months: Sequence[Bar]
    programmes: Sequence[Bar]
    places: Sequence[Bar]
    states: Sequence[Bar]
    took: Sequence[Took]
    partial: bool
    """There were more than could be read."""


async def report(desk: Desk, staff: Staff, month: str) -> Report:
    """Of the places somebody works for. `month`: 2026-11; empty: this one. Raises BadInput for what is no month."""
    month = month or desk.today().strftime("%Y-%m")
    mine = Wanted(staff.regions)
    async with desk.store.reading() as work:
        steps = await work.cases.steps(staff.regions, month, MOST_CASES)
        counts = await work.cases.counts(mine)
        late = Wanted(staff.regions, OPEN, due_until=desk.today() - timedelta(days=1))
        overdue = sum(one.number for one in await work.cases.counts(late))
    before, after = _beside(month)
    by_month = _sum(counts, lambda one: one.month)
    took = _took(desk, steps, month)
    return Report(
        month,
        before,
        after,
        total=sum(one.number for one in counts),
        received=by_month[month],
        received_before=by_month[before],
        open=sum(one.number for one in counts if one.state in OPEN),
        overdue=overdue,
        months=[Bar(key, by_month[key], {"month": key}) for key in sorted(by_month, reverse=True)[:12] if key],
        programmes=_bars(counts, lambda one: one.programme, lambda key: programme_name(desk, key), "programme"),
        places=_bars(counts, lambda one: one.region, lambda key: place_name(desk, key) or key or "还不知道", "at"),
        states=_bars(counts, lambda one: one.state, called, "state"),
        took=took,
        partial=len({one.case for one in steps}) >= MOST_CASES,
    )


async def behind(desk: Desk, staff: Staff, month: str, programme: str, state: str, late: bool) -> list[str]:
    """The cases behind one number of the stages."""
    async with desk.store.reading() as work:
        steps = await work.cases.steps(staff.regions, month, MOST_CASES)
    found = [one for one in _took(desk, steps, month) if (one.programme, one.state) == (programme, state)]
    return [case for one in found for case in (one.late if late else one.cases)]


async def narrowed(desk: Desk, staff: Staff, asked: Mapping[str, str]) -> Wanted:
    """The cases of a list's address, also of one that stands behind a number here. Raises BadInput."""
    which = wanted(desk, staff, asked)
    if not asked.get("left"):
        return which
    late = bool(asked.get("late"))
    ids = await behind(desk, staff, asked["left"], which.programme, asked.get("stage", ""), late)
    return replace(which, ids=ids)


def _took(desk: Desk, steps: Sequence[Step], month: str) -> list[Took]:
    """Days are those of our clock: what an office told later of an earlier day is in the case itself."""
    moves: dict[str, list[Step]] = defaultdict(list)
    for step in steps:
        moves[step.case].append(step)
    found: dict[tuple[str, str], Took] = {}
    for case, line in moves.items():
        entered: dict[str, date] = {}
        for step, then in pairwise(line):
            came, left = (one.at.astimezone(SHANGHAI).date() for one in (step, then))
            entered[step.new] = came
            stage = stage_of(desk, step.programme, step.region, step.new, came) if step.region else None
            if left.strftime("%Y-%m") != month or stage is None or not stage.days:
                continue
            due = due_of(desk, step.programme, step.region, step.new, entered)
            if due is None:
                continue
            since = entered.get(stage.counts_from, came)
            key = (step.programme, step.new)
            one = found.setdefault(key, Took(*key, stage.days, stage.working))
            one.days.append(_between(desk, since, left, stage.working))
            one.cases.append(case)
            if left > due.day:
                one.late.append(case)
    order = list(STATES)
    return sorted(found.values(), key=lambda one: (one.programme, order.index(one.state)))


def _between(desk: Desk, since: date, until: date, working: bool) -> int:
    days = (since + timedelta(days=number) for number in range(1, (until - since).days + 1))
    return sum(not working or desk.calendar.works(day) for day in days)


def _sum(counts: Sequence[Count], key: Callable[[Count], str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for one in counts:
        found[key(one)] += one.number
    return found


def _bars(counts: Sequence[Count], key: Callable[[Count], str], name: Callable[[str], str], filtered: str) -> list[Bar]:
    """The largest first."""
    return [
        Bar(name(value), number, {filtered: value or NO_PLACE}) for value, number in _sum(counts, key).most_common()
    ]


def _beside(month: str) -> tuple[str, str]:
    first = date.fromisoformat(f"{month}-01")
    after = (first + timedelta(days=32)).strftime("%Y-%m")
    return (first - timedelta(days=1)).strftime("%Y-%m"), after
