"""The console on a real server with real accounts; passwords are hashed cheaply, or every test would take seconds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import ClientSession, CookieJar
from aiohttp.test_utils import TestServer
from argon2 import PasswordHasher

from bot.desk.desk import Desk
from bot.desk.staff import proofs
from connectors.in_words import refusals
from console.app import build_console
from tests.console.people import AGENT, Colleague, operator
from tests.desk.conftest import clock as clock
from tests.desk.conftest import desk as desk
from tests.desk.conftest import regions as regions


@pytest.fixture(autouse=True)
def cheap_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proofs, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    proofs._nobody.cache_clear()


@dataclass
class Office:
    """One console, and as many browsers as there are colleagues."""

    desk: Desk
    server: TestServer
    boss: Colleague
    browsers: list[ClientSession] = field(default_factory=list)

    def browser(self) -> ClientSession:
        """With cookies of its own; closed at the end."""
        made = ClientSession(
            self.server.make_url("/"), headers={"User-Agent": AGENT}, cookie_jar=CookieJar(unsafe=True)
        )
        self.browsers.append(made)
        return made

    async def close(self) -> None:
        for browser in self.browsers:
            await browser.close()
        await self.server.close()


@pytest.fixture
async def office(desk: Desk) -> AsyncIterator[Office]:
    server = TestServer(build_console(desk, refusals=refusals()))
    await server.start_server()
    made = Office(desk, server, await operator(desk))
    yield made
    await made.close()
