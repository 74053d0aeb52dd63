"""Where nothing personal may be said (Weibo): a form that asks for it begins on another channel, and this one says where."""

from __future__ import annotations

from bot.conversations import Conversation
from bot.desk.desk import Desk
from bot.desk.words import PERSON, say
from bot.messages import Outcome, Reply

EMERGENCY = "emergency"


def not_here(desk: Desk, conversation: Conversation, kind: str) -> Reply:
    """What is said in place of the first question of a form. Whoever needs help tonight is told whom to call, and people
    look at it."""
    if kind == EMERGENCY:
        return say(desk, "not_here_urgent", Outcome.PERSON, reason=EMERGENCY, region=conversation.region)
    return say(desk, "not_here", Outcome.REDIRECTED, region=conversation.region, choices=(PERSON,))
