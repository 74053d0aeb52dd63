"""Forgetting a person: the rows, the words of their conversations, the engine's memory, and with the commit the keys.

What was erased is written on a list of pseudonyms, here and in the store of keys. Whichever of the two is restored from
a backup, the other one's list is replayed before anybody is served (`replay`).
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime

from sqlalchemy import delete, func, or_, select, union_all, update

from bot.desk.case_ports import Case, Erased, Erasure
from bot.messages import State
from bot.store.asking import drop_proposed, drop_questions
from bot.store.asking_tables import asked
from bot.store.body import to_json
from bot.store.case_tables import cases, consents, members, papers, tasks
from bot.store.cases import COLUMNS, open_case
from bot.store.continuations import drop_continuations
from bot.store.dropping import drop_cases, drop_sheets, drop_strangers
from bot.store.link import chunks
from bot.store.notices import drop_agreements
from bot.store.officer_tables import pictures as talk_pictures
from bot.store.officer_tables import tips
from bot.store.people_tables import erasures, identities, people
from bot.store.room import Room, counted
from bot.store.sheet_tables import sheets
from bot.store.tables import conversations, events, messages
from bot.store.talk_pictures import drop_pictures
from bot.store.talk_tables import labels, notes
from bot.store.tips import drop_tips

_FINAL = (State.HANDLED, State.SENT, State.FAILED)
_UNSENT = (State.QUEUED, State.SENDING, State.HELD)


async def erase(room: Room, person: str, receipt: str, now: datetime) -> Erased:
    """See `People.erase`."""
    mine = await room.link.all(select(cases.c.id, cases.c.draft, cases.c.office_number).where(cases.c.person == person))
    held = await _held(room, person)
    gone_cases = [row.draft for row in mine if not row.office_number]
    talks = [talk for talk, until in (await _talks(room, person)).items() if until is None]
    counts = await _remove(room, person, {person, *gone_cases, *talks}, receipt, now)
    return Erased(receipt, now, counted(counts), held)


async def settle(room: Room) -> set[str]:
    """Destroy the keys of what is on our list and, after a crash, not yet on theirs; which subjects that were."""
    done = {one.subject for one in await room.keys.erased()}
    missing = [one for one in await listed(room) if one.subject not in done]
    settled = {one.subject for one in missing}
    room.destroy(settled, missing)
    return settled


async def sweep_orphans(room: Room, since: datetime, until: datetime) -> int:
    """Destroy keys that seal nothing: a unit of work made them and then rolled back, or its process died."""
    made = await room.keys.made(since, until)
    used: set[str] = set()
    for some in chunks(made):
        sealing = (people.c.id, sheets.c.id, cases.c.draft, tasks.c.id, talk_pictures.c.subject, tips.c.subject)
        found = union_all(*(select(column.label("id")).where(column.in_(some)) for column in sealing))
        used |= {row.id for row in await room.link.all(found)}
    orphans = set(made) - used
    room.destroy(orphans)
    return len(orphans)


async def listed(room: Room) -> list[Erasure]:
    """Our list, oldest first."""
    rows = await room.link.all(select(erasures).order_by(erasures.c.at, erasures.c.subject))
    return [Erasure(row.subject, row.person, row.receipt, row.at) for row in rows]


async def replay(room: Room, elsewhere: Sequence[Erasure] = ()) -> int:
    """Before serving: what one of the two lists, or one kept elsewhere, says was erased is erased again in both; how many
    subjects the other did not know."""
    ours = {one.subject for one in await listed(room)}
    lost: dict[tuple[str, str, datetime], set[str]] = {}
    theirs = [*await room.keys.erased(), *elsewhere]
    for one in theirs:
        if one.subject not in ours:
            lost.setdefault((one.person, one.receipt, one.at), set()).add(one.subject)
    for (person, receipt, at), subjects in lost.items():
        await _remove(room, person, subjects, receipt, at, everything=True)
    settled = await settle(room)
    room.destroy(await room.keys.returned())
    return len(settled.union(*lost.values()))


async def _held(room: Room, person: str) -> list[Case]:
    rows = await room.link.all(
        select(*COLUMNS).where(cases.c.person == person, cases.c.office_number != "").order_by(cases.c.id)
    )
    keys = await room.keys.find(row.draft for row in rows)
    return [open_case(row, keys[row.draft]) for row in rows if row.draft in keys]


async def _remove(
    room: Room,
    person: str,
    subjects: AbstractSet[str],
    receipt: str,
    now: datetime,
    everything: bool = False,
) -> dict[str, int]:
    """Delete what these subjects seal and what the conversations hold; keys that a case still needs stay."""
    link = room.link
    left = {talk: until for talk, until in (await _talks(room, person)).items() if until is not None}
    here = select(conversations.c.id).where(conversations.c.id.in_(sorted(subjects - left.keys())))
    talks = [row.id for row in await link.all(here)]
    known = [sheets.c.person == person, sheets.c.id.in_(sorted(subjects)), sheets.c.conversation.in_(talks)]
    rows = await link.all(select(sheets.c.id, sheets.c.person).where(or_(*known)))
    drafts = [row.id for row in rows]
    pictures = or_(papers.c.draft.in_(drafts), papers.c.draft.in_(sorted(subjects)))
    counts = {"papers": int(await link.value(select(func.count()).select_from(papers).where(pictures)))}
    counts["cases"] = await drop_cases(room, sorted(subjects))
    kept = {row.draft for row in await link.all(select(cases.c.draft).where(cases.c.draft.in_(drafts)))}
    if kept:
        counts["papers"] -= int(
            await link.value(select(func.count()).select_from(papers).where(papers.c.draft.in_(sorted(kept))))
        )
    await drop_sheets(room, drafts)
    counts["drafts"] = len(drafts)
    await link.run(delete(tasks).where(tasks.c.person == person, tasks.c.case_id == ""))
    for column in (cases.c.helper, members.c.person):
        await link.run(update(column.table).where(column == person).values({column.name: ""}))
    theirs = or_(consents.c.person == person, consents.c.conversation.in_(talks))
    await link.run(update(consents).where(theirs).values(person="", conversation=""))
    counts["conversations"] = len(talks) + len(left)
    counts["messages"] = sum([await _silence(room, talk, None, now, everything) for talk in talks])
    counts["messages"] += sum([await _silence(room, talk, until, now, everything) for talk, until in left.items()])
    await drop_agreements(room, talks)
    await drop_continuations(room, person, talks)
    # Those for whom the erased one only began to apply.
    strangers = await drop_strangers(room, [row.person for row in rows if row.person != person])
    await link.run(delete(identities).where(identities.c.person == person))
    await link.run(delete(people).where(people.c.id == person))
    gone = {person, *subjects, *drafts, *strangers} - kept
    erased = [Erasure(subject, person, receipt, now) for subject in sorted(gone)]
    for one in erased:
        values = {"subject": one.subject, "person": one.person, "receipt": one.receipt, "at": one.at}
        await link.put_new(erasures, values, "subject")
    room.destroy(gone, erased)
    return counts


async def _talks(room: Room, person: str) -> dict[str, datetime | None]:
    """The conversations that speak for them (None), and those that did until they were unbound."""
    rows = await room.link.all(select(identities).where(identities.c.person == person).order_by(identities.c.id))
    talks: dict[str, datetime | None] = {row.conversation: row.unbound_at for row in rows}
    return talks | {row.conversation: None for row in rows if row.unbound_at is None}


async def _silence(room: Room, talk: str, until: datetime | None, now: datetime, everything: bool) -> int:
    """Empty the words of a conversation, and forget what the engine remembers of it; `until`: only what is older, because
    somebody else speaks there since.

    The message that is being handled stays, and with it the wish itself, until its turn is over; nothing personal is in
    it. What had not left yet does not leave any more.
    """
    link = room.link
    old = [messages.c.conversation == talk] + ([messages.c.created_at < until] if until else [])
    failed = update(messages).where(*old, messages.c.state.in_(_UNSENT))
    await link.run(failed.values(state=State.FAILED, reason="erased", state_at=now, done_at=now))
    states = (*_FINAL, State.RECEIVED) if everything else _FINAL
    ids = [row.id for row in await link.all(select(messages.c.id).where(*old, messages.c.state.in_(states)))]
    for message in ids:
        empty = to_json({"text": "", "choices": [], "about": {}, "channel_message_id": ""}, "an empty message")
        body = room.ring.seal(empty, "messages", message, "body")
        await link.run(update(messages).where(messages.c.id == message).values(body=body, private=None))
    before = [talk_pictures.c.at < until] if until else []
    while await drop_pictures(room, talk_pictures.c.conversation == talk, *before):
        pass
    remembered = [events.c.conversation == talk] + ([events.c.created_at < until] if until else [])
    await link.run(delete(events).where(*remembered))
    await drop_questions(room, asked.c.conversation == talk, *([asked.c.at < until] if until else []))
    if until is None:
        await drop_proposed(room, [talk])
        await drop_tips(room, [talk])
        for told in (notes, labels):
            await link.run(delete(told).where(told.c.conversation == talk))
        await link.run(update(conversations).where(conversations.c.id == talk).values(region="", form=""))
    return len(ids)
