"""Which words of a resident no officer of the place may read in the transcript: what they report of an office (`kinds.tip`).

Who waits for an officer and reports something goes back to the bot, which takes it down. Somebody who tells an officer in person
has chosen whom to tell, and words of danger are for everybody.
"""

from __future__ import annotations

from bot.conversations import Conversation, Holder, hearer
from bot.desk.desk import Desk
from bot.desk.kinds.tip import KIND
from bot.desk.ports import Work
from bot.errors import BadInput
from bot.language.telling_on import wants_to_report


async def withheld(desk: Desk, work: Work, conversation: Conversation, text: str) -> bool:
    hears = hearer(conversation, desk.staffed(conversation.region))
    if hears is Holder.OFFICER:
        return False
    if hears is Holder.QUEUED or not conversation.form:
        return wants_to_report(text)
    try:
        draft = await work.drafts.get(conversation.form)
    except BadInput:  # erased, or past its days
        return False
    return draft.kind == KIND and draft.state == "open"
