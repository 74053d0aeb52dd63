"""How pressing a conversation is, as an officer who read it sees it. What the bot heard of danger is lowered by whoever talked
with the resident, and by nobody else."""

from __future__ import annotations

from collections.abc import Mapping

from bot.audit import Deed
from bot.conversations import FIRST, URGENT, Conversation, Holder
from bot.desk.desk import Desk
from bot.desk.handoff import waiting
from bot.desk.handoff.deeds import audit
from bot.desk.handoff.theirs import theirs
from bot.errors import BadInput, Conflict
from bot.staff import Staff

PRIORITIES: Mapping[int, str] = {0: "一般", FIRST: "优先", URGENT: "紧急"}
_WAITS = (Holder.QUEUED, Holder.OFFICER, Holder.WAITING)


async def press(desk: Desk, staff: Staff, conversation: str, priority: int) -> Conversation:
    """Where it stands in its lists from now on; what became urgent is due in two minutes. Raises BadInput, Conflict, NotYours."""
    if priority not in PRIORITIES:
        raise BadInput("请选一般、优先还是紧急。")
    now = desk.clock.now()
    async with desk.store.writing() as work:
        talk = await theirs(desk, work, staff, conversation, "conversations.reply")
        if talk.holder not in _WAITS:
            raise Conflict("这个会话不在等人，不用排先后。")
        if talk.priority == priority:
            return talk
        if priority < talk.priority >= URGENT and talk.holder_name != staff.id:
            raise Conflict("紧急的会话，先认领，和居民说过话再改。")
        await audit(work, staff, Deed.CHANGE, talk, now, {"priority": priority, "before": talk.priority})
        talk = await work.conversations.change(conversation, now, priority=priority)
        if priority >= URGENT and talk.answer_by is not None:
            soon = waiting.answer_by(desk, talk.region, now, urgent=True)
            talk = await work.conversations.change(conversation, now, answer_by=min(soon, talk.answer_by))
        await work.commit()
    return talk
