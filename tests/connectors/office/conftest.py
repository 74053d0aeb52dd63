"""The gateway's server with the office's door, over real HTTP, and an office at the other end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from aiohttp import web

from bot.desk.cases.signing import read_keys
from bot.desk.turns import Breaker
from connectors.doorbell import Doorbell
from connectors.gateway import Gateway, listen
from connectors.office import mount_office
from tests.connectors.door_to_door import address
from tests.desk.cases.conftest import Town, desk, town
from tests.desk.conftest import clock, regions
from tests.fakes.office import FakeOffice

__all__ = ["clock", "desk", "regions", "town"]
SECRET = bytes(range(32))
BEFORE = bytes(range(32, 64))
WUHAN = bytes(range(64, 96))
KEYS = f"shi sm3 {SECRET.hex()}; shi sm3 {BEFORE.hex()}; hongshan sha256 {WUHAN.hex()} 420111; jianghan sm3 {SECRET.hex()} 420103"


@dataclass
class Counter:
    """The office's door, and an office that has the key of the whole city."""

    url: str
    office: FakeOffice
    town: Town

    def another(self, key: str, secret: bytes, digest: str = "sm3") -> FakeOffice:
        return FakeOffice(self.url, key, secret, digest, self.office.clock)


@pytest.fixture
async def counter(town: Town) -> AsyncIterator[Counter]:
    app: web.Application = Gateway(town.desk, {}, Breaker(), Doorbell()).app()
    mount_office(app, town.desk, read_keys(KEYS))
    runner = await listen(app, "127.0.0.1", 0)
    url = address(runner)
    yield Counter(url, FakeOffice(url, "shi", SECRET, "sm3", lambda: town.now.timestamp()), town)
    await runner.cleanup()
