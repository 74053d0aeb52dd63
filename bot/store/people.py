"""People, and the channel identities that speak for them: bound by what proved it, never by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Row, insert, select, update

from bot.desk.case_ports import Binding, Erased, Erasure, Person
from bot.errors import BadInput, Conflict
from bot.store import erasing
from bot.store.ids import new_id
from bot.store.people_tables import identities
from bot.store.people_tables import people as table
from bot.store.person import read_person
from bot.store.room import Room

_FIELDS = ("name", "identity", "phone")
_HASHED = {"identity": table.c.identity_hash, "phone": table.c.phone_hash}
_MOST = 200
_ORPHANS_AFTER, _ORPHANS_UNTIL = timedelta(days=1), timedelta(days=8)


class PersonRows:
    def __init__(self, room: Room) -> None:
        self._room = room
        self._link = room.link

    async def of_conversation(self, conversation: str) -> Person | None:
        found = await self._link.first(
            select(table)
            .join(identities, identities.c.person == table.c.id)
            .where(identities.c.conversation == conversation, identities.c.unbound_at.is_(None))
        )
        return None if found is None else await self._read(found)

    async def make(self, conversation: str, now: datetime, how: str) -> Person:
        if conversation and await self.of_conversation(conversation) is not None:
            raise Conflict(f"conversation {conversation} speaks for somebody already; unbind it first")
        person = new_id(now)
        await self._room.keys.make(person, now)
        body = await self._room.seal(person, dict.fromkeys(_FIELDS, ""), "people", person, "body")
        hashes = self._hashes(dict.fromkeys(_FIELDS, ""))
        await self._link.run(insert(table).values(id=person, body=body, created_at=now, updated_at=now, **hashes))
        if conversation:
            await self._bind(conversation, person, how, now)
        return Person(person, "", "", "", now)

    async def get(self, person: str) -> Person:
        found = await self._link.first(select(table).where(table.c.id == person))
        if found is None:
            raise BadInput(f"there is no person {person}; they were erased, or the id is wrong")
        return await self._read(found)

    async def change(self, person: str, now: datetime, **fields: str) -> Person:
        if unknown := fields.keys() - set(_FIELDS):
            raise BadInput(f"a person has no changeable {', '.join(sorted(unknown))}; use {', '.join(_FIELDS)}")
        old = await self.get(person)
        values = {field: fields.get(field, getattr(old, field)) for field in _FIELDS}
        body = await self._room.seal(person, values, "people", person, "body")
        changed = update(table).where(table.c.id == person)
        await self._link.run(changed.values(body=body, updated_at=now, **self._hashes(values)))
        return Person(person, **values, created_at=old.created_at)

    async def find(self, field: str, value: str) -> Sequence[Person]:
        hashed = self._hashes({field: value})[_HASHED[field].name]
        if not hashed:
            return []
        rows = await self._link.all(select(table).where(_HASHED[field] == hashed).order_by(table.c.id).limit(_MOST))
        return [await self._read(row) for row in rows]

    async def bind(self, conversation: str, person: str, how: str, now: datetime) -> None:
        await self.get(person)
        await self.unbind(conversation, now)
        await self._bind(conversation, person, how, now)

    async def unbind(self, conversation: str, now: datetime) -> None:
        bound = (identities.c.conversation == conversation, identities.c.unbound_at.is_(None))
        await self._link.run(update(identities).where(*bound).values(unbound_at=now))

    async def conversations(self, person: str) -> Sequence[str]:
        return [one.conversation for one in await self.bindings(person)]

    async def bindings(self, person: str) -> Sequence[Binding]:
        bound = select(identities).where(identities.c.person == person, identities.c.unbound_at.is_(None))
        rows = await self._link.all(bound.order_by(identities.c.id))
        return [Binding(row.conversation, row.how, row.bound_at) for row in rows]

    async def erase(self, person: str, receipt: str, now: datetime) -> Erased:
        return await erasing.erase(self._room, person, receipt, now)

    async def erasures(self) -> Sequence[Erasure]:
        return await erasing.listed(self._room)

    async def erase_again(self, erasures: Sequence[Erasure]) -> int:
        return await erasing.replay(self._room, erasures)

    async def tidy(self, now: datetime) -> int:
        """Looks at keys that are a day to a week old: younger ones may be those of a unit of work that still runs."""
        await self._hash_older()
        settled = await erasing.settle(self._room)
        return len(settled) + await erasing.sweep_orphans(self._room, now - _ORPHANS_UNTIL, now - _ORPHANS_AFTER)

    async def _hash_older(self) -> None:
        """Those from before there were hashes, some at a time."""
        for row in await self._link.all(select(table).where(table.c.identity_hash.is_(None)).limit(_MOST)):
            person = await self._read(row)
            hashes = self._hashes({field: getattr(person, field) for field in _HASHED})
            await self._link.run(update(table).where(table.c.id == row.id).values(**hashes))

    def _hashes(self, values: Mapping[str, str]) -> dict[str, bytes]:
        """Numbers are compared without gaps, and an x is an X."""
        plain = {field: "".join(values[field].split()).upper() for field in _HASHED if field in values}
        return {
            _HASHED[field].name: self._room.ring.hash(field, value) if value else b"" for field, value in plain.items()
        }

    async def _bind(self, conversation: str, person: str, how: str, now: datetime) -> None:
        values = {"conversation": conversation, "person": person, "how": how, "bound_at": now}
        await self._link.run(insert(identities).values(values))

    async def _read(self, row: Row[tuple[object, ...]]) -> Person:
        return read_person(row, await self._room.keys.of(row.id))
