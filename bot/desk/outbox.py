"""Send what is on paper, and end every message in a named state.

A reply has left when its row became `sending`, in a transaction that read again who holds the conversation. No
transaction is open while the platform is talked to.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.conversations import Conversation, bot_may_speak
from bot.desk.cases.notifying import not_delivered
from bot.desk.desk import Desk
from bot.desk.handoff.alarming import put_off
from bot.desk.handoff.undelivered import call_instead
from bot.desk.persisting import written
from bot.desk.ports import Message, Work
from bot.desk.words import say
from bot.errors import Misconfigured, Paused, QuotaSpent, TryAgain, Undeliverable
from bot.messages import Author, Outcome, State

GIVE_UP_AFTER = 8
"""Attempts, with growing pauses: about four minutes; then the row is `failed` and says why."""
STUCK_AFTER = timedelta(seconds=30)
LAST_DELIVERY_AFTER = timedelta(seconds=9)
"""A push first taken this long ago is not delivered again: WeChat tries at 0, 5 and 10 seconds."""
NEXT_DELIVERY = timedelta(seconds=6)
PROOF_KEPT = timedelta(hours=1)
"""Far beyond the ±300 s in which a callback's timestamp is taken; kept for ever, a row a push would fill the disk."""
_WAITING = (State.QUEUED, State.HELD)
_PASSIVE, _LAST = "passive:", "passive-last:"
"""How a row says which push it answered, and whether another delivery of that push can still come."""
OVERTAKEN = "the answer was faster"
"""Why the words that an answer will come did not leave."""
_BUSY = "busy"

_log = logging.getLogger(__name__)


class Sender(Protocol):
    """The way out of one channel."""

    async def send(self, conversation: Conversation, message: Message) -> str:
        """Deliver and return a note ("" or e.g. "unconfirmed"). Raises TryAgain, QuotaSpent or Undeliverable."""
        ...


async def deliver_once(desk: Desk, senders: Mapping[str, Sender], limit: int = 20) -> int:
    """Send the due rows, one of each conversation, side by side; returns how many were tried.

    A platform that hangs for one person holds up nobody but the rows of the same batch.
    """
    async with desk.store.reading() as work:
        due = await work.messages.due_outbound(desk.clock.now(), limit)
    done = await asyncio.gather(*(_deliver(desk, senders, message) for message in due), return_exceptions=True)
    for failed in done:
        if isinstance(failed, BaseException):
            raise failed
    return sum(one is True for one in done)


async def _deliver(desk: Desk, senders: Mapping[str, Sender], message: Message) -> bool:
    conversation = await _claim(desk, senders, message)
    if conversation is None:
        return False
    await _send(desk, senders[conversation.channel], conversation, message)
    return True


async def _claim(desk: Desk, senders: Mapping[str, Sender], message: Message) -> Conversation | None:
    """Make the row `sending` if it may leave now; otherwise say in its state why not."""
    now = desk.clock.now()
    async with desk.store.writing() as work:
        # Locked: a claim that commits after this sees the row `sending`, one that committed before is seen here.
        conversation = await work.conversations.hold(message.conversation)
        to, reason = State.SENDING, ""
        if message.author is Author.BOT and not bot_may_speak(conversation.holder):
            to, reason = State.FAILED, "an officer holds the conversation"
        elif await _overtaken(work, conversation, message):
            to, reason = State.FAILED, OVERTAKEN
        elif conversation.channel not in senders:
            # Left queued, it would be looked at for ever, and a few of them would keep everyone else's rows waiting.
            to, reason = State.HELD, f"the channel {conversation.channel} is not set up here"
        elif not conversation.ledger.allows(now):
            to, reason = State.HELD, "waits for the resident's next message"
        if not await work.messages.set_state(
            message.id, [State.QUEUED], to, now, reason=reason, attempt=to is State.SENDING
        ):
            return None
        if to is not State.SENDING:
            await _not_out(desk, work, message)
        if to is State.SENDING and conversation.window_until:
            await work.conversations.change(conversation.id, now, quota_left=conversation.ledger.spent().left)
        await work.commit()
    return conversation if to is State.SENDING else None


