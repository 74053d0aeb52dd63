"""Reaching one person: notices on their way and what was tried, what they agreed to get, codes to go on elsewhere.

Sealed: notices.body (under the key of its case), continuations.body. Keyed hash: continuations.code_hash, NULL once the
code is spent. In clear: pseudonyms, routes, states, the platform's ids and reasons, times.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from bot.store.case_tables import cases
from bot.store.columns import Moment, metadata, moment, sealed, words

notices = Table(
    "notices",
    metadata,
    words("id", primary_key=True),
    Column("case_id", Text, ForeignKey(cases.c.id), nullable=False),
    words("person"),
    words("key"),
    # The way it is on now: one of `bot.desk.notices.ports.ORDER`.
    words("route"),
    words("state"),
    # The chat it goes to, where the way is a platform's.
    words("conversation"),
    # Its row in the chat; the row that waits there for the next contact; the call.
    words("message"),
    words("held"),
    words("task"),
    words("platform_id"),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Moment),
    # Since when it is on this way.
    moment("route_at"),
    sealed("body"),
    moment("created_at"),
    moment("updated_at"),
    Index(None, "state", "due_at"),
    Index(None, "case_id"),
    Index(None, "message"),
    Index(None, "conversation"),
)

notice_tries = Table(
    "notice_tries",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    words("notice"),
    words("case_id"),
    words("route"),
    words("outcome"),
    words("reason"),
    moment("at"),
    Index(None, "case_id"),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    words("conversation", primary_key=True),
    words("template", primary_key=True),
    # How many notices they still let out; with a lasting agreement it is not counted.
    Column("left", Integer, nullable=False),
    Column("refused", Boolean, nullable=False),
    moment("updated_at"),
)

continuations = Table(
    "continuations",
    metadata,
    words("id", primary_key=True),
    Column("code_hash", LargeBinary),
    words("conversation"),
    words("person"),
    words("state"),
    # The chat where the code was typed.
    words("other"),
    sealed("body"),
    moment("created_at"),
    moment("expires_at"),
    UniqueConstraint("code_hash"),
    Index(None, "other"),
    Index(None, "expires_at"),
)
# One code at a time for a conversation.
Index(
    "uq_continuations_open",
    continuations.c.conversation,
    unique=True,
    sqlite_where=continuations.c.state == "open",
    postgresql_where=continuations.c.state == "open",
)
