"""People are found by keyed hashes of their identity number and telephone number."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

COLUMNS = ("identity_hash", "phone_hash")


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column("people", sa.Column(name, sa.LargeBinary(), nullable=True))
        op.create_index(f"ix_people_{name}", "people", [name])


def downgrade() -> None:
    for name in COLUMNS:
        op.drop_index(f"ix_people_{name}", "people")
        op.drop_column("people", name)
