"""The tables of sheets: where a form stands, and its answers, which views show by section.

What is sealed, and what stands in clear, is said in `case_tables`.
"""

from __future__ import annotations

from sqlalchemy import DDL, Column, Index, Integer, SmallInteger, Table, event

from bot.store.columns import Moment, metadata, moment, sealed, words

SECTIONS = {"incomes": "收入", "properties": "财产"}
"""The views over `facts`, and the section of a form whose answers each one shows."""

sheets = Table(
    "sheets",
    metadata,
    words("id", primary_key=True),
    words("conversation"),
    words("person"),
    words("kind"),
    words("programme"),
    words("form"),
    words("state"),
    Column("version", Integer, nullable=False),
    words("last_message"),
    sealed("body"),
    moment("created_at"),
    moment("updated_at"),
    moment("expires_at"),
    Index(None, "conversation", "state"),
    Index(None, "person"),
    Index(None, "expires_at"),
)

facts = Table(
    "facts",
    metadata,
    # A sheet or a case.
    words("holder", primary_key=True),
    words("path", primary_key=True),
    words("section"),
    # 0: of the household as a whole.
    Column("member", SmallInteger, nullable=False),
    words("state"),
    # The message in which it was said.
    words("message"),
    Column("at", Moment),
    sealed("value"),
)
for _name, _section in SECTIONS.items():
    _view = (
        f"CREATE VIEW {_name} AS SELECT facts.holder AS case_id, facts.member, facts.path, facts.state, facts.message, "  # noqa: S608
        f"facts.at, facts.value FROM facts JOIN cases ON cases.id = facts.holder WHERE facts.section = '{_section}'"
    )
    event.listen(metadata, "after_create", DDL(_view))  # type: ignore[no-untyped-call]
    event.listen(metadata, "before_drop", DDL(f"DROP VIEW IF EXISTS {_name}"))  # type: ignore[no-untyped-call]
