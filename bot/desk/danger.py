"""Words of danger, however they came: the fixed words leave at once and a person is asked for (docs/decisions/0008)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime

from bot.conversations import URGENT, Conversation, Holder
from bot.desk.desk import Desk
from bot.desk.filling import parting
from bot.desk.handoff import alarming, asking, waiting
from bot.desk.handoff.passing_on import to_people
from bot.desk.ports import Message, Work
from bot.desk.words import say
from bot.language import distress
from bot.messages import Author, Outcome, Reply, State


def spoken(desk: Desk, text: str, region: str = "") -> tuple[list[Reply], bool]:
    """What danger in a text is met with, outside any conversation, and whether it ends the turn there."""
    heard = distress.listen(text)
    return ([_danger_words(desk, heard, region)], heard.urgent) if heard else ([], False)


async def hear(text: str) -> distress.Distress | None:
    """As `distress.listen`, but a text of a book's length does not hold up everyone else."""
    heard = None
    for piece in distress.pieces(text):
        heard = distress.worse(heard, distress.hear(piece))
        await asyncio.sleep(0)
    return heard


def _danger_words(desk: Desk, heard: distress.Distress, region: str) -> Reply:
    key = f"distress_{heard.danger}" if heard.urgent else "distress_heavy"
    return say(desk, key, Outcome.DISTRESS, region=region, hotline=_local_line(desk, region))


async def answer(
    desk: Desk,
    work: Work,
    conversation: Conversation,
    message: Message,
    heard: distress.Distress,
    now: datetime,
    passive_until: datetime | None,
) -> Conversation:
    """The fixed words leave at once and a person is asked for, in the transaction that took the message in. While an officer
    writes with them, the officer is alarmed first (`alarming.when`)."""
    words = _danger_words(desk, heard, conversation.region)
    held = conversation.holder in (Holder.OFFICER, Holder.WAITING)
    earliest = await alarming.when(work, conversation, now) or passive_until
    if earliest is not None and earliest != passive_until:
        words = replace(words, reason=alarming.LATER)
    await work.messages.add(
        conversation, Author.SYSTEM, words, now, reply_to=message.id, actor="system", not_before=earliest
    )
    if heard.urgent:
        await work.messages.set_state(message.id, [State.RECEIVED], State.HANDLED, now, reason="distress")
        if conversation.form:
            # No question of a form may follow; it is offered again when they come back.
            await parting.pause(desk, work, conversation.form)
            conversation = await work.conversations.change(conversation.id, now, form="")
    if held:
        conversation = await to_people(desk, work, conversation, message, Holder.OFFICER, now)
    elif conversation.holder in (Holder.BOT, Holder.CLOSED):
        conversation = await asking.enqueue(desk, work, conversation, f"distress:{heard.danger}", "system", now)
    by = waiting.answer_by(desk, conversation.region, now, urgent=True)
    return await work.conversations.change(conversation.id, now, priority=URGENT, answer_by=by)


def _local_line(desk: Desk, region: str) -> str:
    for line in desk.hotlines(region, "assistance"):
        if line.region != "000000":
            return f"当地救助热线：{line.number}。"
    return "当地有事也可打12345。"
