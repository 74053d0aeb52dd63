"""Which conversations an officer may see and touch: what is not theirs does not exist for them."""

from __future__ import annotations

from bot.conversations import Conversation, Holder
from bot.desk.desk import Desk
from bot.desk.ports import Work
from bot.errors import BadInput, Conflict, NotYours
from bot.staff import Staff, covers, may

NONE = "没有这个会话，或者不归您管。"
COMPLAINT = "complaint:"
_HELD = (Holder.OFFICER, Holder.WAITING)


async def theirs(
    desk: Desk, work: Work, staff: Staff, conversation: str, right: str, *, lock: bool = True
) -> Conversation:
    """The conversation, locked for a change. Raises NotYours, in the same words for another place's and for none."""
    if not may(staff, right):
        raise NotYours("您的账号不能做这件事。")
    try:
        talk = await (work.conversations.hold(conversation) if lock else work.conversations.get(conversation))
    except BadInput:
        raise NotYours(NONE) from None
    if not covers(staff, talk.region, desk.regions) or talk.reason == COMPLAINT + staff.id:
        raise NotYours(NONE)
    return talk


async def held(
    desk: Desk, work: Work, staff: Staff, conversation: str, right: str = "conversations.reply", anyone: str = ""
) -> Conversation:
    """A conversation this officer holds. Raises Conflict with the name of who does. `anyone`: a right with which somebody
    may also act in another's."""
    talk = await theirs(desk, work, staff, conversation, right)
    if talk.holder in _HELD and (talk.holder_name == staff.id or (anyone and may(staff, anyone))):
        return talk
    if talk.holder in _HELD:
        raise Conflict(f"{await name_of(work, talk.holder_name)}正在接这个会话，您现在只能看和写备注。")
    raise Conflict("这个会话现在不在您手上，请先接过来。")


async def name_of(work: Work, staff: str) -> str:
    try:
        return (await work.staff.get(staff)).name
    except BadInput:
        return "别的同事"


async def colleague(desk: Desk, work: Work, to: str, talk: Conversation) -> Staff:
    try:
        other = await work.staff.get(to)
    except BadInput:
        raise BadInput("没有这位同事，请重新选。") from None
    if not may(other, "conversations.reply") or not covers(other, talk.region, desk.regions):
        raise BadInput("这位同事不接这个地方的会话，请重新选。")
    if talk.reason == f"complaint:{other.id}":
        raise NotYours("这件事要换别的同事接。")
    return other
