"""Supervising: who was told, what is late, what a number did not answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)

# --- supervising: the audit log is only added to, as `bot.store.append_only` says ---
REFUSED = "BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END"
APPEND_ONLY = {
    "sqlite": (
        f"CREATE TRIGGER audit_log_unchanged BEFORE UPDATE ON audit_log {REFUSED}",
        f"CREATE TRIGGER audit_log_kept BEFORE DELETE ON audit_log {REFUSED}",
        "CREATE TRIGGER audit_log_at_the_end BEFORE INSERT ON audit_log WHEN NEW.seq <= (SELECT max(seq) FROM audit_log) "
        "BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END",
        f"CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head WHEN NEW.seq <= OLD.seq {REFUSED}",
        f"CREATE TRIGGER audit_head_kept BEFORE DELETE ON audit_head {REFUSED}",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION audit_only_added_to() RETURNS trigger LANGUAGE plpgsql AS "
        "'BEGIN RAISE EXCEPTION ''the audit log is only added to''; END'",
        "CREATE TRIGGER audit_log_unchanged BEFORE UPDATE OR DELETE ON audit_log "
        "FOR EACH ROW EXECUTE FUNCTION audit_only_added_to()",
        "CREATE TRIGGER audit_log_kept BEFORE TRUNCATE ON audit_log "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_only_added_to()",
        "CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head "
        "FOR EACH ROW WHEN (NEW.seq <= OLD.seq) EXECUTE FUNCTION audit_only_added_to()",
        "CREATE TRIGGER audit_head_kept BEFORE DELETE OR TRUNCATE ON audit_head "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_only_added_to()",
    ),
}
SQLITE_TRIGGERS = (
    "audit_log_unchanged",
    "audit_log_kept",
    "audit_log_at_the_end",
    "audit_head_forward",
    "audit_head_kept",
)
# --- end supervising ---


def upgrade() -> None:
    # --- officers: pictures in a conversation, reports of an office, lines nobody answers ---
    op.create_index("ix_conversations_region_updated_at", "conversations", ["region", "updated_at"])
    op.create_table(
        "talk_pictures",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("picture", sa.LargeBinary(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_talk_pictures"),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversations.id"], name="fk_talk_pictures_conversation_conversations"
        ),
        sa.UniqueConstraint("message", name="uq_talk_pictures_message"),
    )
    op.create_index("ix_talk_pictures_conversation", "talk_pictures", ["conversation"])
    op.create_index("ix_talk_pictures_state_due_at", "talk_pictures", ["state", "due_at"])
    op.create_index("ix_talk_pictures_at", "talk_pictures", ["at"])
    op.create_table(
        "tips",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tips"),
    )
    op.create_index("ix_tips_state_created_at", "tips", ["state", "created_at"])
    op.create_index("ix_tips_conversation", "tips", ["conversation"])
    op.create_table(
        "line_reports",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("hotline", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("settled_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_line_reports"),
    )
    op.create_index("ix_line_reports_at", "line_reports", ["at"])
    op.create_index("ix_line_reports_hotline_at", "line_reports", ["hotline", "at"])
    # --- end officers ---
    # --- supervising: escalations, exports, append-only log, indexes ---
    op.create_table(
        "escalations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("supervisor", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=True),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_escalations"),
        sa.UniqueConstraint("kind", "ref", "due_at", "level", name="uq_escalations_kind_ref_due_at_level"),
    )
    op.create_index("ix_escalations_settled_at_supervisor", "escalations", ["settled_at", "supervisor"])
    unsettled = sa.text("settled_at IS NULL")
    op.create_index(
        "ix_escalations_open", "escalations", ["kind", "ref"], sqlite_where=unsettled, postgresql_where=unsettled
    )
    op.create_table(
        "exports",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("filter", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("taken_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_exports"),
    )
    op.create_index("ix_exports_asked_at", "exports", ["asked_at"])
    op.create_index("ix_cases_due", "cases", ["due"])
    op.create_index("ix_cases_submitted_at", "cases", ["submitted_at"])
    op.create_index("ix_timeline_at", "timeline", ["at"])
    op.create_index("ix_conversations_holder_holder_name", "conversations", ["holder", "holder_name"])
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)
    # --- end supervising ---


def downgrade() -> None:
    # --- supervising ---
    if op.get_bind().dialect.name == "sqlite":
        for trigger in SQLITE_TRIGGERS:
            op.execute(f"DROP TRIGGER {trigger}")
    else:
        op.execute("DROP FUNCTION audit_only_added_to() CASCADE")
    op.drop_index("ix_conversations_holder_holder_name", "conversations")
    op.drop_index("ix_timeline_at", "timeline")
    op.drop_index("ix_cases_submitted_at", "cases")
    op.drop_index("ix_cases_due", "cases")
    op.drop_table("exports")
    op.drop_table("escalations")
    # --- end supervising ---
    # --- officers ---
    op.drop_table("line_reports")
    op.drop_table("tips")
    op.drop_table("talk_pictures")
    op.drop_index("ix_conversations_region_updated_at", "conversations")
    # --- end officers ---
