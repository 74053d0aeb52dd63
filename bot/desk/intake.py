"""Take a message in: one transaction that masks, stores once, hears danger, counts what the platform lets us send, and
answers what needs no engine."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot import people
from bot.conversations import Conversation, Holder, Ledger, hearer
from bot.desk.desk import Desk
from bot.desk.filling import parting, private
from bot.desk.handoff import alarming, asking, lines, rating, waiting, withholding
from bot.desk.handoff.resuming import after_people
from bot.desk.identity.heard import heard
from bot.desk.notices import receipts
from bot.desk.outbox import add_busy
from bot.desk.ports import Message, TakenIn, Work
from bot.desk.publicity import sending
from bot.desk.replying import reply
from bot.desk.responding import at_once
from bot.desk.words import say
from bot.errors import Forged
from bot.language import distress
from bot.messages import WITHHELD, Author, Inbound, Kind, Outcome, Reply, State

URGENT = 9
KEPT_CHARACTERS = 100_000
"""More than any door lets through (64 KB); danger was heard in all of it."""
PER_MINUTE = 20
"""Messages of one person answered in a minute; more are kept, and told so once."""


async def take_in(
    desk: Desk,
    inbound: Inbound,
    *,
    passive_seconds: float = 0.0,
    engine_away: bool = False,
    proof: tuple[str, str] = ("", ""),
) -> TakenIn:
    """Store one delivered message, whatever is broken behind us. A redelivery finds the first row and changes nothing.

    `passive_seconds`: how long the caller waits to answer in the same exchange; the outbox leaves the replies to it.
    `engine_away`: who needs the engine is told at once that the answer will come.
    `proof`: what proved the callback, and the hash of its body; raises Forged when it proved another body before.
    """
    now = desk.clock.now()
    passive_until = now + timedelta(seconds=passive_seconds) if passive_seconds else None
    raw = inbound.text.replace("\x00", "")[:KEPT_CHARACTERS]
    text, secret = people.mask(raw)
    about = _about(inbound, secret, passive_until)
    heard = await _hear(inbound.text) if inbound.kind in (Kind.TEXT, Kind.VOICE) else None
    if heard:
        about |= {"danger": heard.danger, "urgent": heard.urgent}
    async with desk.store.writing() as work:
        if proof[0] and not await work.signatures.first_seen(*proof, now):
            raise Forged("a signature came again with another body")
        conversation = await work.conversations.open(inbound.channel, inbound.account, inbound.sender, now, "resident")
        if text != raw and await private.may_be_kept(desk, work, conversation.form):
            about |= {"private": True}
        else:
            raw = ""
        if heard is None and await withholding.withheld(desk, work, conversation, inbound.text):
            about |= {WITHHELD: True}
        taken = await work.messages.take(conversation, inbound, text, about, now, raw)
        if taken.fresh:
            if inbound.event.lower() == sending.FINISHED:
                await sending.finished(work, inbound.event_key, now)
            await receipts.heard(desk, work, conversation, inbound, now)
            conversation = await _window(work, conversation, inbound, now)
            await _release_held(work, conversation, now, passive_until)
            since = now - timedelta(seconds=60)
            hears = hearer(conversation, desk.staffed(conversation.region))
            if heard:
                conversation = await _answer_danger(desk, work, conversation, taken, heard, now, passive_until)
            elif hears is Holder.QUEUED and (asking.takes_up_form(taken.message) or about.get(WITHHELD)):
                conversation = await work.conversations.move(conversation.id, Holder.BOT, "resident", "form", now)
                conversation = await _to_bot(desk, work, conversation, taken.message, now, engine_away)
            elif hears is not Holder.BOT:
                conversation = await _to_people(desk, work, conversation, taken.message, hears, now)
            elif (many := await work.messages.count_since(conversation.id, since, Author.RESIDENT)) > PER_MINUTE:
                await _slow_down(desk, work, conversation, taken, many, now, passive_until)
            else:
                conversation = await _to_bot(desk, work, conversation, taken.message, now, engine_away)
            message = await work.messages.get(taken.message.id)
            await work.commit()
            return replace(taken, message=message, conversation=conversation)
    return replace(taken, conversation=conversation)


async def _to_people(
    desk: Desk, work: Work, conversation: Conversation, message: Message, hears: Holder, now: datetime
) -> Conversation:
    """The message is the officer's, or the queue's: handled, as far as the bot goes, in the transaction that took it in."""
    if message.kind is Kind.IMAGE and message.about.get("media"):
        await work.talk_pictures.want(conversation.id, message.id, now)
    if hears is Holder.QUEUED:
        replies = await asking.heard_by_queue(desk, work, conversation, message)
        return await reply(desk, work, conversation, message, replies, now, "for the queue")
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


async def _to_bot(
    desk: Desk, work: Work, conversation: Conversation, message: Message, now: datetime, engine_away: bool
) -> Conversation:
    """What needs no engine is answered at once; the rest waits for a worker."""
    passed = await heard(desk, work, conversation, message)
    if passed is not None:
        conversation = await work.conversations.get(conversation.id)  # unbound, no form is open there
        return await reply(desk, work, conversation, message, passed, now, "at once")
    rated = await rating.heard(desk, work, conversation, message, now)
    if rated is not None:
        conversation, said = rated
        return await reply(desk, work, conversation, message, said, now, "at once")
    if asking.takes_up_form(message) and (asked := await after_people(desk, work, conversation, message)):
        return await reply(desk, work, conversation, message, asked, now, "at once")
    noted = await lines.heard(desk, work, conversation, message, now)
    replies = at_once(desk, conversation, message) if noted is None else noted
    if replies is not None:
        return await reply(desk, work, conversation, message, replies, now, "at once")
    if engine_away:
        await add_busy(desk, work, conversation, message.id, now)
    return conversation


def spoken(desk: Desk, text: str, region: str = "") -> tuple[list[Reply], bool]:
    """What danger in a text is met with, outside any conversation, and whether it ends the turn there."""
    heard = distress.listen(text)
    return ([_danger_words(desk, heard, region)], heard.urgent) if heard else ([], False)


async def _hear(text: str) -> distress.Distress | None:
    """As `distress.listen`, but a text of a book's length does not hold up everyone else."""
    heard = None
    for piece in distress.pieces(text):
        heard = distress.worse(heard, distress.hear(piece))
        await asyncio.sleep(0)
    return heard


