"""Referrals know their reminder, and whether the resident said that the other office helped."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("referrals", sa.Column("task", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("referrals", sa.Column("asked_at", MOMENT, nullable=True))
    op.add_column("referrals", sa.Column("helped", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("referrals", sa.Column("helped_at", MOMENT, nullable=True))
    op.create_index("ix_referrals_due", "referrals", ["due"])
    op.create_index("ix_referrals_asked_at", "referrals", ["asked_at"])


def downgrade() -> None:
    op.drop_index("ix_referrals_asked_at", "referrals")
    op.drop_index("ix_referrals_due", "referrals")
    for name in ("helped_at", "helped", "asked_at", "task"):
        op.drop_column("referrals", name)
