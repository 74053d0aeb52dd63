"""The tables of supervising: who was told that something is late, and large exports that wait for a second person.

In clear: pseudonyms, division codes, times, and an export's filter, which names no resident.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, SmallInteger, Table, UniqueConstraint, text

from bot.store.columns import Moment, metadata, moment, words

escalations = Table(
    "escalations",
    metadata,
    words("id", primary_key=True),
    # conversation, task, case; `ref` is its id.
    words("kind"),
    words("ref"),
    words("region"),
    # The time that passed: a new one is a new escalation.
    moment("due_at"),
    # 1: the supervisor of the place; 2: that of a wider one, when the first did not look.
    Column("level", SmallInteger, nullable=False),
    # A staff id; empty: nobody supervises this place.
    words("supervisor"),
    moment("at"),
    Column("seen_at", Moment),
    Column("settled_at", Moment),
    UniqueConstraint("kind", "ref", "due_at", "level"),
    Index(None, "settled_at", "supervisor"),
)
# What is open is short, however many there were.
Index(
    "ix_escalations_open",
    escalations.c.kind,
    escalations.c.ref,
    sqlite_where=escalations.c.settled_at.is_(None),
    postgresql_where=escalations.c.settled_at.is_(None),
)

exports = Table(
    "exports",
    metadata,
    words("id", primary_key=True),
    words("asked_by"),
    words("reason"),
    # The filter of the list, as JSON; the asker's places as they were.
    words("filter"),
    Column("rows", Integer, nullable=False),
    # asked, released, refused, taken.
    words("state"),
    words("decided_by", server_default=text("''")),
    moment("asked_at"),
    Column("decided_at", Moment),
    Column("taken_at", Moment),
    Index(None, "asked_at"),
)
