"""What would be wrong with an edition that held these proposals: the same check as `content check`, word for word."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import date

from bot.desk.desk import Desk
from bot.desk.publicity_ports import Proposal
from bot.knowledge.applying import Change, applied
from bot.knowledge.check import Report, check_entries
from bot.knowledge.entry import Entry
from bot.knowledge.problems import Refused


def would_be(entries: Iterable[Entry], proposals: Iterable[Proposal]) -> list[Entry]:
    """The entries of an edition with the proposals in it."""
    return applied(entries, [Change(one.kind, one.key, one.data) for one in proposals])


async def report(
    desk: Desk, entries: Sequence[Entry], proposals: Iterable[Proposal], day: date | None = None
) -> Report:
    """All that the check finds in the whole, off the loop: a thousand answers take a while."""
    made = would_be(entries, proposals)
    return await asyncio.to_thread(check_entries, made, desk.regions, day or desk.today())


async def refuse_faults(desk: Desk, entries: Sequence[Entry], proposals: Sequence[Proposal]) -> None:
    """Raises Refused with what the proposals would bring in; what was wrong before them is for those it belongs to."""
    after = await report(desk, entries, proposals)
    if not after.refusals:
        return
    before = await report(desk, entries, ())
    old = {(one.entry, one.what) for one in before.refusals}
    ours = {one.key for one in proposals}
    fresh = [one for one in after.refusals if (one.entry, one.what) not in old or one.entry in ours]
    if fresh:
        raise Refused(fresh)
