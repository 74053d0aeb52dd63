"""Cases: one row each, found by a keyed hash of the receipt number; every move is written in the timeline."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, bindparam, delete, func, insert, or_, select, update

from bot.cases import STATES, check_move, new_number
from bot.desk.case_ports import Case, Count, Draft, Happening, Person, Step, Wanted
from bot.errors import BadInput, Conflict
from bot.forms.model import Given, split_path
from bot.store import case_views, facts, timeline
from bot.store.case_tables import cases as table
from bot.store.case_tables import consents, members, papers, tries
from bot.store.dropping import drop_cases, drop_strangers
from bot.store.ids import new_id
from bot.store.people_tables import people
from bot.store.person import read_person
from bot.store.room import Room, below, unseal
from bot.store.sheet_tables import facts as told
from bot.store.subject_keys import Sealer

_log = logging.getLogger(__name__)
_CHANGEABLE = frozenset({"office_number", "region", "priority"})
_AT_ONCE = 100
_CLOSED = tuple(code for code, state in STATES.items() if state.final)
_NOBODY = ("-0", "-1", "-2")
"""Pseudonyms that nobody has, in place of a draft, an applicant and a helper: a miss asks for as much as a find."""

COLUMNS = [column for column in table.c if column.name not in ("number_hash", "about")]
_BY_ID = select(*COLUMNS).where(table.c.id == bindparam("one"))
_BY_NUMBER = select(*COLUMNS).where(table.c.number_hash == bindparam("hash"))
_PEOPLE = select(people).where(people.c.id.in_(bindparam("ids", expanding=True)))


class CaseRows:
    def __init__(self, room: Room, archive_years: int) -> None:
        self._room, self._link = room, room.link
        self._years = archive_years

    async def add(
        self,
        draft: Draft,
        programme: str,
        region: str,
        state: str,
        helper: str,
        now: datetime,
        *,
        sections: Mapping[str, str] | None = None,
        due: date | None = None,
    ) -> Case:
        if state not in STATES:
            raise BadInput(f"a case has no state {state!r}; use one of {', '.join(STATES)}")
        there = await self._link.value(select(table.c.id).where(table.c.draft == draft.id))
        if there is not None:
            return await self.get(there, answers=True)
        case = Case(
            id=new_id(now),
            number=new_number(),
            person=draft.person,
            helper=helper,
            programme=programme,
            region=region,
            state=state,
            version=1,
            office_number="",
            answers={},
            about=dict(draft.about),
            priority=0,
            submitted_at=now if state == "submitted" else None,
            accepted_at=None,
            created_at=now,
            updated_at=now,
            due=due,
        )
        # Among a million cases two would get the same number with even odds: who comes second draws again.
        while not await self._link.put_new(table, await self._values(case, draft.id), "number_hash"):
            case = replace(case, number=new_number())
        answers = await facts.write(self._room, draft.id, case.id, {}, draft.sheet.answers, now, sections)
        await self._hang(case, draft)
        await timeline.write(
            self._room, draft.id, case.id, f"resident:{helper or draft.person}", "", state, "", {}, now
        )
        return replace(case, answers=answers)

    async def get(self, case: str, answers: bool = False) -> Case:
        found = await self._link.first(_BY_ID, {"one": case})
        if found is None:
            raise BadInput(f"there is no case {case}; it was erased, or the id is wrong")
        read = await self._read(found)
        if not answers:
            return read
        about = await self._link.value(select(table.c.about).where(table.c.id == case))
        return replace(
            read,
            answers=await facts.read(self._room, found.draft, case),
            about=await self._room.open(found.draft, about, "cases", case, "about"),
        )

    async def by_number(self, number: str) -> Case | None:
        found = await self._link.first(_BY_NUMBER, {"hash": self._hash(number)})
        return None if found is None else await self._read(found)

    async def proof(self, number: str) -> tuple[Case | None, Sequence[Person]]:
        found = await self._link.first(_BY_NUMBER, {"hash": self._hash(number)})
        there = (found.draft, found.person, found.helper) if found else ("", "", "")
        draft, *wanted = (one or nobody for one, nobody in zip(there, _NOBODY, strict=True))
        rows = await self._link.all(_PEOPLE, {"ids": wanted})
        # Not from memory: that would tell whether somebody asked for this case just before.
        keys = await self._room.keys.find([draft, *wanted], held=False)
        case = open_case(found, keys[found.draft]) if found and found.draft in keys else None
        known = [read_person(row, keys[row.id]) for row in rows if row.id in keys]
        self._room.keys.spend(keys=3 - len(keys), records=2 - len(known) + (case is None))
        return case, known

    async def of_person(self, person: str) -> Sequence[Case]:
        mine = or_(table.c.person == person, table.c.helper == person)
        return await self._list(select(*COLUMNS).where(mine).order_by(table.c.id.desc())) if person else []

    async def list(
        self, *, state: str = "", programme: str = "", region: str = "", after: str = "", limit: int = 50
    ) -> Sequence[Case]:
        where = below(table.c.region, region)
        where += [table.c.state == state] if state else []
        where += [table.c.programme == programme] if programme else []
        where += [table.c.id < after] if after else []
        return await self._list(select(*COLUMNS).where(*where).order_by(table.c.id.desc()).limit(limit))

    async def pick(self, wanted: Wanted) -> Sequence[Case]:
        newest = select(*COLUMNS).order_by(table.c.id.desc()).limit(wanted.limit)
        return await self._list(case_views.narrowed(newest, wanted))

    async def counts(self, wanted: Wanted) -> Sequence[Count]:
        return await case_views.counts(self._link, wanted)

    async def steps(self, regions: Sequence[str], month: str, limit: int) -> Sequence[Step]:
        return await case_views.steps(self._link, regions, month, limit)

    async def moves(self, cases: Sequence[str]) -> Sequence[Step]:
        return await case_views.moves(self._link, cases)

    async def waiting_to_leave(self, region: str = "", after: str = "", limit: int = 50) -> Sequence[Case]:
        where = [
            table.c.office_number == "",
            table.c.id > after,
            table.c.state != "draft",
            *below(table.c.region, region),
        ]
        return await self._list(select(*COLUMNS).where(*where).order_by(table.c.id).limit(limit))

    async def move(
        self, case: Case, to: str, actor: str, reason: str, now: datetime, due: date | None, **about: Any
    ) -> Case:
        check_move(case.state, to)
        values: dict[str, Any] = {"state": to, "due": due}
        if to == "submitted" and case.submitted_at is None:
            values["submitted_at"] = now
        if to == "accepted":
            values["accepted_at"] = now
        moved, draft = await self._update(case, now, values)
        await timeline.write(self._room, draft, case.id, actor, case.state, to, reason, about, now)
        return moved

    async def note(self, case: Case, actor: str, reason: str, now: datetime, **about: Any) -> None:
        draft = await self._draft(case.id)
        await timeline.write(self._room, draft, case.id, actor, case.state, case.state, reason, about, now)

    async def change(self, case: str, now: datetime, **fields: Any) -> Case:
        if unknown := fields.keys() - _CHANGEABLE:
            raise BadInput(f"a case has no changeable {', '.join(sorted(unknown))}; use {sorted(_CHANGEABLE)}")
        changed = update(table).where(table.c.id == case).values(**fields, updated_at=now, version=table.c.version + 1)
        if not await self._link.changed(changed):
            raise BadInput(f"there is no case {case}; it was erased, or the id is wrong")
        return await self.get(case)

    async def correct(self, case: Case, answers: Mapping[str, Given], actor: str, now: datetime) -> Case:
        corrected, draft = await self._update(case, now, {})
        old = await facts.read(self._room, draft, case.id)
        kept = await self._sections(case.id)
        new = await facts.write(self._room, draft, case.id, old, {**old, **answers}, now, kept)
        await timeline.write(
            self._room, draft, case.id, actor, case.state, case.state, "", {"corrected": sorted(answers)}, now
        )
        return replace(corrected, answers=new)

    async def timeline(self, case: str) -> Sequence[Happening]:
        draft = await self._link.value(select(table.c.draft).where(table.c.id == case))
        return [] if draft is None else await timeline.read(self._room, draft, case)

    async def tried(self, key: str, now: datetime) -> None:
        await self._link.run(insert(tries).values(key=self._room.ring.hash("try", key), at=now))

    async def tries(self, key: str, since: datetime) -> int:
        mine = (tries.c.key == self._room.ring.hash("try", key), tries.c.at >= since)
        return int(await self._link.value(select(func.count()).select_from(tries).where(*mine)))

    async def forget_tries(self, before: datetime) -> int:
        return await self._link.changed(delete(tries).where(tries.c.at < before))

    async def expire(self, now: datetime) -> int:
        if not self._years:
            return 0
        before = now - timedelta(days=self._years * 366)
        old = select(table.c.draft, table.c.person, table.c.helper)
        closed = old.where(table.c.state.in_(_CLOSED), table.c.updated_at < before)
        rows = await self._link.all(closed.limit(_AT_ONCE))
        gone = [row.draft for row in rows]
        if gone:
            await drop_cases(self._room, gone)
            await drop_strangers(self._room, [one for row in rows for one in (row.person, row.helper)])
            self._room.destroy(gone)
        return len(gone)

    async def _hang(self, case: Case, draft: Draft) -> None:
        """What belongs to the draft belongs to the case; the members get their rows."""
        for hanging in (papers, consents):
            taken = update(hanging).where(hanging.c.draft == draft.id, hanging.c.case_id == "")
            await self._link.run(taken.values(case_id=case.id))
        numbers = {split_path(path)[0] for path in draft.sheet.answers} - {0} | {1}
        adults = {row.member: row.person for row in await self._link.all(
            select(consents.c.member, consents.c.person).where(consents.c.draft == draft.id, consents.c.person != "")
        )} | {1: case.person}  # fmt: skip
        rows = [{"case_id": case.id, "number": number, "person": adults.get(number, "")} for number in sorted(numbers)]
        await self._link.run(insert(members), rows)

    async def _sections(self, case: str) -> Mapping[str, str]:
        """The section of each field, as it was when the case was added."""
        rows = await self._link.all(select(told.c.path, told.c.section).where(told.c.holder == case))
        return {split_path(row.path)[1]: row.section for row in rows}

    async def _update(self, case: Case, now: datetime, values: Mapping[str, Any]) -> tuple[Case, str]:
        this = (table.c.id == case.id, table.c.version == case.version)
        new = {**values, "updated_at": now, "version": table.c.version + 1}
        row = await self._link.first(update(table).where(*this).values(new).returning(*COLUMNS))
        if row is None:
            raise Conflict(f"case {case.id} was changed since version {case.version} was read; look at it again")
        return replace(await self._read(row), answers=case.answers, about=case.about), row.draft

    async def _draft(self, case: str) -> str:
        draft = await self._link.value(select(table.c.draft).where(table.c.id == case))
        if draft is None:
            raise BadInput(f"there is no case {case}; it was erased, or the id is wrong")
        return str(draft)

    async def _values(self, case: Case, draft: str) -> dict[str, Any]:
        names = {column.name for column in table.c} - {"number_hash", "draft", "body", "about"}
        return {name: getattr(case, name) for name in names} | {
            "number_hash": self._hash(case.number),
            "draft": draft,
            "body": await self._room.seal(draft, {"number": case.number}, "cases", case.id, "body"),
            "about": await self._room.seal(draft, dict(case.about), "cases", case.id, "about"),
        }

    def _hash(self, number: str) -> bytes:
        return self._room.ring.hash("case", number)

    async def _list(self, statement: Select[Any]) -> Sequence[Case]:
        rows = await self._link.all(statement)
        keys = await self._room.keys.find(row.draft for row in rows)
        for lost in (row for row in rows if row.draft not in keys):  # one of them must not hide all others
            _log.error("case %s cannot be opened: its subject key is gone; restore the store of subject keys", lost.id)
        return [open_case(row, keys[row.draft]) for row in rows if row.draft in keys]

    async def _read(self, row: Row[Any]) -> Case:
        return open_case(row, await self._room.keys.of(row.draft))


def open_case(row: Row[Any], sealer: Sealer) -> Case:
    number = unseal(sealer, row.body, "cases", row.id, "body")["number"]
    names = {column.name for column in COLUMNS} - {"draft", "body"}
    return Case(number=number, answers={}, about={}, **{name: getattr(row, name) for name in names})
