"""What works behind the webhooks: turns, the outbox, the sweeper, and the edition in force. All end when told to."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from bot.desk.broadcast_ports import Broadcaster
from bot.desk.casework.asking_after import ask_due
from bot.desk.desk import Desk
from bot.desk.handoff.picturing import fetch_one
from bot.desk.notices.ports import NoticeSender
from bot.desk.notices.sending import send_due as send_notices
from bot.desk.notices.sending import sweep_notices
from bot.desk.outbox import Sender, deliver_once, sweep
from bot.desk.publicity.sending import note_audiences, send_due
from bot.desk.retention import forget
from bot.desk.silent_lines import keep_up
from bot.desk.supervising.escalating import escalate
from bot.desk.supervising.routing import assign_waiting
from bot.desk.turns import TurnWorker
from bot.errors import TryAgain, Undeliverable
from connectors.doorbell import Bell, Doorbell

IDLE_SECONDS = 0.5
"""How long a loop sleeps when nobody rings: another process may have left work."""
SWEEP_SECONDS = 10.0
FORGET_SECONDS = 3600.0
ESCALATE_SECONDS = 30.0
ASSIGN_SECONDS = 2.0
ASK_AFTER_SECONDS = 60.0
PICTURE_SECONDS = 1.0
PROBE_SECONDS = 1.0
BROADCAST_SECONDS = 2.0
NOTICE_SECONDS = 2.0
TAGS_SECONDS, TAGS_AGAIN_SECONDS = 600.0, 60.0

_log = logging.getLogger(__name__)
Alive = Callable[[], Awaitable[bool]]


class Loops:
    """Started with the gateway, drained with it: a turn or a send that has begun is finished."""

    def __init__(
        self,
        desk: Desk,
        worker_count: int,
        make_worker: Callable[[int], TurnWorker],
        alive: Alive,
        senders: Mapping[str, Sender],
        bell: Doorbell,
        assigns: bool = False,
        broadcaster: Broadcaster | None = None,
        notices: Mapping[str, NoticeSender] | None = None,
    ) -> None:
        self._desk, self._alive, self._senders, self._bell = desk, alive, senders, bell
        self._assigns, self._broadcaster, self._notices = assigns, broadcaster, notices or {}
        self._workers = [make_worker(number) for number in range(worker_count)]
        self._stop = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        # One looks for what other processes left, or what was put off; the others are told.
        steps = [
            self._turns(worker, IDLE_SECONDS if n == 0 else 10 * IDLE_SECONDS) for n, worker in enumerate(self._workers)
        ]
        steps += [self._repeat("the outbox", self._send)]
        steps += [self._repeat("the sweeper", self._sweep), self._repeat("forgetting", self._forget)]
        steps += [self._every(ESCALATE_SECONDS, "escalating", partial(escalate, self._desk))]
        steps += [self._every(ASK_AFTER_SECONDS, "asking after referrals", partial(ask_due, self._desk))]
        if self._assigns:
            steps += [self._every(ASSIGN_SECONDS, "assigning", partial(assign_waiting, self._desk))]
        if self._desk.photos:
            steps += [self._every(PICTURE_SECONDS, "fetching a picture", partial(fetch_one, self._desk))]
        notice = partial(send_notices, self._desk, self._notices)
        steps += [self._every(NOTICE_SECONDS, "a notice", notice)]
        if self._broadcaster:
            send = partial(send_due, self._desk, self._broadcaster)
            steps += [self._every(BROADCAST_SECONDS, "a broadcast", send), self._repeat("naming tags", self._tags)]
        self._tasks = [asyncio.create_task(step) for step in steps]
        self._tasks.append(asyncio.create_task(keep_up(self._desk)))

    async def drain(self, seconds: float = 15.0) -> None:
        """Let what has begun end; what has not waits in the database for the next start."""
        if not self._tasks:
            return
        self._stop.set()
        self._bell.work.ring_all()
        self._bell.mail.ring_all()
        *steps, editions = self._tasks
        editions.cancel()
        _, late = await asyncio.wait(steps, timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _turns(self, worker: TurnWorker, patience: float) -> None:
        rung = False
        while not self._stop.is_set():
            try:
                if not worker.breaker.closed:
                    if not await self._alive():
                        await self._pause(PROBE_SECONDS)
                        continue
                    worker.breaker.worked()
                if not await worker.work_once():
                    rung = await self._sleep(self._bell.work, patience)
                elif not rung:
                    self._bell.work.ring()  # found by looking, not told: there may be more for the others
            except TryAgain:
                await self._pause(IDLE_SECONDS)
            except Exception as error:  # a loop that dies takes every later message with it
                _log.error("a turn failed: %s", type(error).__name__, exc_info=error)
                await self._pause(IDLE_SECONDS)

    async def _every(self, seconds: float, what: str, step: Callable[[], Awaitable[int]]) -> None:
        """Again at once while there was something to do, then after so long."""

        async def unhurried() -> int:
            if not await step():
                await self._pause(seconds)
            return 1

        await self._repeat(what, unhurried)

    async def _repeat(self, what: str, step: Callable[[], Awaitable[int]]) -> None:
        while not self._stop.is_set():
            done = 0
            try:
                done = await step()
            except TryAgain:
                pass
            except Exception as error:
                _log.error("%s failed: %s", what, type(error).__name__, exc_info=error)
            if not done:
                await self._sleep(self._bell.mail, IDLE_SECONDS)

    async def _send(self) -> int:
        return await deliver_once(self._desk, self._senders)

    async def _sweep(self) -> int:
        await sweep(self._desk)
        await sweep_notices(self._desk)
        await self._pause(SWEEP_SECONDS)
        return 1

    async def _forget(self) -> int:
        await forget(self._desk)
        await self._pause(FORGET_SECONDS)
        return 1

    async def _tags(self) -> int:
        try:
            if self._broadcaster:
                await note_audiences(self._desk, self._broadcaster)
            await self._pause(TAGS_SECONDS)
        except (TryAgain, Undeliverable) as away:
            _log.warning("the platform did not say whom broadcasts can go to: %s", away)
            await self._pause(TAGS_AGAIN_SECONDS)
        return 1

    async def _sleep(self, bell: Bell, seconds: float) -> bool:
        """Until it rings; not at all once the end was rung."""
        return not self._stop.is_set() and await bell.wait(seconds)

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), seconds)
