"""When the platform delivers a push, how often, and what the resident sees of the answers."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from connectors.sandbox.courier import Courier
from connectors.sandbox.injected import LineFault
from connectors.sandbox.ledger import Trigger
from connectors.sandbox.passive import Answer
from connectors.sandbox.pushes import Push
from connectors.sandbox.screen import Shown, notice
from connectors.sandbox.screens import Screens
from connectors.sandbox.settings import SandboxSettings
from connectors.sandbox.travel import Travel


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of a push: one answer for each delivery, None where none came."""

    push: Push
    answers: tuple[Answer | None, ...]
    bubble: Shown | None
    """What the resident saw for it; a fault shows the platform's notice."""


class Deliveries:
    """An answer that came ends them, also an invalid one: that shows the notice at once. No answer, a broken line or
    another status than 200 brings the next delivery."""

    def __init__(
        self,
        settings: SandboxSettings,
        url: str,
        courier: Courier,
        screens: Screens,
        travel: Travel,
        complains: bool,
    ) -> None:
        self.url = url
        self._complains = complains
        self._settings = settings
        self._courier = courier
        self._screens = screens
        self._travel = travel
        self._answered: set[str] = set()

    async def deliver(
        self, push: Push, deliveries: int | None, concurrent: bool, faults: Sequence[LineFault | None]
    ) -> Delivered:
        planned = deliveries or self._settings.deliveries
        fault = dict(enumerate(faults, 1))
        answers: list[Answer | None] = []
        if concurrent:
            answers += await asyncio.gather(*(self._once(push, n, fault.get(n)) for n in range(1, planned + 1)))
            return self._settle(push, answers)
        for number in range(1, planned + 1):
            begun = asyncio.get_running_loop().time()
            answers.append(await self._once(push, number, fault.get(number)))
            if answers[-1] is not None and deliveries is None:
                break
            if answers[-1] is None and number < planned:
                await _pace(begun, self._settings.cut_off)
        return self._settle(push, answers)

    async def deliver_all(
        self, waiting: Iterable[Push], copies: tuple[int, int], seed: int | None, concurrent: int
    ) -> list[Delivered]:
        order = list(waiting)
        dice = random.Random(seed)  # noqa: S311 — a test's order must be repeatable, nothing secret hangs on it
        jobs = [(p, n) for p in order for n in range(1, dice.randint(*copies) + 1)]
        if seed is not None:
            dice.shuffle(jobs)
        answers: dict[str, list[Answer | None]] = {_key(p): [] for p in order}
        lines = asyncio.Semaphore(concurrent)

        async def one(push: Push, number: int) -> None:
            async with lines:
                answers[_key(push)].append(await self._once(push, number))

        await asyncio.gather(*(one(push, number) for push, number in jobs))
        return [self._settle(p, answers[_key(p)]) for p in order]

    async def _once(self, push: Push, number: int, fault: LineFault | None = None) -> Answer | None:
        answer = await self._courier.deliver(push, self.url, number, fault)
        if answer and answer.bubble:
            self._show_reply(push, answer.bubble)
        return answer

    def _show_reply(self, push: Push, bubble: Shown) -> None:
        """One reply for one message: of several deliveries' replies the resident sees the first."""
        if _key(push) in self._answered:
            self._travel.note(push.openid, "notice", "重复的被动回复，只显示一次", about={"id": push.id})
        elif push.act.visible and self._screens.residents[push.openid].follows:
            self._answered.add(_key(push))
            self._screens.show(push.openid, bubble)
            if push.act.trigger is Trigger.MENTION:
                # The one message that a mention lets out, by whichever way it comes.
                self._screens.spend(push.openid)

    def _settle(self, push: Push, answers: Sequence[Answer | None]) -> Delivered:
        good = [a for a in answers if a is not None and not a.fault]
        bubble = next((a.bubble for a in good if a.bubble), None)
        if not good and push.act.visible:
            why = next((a.fault for a in answers if a), "no answer to any delivery")
            self._travel.note(
                push.openid,
                "notice",
                "显示故障提示" if self._complains else "没有回答",
                good=False,
                about={"id": push.id, "why": why},
            )
            if self._complains:
                bubble = self._screens.show(push.openid, notice())
        return Delivered(push, tuple(answers), bubble)


def _key(push: Push) -> str:
    return f"{push.openid}:{push.id}"


async def _pace(begun: float, gap: float) -> None:
    """Wait for the moment of the next delivery: the platform keeps its rhythm also when the line failed at once."""
    await asyncio.sleep(max(0.0, begun + gap - asyncio.get_running_loop().time()))
