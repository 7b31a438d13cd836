"""Every address × role × state of the object. An address that is not in the table fails: add one line for it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.consistency.addresses import POSTS, TABLE, Row
from tests.consistency.world import World

pytestmark = pytest.mark.django_db

# Inside Django's own administration, tested by itself: only its front door is in the table.
ADMIN_INTERNALS = "admin:"
# Django's own: signing in and out, and the front door of the administration.
OF_DJANGO = {"accounts:sign-in", "accounts:sign-out", "admin:index", "admin:login"}
WRITES = re.compile(r"^(?:INSERT INTO|UPDATE|DELETE FROM) \"(\w+)\"")

by_address = pytest.mark.parametrize("row", [*TABLE, *POSTS], ids=str)


@contextmanager
def listing_writes(written: list[str]) -> Iterator[None]:
    """The tables that statements change meanwhile."""

    def look(execute: Any, sql: str, *rest: Any) -> Any:
        written.extend(WRITES.findall(sql))
        return execute(sql, *rest)

    with connection.execute_wrapper(look):
        yield


def client_of(world: World, person: str) -> Client:
    client = Client()
    if person in world.sessions:
        client.cookies = SimpleCookie({settings.SESSION_COOKIE_NAME: world.sessions[person]})
    return client


def answer(world: World, row: Row, person: str, **headers: str) -> tuple[int, list[str]]:
    """The status, and the tables that were written though the request was refused or only read; all is undone.

    That a person reads a memo's PDF is an event: it alone may be written by what only reads.
    """
    url = reverse(row.name, kwargs=world.objects[row.object])
    written: list[str] = []
    with transaction.atomic():
        client = client_of(world, person)
        with listing_writes(written):
            status = getattr(client, row.method)(url, headers=headers).status_code
        transaction.set_rollback(True)
    if status >= 400:
        return status, written
    return status, [table for table in written if table != "audit_event"] if row.method == "get" else []


def statuses(world: World, row: Row, **headers: str) -> dict[str, int]:
    """The status for each person, having seen that a request that is refused or only reads changes nothing."""
    answers = {person: answer(world, row, person, **headers) for person in world.people}
    assert {person: written for person, (_, written) in answers.items() if written} == {}
    return {person: status for person, (status, _) in answers.items()}


def url_names(patterns: list[URLPattern | URLResolver], namespace: str = "") -> set[str]:
    names = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            names |= url_names(pattern.url_patterns, inner)
        else:
            names.add(f"{namespace}{pattern.name}")
    return names


def test_every_address_is_in_the_table():
    names = url_names(get_resolver().url_patterns)

    internals = {name for name in names if name.startswith(ADMIN_INTERNALS)} - {"admin:index", "admin:login"}
    assert names - internals == {row.name for row in [*TABLE, *POSTS]}


@pytest.mark.parametrize("method", ["get", "post"])
def test_address_that_is_not_in_the_table_of_a_method_refuses_it(world, method):
    rows = [*TABLE, *POSTS]
    listed = {row.name for row in rows if row.method == method} | OF_DJANGO
    others = {row.name: Row(row.name, row.object, "", method=method) for row in rows if row.name not in listed}

    answers = {name: answer(world, row, "chair")[0] for name, row in others.items()}

    assert {name: status for name, status in answers.items() if status != 405} == {}


@by_address
def test_address_answers_each_role_as_the_table_says(world, row):
    assert statuses(world, row) == row.expected()


@by_address
def test_address_answers_the_conflicted_as_the_table_says(barred_world, row):
    assert statuses(barred_world, row) == row.expected("barred")


@pytest.mark.parametrize("row", [row for row in [*TABLE, *POSTS] if row.barred], ids=str)
def test_address_answers_the_conflicted_by_htmx_just_so(barred_world, row):
    people = ("sponsor", "officer", "chair", "superuser")

    found = {person: answer(barred_world, row, person, **{"HX-Request": "true"}) for person in people}

    assert found == {person: (status, []) for person, status in row.expected("barred").items() if person in people}


@pytest.mark.parametrize("row", [row for row in [*TABLE, *POSTS] if row.closed], ids=str)
def test_address_answers_each_role_once_the_docket_is_closed(closed_world, row):
    assert statuses(closed_world, row) == row.expected("closed")
