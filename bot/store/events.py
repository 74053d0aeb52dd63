"""The dialogue engine's memory: one sealed row a turn."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.errors import Conflict
from bot.store.keys import KeyRing
from bot.store.link import Link
from bot.store.messages import to_json
from bot.store.tables import events as table


class EventRows:
    def __init__(self, link: Link, ring: KeyRing) -> None:
        self._link = link
        self._ring = ring

    async def read(self, conversation: str, turns: int) -> Sequence[tuple[int, Mapping[str, Any]]]:
        newest = await self._link.all(
            select(table).where(table.c.conversation == conversation).order_by(table.c.seq.desc()).limit(turns)
        )
        return [
            (
                row.seq,
                json.loads(
                    self._ring.open(row.payload, *_place(conversation, row.seq)).decode("utf-8", "surrogatepass")
                ),
            )
            for row in reversed(newest)
        ]

    async def append(self, conversation: str, seq: int, payload: Mapping[str, Any], now: datetime) -> None:
        sealed = self._ring.seal(to_json(payload, f"turn {seq} of {conversation}"), *_place(conversation, seq))
        values = {"conversation": conversation, "seq": seq, "payload": sealed, "created_at": now}
        statement = self._link.insert(table).values(values).on_conflict_do_nothing().returning(table.c.seq)
        if await self._link.value(statement) is None:
            raise Conflict(
                f"turn {seq} of conversation {conversation} is saved already; read it again before you go on"
            )


def _place(conversation: str, seq: int) -> tuple[str, str, str]:
    return "events", f"{conversation}:{seq}", "payload"
