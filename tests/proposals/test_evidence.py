import pytest
from django.urls import reverse
from pytest_django.asserts import assertRedirects

from proposals.models import Docket, Evidence
from proposals.services.evidence import (
    EvidenceCitedError,
    EvidenceFacts,
    EvidenceRefusedError,
    add_evidence,
    edit_evidence,
)
from proposals.services.locking import DocketClosedError, ProposalNotVisibleError
from t2eval.accounts.roles import Role
from t2eval.audit.models import Event
from tests.factories import NOW, ProposalFactory, assign, bar, make_evidence, make_scorecard, make_user, submit

pytestmark = pytest.mark.django_db
FACTS = EvidenceFacts(kind="document", claim="The agenda names both offices.", grade=2)
TYPED = {"kind": "document", "claim": "The agenda names both offices.", "grade": "2"}


@pytest.fixture
def scorer(proposal):
    """Assigned, and not the sponsor."""
    officer = make_user(Role.OFFICER)
    assign(proposal, officer)
    return officer


@pytest.fixture
def signed_in(client, scorer):
    client.force_login(scorer)
    return client


@pytest.fixture
def create_url(proposal):
    return reverse("proposals:evidence-create", args=[proposal.pk])


def cite(evidence, officer, *, submitted=True):
    scorecard = make_scorecard(evidence.proposal, officer, submitted=False)
    scorecard.scores.all()[0].citations.add(evidence)
    if submitted:
        submit(scorecard)


def facts_of(evidence, **changes):
    names = ("kind", "claim", "grade", "source", "page", "address", "side", "note")
    return EvidenceFacts(**({name: getattr(evidence, name) for name in names} | changes))


def test_add_evidence_numbers_within_its_proposal(proposal, scorer):
    make_evidence(ProposalFactory())

    numbers = [add_evidence(proposal=proposal, facts=FACTS, by=scorer, at=NOW).number for _ in range(2)]

    assert numbers == [1, 2]


def test_add_evidence_keeps_who_and_when_and_records_it(proposal, scorer):
    evidence = add_evidence(proposal=proposal, facts=FACTS, by=scorer, at=NOW)

    assert (evidence.added_by, evidence.added_at) == (scorer, NOW)
    assert Event.objects.get(event="evidence.added").details == {"number": 1, "grade": 2}


def test_add_evidence_not_assigned_is_refused(proposal):
    with pytest.raises(ProposalNotVisibleError):
        add_evidence(proposal=proposal, facts=FACTS, by=make_user(Role.OFFICER), at=NOW)


def test_add_evidence_barred_is_refused(proposal, scorer):
    bar(proposal, scorer)

    with pytest.raises(ProposalNotVisibleError):
        add_evidence(proposal=proposal, facts=FACTS, by=scorer, at=NOW)


def test_add_evidence_closed_docket_is_refused(proposal, scorer):
    Docket.objects.update(state="closed", closed_at=NOW)

    with pytest.raises(DocketClosedError):
        add_evidence(proposal=proposal, facts=FACTS, by=scorer, at=NOW)


def test_add_evidence_side_of_another_proposal_is_refused(proposal, scorer):
    side = ProposalFactory().sides.first()

    with pytest.raises(EvidenceRefusedError):
        add_evidence(proposal=proposal, facts=facts_of(Evidence(claim="x", side=side)), by=scorer, at=NOW)


def test_edit_evidence_uncited_changes_and_records_the_grades(proposal, scorer):
    evidence = make_evidence(proposal, grade=3, added_by=scorer)

    edited = edit_evidence(evidence=evidence, facts=facts_of(evidence, grade=1), by=scorer, at=NOW)

    assert edited.grade == 1
    event = Event.objects.get(event="evidence.edited")
    assert event.details == {"number": 1, "changed": ["grade"], "grade_before": 3, "grade": 1}


def test_edit_evidence_same_content_records_nothing(proposal, scorer):
    evidence = make_evidence(proposal, added_by=scorer)

    edit_evidence(evidence=evidence, facts=facts_of(evidence), by=scorer, at=NOW)

    assert Event.objects.filter(event="evidence.edited").count() == 0


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"grade": 1}, "grade"),
        ({"grade": 4}, "grade"),
        ({"claim": "Other."}, "what it shows"),
        ({"source": "X"}, "source"),
    ],
)
def test_edit_evidence_under_a_submitted_score_is_refused(proposal, scorer, change, names):
    evidence = make_evidence(proposal, grade=3, added_by=scorer)
    cite(evidence, scorer)

    with pytest.raises(EvidenceCitedError) as refusal:
        edit_evidence(evidence=evidence, facts=facts_of(evidence, **change), by=scorer, at=NOW)

    assert str(refusal.value) == (
        f"A submitted scorecard rests on evidence 1, so its {names} cannot change."
        " Enter a new piece of evidence instead; page, address and note may still be mended here."
    )
    assert Evidence.objects.get(pk=evidence.pk).grade == 3


@pytest.mark.parametrize("cells", ["mitigation_scores", "risk_scores"])
def test_edit_evidence_under_a_submitted_mitigation_or_risk_is_refused(proposal, scorer, cells):
    evidence = make_evidence(proposal, grade=3, added_by=scorer)
    scorecard = make_scorecard(proposal, scorer, submitted=False)
    getattr(scorecard, cells).all()[0].citations.add(evidence)
    submit(scorecard)

    with pytest.raises(EvidenceCitedError):
        edit_evidence(evidence=evidence, facts=facts_of(evidence, grade=2), by=scorer, at=NOW)


