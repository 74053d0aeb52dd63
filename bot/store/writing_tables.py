"""The tables of the publicity desk: proposals, what is said of them, and what was accepted with an edition.

Sealed: proposals.body (the entry and why; a wording may come from what a resident asked), proposal_steps.body. In clear:
kinds and keys of entries, states, division codes, pseudonyms of staff, times; keys and outcomes of protected questions.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from bot.store.columns import Moment, metadata, moment, sealed, words
from bot.store.tables import editions

proposals = Table(
    "proposals",
    metadata,
    words("id", primary_key=True),
    words("kind"),
    words("key"),
    sealed("body"),
    words("base"),
    Column("edition", Integer, nullable=False),
    words("region"),
    words("author"),
    words("editors"),
    words("state"),
    # A day as 2026-12-01; empty: as soon as somebody publishes it.
    words("publish_on"),
    words("approver"),
    Column("published", Integer, nullable=False),
    words("source"),
    Column("version", Integer, nullable=False),
    moment("created_at"),
    moment("updated_at"),
    Column("submitted_at", Moment),
    Column("decided_at", Moment),
    # `kind key` while it is open, else NULL: one open proposal an entry, on both databases.
    Column("open_for", Text, unique=True),
    Index(None, "state", "updated_at"),
    Index(None, "kind", "key"),
    Index(None, "source"),
    Index(None, "published"),
)

steps = Table(
    "proposal_steps",
    metadata,
    words("id", primary_key=True),
    Column("proposal", Text, ForeignKey(proposals.c.id), nullable=False),
    words("what"),
    sealed("body"),
    words("actor"),
    moment("at"),
    Index(None, "proposal", "at"),
)

acceptances = Table(
    "acceptances",
    metadata,
    Column("edition", Integer, ForeignKey(editions.c.number), primary_key=True, autoincrement=False),
    words("question", primary_key=True),
    words("before"),
    words("after"),
    words("actor"),
    moment("at"),
)
