"""What an approver and an editor see first: what waits, what is late, what ends soon, what was stopped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.desk.desk import Desk
from bot.desk.publicity.theirs import APPROVE, READ, needs
from bot.desk.publicity_ports import Proposal, State
from bot.knowledge.expiring import Ending, dead, endings
from bot.knowledge.impact import Citation
from bot.knowledge.stops import Stop
from bot.staff import Staff, covers, may

_SOON = 7
_TOGETHER = (State.SUBMITTED, State.APPROVED)
_SHOWN = (State.SUBMITTED, State.APPROVED, State.SCHEDULED, State.RETURNED, State.DRAFT)


@dataclass(frozen=True, slots=True)
class Board:
    waiting: Mapping[State, Sequence[Proposal]]
    """Open proposals of their places by state, those that wait longest first."""
    failed: Mapping[str, str]
    """Proposals whose day came and which could not be published → why."""
    endings: tuple[Ending, ...]
    dead: tuple[Citation, ...]
    """What stands on a document without force."""
    stops: tuple[Stop, ...]
    names: Mapping[str, str]
    """Staff id → what colleagues call them."""


@dataclass(frozen=True, slots=True)
class Pressing:
    """What somebody should see wherever they begin; each number leads to its place on the board."""

    waiting: int
    """Others' drafts they may approve."""
    returned: int
    """Their own, given back to be mended."""
    failed: int
    week: int
    """What ends within seven days, or ended."""
    month: int
    """What ends within thirty."""
    dead: int

    @property
    def anything(self) -> bool:
        return any((self.waiting, self.returned, self.failed, self.week, self.month, self.dead))


async def pressing(desk: Desk, staff: Staff) -> Pressing:
    """The board in numbers, as it concerns this person."""
    found = await board(desk, staff)
    own = {one.id for state in found.waiting for one in found.waiting[state] if staff.id in (one.author, *one.editors)}
    waiting = [one for one in found.waiting[State.SUBMITTED] if one.id not in own] if may(staff, APPROVE) else []
    soon = sum(one.step <= _SOON for one in found.endings)
    return Pressing(
        len(waiting),
        sum(one.id in own for one in found.waiting[State.RETURNED]),
        len(found.failed),
        soon,
        len(found.endings) - soon,
        len(found.dead),
    )


async def board(desk: Desk, staff: Staff) -> Board:
    needs(staff, READ)
    async with desk.store.reading() as work:
        found = [
            one for one in await work.proposals.list(_SHOWN, limit=2000) if covers(staff, one.region, desk.regions)
        ][::-1]
        failed: dict[str, str] = {}
        for one in found:
            if one.state is State.APPROVED:
                said = [each for each in await work.proposals.said(one.id) if each.what in ("failed", "approved")]
                if said and said[-1].what == "failed":
                    failed[one.id] = said[-1].text
        names = {one.id: one.name for one in await work.staff.list()}
    content = desk.edition.content
    return Board(
        {state: [one for one in found if one.state is state] for state in _SHOWN},
        failed,
        tuple(one for one in endings(content, desk.today()) if covers(staff, one.region, desk.regions)),
        dead(content, desk.today()),
        tuple(one for one in content.stops.values() if covers(staff, one.region, desk.regions)),
        names,
    )


def bundles(found: Board) -> list[tuple[str, str, int]]:
    """What came together and waits: (source, why in the editor's words, how many). It is looked at and let out together."""
    together: dict[str, list[Proposal]] = {}
    for state in _TOGETHER:
        for one in found.waiting[state]:
            if one.source:
                together.setdefault(one.source, []).append(one)
    return [(source, all_[0].note, len(all_)) for source, all_ in together.items() if len(all_) > 1]


async def of_source(desk: Desk, staff: Staff, source: str) -> list[Proposal]:
    """What waits of one source, in their places."""
    needs(staff, READ)
    async with desk.store.reading() as work:
        found = await work.proposals.list(_TOGETHER, source=source, limit=2000)
    return [one for one in found if one.source == source and covers(staff, one.region, desk.regions)][::-1]
