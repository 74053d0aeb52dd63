"""A town of its own for every test, on each database, with the service's seconds made short."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.desk.ports import Store
from connectors import engine, loops
from tests.connectors.app.town import Client, Town, a_town


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "IDLE_SECONDS", 0.05)
    monkeypatch.setattr(loops, "PROBE_SECONDS", 0.1)
    monkeypatch.setattr(engine, "AGAIN_SECONDS", 0.1)


@pytest.fixture
async def town(store: Store, quick: None) -> AsyncIterator[Town]:
    async with a_town(store) as made:
        yield made


@pytest.fixture
async def anyone(town: Town) -> Client:
    """An anonymous session."""
    return await town.resident()
