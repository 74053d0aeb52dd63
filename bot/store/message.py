"""One message as its row holds it: the words sealed, states and times in clear."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from bot.desk.ports import Message
from bot.messages import Author, Choice, Kind, State
from bot.store.body import about_message, from_json, to_json
from bot.store.keys import KeyRing
from bot.store.tables import messages as table

OPEN = table.c.done_at.is_(None)
"""Every question about open rows says so: it is the condition of the index that keeps long conversations fast."""

COLUMNS = [column for column in table.c if column.name != "private"]


def values_of(message: Message, dedupe: bytes | None, ring: KeyRing) -> dict[str, Any]:
    """As a row is inserted. `dedupe`: the keyed hash that a redelivery has, too; None for what we say ourselves."""
    return {
        "id": message.id,
        "conversation": message.conversation,
        "seq": message.seq,
        "author": message.author,
        "state": message.state,
        "kind": message.kind,
        "body": ring.seal(to_json(about_message(message), f"message {message.id}"), "messages", message.id, "body"),
        "dedupe": dedupe,
        "reply_to": message.reply_to,
        "reason": message.reason,
        "attempts": message.attempts,
        "not_before": message.not_before,
        "due_at": message.not_before or message.created_at,
        "actor": message.actor,
        "region": message.region,
        "created_at": message.created_at,
        "state_at": message.created_at,
        "done_at": message.done_at,
    }


def read_message(row: Row[Any], ring: KeyRing) -> Message:
    body = from_json(ring.open(row.body, "messages", row.id, "body"))
    return Message(
        id=row.id,
        conversation=row.conversation,
        seq=row.seq,
        author=Author(row.author),
        state=State(row.state),
        kind=Kind(row.kind),
        text=body["text"],
        choices=tuple(Choice(**choice) for choice in body["choices"]),
        about=body["about"],
        channel_message_id=body["channel_message_id"],
        reply_to=row.reply_to,
        reason=row.reason,
        attempts=row.attempts,
        not_before=row.not_before,
        actor=row.actor,
        region=row.region,
        created_at=row.created_at,
        done_at=row.done_at,
    )
