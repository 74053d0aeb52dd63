"""Take a message in: one transaction that masks, stores once, hears danger, counts what the platform lets us send, and
answers what needs no engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot import people
from bot.conversations import Conversation, Holder, Ledger, hearer
from bot.desk import danger
from bot.desk.casework import tapped
from bot.desk.desk import Desk
from bot.desk.filling import private
from bot.desk.handoff import asking, lines, rating, withholding
from bot.desk.handoff.passing_on import to_people
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
from bot.messages import WITHHELD, Author, Inbound, Kind, Outcome, State

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
    heard = await danger.hear(inbound.text) if inbound.kind in (Kind.TEXT, Kind.VOICE) else None
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
                conversation = await danger.answer(
                    desk, work, conversation, taken.message, inbound.text, heard, now, passive_until
                )
            elif hears is Holder.QUEUED and (asking.takes_up_form(taken.message) or about.get(WITHHELD)):
                conversation = await work.conversations.move(conversation.id, Holder.BOT, "resident", "form", now)
                conversation = await _to_bot(desk, work, conversation, taken.message, now, engine_away)
            elif hears is not Holder.BOT:
                conversation = await to_people(desk, work, conversation, taken.message, hears, now)
            elif (many := await work.messages.count_since(conversation.id, since, Author.RESIDENT)) > PER_MINUTE:
                await _slow_down(desk, work, conversation, taken, many, now, passive_until)
            else:
                conversation = await _to_bot(desk, work, conversation, taken.message, now, engine_away)
            message = await work.messages.get(taken.message.id)
            await work.commit()
            return replace(taken, message=message, conversation=conversation)
    return replace(taken, conversation=conversation)


async def _to_bot(
    desk: Desk, work: Work, conversation: Conversation, message: Message, now: datetime, engine_away: bool
) -> Conversation:
    """What needs no engine is answered at once; the rest waits for a worker."""
    passed = await heard(desk, work, conversation, message)
    if passed is not None:
        conversation = await work.conversations.get(conversation.id)  # unbound, no form is open there
        return await reply(desk, work, conversation, message, passed, now, "at once")
    after = await tapped.heard(desk, work, conversation, message, now)
    if after is not None:
        return await reply(desk, work, conversation, message, after, now, "at once")
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
        passive = bool(message.about.get("passive_until"))
        await add_busy(desk, work, conversation, message.id, now, passive=passive)
    return conversation


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
