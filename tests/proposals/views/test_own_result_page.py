import pytest
from django.urls import reverse

from proposals.models import Consensus, Score
from proposals.services.assessing import assess_proposal
from proposals.services.gates import override_gate
from tests.factories import NOW, make_check, make_scorecard

pytestmark = pytest.mark.django_db
PARTIAL = {"HX-Request": "true"}


def get(client, user, proposal, **headers):
    client.force_login(user)
    return client.get(reverse("proposals:scorecard-result", args=[proposal.pk]), headers=headers)


def body(client, user, proposal):
    return get(client, user, proposal, **PARTIAL).content


def test_result_before_the_first_saving_teaches_in_one_sentence(client, proposal, officer):
    response = get(client, officer, proposal, **PARTIAL)

    assert (response.status_code, response.context["result"]) == (200, None)
    assert response.content.decode().count("<p") == 1


def test_result_by_htmx_is_the_part_alone(client, proposal, officer):
    make_scorecard(proposal, officer, submitted=False)

    assert body(client, officer, proposal).startswith(b'<section class="own-result"')


def test_result_by_address_is_a_page(client, proposal, officer):
    make_scorecard(proposal, officer, submitted=False)

    response = get(client, officer, proposal)

    assert response.content.startswith(b"<!doctype html>")


@pytest.mark.parametrize("recommendation", ["", "fund"])
def test_result_shows_index_and_band_only_after_the_recommendation(client, proposal, officer, recommendation):
    make_scorecard(proposal, officer, submitted=False, recommendation=recommendation)

    html = body(client, officer, proposal).decode()

    assert ("77.6" in html, "badge--fund" in html) == (bool(recommendation), bool(recommendation))
    assert ("after your recommendation" in html) == (not recommendation)


def test_result_is_the_same_whatever_others_do(client, proposal, officer, other_officer, chair):
    make_scorecard(proposal, officer, submitted=False)
    before = body(client, officer, proposal)

    make_scorecard(proposal, other_officer, value=0)
    make_check(proposal, "provenance", "insufficient")
    Consensus.objects.create(
        proposal=proposal,
        rubric_version=proposal.docket.rubric_version,
        criterion=Score.objects.filter(criterion__key="stakes").first().criterion,
        half_points=0,
        grade=3,
        reason="Agreed.",
        recorded_by=chair,
        recorded_at=NOW,
    )
    assess_proposal(proposal=proposal, by=None, at=NOW)
    override_gate(proposal=proposal, gate="provenance", reason="Counsel saw it.", by=chair, at=NOW)

    assert body(client, officer, proposal) == before


@pytest.mark.parametrize("cells", ["few", "all"])
def test_result_takes_as_many_queries_whatever_is_answered(client, proposal, officer, django_assert_num_queries, cells):
    make_scorecard(proposal, officer, submitted=False)
    if cells == "few":
        Score.objects.exclude(criterion__key="stakes").delete()
    body(client, officer, proposal)

    with django_assert_num_queries(10):
        client.get(reverse("proposals:scorecard-result", args=[proposal.pk]), headers=PARTIAL)
