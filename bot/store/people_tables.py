"""The tables of people: who they are, which channels speak for them, and whose key was destroyed.

What is sealed, and what stands in clear, is said in `case_tables`.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from bot.store.columns import Moment, metadata, moment, sealed, words

people = Table(
    "people",
    metadata,
    words("id", primary_key=True),
    sealed("body"),
    # For equality only. NULL: from before there were any, made up for by `people.tidy`; empty: they told none.
    Column("identity_hash", LargeBinary, index=True),
    Column("phone_hash", LargeBinary, index=True),
    moment("created_at"),
    moment("updated_at"),
)

identities = Table(
    "identities",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    words("conversation"),
    Column("person", Text, ForeignKey(people.c.id), nullable=False),
    # What proved it: made, receipt, officer.
    words("how"),
    moment("bound_at"),
    Column("unbound_at", Moment),
    Index(None, "person"),
)
# A channel identity speaks for one person at a time.
Index(
    "uq_identities_bound",
    identities.c.conversation,
    unique=True,
    sqlite_where=identities.c.unbound_at.is_(None),
    postgresql_where=identities.c.unbound_at.is_(None),
)

erasures = Table(
    "erasures",
    metadata,
    # A subject whose key is destroyed: the person, and every application of theirs that was erased with them.
    words("subject", primary_key=True),
    words("person"),
    words("receipt"),
    moment("at"),
    Index(None, "person"),
)
