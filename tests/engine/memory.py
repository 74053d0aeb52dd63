"""A store that lives in a dictionary: the few contracts the engine leans on, kept as strictly as the real one keeps them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from bot.desk.ports import Candidate
from bot.errors import Conflict, TryAgain


class MemoryEvents:
    def __init__(self, rows: dict[tuple[str, int], str]) -> None:
        self.rows = rows

    async def read(self, conversation: str, turns: int) -> Sequence[tuple[int, Mapping[str, Any]]]:
        newest = sorted(seq for owner, seq in self.rows if owner == conversation)[-turns:]
        return [(seq, json.loads(self.rows[conversation, seq])) for seq in newest]

    async def append(self, conversation: str, seq: int, payload: Mapping[str, Any], now: datetime) -> None:
        if (conversation, seq) in self.rows:
            raise Conflict(f"turn {seq} is written already; read it again")
        self.rows[conversation, seq] = json.dumps(payload)


class _Work:
    def __init__(self, store: MemoryStore) -> None:
        self._store, self._draft = store, dict(store.rows)
        self.events = MemoryEvents(self._draft)

    async def commit(self) -> None:
        self._store.rows = self._draft


class MemoryStore:
    """`away` makes it raise TryAgain, as a locked or absent database does."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, int], str] = {}
        self.away = False
        self.reads = 0

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Any]:
        if self.away:
            raise TryAgain("the database is away")
        self.reads += 1
        yield _Work(self)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Any]:
        if self.away:
            raise TryAgain("the database is away")
        yield _Work(self)

    async def close(self) -> None: ...


class FixedFinder:
    """Finds what it was told to; remembers what it was asked."""

    def __init__(self, *candidates: Candidate) -> None:
        self.candidates = candidates
        self.asked: list[tuple[str, str]] = []

    def find(self, text: str, programme: str = "", top: int = 10, closely: bool = True) -> Sequence[Candidate]:
        self.asked.append((text, programme))
        return self.candidates[:top]
