import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from proposals.models import Reassessment
from proposals.services.assessing import assess_proposal
from proposals.services.reassessing import reassess_proposal
from t2eval.accounts.roles import Role
from tests.factories import (
    NOW,
    ProposalFactory,
    assign,
    bar,
    close_as_calibration,
    items_of,
    make_newer_version,
    make_scorecard,
    make_user,
)

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(days=90)
OFFER = "Re-assess under version 2…"


def rewritten(document):
    """A criterion gone, one that is new, and one with another anchor."""
    criteria = document["sections"][1]["criteria"]
    criteria.remove(items_of(document)["window"])
    criteria.append({"key": "urgency", "title": "Urgency", "weight": 10})
    items_of(document)["stakes"]["anchors"][2] = "Otherwise."


@pytest.fixture
def assessed(proposal, officer):
    make_scorecard(proposal, officer)
    assess_proposal(proposal=proposal, by=officer, at=NOW)
    return proposal


def page_of(proposal):
    return reverse("proposals:assessment-detail", args=[proposal.pk])


def form_of(proposal, number=2):
    return reverse("proposals:assessment-reassess", args=[proposal.pk, number])


def docket_form(docket, number=2):
    return reverse("proposals:docket-reassess", args=[docket.pk, number])


def orders_of(docket, number=2):
    return reverse("proposals:docket-orders", args=[docket.pk, number])


def remake(proposal, version, chair):
    return reassess_proposal(proposal=proposal, version=version, reason="The committee asked.", by=chair, at=LATER)


def test_assessment_page_offers_a_newer_version_to_chairs_alone(client, assessed, chair, officer):
    make_newer_version()

    shown = {}
    for user in (chair, officer):
        client.force_login(user)
        shown[user] = OFFER in client.get(page_of(assessed)).text

    assert shown == {chair: True, officer: False}


def test_assessment_page_offers_nothing_without_a_newer_version(client, assessed, chair):
    client.force_login(chair)

    page = client.get(page_of(assessed))

    assert "Under newer versions of the rubric" not in page.text


def test_assessment_page_offers_nothing_of_a_calibration_case(client, assessed, chair):
    make_newer_version()
    close_as_calibration(assessed)
    client.force_login(chair)

    assert OFFER not in client.get(page_of(assessed)).text


def test_reassess_page_shows_counterparts_and_other_words_first_and_writes_nothing(client, assessed, chair):
    make_newer_version(rewritten)
    client.force_login(chair)

    page = client.get(form_of(assessed))

    assert [line.title for line in page.context["carried"].left_out] == ["Window of opportunity"]
    assert page.context["carried"].unanswered == ["Urgency"]
    assert [(line.title, line.what) for line in page.context["reworded"]] == [("Stakes", "anchors for 2")]
    assert Reassessment.objects.count() == 0


def test_reassess_page_needs_a_reason(client, assessed, chair):
    make_newer_version()
    client.force_login(chair)

    page = client.post(form_of(assessed), {"reason": "  "})

    assert page.context["form"].errors == {"reason": ["Say why this is assessed again: it is shown beside the result."]}
    assert Reassessment.objects.count() == 0


def test_reassess_page_stores_and_shows_both_results_to_who_sees_the_assessment(client, assessed, chair, officer):
    make_newer_version(lambda document: document["sections"][0].update(weight=60))
    client.force_login(chair)

    answer = client.post(form_of(assessed), {"reason": "The committee asked."})
    client.force_login(officer)
    page = client.get(page_of(assessed))

    made = Reassessment.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, page_of(assessed))
    assert (made.reason, made.created_by) == ("The committee asked.", chair)
    assert [one.row for one in page.context["comparisons"]] == [made]
    assert "Re-assessed by the chair on 2" in page.text
    assert "The committee asked." in page.text
    assert chair.name not in page.text


def test_reassess_page_sent_twice_makes_one(client, assessed, chair):
    make_newer_version()
    client.force_login(chair)

    for _ in range(2):
        client.post(form_of(assessed), {"reason": "The committee asked."})

    assert Reassessment.objects.count() == 1


def test_assessment_page_offers_a_version_again_once_the_official_one_has_moved_on(
    client, assessed, chair, other_officer
):
    remake(assessed, make_newer_version(), chair)
    client.force_login(chair)
    before = client.get(page_of(assessed)).text
    make_scorecard(assessed, other_officer, value=2)
    assess_proposal(proposal=assessed, by=other_officer, at=NOW)

    after = client.get(page_of(assessed)).text

    moved = "The official assessment has changed since"
    assert (OFFER in before, moved in before) == (False, False)
    assert (OFFER in after, moved in after) == (True, True)


@pytest.mark.parametrize("number", [1, 3])
def test_reassess_page_of_a_version_that_is_not_newer_is_not_found(client, assessed, chair, number):
    make_newer_version()
    client.force_login(chair)

    for url in (form_of(assessed, number), docket_form(assessed.docket, number), orders_of(assessed.docket, number)):
        assert client.get(url).status_code == 404


