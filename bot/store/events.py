"""The dialogue engine's memory: one sealed row a turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from bot.errors import Conflict
from bot.store.body import from_json, to_json
from bot.store.keys import KeyRing
from bot.store.link import Link
from bot.store.tables import events as table

# Put together once: building it anew took as long as running it.
_NEWEST = (
    select(table)
    .where(table.c.conversation == bindparam("conversation"))
    .order_by(table.c.seq.desc())
    .limit(bindparam("turns"))
)


class EventRows:
    def __init__(self, link: Link, ring: KeyRing) -> None:
        self._link = link
        self._ring = ring

    async def read(self, conversation: str, turns: int) -> Sequence[tuple[int, Mapping[str, Any]]]:
        newest = await self._link.all(_NEWEST, {"conversation": conversation, "turns": turns})
        return [
            (row.seq, from_json(self._ring.open(row.payload, *_place(conversation, row.seq))))
            for row in reversed(newest)
        ]

    async def append(self, conversation: str, seq: int, payload: Mapping[str, Any], now: datetime) -> None:
        sealed = self._ring.seal(to_json(payload, f"turn {seq} of {conversation}"), *_place(conversation, seq))
        values = {"conversation": conversation, "seq": seq, "payload": sealed, "created_at": now}
        if not await self._link.put_new(table, values, "conversation, seq"):
            raise Conflict(
                f"turn {seq} of conversation {conversation} is saved already; read it again before you go on"
            )


def _place(conversation: str, seq: int) -> tuple[str, str, str]:
    return "events", f"{conversation}:{seq}", "payload"
