import pytest
from django.urls import reverse

from proposals.models import CalibrationReference
from tests.factories import NOW, DocketFactory, ProposalFactory, make_evidence, make_scorecard

pytestmark = pytest.mark.django_db
HOME = reverse("proposals:assignment-list")
PRACTICE = reverse("proposals:scorecard-practice")
TEACHES = "Sequence is not transfer."


@pytest.fixture
def docket(version):
    return DocketFactory(rubric_version=version, kind="calibration", state="closed", closed_at=NOW)


@pytest.fixture
def case(docket):
    return ProposalFactory(docket=docket, number=1)


@pytest.fixture
def reference(case):
    figures = {"stakes": 4, "failed_gates": ["provenance"]}
    return CalibrationReference.objects.create(proposal=case, case=1, figures=figures, teaches=TEACHES, period="1990")


def distance_of(client, card):
    client.force_login(card.officer)
    return client.get(reverse("proposals:scorecard-calibration", args=[card.pk]))


def test_home_offers_practice_to_a_new_officer_as_a_card(client, case, officer):
    client.force_login(officer)

    html = client.get(HOME).content.decode()

    assert ("practice-offer" in html, f"Begin with {case}" in html) == (True, True)


def test_home_offers_practice_quietly_later(client, case, officer, proposal):
    make_scorecard(proposal, officer)
    client.force_login(officer)

    html = client.get(HOME).content.decode()

    assert ("practice-offer" in html, f'href="{PRACTICE}"' in html) == (False, True)


def test_home_of_a_chair_offers_no_practice(client, case, chair):
    client.force_login(chair)

    assert client.get(HOME).context["practice"] is None


@pytest.mark.parametrize(("user", "offers"), [("officer", True), ("chair", False)])
def test_calibration_docket_offers_practice_to_officers(client, docket, case, user, offers, request):
    client.force_login(request.getfixturevalue(user))

    html = client.get(reverse("proposals:docket-detail", args=[docket.pk])).content.decode()

    assert (f'href="{PRACTICE}"' in html) == offers


def test_list_keeps_the_reference_away(client, case, reference, officer):
    client.force_login(officer)

    html = client.get(PRACTICE).content.decode()

    assert (case.title in html, "1990" in html, TEACHES in html) == (True, True, False)


def test_list_leads_from_a_submitted_practice_to_its_distance(client, case, officer):
    card = make_scorecard(case, officer, round=0)
    client.force_login(officer)

    assert reverse("proposals:scorecard-calibration", args=[card.pk]) in client.get(PRACTICE).content.decode()


def test_list_without_a_case_teaches(client, officer):
    client.force_login(officer)

    assert "No case to practise on" in client.get(PRACTICE).content.decode()


def test_practice_page_keeps_the_reference_away(client, case, reference, officer, other_officer):
    make_scorecard(case, other_officer)
    client.force_login(officer)

    response = client.get(reverse("proposals:scorecard-edit", args=[case.pk]))

    html = response.content.decode()
    assert (response.status_code, TEACHES in html, "Provenance not cleared" in html) == (200, False, False)


def test_distance_before_submitting_is_refused_with_a_reason(client, case, officer):
    response = distance_of(client, make_scorecard(case, officer, submitted=False, round=0))

    assert response.status_code == 403
    assert "The reference opens once your practice scorecard is submitted." in response.content.decode()


def test_distance_of_a_real_scorecard_does_not_exist(client, case, officer):
    assert distance_of(client, make_scorecard(case, officer)).status_code == 404


def test_distance_shows_figures_gates_what_the_case_teaches_and_its_sources(client, case, reference, officer):
    make_evidence(case, source="Foreign Affairs")

    html = distance_of(client, make_scorecard(case, officer, round=0)).content.decode()

    shown = ("suggested, unconfirmed", "1 point lower", "By a check", TEACHES, "Foreign Affairs")
    assert [text for text in shown if text not in html] == []


def test_distance_without_a_reference_says_so(client, case, officer):
    html = distance_of(client, make_scorecard(case, officer, round=0)).content.decode()

    assert "No reference is recorded for this case" in html


def test_distance_offers_the_next_case(client, docket, case, reference, officer):
    other = ProposalFactory(docket=docket, number=2)

    html = distance_of(client, make_scorecard(case, officer, round=0)).content.decode()

    assert f"Practise with {other}" in html


def test_record_of_a_case_calls_its_scorecard_practice(client, case, officer):
    make_scorecard(case, officer, submitted=False, round=0)
    client.force_login(officer)

    html = client.get(reverse("proposals:proposal-detail", args=[case.pk])).content.decode()

    assert "draft</a>, practice, written for revision 1" in html
