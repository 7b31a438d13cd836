import datetime as dt

import pytest
from django.urls import reverse

from proposals.models import Proposal
from tests.factories import NOW, make_change, make_scorecard

pytestmark = pytest.mark.django_db


@pytest.fixture
def card(proposal, officer):
    return make_scorecard(proposal, officer, submitted=False)


def url(card):
    return reverse("proposals:scorecard-history", args=[card.pk])


def said(value, rationale=""):
    return {"answer": "scored", "value": value, "grade": 2, "rationale": rationale, "citations": []}


def make_changes(card, number):
    for place in range(number):
        at = NOW + dt.timedelta(minutes=20 * place)
        make_change(card, "stakes", said(1), said(2), at=at)


def test_history_marks_what_went_and_came_in_a_reason(client, card, officer):
    make_change(card, "stakes", said(2, "Two states."), said(3, "Three states."))
    client.force_login(officer)

    html = client.get(url(card)).content.decode()

    assert "<del>Two </del><ins>Three </ins>states." in html


def test_history_escapes_what_was_typed(client, card, officer):
    make_change(card, "stakes", None, said(3, "<script>"))
    client.force_login(officer)

    assert "<ins>&lt;script&gt;</ins>" in client.get(url(card)).content.decode()


def test_history_groups_entries_by_day(client, card, officer):
    make_change(card, "stakes", None, said(1), at=NOW)
    make_change(card, "focus", None, said(1), at=NOW)
    make_change(card, "stakes", said(1), said(2), at=NOW + dt.timedelta(days=1))
    client.force_login(officer)

    days = client.get(url(card)).context["days"]

    assert [(day, len(entries)) for day, entries in days] == [
        (NOW.date() + dt.timedelta(days=1), 1),
        (NOW.date(), 2),
    ]


def test_history_without_changes_teaches(client, card, officer):
    client.force_login(officer)

    assert "No changes are recorded" in client.get(url(card)).content.decode()


@pytest.mark.parametrize(("page", "entries"), [("1", 50), ("2", 3)])
def test_history_has_fifty_entries_a_page(client, card, officer, page, entries):
    make_changes(card, 53)
    client.force_login(officer)

    days = client.get(url(card), {"page": page}).context["days"]

    assert sum(len(of_day) for _, of_day in days) == entries


@pytest.mark.parametrize("revision", [1, 3])
def test_history_links_to_what_changed_since_it_was_written(client, card, officer, revision):
    Proposal.objects.update(revision=revision)
    client.force_login(officer)

    html = client.get(url(card)).content.decode()

    assert ("?before=1&amp;after=3" in html) == (revision == 3)


def test_history_links_to_the_other_round(client, card, officer, proposal):
    second = make_scorecard(proposal, officer, submitted=False, round=2)
    client.force_login(officer)

    assert list(client.get(url(second)).context["other_rounds"]) == [card]


@pytest.mark.parametrize("changes", [1, 30])
def test_history_takes_as_many_queries_whatever_changed(client, card, officer, django_assert_num_queries, changes):
    make_changes(card, changes)
    client.force_login(officer)
    client.get(url(card))

    with django_assert_num_queries(11):
        client.get(url(card))
