"""Consents: who agreed to which text, in which version, when and where; and those that are still missing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from bot.desk.case_ports import Consent
from bot.errors import BadInput, Conflict
from bot.store.case_tables import cases, members
from bot.store.case_tables import consents as table
from bot.store.ids import new_id
from bot.store.room import Room, unseal

_MAY_BECOME = {
    "given": ("asked", "refused", "withdrawn"),
    "refused": ("asked",),
    "withdrawn": ("given",),
}
"""From which states it may come to each; a code settles a consent once."""


class ConsentRows:
    def __init__(self, room: Room) -> None:
        self._room, self._link = room, room.link

    async def ask(
        self, draft: str, member: int, name: str, text: str, version: str, code: str, until: datetime, now: datetime
    ) -> Consent:
        about = {"member": member, "text": text, "version": version, "state": "asked", "by_guardian": False}
        nobody = {"channel": "", "conversation": "", "person": "", "at": None}
        code_is = {"code_hash": self._hash(code), "code_until": until}
        return await self._add(draft, name, about | nobody | code_is, now)

    async def give(
        self,
        draft: str,
        member: int,
        name: str,
        text: str,
        version: str,
        channel: str,
        conversation: str,
        person: str,
        now: datetime,
        by_guardian: bool = False,
    ) -> Consent:
        about = {"member": member, "text": text, "version": version, "state": "given", "by_guardian": by_guardian}
        who = {"channel": channel, "conversation": conversation, "person": person, "at": now}
        return await self._add(draft, name, about | who | {"code_hash": None, "code_until": None}, now)

    async def by_code(self, code: str, now: datetime) -> Consent | None:
        asked = (table.c.code_hash == self._hash(code), table.c.state == "asked", table.c.code_until > now)
        found = await self._link.first(select(table).where(*asked))
        return None if found is None else await self._read(found)

    async def settle(
        self, consent: str, state: str, channel: str, conversation: str, person: str, now: datetime
    ) -> Consent:
        if state not in _MAY_BECOME:
            raise BadInput(f"a consent cannot become {state!r}; use {', '.join(_MAY_BECOME)}")
        this = (table.c.id == consent, table.c.state.in_(_MAY_BECOME[state]))
        values = {"state": state, "channel": channel, "conversation": conversation, "person": person, "at": now}
        row = await self._link.first(
            update(table).where(*this).values(**values, code_hash=None, code_until=None).returning(table)
        )
        if row is None:
            raise Conflict(f"consent {consent} is not there, or what it is now does not become {state}; look again")
        if person and row.case_id:  # the member is somebody we know now
            member = (members.c.case_id == row.case_id, members.c.number == row.member, members.c.person == "")
            await self._link.run(update(members).where(*member).values(person=person))
        return await self._read(row)

    async def of_draft(self, draft: str) -> Sequence[Consent]:
        return await self._list(table.c.draft == draft)

    async def of_case(self, case: str) -> Sequence[Consent]:
        return await self._list(table.c.case_id == case) if case else []

    async def of_person(self, person: str) -> Sequence[Consent]:
        return await self._list(table.c.person == person) if person else []

    async def _add(self, draft: str, name: str, values: dict[str, Any], now: datetime) -> Consent:
        consent = new_id(now)
        case = await self._link.value(select(cases.c.id).where(cases.c.draft == draft))
        sealed = await self._room.seal(draft, name, "consents", consent, "name")
        row = values | {"id": consent, "draft": draft, "case_id": case or "", "name": sealed, "created_at": now}
        made = await self._link.first(insert(table).values(row).returning(table))
        if made is None:
            raise Conflict(f"consent {consent} was not stored; repeat it")
        return await self._read(made)

    def _hash(self, code: str) -> bytes:
        return self._room.ring.hash("consent code", code)

    async def _list(self, *where: Any) -> list[Consent]:
        rows = await self._link.all(select(table).where(*where).order_by(table.c.created_at, table.c.id))
        return [await self._read(row) for row in rows]

    async def _read(self, row: Row[Any]) -> Consent:
        name = unseal(await self._room.keys.of(row.draft), row.name, "consents", row.id, "name")
        names = ("id", "draft", "member", "text", "version", "state", "channel", "conversation", "person", "at")
        told = {one: getattr(row, one) for one in (*names, "by_guardian", "code_until")}
        return Consent(case=row.case_id, name=name, **told)
