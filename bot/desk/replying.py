"""Put the replies to a message on paper, with all they change: the place learnt, the form that is
open, who holds the conversation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.conversations import Conversation, Holder
from bot.desk import danger
from bot.desk.desk import Desk
from bot.desk.handoff import asking
from bot.desk.ports import Message, Work
from bot.desk.questions import noting
from bot.messages import Author, Outcome, Reply, State


async def reply(
    desk: Desk,
    work: Work,
    conversation: Conversation,
    message: Message,
    replies: Sequence[Reply],
    now: datetime,
    reason: str = "",
) -> Conversation:
    """Rows for the outbox and the inbound marked handled, in the caller's transaction. While a platform still waits for
    the answer in the same exchange, the outbox leaves the rows to it.

    Of a message that is handled already nothing is written: its replies were, and only the word that they are was lost.
    """
    if not await work.messages.set_state(message.id, [State.RECEIVED], State.HANDLED, now, reason=reason):
        return conversation
    until = passive_until(message)
    for one in replies:
        conversation, said = await _keep(desk, work, conversation, one, now)
        await work.messages.add(conversation, Author.BOT, said, now, reply_to=message.id, not_before=until)
    await noting.note(desk, work, conversation, message, replies, now)
    return conversation


async def _keep(
    desk: Desk, work: Work, conversation: Conversation, said: Reply, now: datetime
) -> tuple[Conversation, Reply]:
    """What a reply changes; asking for a person changes the reply too, which then knows the wait."""
    if said.region and said.region != conversation.region:
        conversation = await work.conversations.change(conversation.id, now, region=said.region)
    if said.form is not None and said.form != conversation.form:
        conversation = await work.conversations.change(conversation.id, now, form=said.form)
    if said.reason == danger.FELT:
        conversation = await danger.felt(desk, work, conversation, now)
    if said.outcome is Outcome.PERSON:
        conversation, said = await asking.handed(desk, work, conversation, said, now)
    if said.reason == "person_cancelled" and conversation.holder is Holder.QUEUED:
        conversation = await work.conversations.move(conversation.id, Holder.BOT, "resident", said.reason, now)
    return conversation, said


def passive_until(message: Message) -> datetime | None:
    said = message.about.get("passive_until")
    return datetime.fromisoformat(said) if said else None
