"""Editions: what was published, numbered and never changed; an entry is stored once, under the hash of its content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, Table, delete, func, insert, select

from bot.desk.edition_ports import EditionInfo
from bot.desk.ports import Entry
from bot.errors import BadInput, Conflict
from bot.store.link import Link
from bot.store.tables import draft_entries, drafts, edition_entries, editions
from bot.store.tables import entries as blobs


class EditionRows:
    def __init__(self, link: Link) -> None:
        self._link = link

    async def head(self) -> int:
        return int(await self._link.value(select(func.coalesce(func.max(editions.c.number), 0))))

    async def info(self, number: int) -> EditionInfo:
        row = await self._link.first(select(editions).where(editions.c.number == number))
        if row is None:
            raise BadInput(f"there is no edition {number}; `content list` shows those there are")
        return _info(row)

    async def list(self) -> Sequence[EditionInfo]:
        return [_info(row) for row in await self._link.all(select(editions).order_by(editions.c.number))]

    async def read(self, number: int) -> Sequence[Entry]:
        await self.info(number)
        return await self._entries(
            _with_blobs(edition_entries).where(edition_entries.c.edition == number), f"edition {number}"
        )

    async def held(self, kind: str, key: str) -> Sequence[tuple[int, Entry]]:
        wanted = (
            select(edition_entries.c.edition, *blobs.c)
            .join(edition_entries, edition_entries.c.hash == blobs.c.hash)
            .where(blobs.c.kind == kind, blobs.c.key == key)
            .order_by(edition_entries.c.edition)
        )
        rows = await self._link.all(wanted)
        return [(row.edition, _entry(row, f"edition {row.edition}")) for row in rows]

    async def save_draft(self, entries: Iterable[Entry], base: int, actor: str, note: str, now: datetime) -> None:
        hashes = await self._keep(entries)
        await self._clear_draft()
        await self._link.run(insert(drafts).values(id=1, base=base, actor=actor, note=note, saved_at=now))
        rows = [{"position": position, "hash": digest} for position, digest in enumerate(hashes)]
        await self._insert(draft_entries, rows)

    async def draft(self) -> tuple[int, str, Sequence[Entry]] | None:
        row = await self._link.first(select(drafts))
        if row is None:
            return None
        return row.base, row.note, await self._entries(_with_blobs(draft_entries), "the draft")

    async def drafted_by(self) -> str:
        return str(await self._link.value(select(drafts.c.actor)) or "")

    async def publish(self, entries: Iterable[Entry], base: int, actor: str, note: str, now: datetime) -> int:
        head = await self.head()
        if head != base:
            raise _moved(base, head)
        hashes = await self._keep(entries)
        values = {
            "number": base + 1,
            "base": base,
            "published_at": now,
            "actor": actor,
            "note": note,
            "entries": len(hashes),
        }
        # The number is the key: of two editors who publish on the same head, the second finds it taken.
        number = base + 1
        if not await self._link.put_new(editions, values, "number"):
            raise _moved(base, number)
        rows = [{"edition": number, "position": position, "hash": digest} for position, digest in enumerate(hashes)]
        await self._insert(edition_entries, rows)
        await self._clear_draft()
        return number

    async def _keep(self, entries: Iterable[Entry]) -> Sequence[str]:
        """Store the entries that are not there yet; their hashes, in order."""
        rows = [_blob(entry) for entry in entries]
        # In order of the hash, so that two editors who store the same entries do not wait for each other in a ring.
        fresh = sorted({row["hash"]: row for row in rows}.values(), key=lambda row: row["hash"])
        if fresh:
            await self._link.run(self._link.insert(blobs).on_conflict_do_nothing(), fresh)
        return [row["hash"] for row in rows]

    async def _insert(self, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        # Many rows of one statement: one INSERT that names every row took ten times as long, all of it compiling.
        if rows:
            await self._link.run(insert(table), rows)

    async def _clear_draft(self) -> None:
        await self._link.run(delete(draft_entries))
        await self._link.run(delete(drafts))

    async def _entries(self, statement: Select[Any], where: str) -> Sequence[Entry]:
        return [_entry(row, where) for row in await self._link.all(statement)]


def _with_blobs(places: Table) -> Select[Any]:
    return select(blobs).join(places, places.c.hash == blobs.c.hash).order_by(places.c.position)


def _blob(entry: Entry) -> dict[str, Any]:
    try:
        data = json.dumps(dict(entry.data), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
        digest = _hash(entry.kind, entry.key, data)
    except (TypeError, ValueError) as e:
        raise BadInput(f"{entry.kind} {entry.key} holds something that JSON cannot ({e}); mend the entry") from e
    return {"hash": digest, "kind": entry.kind, "key": entry.key, "data": data}


def _hash(kind: str, key: str, data: str) -> str:
    return hashlib.sha256("\0".join((kind, key, data)).encode()).hexdigest()


def _entry(row: Row[Any], where: str) -> Entry:
    if _hash(row.kind, row.key, row.data) != row.hash:
        raise BadInput(f"{row.kind} {row.key} of {where} was changed in the database; restore it from a backup")
    return Entry(row.kind, row.key, json.loads(row.data))


def _info(row: Row[Any]) -> EditionInfo:
    return EditionInfo(row.number, row.base, row.published_at, row.actor, row.note, row.entries)


def _moved(base: int, head: int) -> Conflict:
    return Conflict(
        f"this was made from edition {base}, but edition {head} is published now; load it again and compare"
    )
