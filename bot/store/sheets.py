"""Drafts of forms: what was answered so far is the truth, whatever the dialogue engine remembers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, select, update

from bot.desk.case_ports import Draft
from bot.errors import BadInput, Conflict
from bot.forms.model import Sheet
from bot.store import facts
from bot.store.case_tables import cases, papers
from bot.store.dropping import drop_sheets, drop_strangers
from bot.store.ids import new_id
from bot.store.room import Room
from bot.store.sheet_tables import facts as facts_table
from bot.store.sheet_tables import sheets as table

_ALIVE = ("open", "paused")
_CLOSED = ("done", "cancelled")
_AT_ONCE = 200
_BY_ID = select(table).where(table.c.id == bindparam("one"))


class SheetRows:
    def __init__(self, room: Room, days: int) -> None:
        self._room, self._link = room, room.link
        self._life = timedelta(days=days)

    async def open(
        self,
        conversation: str,
        person: str,
        kind: str,
        programme: str,
        sheet: Sheet,
        about: Mapping[str, Any],
        now: datetime,
    ) -> Draft:
        draft = new_id(now)
        await self._room.keys.make(draft, now)
        made = Draft(
            draft,
            conversation,
            person,
            kind,
            programme,
            dict(about),
            sheet,
            "open",
            1,
            "",
            (),
            now,
            now,
            now + self._life,
        )
        await self._link.run(insert(table).values(id=draft, created_at=now, **await self._values(made)))
        answers = await facts.write(self._room, draft, draft, {}, sheet.answers, now)
        return replace(made, sheet=replace(sheet, answers=answers))

    async def get(self, draft: str) -> Draft:
        row = await self._link.first(_BY_ID, {"one": draft})
        if row is None:
            raise BadInput(f"there is no draft {draft}; it expired, was erased, or the id is wrong")
        return await self._read(row)

    async def of_conversation(self, conversation: str) -> Sequence[Draft]:
        return await self._list(table.c.conversation == conversation, table.c.state.in_(_ALIVE))

    async def of_person(self, person: str) -> Sequence[Draft]:
        return await self._list(table.c.person == person, table.c.state.in_(_ALIVE)) if person else []

    async def save(
        self,
        draft: Draft,
        now: datetime,
        *,
        sheet: Sheet | None = None,
        about: Mapping[str, Any] | None = None,
        state: str = "",
        conversation: str = "",
        person: str = "",
        message: str = "",
        replies: Sequence[Mapping[str, Any]] | None = None,
    ) -> Draft:
        saved = replace(
            draft,
            sheet=draft.sheet if sheet is None else sheet,
            about=draft.about if about is None else dict(about),
            state=state or draft.state,
            conversation=conversation or draft.conversation,
            person=person or draft.person,
            version=draft.version + 1,
            last_message=message or draft.last_message,
            last_replies=draft.last_replies if replies is None else tuple(replies),
            updated_at=now,
            expires_at=now + self._life,
        )
        closed = saved.state in _CLOSED
        if draft.state in _CLOSED and not closed:
            raise Conflict(f"draft {draft.id} is {draft.state}, and its answers are gone; open a new one")
        kept = replace(saved, about={}, sheet=Sheet(saved.sheet.form)) if closed else saved
        this = (table.c.id == draft.id, table.c.version == draft.version)
        if not await self._link.changed(update(table).where(*this).values(await self._values(kept))):
            raise Conflict(f"draft {draft.id} was changed since version {draft.version} was read; read it again")
        if closed:
            await self._link.run(delete(facts_table).where(facts_table.c.holder == draft.id))
            await self._link.run(delete(papers).where(papers.c.draft == draft.id, papers.c.case_id == ""))
            return saved
        if sheet is None:
            return saved
        answers = await facts.write(self._room, draft.id, draft.id, draft.sheet.answers, sheet.answers, now)
        return replace(saved, sheet=replace(sheet, answers=answers))

    async def expire(self, now: datetime) -> int:
        due = select(table.c.id, table.c.person).where(table.c.expires_at <= now)
        rows = await self._link.all(due.order_by(table.c.expires_at).limit(_AT_ONCE))
        expired = [row.id for row in rows]
        if expired:
            await drop_sheets(self._room, expired)
            await drop_strangers(self._room, [row.person for row in rows])
            taken_over = select(cases.c.draft).where(cases.c.draft.in_(expired))
            self._room.destroy(set(expired) - {row.draft for row in await self._link.all(taken_over)})
        return len(expired)

    async def _values(self, draft: Draft) -> dict[str, Any]:
        sheet = draft.sheet
        body = {
            "about": dict(draft.about),
            "asked": sheet.asked,
            "asked_paths": list(sheet.asked_paths),
            "tries": sheet.tries,
            "last_put": list(sheet.last_put),
            "replies": [dict(reply) for reply in draft.last_replies],
        }
        return {
            "conversation": draft.conversation,
            "person": draft.person,
            "kind": draft.kind,
            "programme": draft.programme,
            "form": sheet.form,
            "state": draft.state,
            "version": draft.version,
            "last_message": draft.last_message,
            "body": await self._room.seal(draft.id, body, "sheets", draft.id, "body"),
            "updated_at": draft.updated_at,
            "expires_at": draft.expires_at,
        }

    async def _list(self, *where: Any) -> list[Draft]:
        rows = await self._link.all(select(table).where(*where).order_by(table.c.updated_at.desc(), table.c.id.desc()))
        return [await self._read(row) for row in rows]

    async def _read(self, row: Row[Any]) -> Draft:
        body = await self._room.open(row.id, row.body, "sheets", row.id, "body")
        sheet = Sheet(
            row.form,
            await facts.read(self._room, row.id, row.id),
            body["asked"],
            tuple(body["asked_paths"]),
            body["tries"],
            tuple(body["last_put"]),
        )
        return Draft(
            id=row.id,
            conversation=row.conversation,
            person=row.person,
            kind=row.kind,
            programme=row.programme,
            about=body["about"],
            sheet=sheet,
            state=row.state,
            version=row.version,
            last_message=row.last_message,
            last_replies=tuple(body["replies"]),
            created_at=row.created_at,
            updated_at=row.updated_at,
            expires_at=row.expires_at,
        )
