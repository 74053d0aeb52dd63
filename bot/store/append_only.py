"""The audit log is only added to: the database itself refuses to change a line, to remove one that is younger than half a year
or that its beginning (`audit_head` 0) does not yet stand behind, and to set the head or the beginning back.

Whoever owns the database can drop these triggers. Then the chain tells: `python -m bot audit verify`.
"""

from __future__ import annotations

from sqlalchemy import DDL, event

from bot.store.staff_tables import audit_head, audit_log

_SQLITE_REFUSED = "BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END"
_SQLITE = (
    f"CREATE TRIGGER audit_log_unchanged BEFORE UPDATE ON audit_log {_SQLITE_REFUSED}",
    f"CREATE TRIGGER audit_log_kept BEFORE DELETE ON audit_log WHEN OLD.at > datetime('now', '-180 days') "  # noqa: S608
    f"OR OLD.seq > coalesce((SELECT seq FROM audit_head WHERE id = 0), 0) {_SQLITE_REFUSED}",
    # INSERT OR REPLACE removes a row without asking the trigger above.
    "CREATE TRIGGER audit_log_at_the_end BEFORE INSERT ON audit_log WHEN NEW.seq <= (SELECT max(seq) FROM audit_log) "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END",
    f"CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head WHEN NEW.seq <= OLD.seq {_SQLITE_REFUSED}",
    f"CREATE TRIGGER audit_head_kept BEFORE DELETE ON audit_head {_SQLITE_REFUSED}",
)
_POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION audit_only_added_to() RETURNS trigger LANGUAGE plpgsql AS "
    "'BEGIN RAISE EXCEPTION ''the audit log is only added to''; END'",
    "CREATE OR REPLACE FUNCTION audit_kept_half_a_year() RETURNS trigger LANGUAGE plpgsql AS "
    "'BEGIN IF OLD.at > now() - interval ''180 days'' "
    "OR OLD.seq > coalesce((SELECT seq FROM audit_head WHERE id = 0), 0) THEN "
    "RAISE EXCEPTION ''the audit log is only added to''; END IF; RETURN OLD; END'",
    "CREATE TRIGGER audit_log_unchanged BEFORE UPDATE ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_only_added_to()",
    "CREATE TRIGGER audit_log_young BEFORE DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_kept_half_a_year()",
    "CREATE TRIGGER audit_log_kept BEFORE TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION audit_only_added_to()",
    "CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head "
    "FOR EACH ROW WHEN (NEW.seq <= OLD.seq) EXECUTE FUNCTION audit_only_added_to()",
    "CREATE TRIGGER audit_head_kept BEFORE DELETE OR TRUNCATE ON audit_head "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_only_added_to()",
)
TRIGGERS = {
    "audit_log": ("audit_log_unchanged", "audit_log_kept", "audit_log_at_the_end", "audit_log_young"),
    "audit_head": ("audit_head_forward", "audit_head_kept"),
}
"""By table; of the log the third is SQLite's alone, the fourth PostgreSQL's."""


def attach() -> None:
    """Tables made from the catalogue have the triggers that the migration makes."""
    for dialect, statements in (("sqlite", _SQLITE), ("postgresql", _POSTGRESQL)):
        for statement in statements:
            table = audit_head if " ON audit_head" in statement else audit_log
            made = DDL(statement.replace("%", "%%")).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]
            event.listen(table, "after_create", made)


attach()
