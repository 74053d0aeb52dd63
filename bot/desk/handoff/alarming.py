"""Distress while an officer holds the conversation: the officer is alarmed, and the fixed words wait a moment for them.

The only words of ours that leave in a conversation somebody holds; they are the system's, and marked so.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.conversations import Conversation, Holder
from bot.desk.ports import Message, Work
from bot.messages import Author, State

LATER = "distress_later"
WROTE_WITHIN = timedelta(minutes=2)
ANSWERS_WITHIN = timedelta(seconds=30)


async def when(work: Work, conversation: Conversation, now: datetime) -> datetime | None:
    """The moment before which the fixed words do not leave; None: they leave at once."""
    if conversation.holder is not Holder.OFFICER:
        return None
    rows = await work.messages.history(conversation.id, 60)
    wrote = any(row.author is Author.OFFICER and now - row.created_at <= WROTE_WITHIN for row in rows)
    return now + ANSWERS_WITHIN if wrote else None


def put_off(row: Message, now: datetime) -> bool:
    """Whether a row waits for an officer's answer: the answer to a push does not take it along."""
    return row.about.get("reason") == LATER and row.not_before is not None and row.not_before > now


async def answered(work: Work, conversation: Conversation, now: datetime) -> None:
    """The officer answered in time: what waited for that is not said."""
    for row in await work.messages.pending(conversation.id):
        if row.about.get("reason") == LATER and row.state is State.QUEUED:
            await work.messages.set_state(row.id, [State.QUEUED], State.FAILED, now, reason="the officer answered")
