"""The tables, once, for SQLite and PostgreSQL.

Sealed (see `crypto`; nothing of it is in clear in the file, the log or a dump):

    conversations.sender    who the resident is on the platform
    messages.body           text, choices, about and the platform's message id, as one JSON text
    events.payload          the dialogue engine's memory
    tokens.token            platform access tokens

Keyed hashes, for equality only: conversations.sender_hash, messages.dedupe (a platform's message id can hold the
sender's). In clear: states, times, counts, division codes, actors, reasons (words of ours), and what is public anyway
(editions, vectors).

A migration makes these tables (`migrations/`); a test holds the two together.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

REVISION = "0001"
"""The newest migration: a store opens only on a database that stands here."""


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, aware of it on both databases; SQLite keeps text of fixed width, so that order is right."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone; take it from the clock")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def _text(name: str, **more: Any) -> Column[str]:
    return Column(name, Text, nullable=False, **more)


conversations = Table(
    "conversations",
    metadata,
    _text("id", primary_key=True),
    _text("channel"),
    _text("account"),
    Column("sender_hash", LargeBinary, nullable=False),
    Column("sender", LargeBinary, nullable=False),
    _text("region"),
    _text("holder"),
    _text("holder_name"),
    _text("reason"),
    Column("priority", SmallInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Column("quota_left", Integer, nullable=False),
    Column("window_until", Moment),
    Column("queued_at", Moment),
    _text("actor"),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    # The number of its newest message: raised under the row's lock, so that the order has no gap and no double.
    Column("last_seq", Integer, nullable=False),
    _text("lease_worker"),
    Column("lease_until", Moment),
    UniqueConstraint("channel", "account", "sender_hash"),
    Index(None, "holder", "priority", "queued_at"),
)

messages = Table(
    "messages",
    metadata,
    _text("id", primary_key=True),
    Column("conversation", Text, ForeignKey(conversations.c.id), nullable=False),
    Column("seq", Integer, nullable=False),
    _text("author"),
    _text("state"),
    _text("kind"),
    Column("body", LargeBinary, nullable=False),
    # Keyed hash of channel, account and the platform's message id; NULL for what we say ourselves.
    Column("dedupe", LargeBinary),
    _text("reply_to"),
    _text("reason"),
    Column("attempts", Integer, nullable=False),
    Column("not_before", Moment),
    # `not_before`, or `created_at` while there is none: one column, so that one index finds what is due.
    Column("due_at", Moment, nullable=False),
    _text("actor"),
    _text("region"),
    Column("created_at", Moment, nullable=False),
    Column("state_at", Moment, nullable=False),
    Column("done_at", Moment),
    UniqueConstraint("conversation", "seq"),
    UniqueConstraint("dedupe"),
    # The lease, the outbox and the metrics all ask by state.
    Index(None, "state", "due_at"),
    Index(None, "conversation", "created_at", "author"),
)
# A long conversation has few open rows: the turn worker and the outbox look only at those.
Index(
    "ix_messages_open",
    messages.c.conversation,
    messages.c.seq,
    sqlite_where=messages.c.done_at.is_(None),
    postgresql_where=messages.c.done_at.is_(None),
)
Index(
    "ix_messages_reply_to",
    messages.c.reply_to,
    messages.c.seq,
    sqlite_where=messages.c.reply_to != "",
    postgresql_where=messages.c.reply_to != "",
)

moves = Table(
    "moves",
    metadata,
    # Numbered under the conversation's lock, so that the numbers tell the order even within one millisecond.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("conversation", Text, ForeignKey(conversations.c.id), nullable=False),
    _text("old"),
    _text("new"),
    _text("name"),
    _text("actor"),
    _text("region"),
    _text("reason"),
    Column("at", Moment, nullable=False),
    Index(None, "conversation", "id"),
)

entries = Table(
    "entries",
    metadata,
    # SHA-256 of kind, key and data: an entry that did not change is stored once for all editions.
    _text("hash", primary_key=True),
    _text("kind"),
    _text("key"),
    _text("data"),
)

editions = Table(
    "editions",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("base", Integer, nullable=False),
    Column("published_at", Moment, nullable=False),
    _text("actor"),
    _text("note"),
    Column("entries", Integer, nullable=False),
)

edition_entries = Table(
    "edition_entries",
    metadata,
    Column("edition", Integer, ForeignKey(editions.c.number), primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("hash", Text, ForeignKey(entries.c.hash), nullable=False),
)

drafts = Table(
    "drafts",
    metadata,
    # Always 1: there is one draft.
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("base", Integer, nullable=False),
    _text("actor"),
    _text("note"),
    Column("saved_at", Moment, nullable=False),
)

draft_entries = Table(
    "draft_entries",
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("hash", Text, ForeignKey(entries.c.hash), nullable=False),
)

vectors = Table(
    "vectors",
    metadata,
    _text("encoder", primary_key=True),
    _text("hash", primary_key=True),
    Column("vector", LargeBinary, nullable=False),
)

events = Table(
    "events",
    metadata,
    # No foreign key: `rasa shell` and `rasa test` talk in conversations that no channel opened.
    _text("conversation", primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("payload", LargeBinary, nullable=False),
    Column("created_at", Moment, nullable=False),
)

tokens = Table(
    "tokens",
    metadata,
    _text("account", primary_key=True),
    Column("token", LargeBinary),
    Column("expires_at", Moment),
    Column("updated_at", Moment),
    _text("lock_holder"),
    Column("lock_until", Moment),
)

signatures = Table(
    "signatures",
    metadata,
    _text("signature", primary_key=True),
    _text("body_hash"),
    Column("seen_at", Moment, nullable=False, index=True),
)

key_checks = Table(
    "key_checks",
    metadata,
    # One row a key that ever sealed here: a key ring without it must not write beside rows it cannot read.
    _text("key_id", primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("lookup", LargeBinary, nullable=False),
    Column("created_at", Moment, nullable=False),
)
