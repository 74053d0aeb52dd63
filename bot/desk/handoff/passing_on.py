"""A message that belongs to people: the officer who holds the conversation, or the queue."""

from __future__ import annotations

from datetime import datetime

from bot.conversations import Conversation, Holder
from bot.desk.desk import Desk
from bot.desk.handoff import asking, waiting
from bot.desk.ports import Message, Work
from bot.desk.replying import reply
from bot.messages import Kind, State


async def to_people(
    desk: Desk, work: Work, conversation: Conversation, message: Message, hears: Holder, now: datetime
) -> Conversation:
    """The message is the officer's, or the queue's: handled, as far as the bot goes, in the transaction that took it in."""
    if message.kind is Kind.IMAGE and message.about.get("media"):
        await work.talk_pictures.want(conversation.id, message.id, now)
    if hears is Holder.QUEUED:
        replies = await asking.heard_by_queue(desk, work, conversation, message)
        return await reply(desk, work, conversation, message, replies, now, "for the queue")
    await work.messages.set_state(message.id, [State.RECEIVED], State.HANDLED, now, reason="for the officer")
    if message.kind is Kind.EVENT:
        return conversation
    if conversation.holder is Holder.WAITING:
        back, name = Holder.OFFICER, conversation.holder_name
        conversation = await work.conversations.move(conversation.id, back, "resident", "answered", now, name)
    if conversation.answer_by is None:
        by = waiting.answer_by(desk, conversation.region, now)
        conversation = await work.conversations.change(conversation.id, now, answer_by=by)
    return conversation
