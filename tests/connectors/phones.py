"""One service and the three phones people write to it on: simulated platforms → gateway → scripted engine → outbox."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from bot.cli.platforms import Platforms, open_platforms
from bot.clock import SystemClock
from bot.desk.desk import Desk
from bot.desk.ports import Message, Store
from bot.desk.turns import Breaker, TurnWorker
from bot.messages import Author
from bot.settings import Settings
from connectors import render
from connectors.doorbell import Doorbell
from connectors.engine import HttpEngine
from connectors.gateway import Gateway, listen
from connectors.loops import Loops
from connectors.sandbox import PLATFORMS, Phone, Platform, mount_phones
from tests.connectors.door_to_door import open_desk
from tests.fakes.engine import FakeEngine

SECRET = "5" * 64


@dataclass
class House:
    """As much of a house as accounts are opened with."""

    store: Store
    clock: SystemClock


@dataclass
class Phones:
    desk: Desk
    engine: FakeEngine
    platforms: Platforms
    url: str
    wechat: Platform
    mini: Platform
    weibo: Platform

    def person(self, platform: Platform, name: str = "王奶奶") -> str:
        """One of the invented people, as this platform calls them."""
        return next(one.openid for one in platform.residents.values() if one.name == name)

    async def until(self, platform: Platform, who: str, count: int, seconds: float = 15.0) -> list[str]:
        return [shown.text for shown in await platform.wait(who, count, seconds)]

    async def rows(self, platform: Platform, who: str) -> Sequence[Message]:
        async with self.desk.store.reading() as work:
            found = await work.conversations.by_sender(platform.settings.phone, platform.settings.account, who)
            return await work.messages.history(found.id, 100) if found else []

    async def ours(self, platform: Platform, who: str) -> list[Message]:
        return [row for row in await self.rows(platform, who) if row.author is not Author.RESIDENT]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def three_phones(store: Store) -> AsyncIterator[Phones]:
    clock, engine, port = SystemClock(), await FakeEngine().start(), free_port()
    settings = Settings(sandbox="on", port=port)
    platforms = open_platforms(settings, House(store, clock))  # type: ignore[arg-type]
    channels = platforms.channels
    desk, bell, breaker = await open_desk(store, clock), Doorbell(), Breaker()
    asked = HttpEngine(engine.url, engine.secret, 5.0)
    loops = Loops(
        desk,
        4,
        lambda n: TurnWorker(
            desk,
            asked,
            f"three-{n}",
            breaker,
            bell.answered,
            lambda name, reply: render.pages(reply, channels[name].capabilities),
        ),
        asked.alive,
        channels,
        bell,
    )
    app = Gateway(desk, channels, breaker, bell).app()
    mount_phones(app, platforms.simulated, clock)
    platforms.mount(app, SECRET, clock)
    async with AsyncExitStack() as ending:
        ending.push_async_callback(engine.go)
        ending.push_async_callback(asked.close)
        for one in channels.values():
            ending.push_async_callback(one.close)
        runner: web.AppRunner = await listen(app, "127.0.0.1", port)
        ending.push_async_callback(runner.cleanup)
        loops.start()
        ending.push_async_callback(loops.drain, 2.0)
        found = app[PLATFORMS]
        yield Phones(
            desk,
            engine,
            platforms,
            f"http://127.0.0.1:{port}",
            found[Phone.WECHAT],
            found[Phone.MINI],
            found[Phone.WEIBO],
        )
        await asyncio.gather(*(one.idle() for one in found.values()))
