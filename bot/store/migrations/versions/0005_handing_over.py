"""Handing over: by when somebody answers, private notes, labels, and how a talk ended."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("conversations", sa.Column("answer_by", MOMENT, nullable=True))
    op.create_index("ix_conversations_holder_updated_at", "conversations", ["holder", "updated_at"])
    op.create_index("ix_conversations_answer_by", "conversations", ["answer_by"])
    op.create_index("ix_moves_new_at", "moves", ["new", "at"])
    op.create_table(
        "talk_notes",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_talk_notes"),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversations.id"], name="fk_talk_notes_conversation_conversations"
        ),
    )
    op.create_index("ix_talk_notes_conversation_kind_at", "talk_notes", ["conversation", "kind", "at"])
    op.create_table(
        "talk_labels",
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("conversation", "label", name="pk_talk_labels"),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversations.id"], name="fk_talk_labels_conversation_conversations"
        ),
    )
    op.create_index("ix_talk_labels_label", "talk_labels", ["label"])
    op.create_table(
        "talk_closings",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("staff", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=True),
        sa.Column("rated_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_talk_closings"),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversations.id"], name="fk_talk_closings_conversation_conversations"
        ),
    )
    op.create_index("ix_talk_closings_conversation_at", "talk_closings", ["conversation", "at"])
    op.create_index("ix_talk_closings_staff_at", "talk_closings", ["staff", "at"])


def downgrade() -> None:
    op.drop_table("talk_closings")
    op.drop_table("talk_labels")
    op.drop_table("talk_notes")
    op.drop_index("ix_moves_new_at", "moves")
    op.drop_index("ix_conversations_answer_by", "conversations")
    op.drop_index("ix_conversations_holder_updated_at", "conversations")
    op.drop_column("conversations", "answer_by")
