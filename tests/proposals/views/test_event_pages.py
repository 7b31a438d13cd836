import datetime as dt

import pytest
from django.urls import reverse

from t2eval.accounts.roles import Role
from t2eval.audit.services import record
from tests.factories import NOW, ProposalFactory, bar, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(client):
    user = make_user(Role.AUDITOR)
    client.force_login(user)
    return user


def shown(client, **filters):
    response = client.get(reverse("proposals:event-list"), filters)
    return [event.event for event in response.context["page"].object_list]


def test_events_are_shown_newest_first_and_filtered_by_name_and_day(client, auditor):
    for day, name in enumerate(["one", "two", "two"]):
        record(name, by=auditor, at=NOW + dt.timedelta(days=day), target=auditor)

    assert shown(client) == ["two", "two", "one"]
    assert shown(client, event="one") == ["one"]
    assert shown(client, since="2026-03-04") == ["two"]
    assert shown(client, until="2026-03-02") == ["one"]


def test_events_with_a_filter_that_cannot_be_are_all_shown(client, auditor):
    record("one", by=auditor, at=NOW, target=auditor)

    assert shown(client, event="nothing", since="yesterday") == ["one"]


def test_events_come_in_pages_that_keep_the_filter(client, auditor):
    for _ in range(51):
        record("one", by=auditor, at=NOW, target=auditor)

    page = client.get(reverse("proposals:event-list"), {"event": "one"}).content.decode()

    assert ("Page 1 of 2" in page, "?event=one&amp;page=2" in page) == (True, True)


def test_events_of_a_proposal_that_a_conflict_bars_are_left_out(client, auditor):
    proposal, other = ProposalFactory(), ProposalFactory()
    record("barred", by=None, at=NOW, target=proposal, proposal_id=proposal.pk)
    record("other", by=None, at=NOW, target=other, proposal_id=other.pk)
    record("none", by=None, at=NOW, target=auditor)

    bar(proposal, auditor)

    assert {"barred", "other", "none"} - set(shown(client)) == {"barred"}
