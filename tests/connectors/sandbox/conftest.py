from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import pytest

from bot.clock import FixedClock
from tests.connectors.sandbox.account import Account, an_account


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock.on(date(2026, 7, 28))


@pytest.fixture
async def account(clock: FixedClock) -> AsyncIterator[Account]:
    async with an_account(clock) as made:
        yield made
