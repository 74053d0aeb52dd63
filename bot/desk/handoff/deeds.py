"""What officers do with a conversation, each inside the caller's transaction, with its audit line: `holding` does one of them,
`macros` several at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.audit import Deed
from bot.conversations import URGENT, Conversation, Holder
from bot.desk.desk import Desk
from bot.desk.handoff import alarming, rating, waiting
from bot.desk.ports import Message, Work
from bot.messages import Author, Reply, State
from bot.staff import Staff

TAKEN_OVER = "an officer took over"


async def takes(desk: Desk, work: Work, staff: Staff, talk: Conversation, now: datetime, by: str = "") -> Conversation:
    """From the queue, from the bot, or a closed one: with the commit the bot is silent. `by`: who gave it to them; empty:
    they took it themselves."""
    old = talk.holder
    await work.conversations.move(
        talk.id, Holder.OFFICER, by or staff.id, "assigned" if by else "claimed", now, staff.id
    )
    until = waiting.answer_by(desk, talk.region, now, urgent=talk.priority >= URGENT)
    talk = await work.conversations.change(talk.id, now, answer_by=until)
    for row in await work.messages.pending(talk.id):
        # What the bot had not sent yet is not said any more.
        if row.author is Author.BOT:
            await work.messages.set_state(row.id, [State.QUEUED, State.HELD], State.FAILED, now, reason=TAKEN_OVER)
    if by:
        about = {"did": "assign", "from": str(old), "to": staff.id}
        await work.audit.add(by, Deed.MOVE, f"conversation:{talk.id}", now, region=talk.region, about=about)
    else:
        await audit(work, staff, Deed.CLAIM, talk, now, {"from": old})
    return talk


async def say_to_resident(work: Work, staff: Staff, talk: Conversation, words: str, now: datetime) -> Message:
    """An officer's words on their way: nothing is owed any more."""
    row = await work.messages.add(talk, Author.OFFICER, Reply(words, reason="officer"), now, actor=staff.id)
    await alarming.answered(work, talk, now)
    talk = await work.conversations.change(talk.id, now, answer_by=None)
    await audit(work, staff, Deed.REPLY, talk, now, {"message": row.id})
    return row


async def waits(work: Work, staff: Staff, talk: Conversation, now: datetime) -> Conversation:
    """Until the resident writes."""
    talk = await work.conversations.move(talk.id, Holder.WAITING, staff.id, "waits", now, staff.id)
    await audit(work, staff, Deed.MOVE, talk, now, {"to": Holder.WAITING})
    return talk


async def ends(desk: Desk, work: Work, staff: Staff, talk: Conversation, outcome: str, now: datetime) -> Conversation:
    """Closed with an outcome; the resident is asked whether it helped, as far as the platform lets us."""
    await work.talks.closed(talk, staff.id, outcome, now)
    await work.conversations.move(talk.id, Holder.CLOSED, staff.id, outcome, now)
    talk = await work.conversations.change(talk.id, now, priority=0)
    await alarming.answered(work, talk, now)
    if talk.ledger.allows(now):
        await work.messages.add(talk, Author.SYSTEM, rating.request(desk), now, actor="system")
    await audit(work, staff, Deed.MOVE, talk, now, {"to": Holder.CLOSED, "outcome": outcome})
    return talk


async def labels(work: Work, staff: Staff, talk: Conversation, word: str, now: datetime, on: bool = True) -> None:
    await work.talks.label(talk.id, word, on, staff.id, now)
    await audit(work, staff, Deed.CHANGE, talk, now, {"label": word, "on": on})


async def audit(
    work: Work, staff: Staff, deed: Deed, talk: Conversation, now: datetime, about: Mapping[str, Any]
) -> None:
    told = {key: str(value) if isinstance(value, Holder) else value for key, value in about.items()}
    await work.audit.add(staff.id, deed, f"conversation:{talk.id}", now, region=talk.region, about=told)
