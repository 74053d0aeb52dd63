"""Vectors of phrasings, made once for an encoder and a text, so that publishing encodes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select, text

from bot.store.link import Link, chunks
from bot.store.tables import vectors as table

_MANY = 100


class VectorRows:
    def __init__(self, link: Link) -> None:
        self._link = link

    async def get(self, encoder: str, hashes: Sequence[str]) -> Mapping[str, bytes]:
        found: dict[str, bytes] = {}
        for some in chunks(hashes):
            statement = select(table.c.hash, table.c.vector).where(table.c.encoder == encoder, table.c.hash.in_(some))
            found.update({row.hash: row.vector for row in await self._link.all(statement)})
        if len(found) > _MANY and self._link.is_sqlite:
            # An edition's are read once, and would stay in SQLite's cache for good.
            await self._link.run(text("PRAGMA shrink_memory"))
        return found

    async def put(self, encoder: str, vectors: Mapping[str, bytes]) -> None:
        rows = [{"encoder": encoder, "hash": key, "vector": vectors[key]} for key in sorted(vectors)]
        if rows:
            # The same text gives the same vector: one that is there stands.
            await self._link.run(self._link.insert(table).on_conflict_do_nothing(), rows)
