import pytest
from django.urls import reverse

from proposals.models import CalibrationReference, Docket
from proposals.services.assessing import assess_proposal
from proposals.services.memos import issue_memo
from t2eval.accounts.roles import Role
from tests.factories import NOW, DocketFactory, ProposalFactory, assign, make_scorecard, make_user, make_version
from tests.memo_rows import make_memo, make_sponsored

pytestmark = pytest.mark.django_db


def scored(docket, officer):
    proposal = ProposalFactory(docket=docket)
    assign(proposal, officer)
    make_scorecard(proposal, officer)
    assess_proposal(proposal=proposal, by=officer, at=NOW)
    return proposal


def detail(client, docket):
    return client.get(reverse("proposals:docket-detail", args=[docket.pk]))


@pytest.mark.parametrize("rows", [1, 3])
def test_detail_asks_the_database_as_often_for_three_proposals_as_for_one(client, rows, django_assert_num_queries):
    docket, officer = DocketFactory(), make_user(Role.OFFICER)
    for _ in range(rows):
        scored(docket, officer)
    client.force_login(officer)
    detail(client, docket)

    with django_assert_num_queries(9):
        detail(client, docket)


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_the_database_as_often_for_three_dockets_as_for_one(client, rows, django_assert_num_queries):
    for _ in range(rows):
        DocketFactory()
    client.force_login(make_user(Role.CHAIR))

    with django_assert_num_queries(6):
        client.get(reverse("proposals:docket-list"))


def test_detail_shows_the_index_with_its_range_and_band(client):
    docket, officer = DocketFactory(), make_user(Role.OFFICER)
    assessment = scored(docket, officer).assessments.get()
    client.force_login(officer)

    page = detail(client, docket).content.decode()

    index = f"{assessment.result['index']:.1f}"
    assert f"<strong>{index}</strong>" in page
    assert f'<span class="badge badge--{assessment.suggested}">' in page


def test_detail_of_an_officer_hides_what_others_have_done(client):
    docket, officer = DocketFactory(), make_user(Role.OFFICER)
    proposal = scored(docket, make_user(Role.OFFICER))
    assign(proposal, officer)
    client.force_login(officer)

    page = detail(client, docket).content.decode()

    assert ("not in yet" in page, "Scorecards in" in page, "badge--" in page) == (True, False, False)


def test_detail_of_a_committee_member_shows_issued_memos_only(client):
    docket = DocketFactory()
    issued, waiting = make_sponsored(docket=docket)[0], make_sponsored(docket=docket)[0]
    memo = make_memo(issued, job="ready", pdf="memos/one.pdf", pdf_sha256="1" * 64)
    issue_memo(memo=memo, by=make_user(Role.CHAIR), at=NOW)
    make_memo(waiting)
    client.force_login(make_user(Role.COMMITTEE))

    page = detail(client, docket).content.decode()

    assert (reverse("proposals:memo-detail", args=[memo.pk]) in page, waiting.title in page) == (True, False)
    assert reverse("proposals:proposal-detail", args=[issued.pk]) not in page


def test_detail_of_the_calibration_docket_marks_its_figures_as_unconfirmed(client):
    docket = DocketFactory(kind="calibration", state="closed", closed_at=NOW)
    figures = {"best_theory": {"theories": ["issue-salience"], "value": 3}, "transfer_mean": {"low": 2, "high": 3}}
    CalibrationReference.objects.create(
        proposal=ProposalFactory(docket=docket), case=1, figures=figures, teaches="Sequence is not transfer."
    )
    client.force_login(make_user(Role.OFFICER))

    page = detail(client, docket).content.decode()

    shown = ("Reference figures: suggested, unconfirmed", "Issue salience: 3", "2–3", "Sequence is not transfer.")
    assert [text for text in shown if text not in page] == []


def test_create_by_a_chair_opens_the_docket(client):
    version = make_version()
    client.force_login(make_user(Role.CHAIR))
    facts = {"title": "Spring round", "currency": "usd", "budget": "900000", "rubric_version": str(version.pk)}

    response = client.post(reverse("proposals:docket-create"), facts)

    docket = Docket.objects.get()
    assert response.url == reverse("proposals:docket-detail", args=[docket.pk])
    assert (docket.currency, docket.slug, docket.state) == ("USD", "spring-round", "open")


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"currency": "us1"}, "Three letters, such as USD."),
        (
            {"due_date": "2026-05-02", "committee_date": "2026-05-01"},
            "The committee meets after the scorecards",
        ),
        ({"budget": "0"}, "Ensure this value is greater than or equal to 1."),
    ],
)
def test_create_with_facts_that_cannot_be_is_refused(client, typed, message):
    version = make_version()
    client.force_login(make_user(Role.CHAIR))
    facts = {"title": "Spring round", "currency": "USD", "rubric_version": str(version.pk), **typed}

    page = client.post(reverse("proposals:docket-create"), facts).content.decode()

    assert (message in page, Docket.objects.count()) == (True, 0)


def test_close_and_reopen_by_a_chair(client):
    docket = DocketFactory()
    client.force_login(make_user(Role.CHAIR))

    client.post(reverse("proposals:docket-close", args=[docket.pk]))
    closed = Docket.objects.get().state
    client.post(reverse("proposals:docket-reopen", args=[docket.pk]))

    assert (closed, Docket.objects.get().state) == ("closed", "open")


def test_edit_that_would_move_a_pinned_version_says_why_not(client):
    version = make_version()
    docket, officer = DocketFactory(), make_user(Role.OFFICER)
    scored(docket, officer)
    rubric = version.rubric
    type(version).objects.filter(pk=version.pk).update(state="retired", retired_at=version.published_at)
    other = type(version).objects.create(
        rubric=rubric, number=2, title="Next", top_score=4, evidence_caps=[2, 2, 3, 4, 4]
    )
    type(version).objects.filter(pk=other.pk).update(state="published", published_at=NOW)
    client.force_login(make_user(Role.CHAIR))
    facts = {"title": "Other", "currency": "USD", "rubric_version": str(other.pk)}

    page = client.post(reverse("proposals:docket-edit", args=[docket.pk]), facts).content.decode()

    docket.refresh_from_db()
    assert ("it stays pinned" in page, docket.rubric_version) == (True, version)


def test_edit_of_a_closed_docket_says_what_may_change(client):
    docket = DocketFactory(title="Spring round", state="closed", closed_at=NOW)
    client.force_login(make_user(Role.CHAIR))
    facts = {"title": "Autumn round", "currency": "USD", "rubric_version": str(docket.rubric_version_id)}

    response = client.post(reverse("proposals:docket-edit", args=[docket.pk]), facts)

    refusal = "The docket “Spring round” is closed: only its description and its dates may change."
    assert (response.status_code, response.context["form"].non_field_errors()) == (200, [refusal])