async def _send(desk: Desk, sender: Sender, conversation: Conversation, message: Message) -> None:
    to, reason, after = State.SENT, "", timedelta()
    try:
        reason = await sender.send(conversation, message)
    except (Paused, Misconfigured) as stopped:
        # The account's trouble, not this row's: it waits as long as it takes, until its window closes.
        to, reason, after = State.QUEUED, _name(stopped), timedelta(seconds=stopped.after)
    except TryAgain as trouble:
        again = message.attempts + 1 < GIVE_UP_AFTER
        to, reason = (State.QUEUED, "again") if again else (State.FAILED, "gave up after repeated faults")
        after = timedelta(seconds=min(120.0, trouble.after * 2 ** min(message.attempts, 7)))
    except QuotaSpent as spent:
        to, reason = State.HELD, spent.reason
    except Undeliverable as refused:
        to, reason = State.FAILED, refused.reason
        _log.warning("message %s cannot be delivered: %s", message.id, refused.reason)
    await written(lambda: _ended(desk, conversation, message, to, reason, after))


async def _ended(
    desk: Desk, conversation: Conversation, message: Message, to: State, reason: str, after: timedelta
) -> None:
    """What the platform said of a row, written down."""
    now = desk.clock.now()
    not_before = now + after if to is State.QUEUED else None
    async with desk.store.writing() as work:
        if not await work.messages.set_state(
            message.id, [State.SENDING], to, now, reason=reason, not_before=not_before
        ):
            return
        if to in (State.HELD, State.FAILED):
            await _not_out(desk, work, message)
        if to is State.HELD:
            await work.conversations.change(conversation.id, now, quota_left=0)
        elif to is not State.SENT and conversation.window_until:
            # Nothing went out, so the platform counted nothing.
            left = (await work.conversations.get(conversation.id)).quota_left
            await work.conversations.change(conversation.id, now, quota_left=left + 1)
        await work.commit()


async def _overtaken(work: Work, conversation: Conversation, message: Message) -> bool:
    """Whether it only says that an answer will come, and that is on paper, or a person has come."""
    if message.about.get("reason") != _BUSY:
        return False
    asked = await work.messages.get(message.reply_to)
    return asked.state is not State.RECEIVED or not bot_may_speak(conversation.holder)


async def _not_out(desk: Desk, work: Work, message: Message) -> None:
    """What somebody must hear and no message brings becomes a call: a notice, an officer's words."""
    await not_delivered(desk, work, message)
    await call_instead(desk, work, message)


def _name(trouble: TryAgain) -> str:
    """Channels begin what they raise with its name; a row says the name, the log says the rest."""
    return str(trouble).partition(":")[0][:64]


async def claim_passive(
    desk: Desk, conversation: str, inbound: str, fits: Fits, taken_at: datetime | None = None
) -> Sequence[Message]:
    """The rows that leave as the answer to a push (first taken at `taken_at`): all that wait in this conversation, in
    order, as far as they fit.

    What does not fit need not wait for the end of the exchange any more: it follows at once by the outbox.
    """
    now = desk.clock.now()
    async with desk.store.writing() as work:
        held_by = (await work.conversations.hold(conversation)).holder
        last = taken_at is not None and now - taken_at > LAST_DELIVERY_AFTER
        waiting = [
            row
            for row in await work.messages.pending(conversation)
            if (row.author is not Author.BOT or bot_may_speak(held_by)) and not put_off(row, now)
        ]
        ours: list[Message] = []
        for row in waiting:
            if not fits([*ours, row]):
                break
            mark = (_LAST if last else _PASSIVE) + inbound
            if await work.messages.set_state(row.id, _WAITING, State.SENDING, now, reason=mark, attempt=True):
                ours.append(row)
        for row in waiting[len(ours) :]:
            if ours and row.state is State.QUEUED and not row.attempts:
                await work.messages.set_state(row.id, [State.QUEUED], State.QUEUED, now)
        if waiting:
            await work.commit()
    return ours


class Fits(Protocol):
    def __call__(self, rows: Sequence[Message], /) -> bool: ...


