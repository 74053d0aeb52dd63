"""The service as it is served, on a database of its own: simulated platforms → gateway → the session's trained engine behind
HTTP → outbox, the app's API, and an officer at work. Only the clock begins on a working day's morning."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp

from bot.cli.serve import open_gateway
from bot.desk import here
from bot.desk.desk import Desk
from bot.settings import Settings
from bot.store import open_store
from bot.wiring import House, open_desk
from connectors.sandbox.handset import Handset, SandboxPhones
from tests.console.people import hired
from tests.engine.conftest import HOUSE, SECRET
from tests.journeys.channels.app_phone import AppPhone
from tests.journeys.channels.office import OneOffice
from tests.journeys.conftest import emptied
from tests.journeys.town import _publish, published
from tests.morning import Morning
from tests.security.processes import free_port

if TYPE_CHECKING:
    from tests.journeys.town import Town

A_SENTENCE = 5.0
"""Seconds somebody takes to write one: whoever says twenty things a minute is asked to wait."""


@dataclass
class Served:
    desk: Desk
    clock: Morning
    office: OneOffice
    sandbox: SandboxPhones
    app: AppPhone

    async def of(self, phone: str, who: str) -> Handset:
        """`Phones`: those of the simulated platforms, and the bureau's app."""
        self.clock.skip(seconds=A_SENTENCE)
        return self.app if phone == "app" else await self.sandbox.of(phone, who)


@asynccontextmanager
async def served(town: Town, kind: str, folder: Path) -> AsyncIterator[Served]:
    """`kind`: of database. The town's engine works here as long."""
    from bot.engine import launcher

    clock, port, ops, engine = Morning(), free_port(), free_port(), free_port()
    async with AsyncExitStack() as ending:
        file, ring = await published()
        if kind == "sqlite":
            url = f"sqlite:///{shutil.copy(file, folder / 'served.db')}"
        else:
            url = ending.enter_context(emptied("served"))
            await _publish(url, ring, file)
        store = await open_store(url, ring)
        ending.push_async_callback(store.close)
        settings = Settings(
            home=str(folder),
            content=str(HOUSE / "content"),
            port=port,
            ops_port=ops,
            engine_url=f"http://127.0.0.1:{engine}",
            engine_secret=SECRET,
            sandbox="on",
            notice_quiet="off",
        )
        house = House(settings, store, clock, town.house.regions, town.house.encoders)
        desk = await open_desk(house, search=True)
        crew = await hired(desk)
        ending.enter_context(lent(town, desk))
        engines = await launcher.serve(town.agent, secret=SECRET, port=engine)
        ending.push_async_callback(engines.cleanup)
        await ending.enter_async_context(open_gateway(settings, house))
        http = await ending.enter_async_context(aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)))
        here_is = f"http://127.0.0.1:{port}"
        app = await ending.enter_async_context(AppPhone.opened(http, here_is))
        yield Served(desk, clock, OneOffice(desk, crew), SandboxPhones(http, here_is), app)


@contextmanager
def lent(town: Town, desk: Desk) -> Iterator[None]:
    """The town's trained engine, at work for another desk; given back afterwards."""
    memory, handles = town.agent.tracker_store, here._handles
    kept = memory._store, memory._clock
    memory._store, memory._clock = desk.store, desk.clock
    here.install(desk, finder=desk.finder, encoder=here.encoder(), slow=here.slow_encoder())
    try:
        yield
    finally:
        memory._store, memory._clock = kept
        here._handles = handles
