"""Photos of papers, sealed; a list of them never loads a picture."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from bot.desk.case_ports import Paper
from bot.errors import BadInput
from bot.store.case_tables import cases
from bot.store.case_tables import papers as table
from bot.store.ids import new_id
from bot.store.room import Room, place

COLUMNS = [column for column in table.c if column.name != "picture"]


class PaperRows:
    def __init__(self, room: Room) -> None:
        self._room, self._link = room, room.link

    async def add(
        self, draft: str, person: str, member: int, kind: str, state: str, picture: bytes, now: datetime
    ) -> Paper:
        paper = new_id(now)
        sealer = await self._room.keys.of(draft)
        case = await self._link.value(select(cases.c.id).where(cases.c.draft == draft))
        values = {
            "id": paper,
            "draft": draft,
            "case_id": case or "",
            "member": member,
            "kind": kind,
            "state": state,
            "size": len(picture),
            "picture": sealer.seal(picture, place("papers", paper, "picture")),
            "at": now,
        }
        await self._link.run(insert(table).values(values))
        return Paper(paper, case or "", draft, member, kind, state, len(picture), now)

    async def add_to(self, case: str, member: int, kind: str, picture: bytes, now: datetime) -> Paper:
        home = await self._home(case)
        return await self.add(home, "", member, kind, "kept", picture, now)

    async def get(self, paper: str) -> Paper:
        return _paper(await self._row(paper))

    async def read(self, paper: str) -> bytes:
        found = await self._link.first(select(table.c.draft, table.c.picture).where(table.c.id == paper))
        if found is None:
            raise _missing(paper)
        return (await self._room.keys.of(found.draft)).open(found.picture, place("papers", paper, "picture"))

    async def change(self, paper: str, *, state: str = "", kind: str = "", member: int | None = None) -> Paper:
        old = _paper(await self._row(paper))
        values = {
            "state": state or old.state,
            "kind": kind or old.kind,
            "member": old.member if member is None else member,
        }
        await self._link.run(update(table).where(table.c.id == paper).values(values))
        return _paper(await self._row(paper))

    async def drop(self, paper: str) -> None:
        if not await self._link.changed(delete(table).where(table.c.id == paper)):
            raise _missing(paper)

    async def attach(self, draft: str, case: str) -> int:
        home = await self._home(case)
        loose = select(table.c.id, table.c.picture).where(table.c.draft == draft, table.c.case_id == "")
        rows = await self._link.all(loose)
        old, new = await self._room.keys.of(draft), await self._room.keys.of(home)
        for row in rows:
            where = place("papers", row.id, "picture")
            values = {"draft": home, "case_id": case, "picture": new.seal(old.open(row.picture, where), where)}
            await self._link.run(update(table).where(table.c.id == row.id).values(values))
        return len(rows)

    async def of_draft(self, draft: str) -> Sequence[Paper]:
        return await self._list(table.c.draft == draft)

    async def of_case(self, case: str) -> Sequence[Paper]:
        return await self._list(table.c.case_id == case) if case else []

    async def _home(self, case: str) -> str:
        """The name of the key of a case."""
        home = await self._link.value(select(cases.c.draft).where(cases.c.id == case))
        if home is None:
            raise BadInput(f"there is no case {case}; it was erased, or the id is wrong")
        return str(home)

    async def _row(self, paper: str) -> Row[Any]:
        found = await self._link.first(select(*COLUMNS).where(table.c.id == paper))
        if found is None:
            raise _missing(paper)
        return found

    async def _list(self, where: Any) -> list[Paper]:
        rows = await self._link.all(select(*COLUMNS).where(where).order_by(table.c.at, table.c.id))
        return [_paper(row) for row in rows]


def _paper(row: Row[Any]) -> Paper:
    return Paper(row.id, row.case_id, row.draft, row.member, row.kind, row.state, row.size, row.at)


def _missing(paper: str) -> BadInput:
    return BadInput(f"there is no paper {paper}; it was dropped or erased, or the id is wrong")
