"""Conversations: one row a resident and account, with who holds it and which worker may answer it now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, exists, insert, or_, select, update

from bot.conversations import ASIDE, Conversation, Holder, Lease, check_move
from bot.errors import BadInput, Conflict
from bot.messages import State
from bot.store.ids import new_id
from bot.store.keys import KeyRing
from bot.store.link import Link
from bot.store.tables import conversations as table
from bot.store.tables import messages
from bot.store.tables import moves as moves_table

_CHANGEABLE = frozenset({"region", "quota_left", "window_until", "priority", "form", "answer_by"})
_LEASE_TRIES = 20

COLUMNS = [
    column
    for column in table.c
    if column.name not in ("sender_hash", "actor", "last_seq", "lease_worker", "lease_until")
]

# Built once: these are on the path of every message.
_BY_SENDER = select(*COLUMNS).where(
    table.c.channel == bindparam("channel"),
    table.c.account == bindparam("account"),
    table.c.sender_hash == bindparam("sender_hash"),
)
_BY_ID = select(*COLUMNS).where(table.c.id == bindparam("id"))
_BY_ID_LOCKED = _BY_ID.with_for_update()

_WAITS = (messages.c.state == State.RECEIVED, messages.c.due_at <= bindparam("now"))
_FREE = or_(table.c.lease_until.is_(None), table.c.lease_until <= bindparam("now"))
_FIRST_WAITING = (
    select(table.c.id)
    .select_from(messages.join(table, messages.c.conversation == table.c.id))
    .where(*_WAITS, _FREE)
    .order_by(messages.c.due_at, messages.c.id)
    .limit(1)
    # On PostgreSQL each worker steps over the rows that others are taking; SQLite has one writer anyway.
    .with_for_update(of=table, skip_locked=True)
)
_LONGEST = _FIRST_WAITING.where(table.c.channel != ASIDE)
_LONGEST_ASIDE = _FIRST_WAITING.where(table.c.channel == ASIDE, table.c.account == bindparam("aside"))
_LEASE = (
    update(table)
    # Asked again under the lock: the message may have been answered between the look and the lock.
    .where(
        table.c.id == bindparam("one"),
        _FREE,
        exists().where(messages.c.conversation == bindparam("one"), messages.c.done_at.is_(None), *_WAITS),
    )
    .values(version=table.c.version + 1, lease_worker=bindparam("worker"), lease_until=bindparam("until"))
    .returning(table.c.version)
)
_HOLDS = (
    table.c.id == bindparam("one"),
    table.c.version == bindparam("held_version"),
    table.c.lease_worker == bindparam("worker"),
)
_RENEW = update(table).where(*_HOLDS).values(lease_until=bindparam("until"))
_RELEASE = update(table).where(*_HOLDS).values(lease_worker="", lease_until=None)
_FENCE = select(table.c.id).where(*_HOLDS).with_for_update()


class ConversationRows:
    def __init__(self, link: Link, ring: KeyRing) -> None:
        self._link = link
        self._ring = ring

    async def open(self, channel: str, account: str, sender: str, now: datetime, actor: str) -> Conversation:
        found = await self.by_sender(channel, account, sender)
        if found is not None:
            return found
        row_id = new_id(now)
        values = {
            "id": row_id,
            "channel": channel,
            "account": account,
            "sender_hash": self._hash(channel, account, sender),
            "sender": self._ring.seal_words(sender, "conversations", row_id, "sender"),
            "region": "",
            "holder": Holder.BOT,
            "holder_name": "",
            "reason": "",
            "priority": 0,
            "version": 0,
            "quota_left": 0,
            "actor": actor,
            "created_at": now,
            "updated_at": now,
            "last_seq": 0,
            "lease_worker": "",
            "form": "",
        }
        # Two deliveries at once both find nothing: the key decides, and the slower one reads the faster one's row.
        await self._link.put_new(table, values, "channel, account, sender_hash")
        made = await self.by_sender(channel, account, sender)
        if made is None:
            raise Conflict(f"the new conversation {row_id} is gone again; repeat it")
        return made

    async def get(self, conversation: str) -> Conversation:
        return self._read(await self._row(conversation))

    async def hold(self, conversation: str) -> Conversation:
        return self._read(await self._row(conversation, lock=True))

    async def by_sender(self, channel: str, account: str, sender: str) -> Conversation | None:
        values = {"channel": channel, "account": account, "sender_hash": self._hash(channel, account, sender)}
        row = await self._link.first(_BY_SENDER, values)
        return None if row is None else self._read(row)

    async def lease(self, worker: str, now: datetime, seconds: float, aside: str = "") -> Lease | None:
        until = now + timedelta(seconds=seconds)
        longest, whose = (_LONGEST_ASIDE, {"aside": aside}) if aside else (_LONGEST, {})
        for _ in range(_LEASE_TRIES):
            found = await self._link.value(longest, {"now": now, **whose})
            if found is None:
                return None
            values = {"one": found, "now": now, "worker": worker, "until": until}
            version = await self._link.value(_LEASE, values)
            if version is not None:
                return Lease(found, version, worker, until)
        return None

    async def renew(self, lease: Lease, now: datetime, seconds: float) -> Lease:
        until = now + timedelta(seconds=seconds)
        if not await self._link.changed(_RENEW, _held(lease) | {"until": until}):
            raise Conflict(_taken_over(lease))
        return Lease(lease.conversation, lease.version, lease.worker, until)

    async def release(self, lease: Lease) -> None:
        await self._link.run(_RELEASE, _held(lease))

    async def fence(self, lease: Lease) -> None:
        if await self._link.first(_FENCE, _held(lease)) is None:
            raise Conflict(_taken_over(lease))

    async def change(self, conversation: str, now: datetime, **fields: Any) -> Conversation:
        if unknown := fields.keys() - _CHANGEABLE:
            raise BadInput(f"a conversation has no changeable {', '.join(sorted(unknown))}; use {sorted(_CHANGEABLE)}")
        return await self._update(conversation, updated_at=now, **fields)

    async def move(
        self, conversation: str, to: Holder, actor: str, reason: str, now: datetime, name: str = ""
    ) -> Conversation:
        row = await self._row(conversation, lock=True)
        old = Holder(row.holder)
        check_move(old, to)
        values: dict[str, Any] = {"holder": to, "holder_name": name, "updated_at": now}
        if to is Holder.QUEUED:
            values |= {"reason": reason, "queued_at": row.queued_at if old is to else now}
        elif to in (Holder.BOT, Holder.CLOSED):
            values |= {"reason": "", "queued_at": None, "answer_by": None}
        elif to is Holder.WAITING:
            values |= {"queued_at": None, "answer_by": None}
        else:  # an officer sees why it was queued for as long as they hold it
            values |= {"queued_at": None}
        await self._link.run(
            insert(moves_table).values(
                conversation=conversation,
                old=old,
                new=to,
                name=name,
                actor=actor,
                region=row.region,
                reason=reason,
                at=now,
            )
        )
        return await self._update(conversation, **values)

    async def waiting(self) -> Sequence[Conversation]:
        queue = select(*COLUMNS).where(table.c.holder == Holder.QUEUED, table.c.channel != ASIDE)
        rows = await self._link.all(queue.order_by(table.c.priority.desc(), table.c.queued_at, table.c.id))
        return [self._read(row) for row in rows]

    async def moves(self, conversation: str) -> Sequence[Mapping[str, Any]]:
        """Oldest first, with the keys from, to, name, actor, region, reason, at."""
        rows = await self._link.all(
            select(moves_table).where(moves_table.c.conversation == conversation).order_by(moves_table.c.id)
        )
        return [
            {
                "from": Holder(row.old),
                "to": Holder(row.new),
                "name": row.name,
                "actor": row.actor,
                "region": row.region,
                "reason": row.reason,
                "at": row.at,
            }
            for row in rows
        ]

    def _hash(self, channel: str, account: str, sender: str) -> bytes:
        return self._ring.hash("sender", channel, account, sender)

    async def _row(self, conversation: str, lock: bool = False) -> Row[Any]:
        row = await self._link.first(_BY_ID_LOCKED if lock else _BY_ID, {"id": conversation})
        if row is None:
            raise BadInput(f"there is no conversation {conversation}; look at its id again")
        return row

    async def _update(self, conversation: str, **values: Any) -> Conversation:
        statement = update(table).where(table.c.id == conversation).values(values).returning(*COLUMNS)
        row = await self._link.first(statement)
        if row is None:
            raise BadInput(f"there is no conversation {conversation}; look at its id again")
        return self._read(row)

    def _read(self, row: Row[Any]) -> Conversation:
        return read_conversation(row, self._ring)


def read_conversation(row: Row[Any], ring: KeyRing) -> Conversation:
    """From a row with `COLUMNS`."""
    return Conversation(
        id=row.id,
        channel=row.channel,
        account=row.account,
        sender=ring.open_words(row.sender, "conversations", row.id, "sender"),
        region=row.region,
        holder=Holder(row.holder),
        holder_name=row.holder_name,
        reason=row.reason,
        priority=row.priority,
        version=row.version,
        quota_left=row.quota_left,
        window_until=row.window_until,
        queued_at=row.queued_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
        form=row.form,
        answer_by=row.answer_by,
    )


def _held(lease: Lease) -> dict[str, Any]:
    return {"one": lease.conversation, "held_version": lease.version, "worker": lease.worker}


def _taken_over(lease: Lease) -> str:
    return (
        f"worker {lease.worker} no longer holds conversation {lease.conversation} (version {lease.version}): "
        f"another worker took it over; drop what you have and lease again"
    )
