"""A draft whose entry was published anew by somebody else: its editor has seen the difference and goes on from there."""

from __future__ import annotations

from bot.audit import Deed
from bot.desk.desk import Desk
from bot.desk.publicity.theirs import WRITE, needs, needs_place
from bot.desk.publicity_ports import OPEN, Proposal, State
from bot.errors import BadInput, Conflict
from bot.knowledge.applying import entry_digest
from bot.knowledge.entry import shelf_of
from bot.staff import Staff


async def rebase(desk: Desk, staff: Staff, proposal: str, version: int) -> Proposal:
    """It begins from what is published now, as a draft again: who approved it had not seen that."""
    needs(staff, WRITE)
    async with desk.store.writing() as work:
        found = await work.proposals.get(proposal)
        needs_place(desk, staff, found.region)
        if found.version != version:
            raise Conflict(f"“{found.called}”刚刚被别人改过，请重新打开看看")
        if found.state not in OPEN:
            raise BadInput(f"“{found.called}”已经办完了，请另起一份草稿")
        head = await work.editions.head()
        there = shelf_of(await work.editions.read(head))
        now = desk.clock.now()
        kept = await work.proposals.save(
            found,
            now,
            base=entry_digest(there.get((found.kind, found.key))),
            edition=head,
            state=State.DRAFT,
            approver="",
            publish_on=None,
        )
        await work.proposals.say(found.id, State.DRAFT, f"看过第{head}版，接着改", staff.id, now)
        about = {"step": "rebased", "edition": head}
        await work.audit.add(staff.id, Deed.CHANGE, f"{found.kind}:{found.key}", now, region=found.region, about=about)
        await work.commit()
    return kept
