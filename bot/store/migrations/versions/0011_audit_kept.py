"""The audit log is kept half a year at the least, and may be shortened at its beginning after that."""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

REFUSED = "BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END"
SQLITE = (
    "DROP TRIGGER audit_log_kept",
    "CREATE TRIGGER audit_log_kept BEFORE DELETE ON audit_log WHEN OLD.at > datetime('now', '-180 days') "  # noqa: S608
    f"OR OLD.seq > coalesce((SELECT seq FROM audit_head WHERE id = 0), 0) {REFUSED}",
)
POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION audit_kept_half_a_year() RETURNS trigger LANGUAGE plpgsql AS "
    "'BEGIN IF OLD.at > now() - interval ''180 days'' "
    "OR OLD.seq > coalesce((SELECT seq FROM audit_head WHERE id = 0), 0) THEN "
    "RAISE EXCEPTION ''the audit log is only added to''; END IF; RETURN OLD; END'",
    "DROP TRIGGER audit_log_unchanged ON audit_log",
    "CREATE TRIGGER audit_log_unchanged BEFORE UPDATE ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_only_added_to()",
    "CREATE TRIGGER audit_log_young BEFORE DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_kept_half_a_year()",
)


def upgrade() -> None:
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_log_kept")
        op.execute(f"CREATE TRIGGER audit_log_kept BEFORE DELETE ON audit_log {REFUSED}")
        return
    op.execute("DROP TRIGGER audit_log_young ON audit_log")
    op.execute("DROP TRIGGER audit_log_unchanged ON audit_log")
    op.execute(
        "CREATE TRIGGER audit_log_unchanged BEFORE UPDATE OR DELETE ON audit_log "
        "FOR EACH ROW EXECUTE FUNCTION audit_only_added_to()"
    )
    op.execute("DROP FUNCTION audit_kept_half_a_year()")
