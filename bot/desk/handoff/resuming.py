"""A form that stood still while people were asked goes on where it stood: its question once more."""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversations import Conversation, Holder
from bot.desk.desk import Desk
from bot.desk.filling import asking, parting
from bot.desk.kinds import KINDS
from bot.desk.ports import Message, Work
from bot.desk.words import say
from bot.errors import BadInput
from bot.messages import Author, Reply

_MARKED = ("rated", "rated_low")


async def after_people(desk: Desk, work: Work, conversation: Conversation, message: Message) -> Sequence[Reply]:
    """What 接着填 is met with when people spoke last, or how they did was marked: the open form's question again, and of no word
    that it was not understood. At any other time it may be an answer to the form."""
    if conversation.holder is not Holder.CLOSED or not conversation.form:
        return []
    before = [row for row in await work.messages.history(conversation.id, 6) if row.seq < message.seq]
    if not before:
        return []
    spoke = before[-1].author in (Author.OFFICER, Author.SYSTEM) or before[-1].about.get("reason") in _MARKED
    return await going_on(desk, work, conversation) if spoke else []


async def going_on(desk: Desk, work: Work, conversation: Conversation) -> Sequence[Reply]:
    """The question of the open form; of one put aside for something urgent, the offer to go on; else nothing."""
    if conversation.form:
        try:
            draft = await work.drafts.get(conversation.form)
        except BadInput:  # past its days
            return []
        if draft.state != "open" or draft.kind not in KINDS:
            return []
        return [asking.ask(desk, KINDS[draft.kind].form(desk, draft), draft)]
    paused = [draft for draft in await work.drafts.of_conversation(conversation.id) if draft.state == "paused"]
    if not paused:
        return []
    until = parting.day_in_words(paused[0].expires_at)
    return [say(desk, "form_paused", until=until, choices=(parting.going_on(desk, paused[0]),))]
