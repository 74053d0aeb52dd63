"""Where nothing personal may be said (Weibo): a form that asks for it begins on another channel, and this one says where."""

from __future__ import annotations

from dataclasses import replace

from bot.conversations import Conversation
from bot.desk.desk import Desk
from bot.desk.identity import codes
from bot.desk.ports import Work
from bot.desk.words import PERSON, say
from bot.messages import Outcome, Reply

EMERGENCY = "emergency"


async def not_here(desk: Desk, work: Work, conversation: Conversation, kind: str, programme: str) -> Reply:
    """What is said in place of the first question of a form, with a code that takes the wish along and nobody's name.
    Whoever needs help tonight is told whom to call, and people look at it."""
    if kind == EMERGENCY:
        return say(desk, "not_here_urgent", Outcome.PERSON, reason=EMERGENCY, region=conversation.region)
    said = say(desk, "not_here", Outcome.REDIRECTED, region=conversation.region, choices=(PERSON,))
    code = await codes.give(desk, work, conversation, {"kind": kind, "programme": programme})
    return replace(said, text=f"{said.text}\n{code.text}")
