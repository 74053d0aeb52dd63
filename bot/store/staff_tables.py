"""The tables of the people who work here.

Sealed: staff_accounts.totp_key. Keyed hashes, for equality only: sessions' and invitations' tokens, recovery codes, what failed
sign-ins are counted under. In clear: what colleagues see of each other, and the audit log, which holds pseudonyms only.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, UniqueConstraint

from bot.store.columns import Moment, metadata, moment, sealed, words

staff_accounts = Table(
    "staff_accounts",
    metadata,
    words("id", primary_key=True),
    words("login"),
    words("name"),
    words("roles"),
    words("regions"),
    words("skills"),
    words("state"),
    words("password"),
    Column("totp_key", LargeBinary),
    Column("totp_step", BigInteger, nullable=False),
    words("recovery"),
    Column("invitation", LargeBinary),
    Column("invited_until", Moment),
    Column("version", Integer, nullable=False),
    words("actor"),
    moment("created_at"),
    moment("updated_at"),
    UniqueConstraint("login"),
    UniqueConstraint("invitation"),
)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    words("id", primary_key=True),
    sealed("token"),
    words("staff"),
    words("address"),
    words("agent"),
    moment("created_at"),
    moment("seen_at"),
    Column("ended_at", Moment),
    words("ended_why"),
    UniqueConstraint("token"),
    Index(None, "staff", "ended_at"),
)

staff_tries = Table(
    "staff_tries",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    sealed("key"),
    moment("at"),
    Index(None, "key", "at"),
)

audit_log = Table(
    "audit_log",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    moment("at"),
    words("actor"),
    words("deed"),
    words("what"),
    words("region"),
    words("reason"),
    words("about"),
    sealed("mac"),
    Index(None, "what", "seq"),
    Index(None, "actor", "seq"),
)

audit_head = Table(
    "audit_head",
    metadata,
    # 1: how far the log goes; its lock puts the writers of all processes in one order. 0: the last line that was removed
    # when its time was over; what is kept follows it.
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    sealed("mac"),
)
