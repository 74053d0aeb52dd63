"""The tables of cases, and of all that hangs on them.

Everything personal is sealed under the key of its *subject*, which lies in a store apart (`subject_keys`): a person's
row under the person's own, all that belongs to one application (sheet, facts, papers, consents, timeline, case) under
the draft's that it began as. Destroying a key erases what it sealed, in backups too.

    people.body          name, identity number, phone
    sheets.body          where the form stands, what its kind keeps, the replies given last
    facts.value          one answer
    consents.name        whose consent
    papers.picture       the photo
    cases.body, .about   the receipt number; what its kind kept
    timeline.body        the reason in words, and what else was noted
    referrals.body, tasks.body

In clear: pseudonyms, states, times, division codes, paths (which question, never the answer). Keyed hashes, for equality
only: cases.number_hash, people.identity_hash, people.phone_hash, consents.code_hash, tries.key, requests.key. Incomes and
properties are the facts of the sections called so (docs/decisions/0016).

Whom a case is about is in `people_tables`; the form it was told on, and what was told, in `sheet_tables`.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
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

from bot.store.columns import Moment, metadata, moment, sealed, words

_ROW = BigInteger().with_variant(Integer, "sqlite")

cases = Table(
    "cases",
    metadata,
    words("id", primary_key=True),
    sealed("number_hash"),
    # What it began as, and the name of its key.
    words("draft"),
    words("person"),
    words("helper"),
    words("programme"),
    words("region"),
    words("state"),
    Column("version", Integer, nullable=False),
    words("office_number"),
    Column("priority", SmallInteger, nullable=False),
    Column("submitted_at", Moment),
    Column("accepted_at", Moment),
    Column("due", Date),
    sealed("body"),
    sealed("about"),
    moment("created_at"),
    moment("updated_at"),
    UniqueConstraint("number_hash"),
    UniqueConstraint("draft"),
    Index(None, "person"),
    Index(None, "helper"),
    Index(None, "region", "id"),
    Index(None, "state", "id"),
    Index(None, "due"),
    Index(None, "submitted_at"),
)
# What still has to leave for the office is short, however many cases there are.
Index(
    "ix_cases_waiting",
    cases.c.id,
    sqlite_where=cases.c.office_number == "",
    postgresql_where=cases.c.office_number == "",
)

members = Table(
    "members",
    metadata,
    Column("case_id", Text, ForeignKey(cases.c.id), primary_key=True),
    Column("number", SmallInteger, primary_key=True, autoincrement=False),
    # The pseudonym of a member who is known as a person (the applicant; an adult who consented in their own chat).
    words("person"),
)

consents = Table(
    "consents",
    metadata,
    words("id", primary_key=True),
    words("draft"),
    words("case_id"),
    Column("member", SmallInteger, nullable=False),
    words("text"),
    words("version"),
    words("state"),
    words("channel"),
    words("conversation"),
    words("person"),
    Column("by_guardian", Boolean, nullable=False),
    # NULL once the code was used.
    Column("code_hash", LargeBinary),
    Column("code_until", Moment),
    Column("at", Moment),
    sealed("name"),
    moment("created_at"),
    UniqueConstraint("code_hash"),
    Index(None, "draft"),
    Index(None, "case_id"),
    Index(None, "person"),
)

papers = Table(
    "papers",
    metadata,
    words("id", primary_key=True),
    words("draft"),
    words("case_id"),
    Column("member", SmallInteger, nullable=False),
    words("kind"),
    words("state"),
    Column("size", Integer, nullable=False),
    sealed("picture"),
    moment("at"),
    Index(None, "draft"),
    Index(None, "case_id"),
)

timeline = Table(
    "timeline",
    metadata,
    Column("id", _ROW, primary_key=True),
    Column("case_id", Text, ForeignKey(cases.c.id), nullable=False),
    moment("at"),
    words("actor"),
    words("old"),
    words("new"),
    # Its place in the seal: the row's own number is not known before it stands.
    words("seal"),
    sealed("body"),
    Index(None, "case_id", "id"),
    Index(None, "at"),
)

referrals = Table(
    "referrals",
    metadata,
    words("id", primary_key=True),
    Column("case_id", Text, ForeignKey(cases.c.id), nullable=False),
    words("office"),
    words("state"),
    Column("due", Date),
    sealed("body"),
    moment("created_at"),
    moment("updated_at"),
    # The reminder that stands for it with an officer; empty: none.
    words("task", server_default=text("''")),
    # When the resident was asked whether it helped, and what they said: yes, partly, no, nobody.
    Column("asked_at", Moment),
    words("helped", server_default=text("''")),
    Column("helped_at", Moment),
    Index(None, "case_id"),
    Index(None, "due"),
    Index(None, "asked_at"),
)

tasks = Table(
    "tasks",
    metadata,
    words("id", primary_key=True),
    words("subject"),
    words("kind"),
    words("case_id"),
    words("person"),
    words("region"),
    words("state"),
    words("done_by"),
    moment("due_at"),
    moment("created_at"),
    Column("done_at", Moment),
    sealed("body"),
    Index(None, "state", "due_at"),
    Index(None, "case_id"),
    Index(None, "person"),
)

tries = Table(
    "tries",
    metadata,
    Column("id", _ROW, primary_key=True),
    sealed("key"),
    moment("at"),
    Index(None, "key", "at"),
    Index(None, "at"),
)

requests = Table(
    "requests",
    metadata,
    words("scope", primary_key=True),
    Column("key", LargeBinary, primary_key=True),
    words("body_hash"),
    Column("status", SmallInteger, nullable=False),
    words("body"),
    moment("at", index=True),
)
