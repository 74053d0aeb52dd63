"""A form that stood still while people were asked goes on where it stood: its question once more."""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversations import Conversation
from bot.desk.desk import Desk
from bot.desk.filling import asking, parting
from bot.desk.kinds import KINDS
from bot.desk.ports import Work
from bot.desk.words import say
from bot.errors import BadInput
from bot.messages import Reply


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
