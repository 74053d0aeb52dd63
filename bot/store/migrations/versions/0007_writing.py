"""The publicity desk: proposals, what is said of them, what was accepted with an edition."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_index("ix_entries_kind_key", "entries", ["kind", "key"])
    op.create_index("ix_edition_entries_hash", "edition_entries", ["hash"])
    op.create_table(
        "proposals",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("base", sa.Text(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("editors", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("publish_on", sa.Text(), nullable=False),
        sa.Column("approver", sa.Text(), nullable=False),
        sa.Column("published", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("open_for", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_proposals"),
        sa.UniqueConstraint("open_for", name="uq_proposals_open_for"),
    )
    op.create_index("ix_proposals_state_updated_at", "proposals", ["state", "updated_at"])
    op.create_index("ix_proposals_kind_key", "proposals", ["kind", "key"])
    op.create_index("ix_proposals_source", "proposals", ["source"])
    op.create_index("ix_proposals_published", "proposals", ["published"])
    op.create_table(
        "proposal_steps",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_proposal_steps"),
        sa.ForeignKeyConstraint(["proposal"], ["proposals.id"], name="fk_proposal_steps_proposal_proposals"),
    )
    op.create_index("ix_proposal_steps_proposal_at", "proposal_steps", ["proposal", "at"])
    op.create_table(
        "acceptances",
        sa.Column("edition", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("edition", "question", name="pk_acceptances"),
        sa.ForeignKeyConstraint(["edition"], ["editions.number"], name="fk_acceptances_edition_editions"),
    )


def downgrade() -> None:
    op.drop_table("acceptances")
    op.drop_table("proposal_steps")
    op.drop_table("proposals")
    op.drop_index("ix_edition_entries_hash", "edition_entries")
    op.drop_index("ix_entries_kind_key", "entries")