def test_edit_evidence_under_a_submitted_score_page_may_be_mended(proposal, scorer):
    evidence = make_evidence(proposal, added_by=scorer)
    cite(evidence, scorer)

    edited = edit_evidence(evidence=evidence, facts=facts_of(evidence, page="p. 4"), by=scorer, at=NOW)

    assert edited.page == "p. 4"


def test_edit_evidence_under_a_draft_is_allowed(proposal, scorer):
    evidence = make_evidence(proposal, grade=3, added_by=scorer)
    cite(evidence, scorer, submitted=False)

    assert edit_evidence(evidence=evidence, facts=facts_of(evidence, grade=2), by=scorer, at=NOW).grade == 2


def test_edit_evidence_of_another_officer_is_refused(proposal, scorer, officer):
    evidence = make_evidence(proposal, added_by=officer)

    with pytest.raises(EvidenceRefusedError):
        edit_evidence(evidence=evidence, facts=facts_of(evidence, grade=1), by=scorer, at=NOW)


def test_edit_evidence_by_the_sponsor_is_allowed(proposal, scorer, officer):
    evidence = make_evidence(proposal, added_by=scorer)

    assert edit_evidence(evidence=evidence, facts=facts_of(evidence, grade=1), by=officer, at=NOW).grade == 1


def test_edit_evidence_barred_is_refused(proposal, scorer):
    evidence = make_evidence(proposal, added_by=scorer)
    bar(proposal, scorer)

    with pytest.raises(ProposalNotVisibleError):
        edit_evidence(evidence=evidence, facts=facts_of(evidence, grade=1), by=scorer, at=NOW)


def test_evidence_page_enters_and_returns_to_where_one_came_from(signed_in, proposal, create_url):
    back = reverse("proposals:scorecard-edit", args=[proposal.pk]) + "#cell-stakes"

    response = signed_in.post(create_url, TYPED | {"next": back})

    assertRedirects(response, back, fetch_redirect_response=False)
    assert Evidence.objects.get().claim == "The agenda names both offices."


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_evidence_page_foreign_return_address_is_ignored(signed_in, proposal, create_url, back):
    response = signed_in.post(create_url, TYPED | {"next": back})

    home = reverse("proposals:proposal-detail", args=[proposal.pk])
    assertRedirects(response, home, fetch_redirect_response=False)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"claim": ""}, "claim"),
        ({"grade": ""}, "grade"),
        ({"grade": "5"}, "grade"),
        ({"kind": "rumour"}, "kind"),
        ({"kind": "public-source"}, "source"),
        ({"address": "javascript:alert(1)"}, "address"),
    ],
)
def test_evidence_page_faults_stand_at_their_field(signed_in, create_url, change, field):
    response = signed_in.post(create_url, TYPED | change)

    assert list(response.context["form"].errors) == [field]
    assert Evidence.objects.count() == 0


def test_evidence_page_side_of_another_proposal_is_no_choice(signed_in, create_url):
    side = ProposalFactory().sides.first()

    response = signed_in.post(create_url, TYPED | {"side": str(side.pk)})

    assert list(response.context["form"].errors) == ["side"]


def test_evidence_page_get_creates_no_row(signed_in, create_url):
    assert signed_in.get(create_url).status_code == 200
    assert Evidence.objects.count() == 0


def test_evidence_page_held_grade_is_refused_and_typed_values_stay(signed_in, proposal, scorer):
    evidence = make_evidence(proposal, grade=3, added_by=scorer)
    cite(evidence, scorer)
    url = reverse("proposals:evidence-edit", args=[evidence.pk])

    response = signed_in.post(url, TYPED | {"claim": evidence.claim, "grade": "1", "note": "Single-sided."})

    assert (
        response.content.decode().count("A submitted scorecard rests on evidence 1, so its grade cannot change.") == 1
    )
    assert response.context["form"]["note"].value() == "Single-sided."
    assert Evidence.objects.get().grade == 3


def test_evidence_page_edit_saves(signed_in, proposal, scorer):
    evidence = make_evidence(proposal, added_by=scorer)

    signed_in.post(reverse("proposals:evidence-edit", args=[evidence.pk]), TYPED | {"page": "p. 9"})

    assert Evidence.objects.get().page == "p. 9"


@pytest.mark.parametrize(
    ("roles", "barred", "status"),
    [
        ([Role.OFFICER], False, 404),
        ([Role.CHAIR], False, 200),
        ([Role.CHAIR], True, 404),
        ([Role.COMMITTEE], False, 404),
        ([Role.ADMIN], False, 404),
        ([Role.AUDITOR], False, 404),
    ],
)
def test_evidence_pages_by_role(client, proposal, create_url, roles, barred, status):
    edit_url = reverse("proposals:evidence-edit", args=[make_evidence(proposal).pk])
    user = make_user(*roles)
    if barred:
        bar(proposal, user)
    client.force_login(user)

    assert (client.get(create_url).status_code, client.get(edit_url).status_code) == (status, status)


def test_evidence_page_of_another_officers_item_is_refused(signed_in, proposal, officer):
    url = reverse("proposals:evidence-edit", args=[make_evidence(proposal, added_by=officer).pk])

    assert signed_in.get(url).status_code == 403


def test_evidence_pages_closed_docket_is_refused(signed_in, create_url):
    Docket.objects.update(state="closed", closed_at=NOW)

    assert signed_in.get(create_url).status_code == 403
