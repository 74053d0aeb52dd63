"""Answer one conversation at a time: lease it, ask the engine, write the replies under the fence.

A conversation is one worker's while its lease lives. Everything a turn decides is written in one transaction that first
repeats the lease's version: a worker that was too slow finds the fence closed and its replies are discarded.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.conversations import Conversation, Holder, Lease, bot_may_speak, hearer
from bot.desk.desk import Desk
from bot.desk.outbox import add_busy
from bot.desk.persisting import PAUSES, written
from bot.desk.ports import Engine, Message
from bot.desk.replying import reply
from bot.desk.responding import respond
from bot.desk.words import say
from bot.errors import Conflict, TryAgain
from bot.messages import Outcome, Reply, State

LEASE_SECONDS = 30.0
"""At least three times the engine's own deadline for a turn (8 s): a live worker never loses its lease."""
POISONED_AFTER = 5
"""A message the engine failed this often while it answered others is given to a person."""
FAULT_PAUSE = 1.0
_EVER = timedelta(days=365)
_WRITE_PAUSES = PAUSES

_HELD = "held by a person"
"""Why a message that was the bot's when it came has no answer of the bot: somebody was asked for, or came, meanwhile."""

_log = logging.getLogger(__name__)


class Breaker:
    """Opens after `threshold` failures in a row: nobody waits for an engine that is away. One probe closes it."""

    def __init__(self, threshold: int = 2) -> None:
        self._threshold = threshold
        self._failures = 0

    @property
    def closed(self) -> bool:
        return self._failures < self._threshold

    def worked(self) -> None:
        self._failures = 0

    def failed(self) -> None:
        self._failures += 1


