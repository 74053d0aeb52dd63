"""The residents of the platform and what each of them has on the screen."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.clock import Clock
from bot.errors import BadInput
from connectors.sandbox.ledger import Trigger
from connectors.sandbox.pushes import Act
from connectors.sandbox.residents import Resident, samples
from connectors.sandbox.screen import Option, Shown, placed
from connectors.sandbox.settings import SandboxSettings
from connectors.sandbox.travel import Travel

_TYPING = timedelta(seconds=15)
_WRITES = (Trigger.MESSAGE, Trigger.TAP, Trigger.MENU)


class Screens:
    def __init__(self, settings: SandboxSettings, clock: Clock, travel: Travel) -> None:
        self.residents: dict[str, Resident] = samples(settings)
        self._clock = clock
        self._travel = travel
        self._seq = 0
        self._news = asyncio.Event()

    def welcome(self, openid: str, name: str = "", *, follows: bool = True) -> Resident:
        return self.residents.setdefault(openid, Resident(openid, name, follows=follows))

    def actor(self, openid: str, act: Act) -> Resident:
        """Who does it; a stranger is let in as a follower. Refused for whoever does not follow and wants to write."""
        resident = self.welcome(openid, follows=act.fields.get("Event") != "subscribe")
        if not resident.follows and act.trigger in _WRITES:
            raise BadInput(f"{resident.name or openid} does not follow the account and cannot write: follow first")
        return resident

    def show(self, openid: str, bubble: Shown) -> Shown:
        self._seq += 1
        resident = self.residents[openid]
        shown = placed(bubble, self._seq, self._clock.now())
        resident.screen.append(shown)
        if bubble.who != "resident":
            resident.typing_until = None
        self._travel.tell("shown", openid, shown.as_json())
        self._news.set()
        self._news = asyncio.Event()
        return shown

    def show_typing(self, openid: str, on: bool) -> None:
        self.residents[openid].typing_until = self._clock.now() + _TYPING if on else None
        self._travel.tell("typing", openid, on)

    def spend(self, openid: str) -> None:
        """One message of the account's own went out."""
        resident = self.residents[openid]
        resident.ledger = resident.ledger.spent()
        self._travel.tell("budget", openid, resident.budget(self._clock.now()))

    def option(self, openid: str, name: str) -> Option:
        """The newest tappable line with this id or label."""
        resident = self.residents.get(openid)
        for shown in reversed(resident.screen if resident else []):
            for found in shown.options:
                if name in (found.id, found.label):
                    return found
        raise BadInput(f"no line {name!r} can be tapped on this screen: look at received(openid)[-1].options")

    def received(self, openid: str) -> list[Shown]:
        resident = self.residents.get(openid)
        return [s for s in resident.screen if s.who != "resident"] if resident else []

    async def wait(self, openid: str, count: int, seconds: float) -> list[Shown]:
        async with asyncio.timeout(seconds):
            while len(self.received(openid)) < count:
                await self._news.wait()
        return self.received(openid)
