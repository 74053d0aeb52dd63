"""Messages: one table that is inbox, transcript and outbox. The words are sealed; states and times are in clear."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Select, bindparam, case, func, select, update

from bot.conversations import Conversation
from bot.desk.ports import Message, TakenIn
from bot.errors import BadInput
from bot.messages import Author, Inbound, Kind, Reply, State
from bot.store.body import about_reply
from bot.store.conversations import COLUMNS as CONVERSATION_COLUMNS
from bot.store.conversations import read_conversation
from bot.store.ids import new_id
from bot.store.keys import KeyRing
from bot.store.link import Link
from bot.store.message import COLUMNS, OPEN, read_message, values_of
from bot.store.pulses import pulses
from bot.store.tables import conversations
from bot.store.tables import messages as table

_FINAL = frozenset({State.HANDLED, State.SENT, State.FAILED})

# Built once: these are on the path of every message.
_BY_ID = select(*COLUMNS).where(table.c.id == bindparam("id"))
_INSERT = table.insert()
_LOCK = (
    select(*CONVERSATION_COLUMNS, conversations.c.last_seq)
    .where(conversations.c.id == bindparam("id"))
    .with_for_update()
)
_COUNT = (
    update(conversations)
    .where(conversations.c.id == bindparam("b_id"))
    .values(last_seq=bindparam("b_seq"), updated_at=bindparam("b_now"))
)
_SET_STATE = (
    update(table)
    .where(table.c.id == bindparam("one"), table.c.state.in_(bindparam("old", expanding=True)))
    .values(
        state=bindparam("new"),
        state_at=bindparam("now"),
        reason=bindparam("why"),
        not_before=bindparam("earliest"),
        due_at=func.coalesce(bindparam("earliest"), table.c.created_at),
        done_at=bindparam("done"),
        attempts=table.c.attempts + bindparam("more"),
        # Whoever handled it: what was kept for the form alone goes with it.
        private=case((bindparam("over", type_=Boolean), None), else_=table.c.private),
    )
)


class MessageRows:
    def __init__(self, link: Link, ring: KeyRing) -> None:
        self._link = link
        self._ring = ring

    async def take(
        self,
        conversation: Conversation,
        inbound: Inbound,
        text: str,
        about: Mapping[str, Any],
        now: datetime,
        private: str = "",
    ) -> TakenIn:
        current, seq = await self._lock(conversation.id)
        dedupe = self._ring.hash("message", inbound.channel, inbound.account, inbound.message_id)
        message = Message(
            id=new_id(now),
            conversation=current.id,
            seq=seq + 1,
            author=Author.RESIDENT,
            state=State.RECEIVED,
            kind=inbound.kind,
            text=text,
            choices=(),
            about=about,
            channel_message_id=inbound.message_id,
            reply_to="",
            reason="",
            attempts=0,
            not_before=None,
            actor="resident",
            region=current.region,
            created_at=now,
            done_at=None,
        )
        values = values_of(message, dedupe, self._ring)
        if private:
            values["private"] = self._ring.seal_words(private, "messages", message.id, "private")
        if not await self._link.put_new(table, values, "dedupe"):
            first = await self._link.first(select(*COLUMNS).where(table.c.dedupe == dedupe))
            if first is None:
                raise BadInput(f"message {message.id} was refused and its first delivery is gone; deliver it again")
            if first.conversation != current.id:
                current, _ = await self._lock(first.conversation)
            return TakenIn(read_message(first, self._ring), current, fresh=False)
        await self._count(message)
        return TakenIn(message, current, fresh=True)

    async def add(
        self,
        conversation: Conversation,
        author: Author,
        reply: Reply,
        now: datetime,
        *,
        reply_to: str = "",
        actor: str = "bot",
        state: State = State.QUEUED,
        not_before: datetime | None = None,
    ) -> Message:
        current, seq = await self._lock(conversation.id)
        message = Message(
            id=new_id(now),
            conversation=current.id,
            seq=seq + 1,
            author=author,
            state=state,
            kind=Kind.TEXT,
            text=reply.text,
            choices=reply.choices,
            about=about_reply(reply),
            channel_message_id="",
            reply_to=reply_to,
            reason="",
            attempts=0,
            not_before=not_before,
            actor=actor,
            region=current.region,
            created_at=now,
            done_at=now if state in _FINAL else None,
        )
        await self._link.run(_INSERT, values_of(message, None, self._ring))
        await self._count(message)
        return message

    async def get(self, message: str) -> Message:
        row = await self._link.first(_BY_ID, {"id": message})
        if row is None:
            raise BadInput(f"there is no message {message}; look at its id again")
        return read_message(row, self._ring)

    async def private(self, message: str) -> str:
        record = await self._link.value(select(table.c.private).where(table.c.id == message))
        return self._ring.open_words(record, "messages", message, "private") if record else ""

    async def due_inbound(self, conversation: str, now: datetime) -> Sequence[Message]:
        return await self._list(
            _of(conversation, OPEN, table.c.state == State.RECEIVED, table.c.due_at <= now).order_by(table.c.seq)
        )

    async def due_outbound(self, now: datetime, limit: int) -> Sequence[Message]:
        before = table.alias("before")
        earlier = (
            select(before.c.id)
            .where(
                before.c.conversation == table.c.conversation,
                before.c.seq < table.c.seq,
                before.c.done_at.is_(None),
                before.c.state.in_([State.QUEUED, State.SENDING]),
            )
            .exists()
        )
        return await self._list(
            select(*COLUMNS)
            .where(table.c.state == State.QUEUED, table.c.due_at <= now, ~earlier)
            .order_by(table.c.due_at, table.c.id)
            .limit(limit)
        )

    async def replies(self, inbound: str) -> Sequence[Message]:
        # The second condition is the index's own: an outbound row without an inbound is not in it.
        answers = select(*COLUMNS).where(table.c.reply_to == inbound, table.c.reply_to != "")
        return await self._list(answers.order_by(table.c.seq))

    async def pending(self, conversation: str) -> Sequence[Message]:
        waiting = _of(conversation, OPEN, table.c.state.in_([State.QUEUED, State.HELD]))
        return await self._list(waiting.order_by(table.c.seq))

    async def history(self, conversation: str, limit: int = 50) -> Sequence[Message]:
        newest = await self._list(_of(conversation).order_by(table.c.seq.desc()).limit(limit))
        return newest[::-1]

    async def after(self, conversation: str, seq: int, limit: int) -> Sequence[Message]:
        return await self._list(_of(conversation, table.c.seq > seq).order_by(table.c.seq).limit(limit))

    async def pulses(self, conversations: Sequence[str]) -> Mapping[str, str]:
        return await pulses(self._link, conversations)

    async def count_since(self, conversation: str, since: datetime, author: Author) -> int:
        return int(
            await self._link.value(
                select(func.count()).where(
                    table.c.conversation == conversation, table.c.created_at >= since, table.c.author == author
                )
            )
        )

    async def set_state(
        self,
        message: str,
        old: Iterable[State],
        new: State,
        now: datetime,
        *,
        reason: str = "",
        not_before: datetime | None = None,
        attempt: bool = False,
    ) -> bool:
        values = {
            "one": message,
            "old": list(old),
            "new": new,
            "now": now,
            "why": reason,
            "earliest": not_before,
            "done": now if new in _FINAL else None,
            "more": int(attempt),
            "over": new in _FINAL,
        }
        return await self._link.changed(_SET_STATE, values) == 1

    async def stuck(self, before: datetime) -> Sequence[Message]:
        sending = select(*COLUMNS).where(table.c.state == State.SENDING, table.c.state_at < before)
        return await self._list(sending.order_by(table.c.state_at, table.c.id))

    async def by_state(self) -> Mapping[str, int]:
        rows = await self._link.all(select(table.c.state, func.count()).group_by(table.c.state))
        return {state.value: 0 for state in State} | {row[0]: row[1] for row in rows}

    async def _lock(self, conversation: str) -> tuple[Conversation, int]:
        """The conversation as it stands now, and its last number; locked, so that numbers come one after another."""
        row = await self._link.first(_LOCK, {"id": conversation})
        if row is None:
            raise BadInput(f"there is no conversation {conversation}; open it first")
        return read_conversation(row, self._ring), row.last_seq

    async def _count(self, message: Message) -> None:
        values = {"b_id": message.conversation, "b_seq": message.seq, "b_now": message.created_at}
        await self._link.run(_COUNT, values)

    async def _list(self, statement: Select[Any]) -> list[Message]:
        return [read_message(row, self._ring) for row in await self._link.all(statement)]


def _of(conversation: str, *more: ColumnElement[bool]) -> Select[Any]:
    return select(*COLUMNS).where(table.c.conversation == conversation, *more)
