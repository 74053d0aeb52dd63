"""A message that belongs to people: the officer who holds the conversation, or the queue."""

from __future__ import annotations

from datetime import datetime

from bot.conversations import Conversation, Holder
from bot.desk.desk import Desk
from bot.desk.handoff import asking
from bot.desk.handoff.taking_up import to_officer, with_picture
from bot.desk.ports import Message, Work
from bot.desk.replying import reply


async def to_people(
    desk: Desk, work: Work, conversation: Conversation, message: Message, hears: Holder, now: datetime
) -> Conversation:
    """The message is the officer's, or the queue's: handled, as far as the bot goes, in the transaction that took it in."""
    if hears is not Holder.QUEUED:
        return await to_officer(desk, work, conversation, message, now)
    await with_picture(work, conversation, message, now)
    replies = await asking.heard_by_queue(desk, work, conversation, message)
    return await reply(desk, work, conversation, message, replies, now, "for the queue")
