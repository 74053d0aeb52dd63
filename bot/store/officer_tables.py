"""The tables of officers at work beside those of `talk_tables`.

Sealed, each under a key of its own (`subject`): talk_pictures.picture, tips.body. In clear: states, times, division codes,
published numbers, pseudonyms.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, UniqueConstraint

from bot.store.columns import Moment, metadata, moment, sealed, words
from bot.store.tables import conversations

pictures = Table(
    "talk_pictures",
    metadata,
    words("id", primary_key=True),
    Column("conversation", Text, ForeignKey(conversations.c.id), nullable=False),
    words("message"),
    words("subject"),
    words("state"),
    Column("attempts", Integer, nullable=False),
    moment("due_at"),
    Column("size", Integer, nullable=False),
    # NULL until it was fetched.
    Column("picture", LargeBinary),
    moment("at"),
    UniqueConstraint("message"),
    Index(None, "conversation"),
    Index(None, "state", "due_at"),
    Index(None, "at"),
)

tips = Table(
    "tips",
    metadata,
    words("id", primary_key=True),
    words("subject"),
    words("about"),
    words("region"),
    words("level"),
    Column("named", Boolean, nullable=False),
    # Empty for an anonymous one.
    words("conversation"),
    words("state"),
    words("actor"),
    moment("created_at"),
    moment("updated_at"),
    sealed("body"),
    Index(None, "state", "created_at"),
    Index(None, "conversation"),
)

line_reports = Table(
    "line_reports",
    metadata,
    words("id", primary_key=True),
    words("hotline"),
    words("number"),
    words("region"),
    words("actor"),
    moment("at"),
    Column("settled_at", Moment),
    words("settled_by"),
    Index(None, "at"),
    Index(None, "hotline", "at"),
)
