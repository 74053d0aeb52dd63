"""What was approved for a day goes out on that day, at most once; what no longer fits then stays, and says why."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from bot.audit import Deed
from bot.desk.desk import Desk
from bot.desk.ports import Work
from bot.desk.publicity import proposals
from bot.desk.publicity.publishing import preview, put_out
from bot.desk.publicity_ports import Proposal, State
from bot.errors import BadInput, Conflict, JiuzhutongError, TryAgain
from bot.staff import Staff

SYSTEM = "system"
SECONDS = 20.0
_log = logging.getLogger(__name__)


async def schedule(
    desk: Desk, staff: Staff, seen: Mapping[str, int], on: date, note: str = "", accepted: Collection[str] = ()
) -> Sequence[Proposal]:
    """Approve for a day. Protected questions that would change are accepted now, by name, as for publishing now."""
    shown = await preview(desk, staff, list(seen))
    if left := [one.question for one in shown.protected if one.id not in accepted]:
        raise BadInput(f"有受保护的问题会得到不同的答复，请先逐条确认：“{left[0]}”" + ("等" if len(left) > 1 else ""))
    made = await proposals.approve(desk, staff, seen, note, on)
    names = [one.id for one in shown.protected]
    if names:
        async with desk.store.writing() as work:
            for one in made:
                await work.proposals.say(one.id, "accepted", " ".join(names), staff.id, desk.clock.now())
            await work.commit()
    return made


async def publish_due(desk: Desk) -> Sequence[int]:
    """Publish what is due, together where that works, else each by itself. A proposal goes into one edition at the most:
    its version and the edition's number are both keys, so a second process finds it done."""
    async with desk.store.reading() as work:
        waiting = await work.proposals.list([State.SCHEDULED])
        today = desk.today()
        due = [one for one in waiting if one.publish_on and one.publish_on <= today][::-1]
        accepted = {one.id: await _accepted(work, one) for one in due}
    if not due:
        return ()
    everything = {name for names in accepted.values() for name in names}
    try:
        return (await put_out(desk, SYSTEM, due, _note(due), everything),)
    except TryAgain:
        raise
    except JiuzhutongError as trouble:
        if len(due) == 1:
            await _keep_back(desk, due[0], trouble)
            return ()
    numbers = []
    for one in due:
        try:
            numbers.append(await put_out(desk, SYSTEM, [one], _note([one]), accepted[one.id]))
        except TryAgain:
            raise
        except JiuzhutongError as trouble:
            await _keep_back(desk, one, trouble)
    return numbers


async def run(desk: Desk, seconds: float = SECONDS) -> None:
    """For ever, beside the pages. A fault is told once and tried again."""
    told = ""
    while True:
        try:
            await publish_due(desk)
            told = ""
        except asyncio.CancelledError:
            raise
        except Exception as trouble:
            if type(trouble).__name__ != told:
                told = type(trouble).__name__
                _log.warning("what is due could not be published; it is tried again: %s", told)
        await asyncio.sleep(seconds)


async def _keep_back(desk: Desk, one: Proposal, trouble: JiuzhutongError) -> None:
    """Approved as before, with the reason on its page and on the board: a person must look."""
    async with desk.store.writing() as work:
        now = desk.clock.now()
        try:
            kept = await work.proposals.save(one, now, state=State.APPROVED, publish_on=None)
        except Conflict:
            return  # somebody else published or changed it meanwhile
        await work.proposals.say(one.id, "failed", str(trouble)[:1000], SYSTEM, now)
        about = {"step": "failed", "proposal": kept.id}
        await work.audit.add(SYSTEM, Deed.MOVE, f"{one.kind}:{one.key}", now, region=one.region, about=about)
        await work.commit()


async def _accepted(work: Work, one: Proposal) -> frozenset[str]:
    said = await work.proposals.said(one.id)
    return frozenset(name for each in said if each.what == "accepted" for name in each.text.split())


def _note(due: Sequence[Proposal]) -> str:
    keys = "、".join(one.called for one in due[:3]) + ("等" if len(due) > 3 else "")
    return f"定时发布{keys}（{len(due)}条）"
