"""Puts the database back after a test with real transactions, as it was before the first one.

Django empties every table instead. On SQLite our triggers refuse that, and on both engines it would take away the rows
that migrations made, such as the roles.
"""

import sqlite3
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import TransactionTestCase

# ruff: noqa: SLF001 - Django has no public way to change what its transactional test case puts back
KEEP = """
CREATE SCHEMA kept;
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('CREATE TABLE kept.%1$I AS TABLE public.%1$I', name);
    END LOOP;
END $$
"""
RESTORE = """
SET session_replication_role = replica; -- neither our triggers nor foreign keys look at this
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('DELETE FROM public.%1$I', name);
        EXECUTE format('INSERT INTO public.%1$I SELECT * FROM kept.%1$I', name);
    END LOOP;
END $$;
SET session_replication_role = origin
"""

kept: dict[str, sqlite3.Connection | None] = {}


def keep(connection: BaseDatabaseWrapper) -> None:
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        kept[connection.alias] = sqlite3.connect(":memory:")
        connection.connection.backup(kept[connection.alias])
        return
    kept[connection.alias] = None
    with connection.cursor() as cursor:
        cursor.execute(KEEP)


def restore(connection: BaseDatabaseWrapper) -> None:
    connection.ensure_connection()
    if copy := kept[connection.alias]:
        copy.backup(connection.connection)
        return
    with connection.cursor() as cursor:
        cursor.execute(RESTORE)


def install(folder: Path) -> None:
    """Make Django's transactional tests keep and restore, and use a file on SQLite, as a real installation does."""
    for database in settings.DATABASES.values():
        if database["ENGINE"] == "django.db.backends.sqlite3":
            database.setdefault("TEST", {})["NAME"] = str(folder / "test.sqlite3")
    set_up = TransactionTestCase._fixture_setup.__func__

    def keep_and_set_up(cls: type[TransactionTestCase]) -> None:
        for alias in cls._databases_names(include_mirrors=False):
            if alias not in kept:
                keep(connections[alias])
        set_up(cls)

    def restore_all(self: TransactionTestCase) -> None:
        for alias in self._databases_names(include_mirrors=False):
            restore(connections[alias])

    TransactionTestCase._fixture_setup = classmethod(keep_and_set_up)
    TransactionTestCase._fixture_teardown = restore_all
