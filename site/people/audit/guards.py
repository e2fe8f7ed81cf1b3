"""Append-only in the database itself: a trigger refuses to change or delete an entry, whoever asks.

What it lets through is blanking the network address, whose time can be over. SQLite drops triggers when
a migration rebuilds the table: such a migration must `install` again.
"""

from __future__ import annotations

from typing import Any

TABLE = "audit_auditentry"
CHANGE, DELETE = "audit_no_change", "audit_no_delete"
_KEPT = ("id", "number", "at", "actor_id", "action", "target_type", "target_id", "organisation_id", "detail", "previous", "hash")

SQLITE = (
    f"CREATE TRIGGER IF NOT EXISTS {CHANGE} BEFORE UPDATE ON {TABLE} "
    f"WHEN NOT (NEW.address = '' AND {' AND '.join(f'NEW.{name} IS OLD.{name}' for name in _KEPT)}) "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    f"CREATE TRIGGER IF NOT EXISTS {DELETE} BEFORE DELETE ON {TABLE} "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
)
POSTGRESQL = (
    """
    CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND NEW.address = '' AND to_jsonb(NEW) - 'address' = to_jsonb(OLD) - 'address' THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'the audit log is append-only';
    END $$
    """,
    f"DROP TRIGGER IF EXISTS {CHANGE} ON {TABLE}",
    f"CREATE TRIGGER {CHANGE} BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION audit_append_only()",
)


def install(apps: Any, schema_editor: Any) -> None:
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}.get(schema_editor.connection.vendor, ()):
        schema_editor.execute(statement)


def remove(apps: Any, schema_editor: Any) -> None:
    postgresql = schema_editor.connection.vendor == "postgresql"
    for name in (CHANGE,) if postgresql else (CHANGE, DELETE):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{f' ON {TABLE}' if postgresql else ''}")
