"""Reaching one person: notices and what was tried, what they agreed to get, codes to go on elsewhere."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("held", sa.Text(), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("platform_id", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("route_at", MOMENT, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_notices_case_id_cases"),
    )
    op.create_index("ix_notices_state_due_at", "notices", ["state", "due_at"])
    op.create_index("ix_notices_case_id", "notices", ["case_id"])
    op.create_index("ix_notices_message", "notices", ["message"])
    op.create_index("ix_notices_conversation", "notices", ["conversation"])
    op.create_table(
        "notice_tries",
        sa.Column("id", ROW, nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notice_tries"),
    )
    op.create_index("ix_notice_tries_case_id", "notice_tries", ["case_id"])
    op.create_table(
        "subscriptions",
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Boolean(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("conversation", "template", name="pk_subscriptions"),
    )
    op.create_table(
        "continuations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=True),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("other", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_continuations"),
        sa.UniqueConstraint("code_hash", name="uq_continuations_code_hash"),
    )
    op.create_index("ix_continuations_other", "continuations", ["other"])
    op.create_index("ix_continuations_expires_at", "continuations", ["expires_at"])
    here = sa.text("state = 'open'")
    op.create_index(
        "uq_continuations_open",
        "continuations",
        ["conversation"],
        unique=True,
        sqlite_where=here,
        postgresql_where=here,
    )


def downgrade() -> None:
    op.drop_table("continuations")
    op.drop_table("subscriptions")
    op.drop_table("notice_tries")
    op.drop_table("notices")