async def left_passively(desk: Desk, rows: Sequence[Message], inbound: str) -> None:
    """The platform has them: mark them sent, under the push they answered."""
    now = desk.clock.now()
    async with desk.store.writing() as work:
        for row in rows:
            # Queued: another delivery of the same push broke off meanwhile, and said so.
            old = [State.SENDING, State.QUEUED]
            await work.messages.set_state(row.id, old, State.SENT, now, reason=_PASSIVE + inbound)
        await work.commit()


async def came_back(desk: Desk, rows: Sequence[Message]) -> None:
    """The platform hung up before it had them: its next delivery takes them, or, if none comes, the outbox sends them."""
    now = desk.clock.now()
    async with desk.store.writing() as work:
        for row in rows:
            await work.messages.set_state(
                row.id, [State.SENDING], State.QUEUED, now, reason="the line broke", not_before=now + NEXT_DELIVERY
            )
        await work.commit()


async def tell_busy(desk: Desk, conversation: str, inbound: str) -> Sequence[Message]:
    """The words that the answer will come, to leave with this push; none where they were said within the minute."""
    now = desk.clock.now()
    async with desk.store.writing() as work:
        row = await add_busy(desk, work, await work.conversations.get(conversation), inbound, now, passive=True)
        if row is not None:
            await work.commit()
    return [] if row is None else [row]


async def add_busy(
    desk: Desk, work: Work, conversation: Conversation, inbound: str, now: datetime, *, passive: bool
) -> Message | None:
    """The row of those words, in the caller's transaction. None while an officer holds: who talks to a person is not
    told about machines.

    `passive`: they go back with this push, and cost nothing. Else the outbox sends them and the platform counts: they are
    said once until an answer came, and only where a message is left for that answer.
    """
    if not bot_may_speak(conversation.holder) or not (passive or _may_spend(conversation, now)):
        return None
    rows = await work.messages.history(conversation.id, 60)
    if _told_within(rows, now - timedelta(seconds=60)) or (not passive and _told_last(rows)):
        return None
    busy = say(desk, _BUSY, Outcome.BUSY)
    row = await work.messages.add(conversation, Author.SYSTEM, busy, now, reply_to=inbound, actor="system")
    if passive:
        # It counts as sent before it is: should the line break, it comes again with the next delivery, but never after
        # the answer itself.
        await work.messages.set_state(row.id, [State.QUEUED], State.SENT, now, reason=_PASSIVE + inbound)
    return row


def _may_spend(conversation: Conversation, now: datetime) -> bool:
    return conversation.ledger.allows(now) and conversation.ledger.left > 1


def _told_within(rows: Sequence[Message], since: datetime) -> bool:
    return any(row.about.get("outcome") == Outcome.BUSY and row.created_at > since for row in rows)


def _told_last(rows: Sequence[Message]) -> bool:
    """Whether they are the last thing that was said here."""
    ours = [row for row in rows if row.author is not Author.RESIDENT]
    return bool(ours) and ours[-1].about.get("reason") == _BUSY


async def passive_again(desk: Desk, conversation: str, inbound: str) -> Sequence[Message]:
    """What this push was answered with before: a redelivery gets the same."""
    async with desk.store.reading() as work:
        rows = await work.messages.history(conversation, 50)
    marks = (_PASSIVE + inbound, _LAST + inbound)
    return [row for row in rows if row.reason in marks and row.state in (State.SENT, State.SENDING)]


async def sweep(desk: Desk) -> int:
    """Rows whose sender died between *sending* and *sent* are sent once more: better twice than never.

    But what left as the answer to a push would have been asked for by the platform's next delivery, had it not arrived.
    With them go the proofs of old pushes: a callback that old is refused by its timestamp.
    """
    now = desk.clock.now()
    async with desk.store.writing() as work:
        stuck = await work.messages.stuck(now - STUCK_AFTER)
        for row in stuck:
            to, reason = State.QUEUED, "sender died while sending"
            if row.reason.startswith(_PASSIVE):
                to, reason = State.SENT, row.reason
            elif row.attempts > 2:
                to = State.FAILED
                await _not_out(desk, work, row)
            await work.messages.set_state(row.id, [State.SENDING], to, now, reason=reason)
        forgotten = await work.signatures.forget(now - PROOF_KEPT)
        if stuck or forgotten:
            await work.commit()
    return len(stuck)
