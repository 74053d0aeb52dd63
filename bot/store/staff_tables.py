"""The tables of the people who work here.

Sealed: staff_accounts.totp_key. Keyed hashes, for equality only: sessions' and invitations' tokens, recovery codes, what failed
sign-ins are counted under. In clear: what colleagues see of each other, and the audit log, which holds pseudonyms only.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, Text, UniqueConstraint

from bot.store.columns import Moment, metadata


def _text(name: str, **more: object) -> Column[str]:
    return Column(name, Text, nullable=False, **more)  # type: ignore[arg-type]


staff_accounts = Table(
    "staff_accounts",
    metadata,
    _text("id", primary_key=True),
    _text("login"),
    _text("name"),
    _text("roles"),
    _text("regions"),
    _text("skills"),
    _text("state"),
    _text("password"),
    Column("totp_key", LargeBinary),
    Column("totp_step", BigInteger, nullable=False),
    _text("recovery"),
    Column("invitation", LargeBinary),
    Column("invited_until", Moment),
    Column("version", Integer, nullable=False),
    _text("actor"),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    UniqueConstraint("login"),
    UniqueConstraint("invitation"),
)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    _text("id", primary_key=True),
    Column("token", LargeBinary, nullable=False),
    _text("staff"),
    _text("address"),
    _text("agent"),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("ended_at", Moment),
    _text("ended_why"),
    UniqueConstraint("token"),
    Index(None, "staff", "ended_at"),
)

staff_tries = Table(
    "staff_tries",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("key", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "key", "at"),
)

audit_log = Table(
    "audit_log",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    _text("actor"),
    _text("deed"),
    _text("what"),
    _text("region"),
    _text("reason"),
    _text("about"),
    Column("mac", LargeBinary, nullable=False),
    Index(None, "what", "seq"),
    Index(None, "actor", "seq"),
)

audit_head = Table(
    "audit_head",
    metadata,
    # Always 1. Its lock puts the writers of all processes in one order.
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    Column("mac", LargeBinary, nullable=False),
)
