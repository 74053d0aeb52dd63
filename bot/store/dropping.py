"""Deleting the rows of drafts and of cases, with all that hangs on them; whose keys end with them, the caller says."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select, update

from bot.store.case_tables import cases, consents, facts, members, papers, referrals, sheets, tasks, timeline
from bot.store.room import Room
from bot.store.subject_keys import chunks
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
        for hanging in (papers, consents, timeline, referrals, members, tasks):
            await room.link.run(delete(hanging).where(hanging.c.case_id.in_(ids)))
        await room.link.run(delete(facts).where(facts.c.holder.in_(ids)))
        dropped += await room.link.changed(delete(cases).where(cases.c.id.in_(ids)))
    return dropped
