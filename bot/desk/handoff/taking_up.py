"""A message that an officer hears."""

from __future__ import annotations

from datetime import datetime

from bot.conversations import Conversation, Holder
from bot.desk.desk import Desk
from bot.desk.handoff import waiting
from bot.desk.ports import Message, Work
from bot.messages import Kind, State


async def to_officer(
    desk: Desk, work: Work, conversation: Conversation, message: Message, now: datetime
) -> Conversation:
    """Handled, as far as the bot goes, and an answer owed, in the transaction that took it in."""
    await with_picture(work, conversation, message, now)
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


async def with_picture(work: Work, conversation: Conversation, message: Message, now: datetime) -> None:
    """People look at a picture themselves."""
    if message.kind is Kind.IMAGE and message.about.get("media"):
        await work.talk_pictures.want(conversation.id, message.id, now)
