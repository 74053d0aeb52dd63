"""What people asked, for the publicity desk's board of questions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "asked",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("second", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("week", sa.Text(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_asked"),
        sa.ForeignKeyConstraint(["conversation"], ["conversations.id"], name="fk_asked_conversation_conversations"),
    )
    op.create_index("ix_asked_conversation_at", "asked", ["conversation", "at"])
    op.create_index("ix_asked_day_team", "asked", ["day", "team"])
    op.create_index("ix_asked_team_place", "asked", ["team", "place"])
    op.create_index("ix_asked_entry_day", "asked", ["entry", "day"])
    op.create_table(
        "asked_vectors",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("encoder", sa.Text(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", "encoder", name="pk_asked_vectors"),
        sa.ForeignKeyConstraint(["id"], ["asked.id"], name="fk_asked_vectors_id_asked"),
    )
    op.create_table(
        "asked_runs",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("questions", sa.Integer(), nullable=False),
        sa.Column("teams", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_asked_runs"),
    )
    op.create_table(
        "asked_decisions",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("team", name="pk_asked_decisions"),
    )
    op.create_table(
        "asked_suggestions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("wording", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_asked_suggestions"),
        sa.UniqueConstraint("entry", "wording", name="uq_asked_suggestions_entry_wording"),
    )
    op.create_index("ix_asked_suggestions_team", "asked_suggestions", ["team"])
    op.create_table(
        "asked_proposed",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_asked_proposed"),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversations.id"], name="fk_asked_proposed_conversation_conversations"
        ),
    )
    op.create_index("ix_asked_proposed_conversation", "asked_proposed", ["conversation"])
    op.create_index("ix_asked_proposed_state_at", "asked_proposed", ["state", "at"])


def downgrade() -> None:
    for table in ("proposed", "suggestions", "decisions", "runs", "vectors"):
        op.drop_table(f"asked_{table}")
    op.drop_table("asked")
