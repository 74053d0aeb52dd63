"""A site of its own for every test, on each database, with the service's seconds made short."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.desk.ports import Store
from connectors import engine, gateway, loops
from tests.connectors.door_to_door import Site, a_site


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes seconds in the service takes tenths here: pauses and probes."""
    monkeypatch.setattr(loops, "IDLE_SECONDS", 0.05)
    monkeypatch.setattr(loops, "PROBE_SECONDS", 0.1)
    monkeypatch.setattr(gateway, "POLL_SECONDS", 0.05)
    monkeypatch.setattr(gateway, "READ_SECONDS", 0.5)
    monkeypatch.setattr(engine, "AGAIN_SECONDS", 0.1)


@pytest.fixture
async def site(store: Store, short: None) -> AsyncIterator[Site]:
    async with a_site(store) as made:
        yield made
