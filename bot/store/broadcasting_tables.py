"""The tables of what goes in as workbooks and out as broadcasts.

Sealed: uploads.body (a file somebody sent; what is in it nobody knows yet) and its name, broadcasts.body (the text),
broadcast_steps.body. In clear: states, division codes, pseudonyms of staff, the platform's tags with their sizes, counts, times.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from bot.store.columns import Moment, metadata, moment, sealed, words

uploads = Table(
    "uploads",
    metadata,
    words("id", primary_key=True),
    words("staff"),
    sealed("name"),
    sealed("body"),
    Column("size", Integer, nullable=False),
    words("state"),
    Column("changed", Integer, nullable=False),
    moment("created_at"),
    moment("updated_at"),
    Index(None, "state", "updated_at"),
)

broadcasts = Table(
    "broadcasts",
    metadata,
    words("id", primary_key=True),
    words("kind"),
    sealed("body"),
    words("region"),
    words("audience"),
    words("audience_name"),
    words("stage"),
    words("author"),
    words("editors"),
    words("approver"),
    Column("send_at", Moment),
    Column("due_at", Moment),
    # What the platform knows a repeat by.
    words("token", unique=True),
    words("platform_id"),
    words("outcome"),
    words("said"),
    Column("reached", Integer),
    Column("missed", Integer),
    Column("attempts", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    moment("created_at"),
    moment("updated_at"),
    Column("sent_at", Moment),
    Index(None, "stage", "due_at"),
    Index(None, "sent_at"),
    Index(None, "platform_id"),
)

steps = Table(
    "broadcast_steps",
    metadata,
    words("id", primary_key=True),
    Column("broadcast", Text, ForeignKey(broadcasts.c.id), nullable=False),
    words("what"),
    sealed("body"),
    words("actor"),
    moment("at"),
    Index(None, "broadcast", "at"),
)

audiences = Table(
    "audiences",
    metadata,
    words("account", primary_key=True),
    words("id", primary_key=True),
    words("name"),
    Column("people", Integer, nullable=False),
    moment("seen_at"),
)
