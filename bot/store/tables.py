"""The tables, once, for SQLite and PostgreSQL.

Sealed (see `crypto`; nothing of it is in clear in the file, the log or a dump):

    conversations.sender    who the resident is on the platform
    messages.body           text, choices, about and the platform's message id, as one JSON text
    messages.private        the text before masking, for the form that asked; gone when the message is handled
    events.payload          the dialogue engine's memory
    tokens.token            platform access tokens

Keyed hashes, for equality only: conversations.sender_hash, messages.dedupe (a platform's message id can hold the
sender's). In clear: states, times, counts, division codes, actors, reasons (words of ours), and what is public anyway
(editions, vectors).

What belongs to a person's case is in `case_tables`, `people_tables` and `sheet_tables`. A migration makes all of these
(`migrations/`); a test holds the two together.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from bot.store.columns import Moment as Moment
from bot.store.columns import metadata as metadata
from bot.store.columns import words

REVISION = "0012"
"""The newest migration: a store opens only on a database that stands here."""


conversations = Table(
    "conversations",
    metadata,
    words("id", primary_key=True),
    words("channel"),
    words("account"),
    Column("sender_hash", LargeBinary, nullable=False),
    Column("sender", LargeBinary, nullable=False),
    words("region"),
    words("holder"),
    words("holder_name"),
    words("reason"),
    Column("priority", SmallInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Column("quota_left", Integer, nullable=False),
    Column("window_until", Moment),
    Column("queued_at", Moment),
    words("actor"),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    # The number of its newest message: raised under the row's lock, so that the order has no gap and no double.
    Column("last_seq", Integer, nullable=False),
    words("lease_worker"),
    Column("lease_until", Moment),
    # The draft of the form that is open here; empty: none.
    words("form", server_default=text("''")),
    # By when a person should have answered; NULL: nobody owes an answer.
    Column("answer_by", Moment),
    UniqueConstraint("channel", "account", "sender_hash"),
    Index(None, "holder", "priority", "queued_at"),
    Index(None, "holder", "updated_at"),
    Index(None, "region", "updated_at"),
    Index(None, "holder", "holder_name"),
    Index(None, "answer_by"),
)

messages = Table(
    "messages",
    metadata,
    words("id", primary_key=True),
    Column("conversation", Text, ForeignKey(conversations.c.id), nullable=False),
    Column("seq", Integer, nullable=False),
    words("author"),
    words("state"),
    words("kind"),
    Column("body", LargeBinary, nullable=False),
    # What `people.mask` took out, while a form with consent waits for it; NULL once the message is handled.
    Column("private", LargeBinary),
    # Keyed hash of channel, account and the platform's message id; NULL for what we say ourselves.
    Column("dedupe", LargeBinary),
    words("reply_to"),
    words("reason"),
    Column("attempts", Integer, nullable=False),
    Column("not_before", Moment),
    # `not_before`, or `created_at` while there is none: one column, so that one index finds what is due.
    Column("due_at", Moment, nullable=False),
    words("actor"),
    words("region"),
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
    words("old"),
    words("new"),
    words("name"),
    words("actor"),
    words("region"),
    words("reason"),
    Column("at", Moment, nullable=False),
    Index(None, "conversation", "id"),
    Index(None, "new", "at"),
)

entries = Table(
    "entries",
    metadata,
    # SHA-256 of kind, key and data: an entry that did not change is stored once for all editions.
    words("hash", primary_key=True),
    words("kind"),
    words("key"),
    words("data"),
    Index(None, "kind", "key"),
)

editions = Table(
    "editions",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("base", Integer, nullable=False),
    Column("published_at", Moment, nullable=False),
    words("actor"),
    words("note"),
    Column("entries", Integer, nullable=False),
)

edition_entries = Table(
    "edition_entries",
    metadata,
    Column("edition", Integer, ForeignKey(editions.c.number), primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("hash", Text, ForeignKey(entries.c.hash), nullable=False, index=True),
)

drafts = Table(
    "drafts",
    metadata,
    # Always 1: there is one draft.
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("base", Integer, nullable=False),
    words("actor"),
    words("note"),
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
    words("encoder", primary_key=True),
    words("hash", primary_key=True),
    Column("vector", LargeBinary, nullable=False),
)

events = Table(
    "events",
    metadata,
    # No foreign key: `rasa shell` and `rasa test` talk in conversations that no channel opened.
    words("conversation", primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("payload", LargeBinary, nullable=False),
    Column("created_at", Moment, nullable=False),
)

tokens = Table(
    "tokens",
    metadata,
    words("account", primary_key=True),
    Column("token", LargeBinary),
    Column("expires_at", Moment),
    Column("updated_at", Moment),
    words("lock_holder"),
    Column("lock_until", Moment),
)

signatures = Table(
    "signatures",
    metadata,
    words("signature", primary_key=True),
    words("body_hash"),
    Column("seen_at", Moment, nullable=False, index=True),
)

key_checks = Table(
    "key_checks",
    metadata,
    # One row a key that ever sealed here: a key ring without it must not write beside rows it cannot read.
    words("key_id", primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("lookup", LargeBinary, nullable=False),
    Column("created_at", Moment, nullable=False),
)
