"""Triggers that refuse a change of frozen rows, for migrations on PostgreSQL and SQLite alike."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython
from django.db.migrations.state import StateApps


@dataclass(frozen=True, slots=True)
class Refusal:
    """`operation` (INSERT, UPDATE, DELETE) on `table` is refused with `message` where the SQL `condition` holds.

    The condition may use OLD, NEW and subqueries, in SQL that both engines read. `IS DISTINCT FROM` is the null-safe
    comparison on both (SQLite from 3.39), and `json_array_length` counts a list on both. TRUNCATE, which only
    PostgreSQL has, is refused always.
    """

    name: str
    table: str
    operation: str
    condition: str
    message: str

    def create(self, vendor: str) -> list[str]:
        if vendor == "sqlite":
            if self.operation == "TRUNCATE":
                return []
            return [
                f"CREATE TRIGGER {self.name} BEFORE {self.operation} ON {self.table} FOR EACH ROW"
                f" WHEN ({self.condition}) BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
            ]
        condition = self.condition.replace("json_array_length(", "jsonb_array_length(")
        each = "STATEMENT" if self.operation == "TRUNCATE" else "ROW"
        return [
            f"CREATE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN"
            f" IF ({condition}) THEN RAISE EXCEPTION '{self.message}' USING ERRCODE = 'check_violation'; END IF;"
            f" IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $body$",
            f"CREATE TRIGGER {self.name} BEFORE {self.operation} ON {self.table}"
            f" FOR EACH {each} EXECUTE FUNCTION {self.name}()",
        ]

    def drop(self, vendor: str) -> list[str]:
        if vendor == "sqlite":
            return [] if self.operation == "TRUNCATE" else [f"DROP TRIGGER {self.name}"]
        return [f"DROP TRIGGER {self.name} ON {self.table}", f"DROP FUNCTION {self.name}()"]


def _run(statements: Callable[[Refusal, str], list[str]], refusals: list[Refusal]) -> Callable[..., None]:
    def run(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        for refusal in refusals:
            for statement in statements(refusal, schema_editor.connection.vendor):
                schema_editor.execute(statement, None)

    return run


def refuse(refusals: list[Refusal]) -> RunPython:
    """The migration operation that installs these refusals, and removes them backwards."""
    return RunPython(_run(Refusal.create, refusals), _run(Refusal.drop, refusals))


def lift(refusals: list[Refusal]) -> RunPython:
    """The opposite: for migrations of tables that refusals name, since SQLite makes such tables anew without them."""
    return RunPython(_run(Refusal.drop, refusals), _run(Refusal.create, refusals))
