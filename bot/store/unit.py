"""The unit of work: everything a use case stores is stored together, or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.desk import ports
from bot.store.conversations import ConversationRows
from bot.store.editions import EditionRows
from bot.store.engine import make_reader, make_writer
from bot.store.events import EventRows
from bot.store.keys import KeyRing
from bot.store.link import Link, guard
from bot.store.messages import MessageRows
from bot.store.tokens import SignatureRows, TokenRows
from bot.store.vectors import VectorRows


class Unit:
    """`bot.desk.ports.Work` over one connection."""

    def __init__(self, link: Link, ring: KeyRing, writes: bool) -> None:
        self._link = link
        self._writes = writes
        self.conversations: ports.Conversations = ConversationRows(link, ring)
        self.messages: ports.Messages = MessageRows(link, ring)
        self.editions: ports.Editions = EditionRows(link)
        self.vectors: ports.Vectors = VectorRows(link)
        self.events: ports.Events = EventRows(link, ring)
        self.tokens: ports.Tokens = TokenRows(link, ring)
        self.signatures: ports.Signatures = SignatureRows(link)

    async def commit(self) -> None:
        if not self._writes:
            raise RuntimeError("this unit of work only reads; open store.writing()")
        await self._link.commit()


class SqlStore:
    """`bot.desk.ports.Store` on SQLite or PostgreSQL. One unit of work at a time in a task: SQLite has one writer."""

    def __init__(self, url: URL, ring: KeyRing) -> None:
        self._ring = ring
        self._writer = make_writer(url)
        self._reader = make_reader(url, self._writer)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[ports.Work]:
        async with connected(self._reader) as link:
            yield Unit(link, self._ring, writes=False)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[ports.Work]:
        async with connected(self._writer) as link:
            yield Unit(link, self._ring, writes=True)

    async def close(self) -> None:
        await self._reader.dispose()
        await self._writer.dispose()


@asynccontextmanager
async def connected(engine: AsyncEngine) -> AsyncIterator[Link]:
    """A connection in a transaction, which rolls back unless told to commit."""
    connection = engine.connect()
    await guard(connection.start())
    try:
        await guard(connection.begin().start())
        yield Link(connection)
    finally:
        # Shielded: a cancelled task must still give its connection back, or the next writer waits for nothing.
        await asyncio.shield(connection.close())
