"""Answers: one sealed row a path, of a sheet or of a case. What was not changed is not written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, delete, select

from bot.forms.model import Given, State, split_path
from bot.store.body import to_json
from bot.store.room import Room, place, unseal
from bot.store.sheet_tables import facts as table

_OF = select(table).where(table.c.holder == bindparam("one")).order_by(table.c.path)
_DROP = delete(table).where(table.c.holder == bindparam("one"), table.c.path == bindparam("which"))


async def read(room: Room, subject: str, holder: str) -> dict[str, Given]:
    rows = await room.link.all(_OF, {"one": holder})
    if not rows:
        return {}
    sealer = await room.keys.of(subject)
    return {
        row.path: Given(
            unseal(sealer, row.value, "facts", f"{holder}:{row.path}", "value"), State(row.state), row.message, row.at
        )
        for row in rows
    }


async def write(
    room: Room,
    subject: str,
    holder: str,
    old: Mapping[str, Given],
    new: Mapping[str, Given],
    now: datetime,
    sections: Mapping[str, str] | None = None,
) -> Mapping[str, Given]:
    """Make the stored answers of `holder`, which are `old`, the `new` ones; as they were written, each with its time."""
    sealer = await room.keys.of(subject)
    stamped = {path: given if given.at else _stamped(given, now) for path, given in new.items()}
    rows = []
    for path, given in stamped.items():
        if old.get(path) == given:
            continue
        member, key = split_path(path)
        row = f"{holder}:{path}"
        rows.append(
            {
                "holder": holder,
                "path": path,
                "section": (sections or {}).get(key, ""),
                "member": member,
                "state": given.state,
                "message": given.message,
                "at": given.at,
                "value": sealer.seal(to_json(given.value, f"the answer {row}"), place("facts", row, "value")),
            }
        )
    if rows:
        statement = room.link.insert(table)
        changed = {name: statement.excluded[name] for name in ("section", "state", "message", "at", "value")}
        await room.link.run(statement.on_conflict_do_update(index_elements=["holder", "path"], set_=changed), rows)
    for path in old.keys() - new.keys():
        await room.link.run(_DROP, {"one": holder, "which": path})
    return stamped


def _stamped(given: Given, now: datetime) -> Given:
    return Given(given.value, given.state, given.message, now)
