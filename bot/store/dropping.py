"""Deleting the rows of drafts and of cases, with all that hangs on them; whose keys end with them, the caller says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, select, union_all, update

from bot.store.case_tables import cases, consents, members, papers, referrals, tasks, timeline
from bot.store.link import chunks
from bot.store.people_tables import identities, people
from bot.store.reach_tables import notice_tries, notices
from bot.store.room import Room
from bot.store.sheet_tables import facts, sheets
from bot.store.tables import conversations


async def drop_sheets(room: Room, gone: Sequence[str]) -> None:
    """Delete drafts with all that no case took over from them; a conversation forgets that its form was open."""
    for some in chunks(gone):
        await room.link.run(delete(facts).where(facts.c.holder.in_(some)))
        for hanging in (papers, consents):
            await room.link.run(delete(hanging).where(hanging.c.draft.in_(some), hanging.c.case_id == ""))
        where = select(sheets.c.conversation).where(sheets.c.id.in_(some))
        open_there = (conversations.c.id.in_(where), conversations.c.form.in_(some))
        await room.link.run(update(conversations).where(*open_there).values(form=""))
        await room.link.run(delete(sheets).where(sheets.c.id.in_(some)))


async def drop_cases(room: Room, drafts: Sequence[str]) -> int:
    """Delete the cases that these drafts became, and all that hangs on them."""
    dropped = 0
    for some in chunks(drafts):
        ids = [row.id for row in await room.link.all(select(cases.c.id).where(cases.c.draft.in_(some)))]
        for hanging in (papers, consents, timeline, referrals, members, tasks, notices, notice_tries):
            await room.link.run(delete(hanging).where(hanging.c.case_id.in_(ids)))
        await room.link.run(delete(facts).where(facts.c.holder.in_(ids)))
        dropped += await room.link.changed(delete(cases).where(cases.c.id.in_(ids)))
    return dropped


async def drop_strangers(room: Room, persons: Iterable[str]) -> set[str]:
    """Forget those of these people whom nothing needs any more: no form, no case, no consent, no task; who they were."""
    dropped: set[str] = set()
    for some in chunks(sorted(set(persons) - {""})):
        needing = (sheets.c.person, cases.c.person, cases.c.helper, consents.c.person, tasks.c.person)
        known = union_all(*(select(column.label("id")).where(column.in_(some)) for column in needing))
        gone = set(some) - {row.id for row in await room.link.all(known)}
        for held in (identities.c.person, people.c.id):
            await room.link.run(delete(held.table).where(held.in_(gone)))
        dropped |= gone
    room.destroy(dropped)
    return dropped
