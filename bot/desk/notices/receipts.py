"""What platforms report of notices: that one arrived or did not, and who wants which."""

from __future__ import annotations

from datetime import datetime

from bot.conversations import Conversation
from bot.desk.desk import Desk
from bot.desk.notices.going import advance
from bot.desk.notices.ports import Kept, Stage
from bot.desk.ports import Work
from bot.messages import Inbound, Receipt


async def heard(desk: Desk, work: Work, conversation: Conversation, inbound: Inbound, now: datetime) -> None:
    """In the unit of work that takes the event in. A receipt for a notice that went another way since changes nothing."""
    for agreed in inbound.agreed:
        await work.notices.agreed(conversation.id, agreed.template, agreed.yes, now)
    for receipt in inbound.receipts:
        notice = await _of(work, conversation, receipt)
        if notice is None:
            continue
        outcome = "delivered" if receipt.ok else "undelivered"
        await work.notices.tried(notice, notice.route, outcome, receipt.reason, now)
        if receipt.ok and notice.stage is Stage.SENDING:
            # What was not answered, or whose sender died, is told all the same.
            await work.notices.move(notice, Stage.TOLD, now, platform_id=receipt.id, due_at=None)
        elif not receipt.ok:
            await advance(desk, work, notice, instead_of=notice.route)


async def _of(work: Work, conversation: Conversation, receipt: Receipt) -> Kept | None:
    """The notice it is about. The receipt can be faster than the answer that names its id: then it is the only one that
    is just being sent there."""
    known = await work.notices.of_platform(conversation.id, receipt.id)
    if known is not None:
        return known if known.stage is Stage.TOLD else None
    sending = await work.notices.sending_to(conversation.id)
    return sending[0] if len(sending) == 1 else None
