"""The whole way of a message over real HTTP: simulated WeChat → gateway → scripted engine → outbox → WeChat, on a real
database. Only times are shorter than in the service, and each is named here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from bot.clock import Clock, SystemClock
from bot.desk.desk import Desk
from bot.desk.ports import Message, Store
from bot.desk.turns import Breaker, TurnWorker
from bot.messages import Author, Capabilities, Outcome, State
from bot.regions import RegionTree
from connectors import render
from connectors.doorbell import Doorbell
from connectors.engine import HttpEngine
from connectors.gateway import Gateway, listen
from connectors.loops import Loops
from connectors.ops import ops_app
from connectors.sandbox import PLATFORM, Platform, SandboxSettings, build_sandbox
from connectors.wechat.channel import WeChat
from connectors.wechat.settings import WeChatSettings
from tests.fakes.engine import FakeEngine
from tests.in_force import CONTENT as CONTENT
from tests.in_force import SPOKEN, in_force, of_kinds

HOUSE = Path(__file__).parents[2]
PASSIVE_SECONDS = 1.0
"""For 3.5: how long a push is held open for its answer."""
CUT_OFF = 1.6
"""For 5: how long WeChat waits before it delivers again."""
TURN_SECONDS = 1.5
"""For 9: how long the gateway waits for the engine."""
_residents = count(1)


@cache
def regions() -> RegionTree:
    return RegionTree.from_csv(CONTENT / "regions.csv")


async def open_desk(store: Store, clock: Clock) -> Desk:
    """A desk on this store; the first one publishes the words."""
    return Desk(store, clock, regions(), await in_force(store, of_kinds(*SPOKEN), clock, regions()))


class Quick(WeChat):
    """The real connector; only its platform is less patient."""

    passive_seconds = PASSIVE_SECONDS

    @property
    def capabilities(self) -> Capabilities:
        return replace(super().capabilities, passive_seconds=self.passive_seconds)


@dataclass
class Door:
    """One gateway: its listener, its loops, its ops port."""

    channel: Quick
    loops: Loops
    breaker: Breaker
    engine: HttpEngine
    runners: list[web.AppRunner]
    url: str
    ops: str
    drained: bool = False

    async def drain(self, seconds: float = 15.0) -> None:
        self.drained = True
        await self.loops.drain(seconds)

    async def close(self) -> None:
        if not self.drained:
            await self.drain(2.0)
        for runner in self.runners:
            await runner.cleanup()
        await self.engine.close()
        await self.channel.close()


@dataclass
class Site:
    store: Store
    desk: Desk
    engine: FakeEngine
    wechat: Platform
    settings: WeChatSettings
    doors: list[Door] = field(default_factory=list)
    http: aiohttp.ClientSession = field(init=False)

    @property
    def door(self) -> Door:
        return self.doors[-1]

    @property
    def url(self) -> str:
        return f"{self.door.url}/wechat"

    async def open_door(
        self,
        store: Store | None = None,
        workers: int = 4,
        passive: float = PASSIVE_SECONDS,
        turn_seconds: float = TURN_SECONDS,
    ) -> Door:
        """Another gateway on the same database (through its own store, if given); pushes go to it from now on."""
        desk = self.desk if store is None else await open_desk(store, self.desk.clock)
        channel = Quick(self.settings, desk.store, desk.clock)
        channel.passive_seconds = passive
        bell, breaker = Doorbell(), Breaker()
        engine = HttpEngine(self.engine.url, self.engine.secret, turn_seconds)
        name = f"door{len(self.doors)}"
        loops = Loops(
            desk,
            workers,
            lambda n: TurnWorker(
                desk,
                engine,
                f"{name}-{n}",
                breaker,
                bell.answered,
                lambda _, reply: render.pages(reply, channel.capabilities),
            ),
            engine.alive,
            {channel.name: channel},
            bell,
        )
        front = await listen(Gateway(desk, {channel.name: channel}, breaker, bell).app(), "127.0.0.1", 0)
        ops = await listen(ops_app(desk, engine, breaker), "127.0.0.1", 0)
        loops.start()
        door = Door(channel, loops, breaker, engine, [front, ops], address(front), address(ops))
        self.doors.append(door)
        self.wechat.deliver_to = self.url
        return door

    async def only_door(self, **how: Any) -> Door:
        """A gateway of another kind in place of those there were."""
        for door in self.doors:
            await door.close()
        self.doors.clear()
        return await self.open_door(**how)

    def resident(self) -> str:
        """Somebody new."""
        who = f"oTest{next(_residents):06d}resident"
        self.wechat.welcome(who)
        return who

    def answers(self, who: str) -> list[str]:
        """What the resident sees of ours, without the words that it will come."""
        return [shown.text for shown in self.wechat.received(who) if "系统正忙" not in shown.text]

    def busy(self, who: str) -> int:
        return sum("系统正忙" in shown.text for shown in self.wechat.received(who))

    async def until_answered(self, who: str, count: int = 1, seconds: float = 15.0) -> list[str]:
        async with asyncio.timeout(seconds):
            while len(self.answers(who)) < count:
                await asyncio.sleep(0.02)
        return self.answers(who)

    async def rows(self, who: str) -> Sequence[Message]:
        async with self.store.reading() as work:
            found = await work.conversations.by_sender("wechat", self.settings.account, who)
            return await work.messages.history(found.id, 500) if found else []

    async def inbound(self, who: str) -> list[Message]:
        return [row for row in await self.rows(who) if row.author is Author.RESIDENT]

    async def until_rows(self, who: str, *states: State, seconds: float = 15.0) -> list[Message]:
        """Our rows to this person but the words that it will come, once every message was worked on and they all stand
        in these states."""
        async with asyncio.timeout(seconds):
            while True:
                rows = await self.rows(who)
                worked_on = all(row.state is State.HANDLED for row in rows if row.author is Author.RESIDENT)
                ours = [row for row in rows if row.author is not Author.RESIDENT and not is_busy(row)]
                if ours and worked_on and all(row.state in states for row in ours):
                    return ours
                await asyncio.sleep(0.02)

    async def counts(self) -> dict[str, int]:
        async with self.store.reading() as work:
            return dict(await work.messages.by_state())

    async def post(self, push: Any, **bent: Any) -> aiohttp.ClientResponse:
        """One delivery by hand; what is given replaces the query, the body or the headers."""
        sealed = self.wechat.sealed(push)
        headers = {"Content-Type": sealed.content_type, **bent.pop("headers", {})}
        asked = {"params": sealed.query, "data": sealed.body, "headers": headers, **bent}
        async with self.http.post(self.url, **asked) as response:
            await response.read()
            return response


def is_busy(row: Message) -> bool:
    return row.about.get("outcome") == Outcome.BUSY


def address(runner: web.AppRunner) -> str:
    return f"http://127.0.0.1:{runner.addresses[0][1]}"


@asynccontextmanager
async def a_site(
    store: Store, *, clock: Clock | None = None, door: Mapping[str, Any] | None = None, **sandbox: Any
) -> AsyncIterator[Site]:
    """A site with one gateway; `door` is that of `open_door`, the rest are settings of the simulated platform."""
    clock = clock or SystemClock()
    engine = await FakeEngine().start()
    made = SandboxSettings.fresh(**{"cut_off": CUT_OFF, **sandbox})
    platform = build_sandbox(made, "http://127.0.0.1:1/wechat", clock)
    wechat = await listen(platform, "127.0.0.1", 0)
    settings = WeChatSettings(
        made.appid,
        made.secret,
        made.token,
        made.aes_key,
        account=made.account,
        api_base=f"{address(wechat)}/wx",
    )
    site = Site(store, await open_desk(store, clock), engine, platform[PLATFORM], settings)
    site.http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20))
    try:
        await site.open_door(**door or {})
        yield site
    finally:
        await site.http.close()
        for door in site.doors:
            await door.close()
        await wechat.cleanup()
        await engine.go()