def test_reassess_page_without_an_assessment_is_not_found(client, proposal, chair):
    make_newer_version()
    client.force_login(chair)

    assert client.get(form_of(proposal)).status_code == 404


def test_reassess_page_is_closed_to_a_chair_who_owes_a_scorecard(client, assessed):
    make_newer_version()
    both = make_user(Role.CHAIR, Role.OFFICER)
    assign(assessed, both)
    client.force_login(both)

    assert client.get(form_of(assessed)).status_code == 403
    assert "comparisons" not in client.get(page_of(assessed)).context


def test_docket_page_tells_chairs_alone_whether_weights_changed(client, assessed, chair, officer):
    said = "Weights changed after first score: "
    before = {}
    for user in (chair, officer):
        client.force_login(user)
        before[user] = f"{said}no." in client.get(reverse("proposals:docket-detail", args=[assessed.docket_id])).text
    make_newer_version(lambda document: document["sections"][0].update(weight=60), at=LATER)
    client.force_login(chair)

    page = client.get(reverse("proposals:docket-detail", args=[assessed.docket_id]))

    assert before == {chair: True, officer: False}
    assert (
        f"{said}yes: version 2 was published on 31 May 2026, after the first score of 2 March 2026;"
        " this docket rests on version 1." in page.text
    )
    assert page.context["newer_version"].number == 2


def test_docket_page_of_calibration_cases_offers_no_version(client, assessed, chair):
    make_newer_version()
    close_as_calibration(assessed)
    client.force_login(chair)

    page = client.get(reverse("proposals:docket-detail", args=[assessed.docket_id]))

    assert page.context["newer_version"] is None
    assert "Weights changed after first score" not in page.text


def test_reassess_docket_page_lists_counterparts_and_leads_to_both_orders(client, assessed, chair):
    make_newer_version(rewritten)
    client.force_login(chair)

    page = client.get(docket_form(assessed.docket))
    answer = client.post(docket_form(assessed.docket), {"reason": "The committee asked."}, follow=True)

    ((proposal, carried),) = page.context["proposals"]
    assert (proposal, [line.title for line in carried.left_out]) == (assessed, ["Window of opportunity"])
    assert answer.redirect_chain == [(orders_of(assessed.docket), 302)]
    assert "1 proposal re-assessed under version 2." in answer.text
    assert [row.proposal for row in answer.context["orders"].rows] == [assessed]


def test_reassess_docket_page_names_sides(client, assessed, chair):
    make_newer_version(lambda document: items_of(document)["stakes"].update(per_side=True))
    client.force_login(chair)

    ((_, carried),) = client.get(docket_form(assessed.docket)).context["proposals"]

    assert carried.unanswered == ["Stakes, Side A", "Stakes, Side B"]


def test_reassess_docket_page_with_nothing_to_re_assess_teaches(client, proposal, chair):
    make_newer_version()
    client.force_login(chair)

    page = client.post(docket_form(proposal.docket), {"reason": "The committee asked."})

    assert page.status_code == 200
    assert "Nothing to re-assess yet" in page.text
    assert "has an assessment to make again" in page.text


@pytest.mark.parametrize("url", [docket_form, orders_of])
def test_pages_of_a_calibration_docket_are_refused(client, assessed, chair, url):
    make_newer_version()
    close_as_calibration(assessed)
    client.force_login(chair)

    assert client.get(url(assessed.docket)).status_code == 403


def test_orders_page_without_any_re_assessment_teaches_and_names_the_others(client, assessed, chair):
    make_newer_version()
    client.force_login(chair)

    page = client.get(orders_of(assessed.docket))

    assert "No proposal is re-assessed under version 2" in page.text
    assert page.context["orders"].others == [assessed]


def test_orders_page_of_the_barred_shows_the_others_alone(client, assessed, officer, chair):
    other = ProposalFactory(docket=assessed.docket)
    assign(other, officer)
    make_scorecard(other, officer)
    assess_proposal(proposal=other, by=officer, at=NOW)
    version = make_newer_version()
    for one in (assessed, other):
        remake(one, version, chair)
    barred = make_user(Role.CHAIR)
    bar(assessed, barred)
    client.force_login(barred)

    page = client.get(orders_of(assessed.docket))

    (row,) = page.context["orders"].rows
    assert (row.proposal, row.before.rank, row.after.rank) == (other, "1", "1")
    assert assessed.title not in page.text


def queries_of(client, url):
    client.get(url)  # reads the rubric versions, which stay in memory
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_pages_of_a_docket_ask_as_often_for_three_proposals_as_for_one(client, assessed, officer, chair):
    version = make_newer_version()
    remake(assessed, version, chair)
    client.force_login(chair)
    urls = (docket_form(assessed.docket), orders_of(assessed.docket))
    before = [queries_of(client, url) for url in urls]
    for _ in range(2):
        other = ProposalFactory(docket=assessed.docket)
        assign(other, officer)
        make_scorecard(other, officer)
        assess_proposal(proposal=other, by=officer, at=NOW)
        remake(other, version, chair)

    assert [queries_of(client, url) for url in urls] == before