def _danger_words(desk: Desk, heard: distress.Distress, region: str) -> Reply:
    key = f"distress_{heard.danger}" if heard.urgent else "distress_heavy"
    return say(desk, key, Outcome.DISTRESS, region=region, hotline=_local_line(desk, region))


def _about(inbound: Inbound, secret: bool, passive_until: datetime | None) -> dict[str, Any]:
    told = {
        "event": inbound.event,
        "event_key": inbound.event_key,
        "choice": inbound.choice,
        "media": inbound.media,
        "place": inbound.place,
        "secret": secret,
        "passive_until": passive_until.isoformat() if passive_until else "",
    }
    return {key: value for key, value in told.items() if value} | {"sent_at": inbound.sent_at.isoformat()}


async def _window(work: Work, conversation: Conversation, inbound: Inbound, now: datetime) -> Conversation:
    """The newest trigger is the budget; leaving the account ends it."""
    if inbound.event == "unsubscribe":
        return await work.conversations.change(conversation.id, now, quota_left=0, window_until=None)
    if not inbound.may_send:
        return conversation
    opened = Ledger.opened(inbound.may_send, inbound.may_send_seconds, now)
    return await work.conversations.change(conversation.id, now, quota_left=opened.left, window_until=opened.until)


async def _release_held(work: Work, conversation: Conversation, now: datetime, passive_until: datetime | None) -> None:
    """What could not leave goes with the next contact."""
    if conversation.window_until is None:
        return
    for message in await work.messages.pending(conversation.id):
        if message.state is State.HELD:
            await work.messages.set_state(message.id, [State.HELD], State.QUEUED, now, not_before=passive_until)


async def _answer_danger(
    desk: Desk,
    work: Work,
    conversation: Conversation,
    taken: TakenIn,
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
        conversation, Author.SYSTEM, words, now, reply_to=taken.message.id, actor="system", not_before=earliest
    )
    if heard.urgent:
        await work.messages.set_state(taken.message.id, [State.RECEIVED], State.HANDLED, now, reason="distress")
        if conversation.form:
            # No question of a form may follow; it is offered again when they come back.
            await parting.pause(desk, work, conversation.form)
            conversation = await work.conversations.change(conversation.id, now, form="")
    if held:
        conversation = await _to_people(desk, work, conversation, taken.message, Holder.OFFICER, now)
    elif conversation.holder in (Holder.BOT, Holder.CLOSED):
        conversation = await asking.enqueue(desk, work, conversation, f"distress:{heard.danger}", "system", now)
    by = waiting.answer_by(desk, conversation.region, now, urgent=True)
    return await work.conversations.change(conversation.id, now, priority=URGENT, answer_by=by)


def _local_line(desk: Desk, region: str) -> str:
    for line in desk.hotlines(region, "assistance"):
        if line.region != "000000":
            return f"当地救助热线：{line.number}。"
    return "当地有事也可打12345。"


async def _slow_down(
    desk: Desk,
    work: Work,
    conversation: Conversation,
    taken: TakenIn,
    many: int,
    now: datetime,
    passive_until: datetime | None,
) -> None:
    await work.messages.set_state(taken.message.id, [State.RECEIVED], State.HANDLED, now, reason="too_many")
    if many > PER_MINUTE + 5:
        return  # told already, further back than is worth reading at every message of a flood
    rows = await work.messages.history(conversation.id, 3 * PER_MINUTE)
    since = now - timedelta(seconds=60)
    if any(row.about.get("reason") == "too_many" and row.created_at > since for row in rows):
        return
    notice = say(desk, "too_many", Outcome.BUSY)
    await work.messages.add(
        conversation,
        Author.SYSTEM,
        notice,
        now,
        reply_to=taken.message.id,
        actor="system",
        not_before=passive_until,
    )
