"""Show one masked value to an officer who says why: so many in an hour, each with its line in the audit log."""

from __future__ import annotations

from bot.audit import Deed
from bot.desk.casework import revealing as cases
from bot.desk.casework.masking import answers_of
from bot.desk.casework.theirs import NotThere, reason_of, within_limit
from bot.desk.desk import Desk
from bot.desk.handoff.queue import filled
from bot.desk.handoff.theirs import NONE, theirs
from bot.errors import BadInput, NotYours
from bot.staff import Staff, may


async def reveal(desk: Desk, staff: Staff, what: str, field: str, reason: str) -> str:
    """The value of a field (`Fact.path`) of a conversation's form, or of a case, by id. BadInput without a reason or for what
    was not said, Conflict for too many in an hour, NotYours for another place's."""
    why = reason_of(reason)
    if not may(staff, "cases.reveal"):
        raise NotYours("您的账号不能做这件事。")
    if not await _is_talk(desk, what):
        return await _of_case(desk, staff, what, field, why)
    async with desk.store.reading() as work:
        await theirs(desk, work, staff, what, "cases.reveal", lock=False)
    await within_limit(desk, f"reveal|{staff.id}", cases.REVEALS, "查看隐去的信息")
    now = desk.clock.now()
    async with desk.store.writing() as work:
        talk = await theirs(desk, work, staff, what, "cases.reveal")
        form, answers = await filled(desk, work, talk)
        shown = answers_of(form, answers, desk.today(), desk.regions, (field,))
        found = next((one for one in shown if field in one.paths), None)
        if found is None:
            raise BadInput("没有这一项可以看，请刷新后再试。")
        about = {"fields": list(found.paths)}
        await work.audit.add(
            staff.id, Deed.REVEAL, f"conversation:{what}", now, region=talk.region, reason=why, about=about
        )
        await work.commit()
    return found.shown


async def _is_talk(desk: Desk, what: str) -> bool:
    async with desk.store.reading() as work:
        try:
            await work.conversations.get(what)
        except BadInput:
            return False
    return True


async def _of_case(desk: Desk, staff: Staff, case: str, field: str, why: str) -> str:
    try:
        seen = await cases.reveal(desk, staff, case, field, why)
    except NotThere:
        raise NotYours(NONE) from None
    return next((one.shown for one in seen.answers if field in one.paths), "")
