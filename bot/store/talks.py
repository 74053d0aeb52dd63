"""The lists officers work from, and what they add to a conversation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, func, insert, or_, select, true, update

from bot.conversations import ASIDE, URGENT, Conversation, Holder
from bot.desk.handoff_ports import VIEWS, Closing, Note, Shared, Sought, Word
from bot.errors import BadInput
from bot.messages import WITHHELD, Author
from bot.store.body import from_json
from bot.store.conversations import COLUMNS, read_conversation
from bot.store.ids import new_id
from bot.store.keys import KeyRing
from bot.store.link import Link
from bot.store.room import below
from bot.store.tables import conversations as table
from bot.store.tables import messages, moves
from bot.store.talk_tables import closings, labels, notes

_HELD = (Holder.OFFICER, Holder.WAITING)
_OPEN = (Holder.BOT, Holder.QUEUED, Holder.OFFICER, Holder.WAITING)
_COMPLAINT = "complaint:"
_ORDER: Mapping[str, Sequence[Any]] = {
    "mine": (table.c.priority.desc(), table.c.answer_by.is_(None), table.c.answer_by, table.c.updated_at.desc()),
    "queue": (table.c.priority.desc(), table.c.queued_at, table.c.id),
    "distress": (table.c.answer_by.is_(None), table.c.answer_by, table.c.updated_at.desc()),
    "overdue": (table.c.answer_by, table.c.id),
    "waiting": (table.c.updated_at, table.c.id),
    "closed": (table.c.updated_at.desc(), table.c.id),
}


class TalkRows:
    def __init__(self, link: Link, ring: KeyRing) -> None:
        self._link, self._ring = link, ring

    async def list(
        self, view: str, staff: str, regions: Sequence[str], now: datetime, limit: int
    ) -> Sequence[Conversation]:
        if view not in VIEWS:
            raise BadInput(f"there is no view {view[:40]!r}; use {', '.join(VIEWS)}")
        wanted = select(*COLUMNS).where(*_seen_by(staff, regions), *_view(view, staff, now))
        rows = await self._link.all(wanted.order_by(*_ORDER[view]).limit(limit))
        return [read_conversation(row, self._ring) for row in rows]

    async def search(self, staff: str, regions: Sequence[str], sought: Sought, limit: int) -> Sequence[Conversation]:
        where = [*_seen_by(staff, regions), *(_means(word) for word in sought.words)]
        where += [table.c.updated_at >= sought.since] if sought.since else []
        where += [table.c.updated_at < sought.until] if sought.until else []
        wanted = select(*COLUMNS).where(*where).order_by(table.c.updated_at.desc(), table.c.id).limit(limit)
        return [read_conversation(row, self._ring) for row in await self._link.all(wanted)]

    async def counts(self, staff: str, regions: Sequence[str], now: datetime) -> Mapping[str, int]:
        """By one statement, each view by its own index; the console asks it again and again."""
        seen = _seen_by(staff, regions)
        views = [view for view in VIEWS if view != "closed"]
        numbers: list[Any] = [
            select(func.count()).select_from(table).where(*seen, *_view(view, staff, now)).scalar_subquery()
            for view in views
        ]
        row = await self._link.first(select(*(number.label(view) for view, number in zip(views, numbers, strict=True))))
        return {view: int(getattr(row, view)) for view in views}

    async def shared(self, regions: Sequence[str], now: datetime) -> Shared:
        held = select(table.c.holder_name, func.count().label("number")).where(
            *_seen_by("", regions), table.c.holder.in_(_HELD)
        )
        of = select(table.c.reason).where(
            table.c.holder.in_((Holder.QUEUED, *_HELD)), table.c.reason.startswith(_COMPLAINT, autoescape=True)
        )
        mine = {row.holder_name: int(row.number) for row in await self._link.all(held.group_by(table.c.holder_name))}
        complained = {row.reason.removeprefix(_COMPLAINT) for row in await self._link.all(of.distinct())}
        return Shared(await self.counts("", regions, now), mine, frozenset(complained))

    async def pulse(self) -> str:
        newest = [select(func.max(one.c.id)).scalar_subquery() for one in (messages, moves, notes)]
        row = await self._link.first(select(*(one.label(f"n{number}") for number, one in enumerate(newest))))
        return "" if row is None else "-".join(str(part or 0) for part in row)

    async def ahead(self, conversation: Conversation) -> int:
        if conversation.queued_at is None:
            return 0
        earlier = and_(table.c.priority == conversation.priority, table.c.queued_at < conversation.queued_at)
        return int(
            await self._link.value(
                select(func.count())
                .select_from(table)
                .where(
                    table.c.holder == Holder.QUEUED,
                    table.c.channel != ASIDE,
                    table.c.region.in_({conversation.region, ""}) if conversation.region else true(),
                    or_(table.c.priority > conversation.priority, earlier),
                )
            )
        )

    async def waits(self, since: datetime, limit: int) -> Sequence[timedelta]:
        claimed = moves.alias("claimed")
        queued = (
            select(func.max(moves.c.at))
            .where(
                moves.c.conversation == claimed.c.conversation, moves.c.new == Holder.QUEUED, moves.c.id < claimed.c.id
            )
            .scalar_subquery()
        )
        rows = await self._link.all(
            select(claimed.c.at, queued.label("queued"))
            .where(claimed.c.new == Holder.OFFICER, claimed.c.old == Holder.QUEUED, claimed.c.at >= since)
            .order_by(claimed.c.at.desc())
            .limit(limit)
        )
        return [row.at - row.queued for row in rows if row.queued is not None]

    async def note(
        self, conversation: str, text: str, actor: str, now: datetime, kind: str = "note", ref: str = ""
    ) -> None:
        row = new_id(now)
        values = {"id": row, "conversation": conversation, "kind": kind, "ref": ref, "actor": actor, "at": now}
        body = self._ring.seal_words(text, "talk_notes", row, "body")
        await self._link.run(insert(notes).values(body=body, **values))

    async def notes(self, conversation: str, kind: str = "note") -> Sequence[Note]:
        where = (notes.c.conversation == conversation, notes.c.kind == kind)
        rows = await self._link.all(select(notes).where(*where).order_by(notes.c.at, notes.c.id))
        said = self._ring.open_words
        return [
            Note(row.id, row.kind, row.ref, said(row.body, "talk_notes", row.id, "body"), row.actor, row.at)
            for row in rows
        ]

    async def label(self, conversation: str, label: str, on: bool, actor: str, now: datetime) -> None:
        if on:
            values = {"conversation": conversation, "label": label, "actor": actor, "at": now}
            await self._link.put_new(labels, values, "conversation, label")
        else:
            this = (labels.c.conversation == conversation, labels.c.label == label)
            await self._link.run(delete(labels).where(*this))

    async def labels(self, conversations: Sequence[str]) -> Mapping[str, Sequence[str]]:
        wanted = select(labels.c.conversation, labels.c.label).where(labels.c.conversation.in_(conversations))
        found: dict[str, list[str]] = {}
        for row in await self._link.all(wanted.order_by(labels.c.at, labels.c.label)):
            found.setdefault(row.conversation, []).append(row.label)
        return found

    async def last_said(self, conversations: Sequence[str]) -> Mapping[str, str]:
        newest = (
            select(messages.c.conversation, func.max(messages.c.seq).label("seq"))
            .where(messages.c.conversation.in_(conversations), messages.c.author == Author.RESIDENT)
            .group_by(messages.c.conversation)
            .subquery()
        )
        this = and_(messages.c.conversation == newest.c.conversation, messages.c.seq == newest.c.seq)
        wanted: Select[Any] = select(messages.c.id, messages.c.conversation, messages.c.body).join(newest, this)
        return {
            row.conversation: _words(from_json(self._ring.open(row.body, "messages", row.id, "body")))
            for row in await self._link.all(wanted)
        }

    async def closed(self, conversation: Conversation, staff: str, outcome: str, now: datetime) -> None:
        values = {"conversation": conversation.id, "staff": staff, "outcome": outcome, "region": conversation.region}
        await self._link.run(insert(closings).values(id=new_id(now), at=now, **values))

    async def closing(self, conversation: str) -> Closing | None:
        wanted = select(closings).where(closings.c.conversation == conversation)
        row = await self._link.first(wanted.order_by(closings.c.at.desc(), closings.c.id.desc()).limit(1))
        if row is None:
            return None
        return Closing(row.id, row.conversation, row.staff, row.outcome, row.at, row.score)

    async def rate(self, closing: str, score: int, now: datetime) -> bool:
        this = (closings.c.id == closing, closings.c.score.is_(None))
        return await self._link.changed(update(closings).where(*this).values(score=score, rated_at=now)) == 1


def _words(body: Any) -> str:
    """What was reported of an office stands in no list that its people see."""
    return "" if body["about"].get(WITHHELD) else str(body["text"])


def _seen_by(staff: str, regions: Sequence[str]) -> list[ColumnElement[bool]]:
    places = [table.c.region == "", *(and_(true(), *below(table.c.region, region)) for region in regions)]
    return [table.c.channel != ASIDE, or_(*places), table.c.reason != f"{_COMPLAINT}{staff}"]


def _means(word: Word) -> ColumnElement[bool]:
    labelled = select(labels.c.conversation).where(labels.c.label.startswith(word.label, autoescape=True))
    places = [and_(true(), *below(table.c.region, place)) for place in word.places]
    reasons = [table.c.reason.startswith(reason, autoescape=True) for reason in word.reasons]
    return or_(table.c.id.in_(labelled), *places, *reasons)


def _view(view: str, staff: str, now: datetime) -> list[ColumnElement[bool]]:
    if view == "mine":
        return [table.c.holder.in_(_HELD), table.c.holder_name == staff]
    if view == "distress":
        return [table.c.holder.in_(_OPEN), table.c.priority >= URGENT]
    if view == "overdue":
        return [table.c.answer_by < now]
    holder = {"queue": Holder.QUEUED, "waiting": Holder.WAITING, "closed": Holder.CLOSED}[view]
    return [table.c.holder == holder]
