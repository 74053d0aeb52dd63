"""How each conversation that somebody watches stands, in a word: another word, something changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, bindparam, select

from bot.store.link import Link, chunks
from bot.store.message import OPEN
from bot.store.tables import conversations
from bot.store.tables import messages as table

# Built once: it is asked several times a second.
_WATCHED: BindParameter[Any] = bindparam("watched", expanding=True)
_PULSE = select(conversations.c.id, conversations.c.last_seq, conversations.c.holder, conversations.c.form).where(
    conversations.c.id.in_(_WATCHED)
)
_OPEN_ROWS = (
    select(table.c.conversation, table.c.seq, table.c.state)
    .where(table.c.conversation.in_(_WATCHED), OPEN)
    .order_by(table.c.conversation, table.c.seq)
)


async def pulses(link: Link, watched: Sequence[str]) -> Mapping[str, str]:
    told: dict[str, str] = {}
    for some in chunks(watched):
        for row in await link.all(_PULSE, {"watched": list(some)}):
            told[row.id] = f"{row.last_seq} {row.holder} {row.form}"
        for row in await link.all(_OPEN_ROWS, {"watched": list(some)}):
            told[row.conversation] += f" {row.seq}{row.state}"
    return told