class TurnWorker:
    """One of several; each answers whole conversations. `told` hears of every inbound whose replies are on paper.
    `pages` cuts a reply into what one message of the channel holds: each is a row, a state and a unit of quota.
    `aside`: an instrument's worker, for the conversations of that account on no channel and for no others."""

    def __init__(
        self,
        desk: Desk,
        engine: Engine,
        name: str,
        breaker: Breaker | None = None,
        told: Callable[[str], None] = lambda inbound: None,
        pages: Callable[[str, Reply], Sequence[Reply]] = lambda channel, reply: [reply],
        aside: str = "",
    ) -> None:
        self._desk, self._engine, self._name, self._aside = desk, engine, name, aside
        self.breaker = breaker or Breaker()
        self._told, self._pages = told, pages

    async def work_once(self) -> bool:
        """Answer what one conversation waits for; False when none waits."""
        async with self._desk.store.writing() as work:
            lease = await work.conversations.lease(self._name, self._desk.clock.now(), LEASE_SECONDS, self._aside)
            if lease is None:
                return False
            await work.commit()
        try:
            await self._answer(lease)
        except Conflict:
            _log.warning("conversation %s was taken over; this turn is discarded", lease.conversation)
        except BaseException:
            await asyncio.shield(self._release(lease))
            raise
        return True

    async def _release(self, lease: Lease) -> None:
        async with self._desk.store.writing() as work:
            await work.conversations.release(lease)
            await work.commit()

    async def _answer(self, lease: Lease) -> None:
        """Turn after turn, oldest message first; whatever ends it gives the lease back in its own transaction."""
        while True:
            now = self._desk.clock.now()
            async with self._desk.store.reading() as work:
                waiting = await work.messages.due_inbound(lease.conversation, now + _EVER)
                conversation = await work.conversations.get(lease.conversation)
                history = await work.messages.history(lease.conversation, 30) if waiting else []
            if not waiting or _put_off(waiting[0], now):
                await self._wait_in_line(lease, waiting)
                return
            if not await self._turn(lease, conversation, waiting[0], history):
                return
            async with self._desk.store.writing() as work:
                lease = await work.conversations.renew(lease, self._desk.clock.now(), LEASE_SECONDS)
                await work.commit()

    async def _wait_in_line(self, lease: Lease, waiting: Sequence[Message]) -> None:
        """The first message was put off: those behind it wait as long, so that answers keep the order of questions."""
        now = self._desk.clock.now()
        async with self._desk.store.writing() as work:
            await work.conversations.fence(lease)
            for behind in waiting[1:]:
                until = waiting[0].not_before
                await work.messages.set_state(behind.id, [State.RECEIVED], State.RECEIVED, now, not_before=until)
            await work.conversations.release(lease)
            await work.commit()

    async def _turn(
        self, lease: Lease, conversation: Conversation, message: Message, history: Sequence[Message]
    ) -> bool:
        """One message. False when the lease was given back: nothing more is due, or it has to wait, and all after it."""
        try:
            silent = not _is_the_bots(self._desk, conversation, message)
            replies: Sequence[Reply] = (
                [] if silent else await respond(self._desk, self._engine, conversation, message, history)
            )
        except TryAgain as trouble:
            self.breaker.failed()
            return await self._later(lease, message, trouble)
        except Exception as error:
            # A fault of ours in one message must neither be met for ever nor stop the others.
            _log.error("the turn of message %s failed: %s", message.id, type(error).__name__, exc_info=error)
            return await self._later(lease, message, TryAgain("the turn failed; it is repeated", FAULT_PAUSE))
        self.breaker.worked()
        return await self._write(lease, message, replies, _HELD if silent else "")

    async def _later(self, lease: Lease, message: Message, trouble: TryAgain) -> bool:
        if message.attempts + 1 >= POISONED_AFTER and self.breaker.closed:
            sorry = say(self._desk, "fallback", Outcome.PERSON, reason="failed")
            return await self._write(lease, message, [sorry], "failed")
        now = self._desk.clock.now()
        wait = min(10.0, trouble.after * 2 ** min(message.attempts, 4))
        async with self._desk.store.writing() as work:
            await work.conversations.fence(lease)
            await work.messages.set_state(
                message.id,
                [State.RECEIVED],
                State.RECEIVED,
                now,
                reason="engine away",
                not_before=now + timedelta(seconds=wait),
                attempt=True,
            )
            if not self.breaker.closed and not message.about.get("passive_until"):
                # Who waits for an answer in the exchange is told there.
                conversation = await work.conversations.get(lease.conversation)
                await add_busy(self._desk, work, conversation, message.id, now, passive=False)
            await work.conversations.release(lease)
            await work.commit()
        _log.warning("turn put off for %.1f s: %s", wait, type(trouble).__name__)
        return False

    async def _write(self, lease: Lease, message: Message, replies: Sequence[Reply], reason: str) -> bool:
        more = await written(lambda: self._write_once(lease, message, replies, reason), _WRITE_PAUSES)
        self._told(message.id)
        return more

    async def _write_once(self, lease: Lease, message: Message, replies: Sequence[Reply], reason: str) -> bool:
        """False when nothing more was due and the lease is given back."""
        now = self._desk.clock.now()
        async with self._desk.store.writing() as work:
            await work.conversations.fence(lease)
            conversation = await work.conversations.get(lease.conversation)
            if not _is_the_bots(self._desk, conversation, message):
                replies, reason = [], _HELD
            cut = [page for one in replies for page in self._pages(conversation.channel, one)]
            await reply(self._desk, work, conversation, message, cut, now, reason)
            more = bool(await work.messages.due_inbound(lease.conversation, now + _EVER))
            if not more:
                await work.conversations.release(lease)
            await work.commit()
        return more


def _is_the_bots(desk: Desk, conversation: Conversation, message: Message) -> bool:
    """Heavy words put the conversation into the queue themselves: what was asked with them is still answered."""
    if message.about.get("danger"):
        return bot_may_speak(conversation.holder)
    return hearer(conversation, desk.staffed(conversation.region)) is Holder.BOT


def _put_off(message: Message, now: datetime) -> bool:
    """Whether it waits for its own next attempt; one that only waited behind another need not wait any more."""
    return message.attempts > 0 and message.not_before is not None and message.not_before > now
