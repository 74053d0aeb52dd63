"""A database that is locked for a moment: the next units of work that write find it so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from bot.desk import persisting
from bot.desk.desk import Desk
from bot.desk.ports import Store, Work
from bot.errors import TryAgain


class Locked:
    """The store itself, but for `times` units of work."""

    def __init__(self, store: Store) -> None:
        self._store, self.times = store, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Work]:
        if self.times:
            self.times -= 1
            raise TryAgain("the database is locked")
        async with self._store.writing() as work:
            yield work


def lockable(desk: Desk) -> tuple[Desk, Locked]:
    locked = Locked(desk.store)
    return replace(desk, store=locked), locked  # type: ignore[arg-type]


def without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits for the lock to go does not really wait."""

    async def at_once(seconds: float) -> None:
        await asyncio.sleep(0)

    monkeypatch.setattr(persisting, "pause", at_once)
