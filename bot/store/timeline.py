"""What happened to a case: who, when, from which state to which, and the reason in words, sealed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from bot.desk.case_ports import Happening
from bot.store.case_tables import timeline as table
from bot.store.ids import new_id
from bot.store.room import Room, unseal


async def write(
    room: Room,
    draft: str,
    case: str,
    actor: str,
    old: str,
    new: str,
    reason: str,
    about: Mapping[str, Any],
    now: datetime,
) -> None:
    """One line; `draft` names the key of the case."""
    seal = new_id(now)
    body = await room.seal(draft, {"reason": reason, "about": dict(about)}, "timeline", f"{case}:{seal}", "body")
    values = {"case_id": case, "at": now, "actor": actor, "old": old, "new": new, "seal": seal, "body": body}
    await room.link.run(insert(table).values(values))


async def read(room: Room, draft: str, case: str) -> list[Happening]:
    """Oldest first."""
    rows = await room.link.all(select(table).where(table.c.case_id == case).order_by(table.c.id))
    sealer = await room.keys.of(draft)
    lines = []
    for row in rows:
        body = unseal(sealer, row.body, "timeline", f"{case}:{row.seal}", "body")
        lines.append(Happening(case, row.at, row.actor, row.old, row.new, body["reason"], body["about"]))
    return lines
