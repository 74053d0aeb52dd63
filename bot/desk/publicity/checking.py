"""What would be wrong with an edition that held these proposals: the same check as `content check`, word for word."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Sequence

from bot.desk.desk import Desk
from bot.desk.publicity_ports import Proposal
from bot.knowledge.applying import Change, applied
from bot.knowledge.check import Report, check_entries
from bot.knowledge.entry import Entry
from bot.knowledge.problems import Problem, Refused


def would_be(entries: Iterable[Entry], proposals: Iterable[Proposal]) -> list[Entry]:
    """The entries of an edition with the proposals in it."""
    return applied(entries, [Change(one.kind, one.key, one.data) for one in proposals])


async def report(desk: Desk, entries: Iterable[Entry]) -> Report:
    """All that the check finds in the whole, off the loop: a thousand answers take a while."""
    return await asyncio.to_thread(check_entries, entries, desk.regions, desk.today())


async def faults(
    desk: Desk, entries: Sequence[Entry], made: Sequence[Entry], keys: Collection[str]
) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
    """(refusals, warnings) that the changes bring. What was wrong before, and is about something else, stays on the board
    of what must be decided: it holds up nobody who mends another thing."""
    after = await report(desk, made)
    before = await report(desk, entries) if after.refusals else after
    known = {(one.entry, one.what) for one in before.refusals} if before is not after else set()
    refusals = tuple(one for one in after.refusals if one.entry in keys or (one.entry, one.what) not in known)
    return refusals, tuple(one for one in after.warnings if one.entry in keys)


async def refuse_faults(desk: Desk, entries: Sequence[Entry], made: Sequence[Entry], keys: Collection[str]) -> None:
    """Raises Refused with what the changes would bring in."""
    refusals, _ = await faults(desk, entries, made, keys)
    if refusals:
        raise Refused(refusals)
