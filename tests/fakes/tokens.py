"""A store that holds tokens and nothing else, in memory; shared by several keepers it stands for several processes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any


class FakeTokens:
    def __init__(self) -> None:
        self.rows: dict[str, tuple[str, datetime]] = {}
        self.locks: dict[str, datetime] = {}

    async def get(self, account: str) -> tuple[str, datetime] | None:
        return self.rows.get(account)

    async def lock(self, account: str, holder: str, now: datetime, seconds: float) -> bool:
        if account in self.locks and now < self.locks[account]:
            return False
        self.locks[account] = now + timedelta(seconds=seconds)
        return True

    async def put(self, account: str, token: str, expires_at: datetime, now: datetime) -> None:
        self.rows[account] = (token, expires_at)
        self.locks.pop(account, None)

    async def drop(self, account: str, token: str) -> None:
        if account in self.rows and self.rows[account][0] == token:
            del self.rows[account]


class _Work:
    def __init__(self, tokens: FakeTokens) -> None:
        self.tokens = tokens

    async def commit(self) -> None:
        return None


class TokenStore:
    def __init__(self) -> None:
        self.tokens = FakeTokens()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Any]:
        yield _Work(self.tokens)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Any]:
        yield _Work(self.tokens)

    async def close(self) -> None:
        return None
