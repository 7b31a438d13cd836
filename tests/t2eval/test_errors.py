import pytest
from django.db import OperationalError
from django.urls import reverse


@pytest.fixture
def away(client, monkeypatch):
    """The database is away from the first query on, as in the middleware that reads the session."""
    client.raise_request_exception = False
    client.cookies["sessionid"] = "a" * 32

    def fail(*_, **__):
        raise OperationalError("the server has gone")

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", fail)
    return client


def test_page_while_the_database_is_away_says_to_wait(away):
    response = away.get(reverse("proposals:docket-list"))

    assert (response.status_code, response["Retry-After"]) == (503, "2")
    assert response.content.decode().count("The database does not answer") == 1


def test_script_while_the_database_is_away_gets_a_code(away):
    response = away.get(reverse("accounts:session"), headers={"accept": "application/json"})

    assert (response.status_code, response.json()["code"]) == (503, "database-away")


@pytest.mark.django_db
def test_page_that_breaks_is_500(client, monkeypatch, officer):
    def fail(*_, **__):
        raise ValueError("broken")

    client.force_login(officer)
    client.raise_request_exception = False
    monkeypatch.setattr("proposals.views.assignments.own_work", fail)

    response = client.get(reverse("proposals:assignment-list"))

    assert response.status_code == 500
    assert response.content.decode().count("Something broke on our side") == 1
