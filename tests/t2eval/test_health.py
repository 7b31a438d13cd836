from collections.abc import Generator

import pytest
from django.db import connection
from django.test import Client


@pytest.fixture
def no_database(settings: object, tmp_path: object) -> Generator[None, None, None]:
    """A connection to nowhere, for this test only."""
    before = dict(connection.settings_dict)
    connection.close()
    nowhere = {"NAME": f"{tmp_path}/none/t2eval.sqlite3"} if connection.vendor == "sqlite" else {"HOST": f"{tmp_path}"}
    connection.settings_dict.update(nowhere)
    yield
    connection.close()
    connection.settings_dict.update(before)


@pytest.mark.django_db
def test_healthz_with_a_database_says_ok_to_anybody(client: Client) -> None:
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.django_db
def test_healthz_asked_by_head_answers_without_a_body(client: Client) -> None:
    response = client.head("/healthz")

    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.django_db
def test_healthz_posted_to_refuses(client: Client) -> None:
    assert client.post("/healthz").status_code == 405


@pytest.mark.django_db(transaction=True)
def test_healthz_without_a_database_says_503(client: Client, no_database: None) -> None:
    response = client.get("/healthz")

    assert response.status_code == 503
