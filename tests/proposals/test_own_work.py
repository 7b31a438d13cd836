import datetime as dt
import hashlib
import re

import pytest
from django.urls import reverse

from proposals.models import Discussion, Docket, PathwayCard, RiskScore, Score
from proposals.services.own_work import WorkState, own_recusals, own_work
from t2eval.accounts.roles import Role
from tests.factories import NOW, DocketFactory, ProposalFactory, assign, bar, make_scorecard, make_user

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 2)
HOME = reverse("proposals:assignment-list")
CELLS = 27


def assigned(officer, *, due=None, **facts):
    proposal = ProposalFactory(**facts)
    assign(proposal, officer, due_date=due)
    return proposal


def test_own_work_earliest_due_comes_first_and_is_next(officer):
    late = assigned(officer, due=dt.date(2026, 5, 1))
    soon = assigned(officer, due=dt.date(2026, 4, 1))
    undated = assigned(officer)

    work = own_work(officer, today=TODAY)

    assert [(one.proposal, one.is_next) for one in work] == [(soon, True), (late, False), (undated, False)]


def test_own_work_due_on_one_day_comes_in_an_order_of_the_officers_own(officer, other_officer):
    proposals = [assigned(officer) for _ in range(6)]
    for proposal in proposals:
        assign(proposal, other_officer)

    orders = [[one.proposal for one in own_work(user, today=TODAY)] for user in (officer, other_officer)]

    assert orders == [
        sorted(proposals, key=lambda proposal: hashlib.sha256(f"{user.pk}{proposal.pk}".encode()).hexdigest())
        for user in (officer, other_officer)
    ]


def rounds(proposal, officer, *, discussed=None, closed=False):
    """The own scorecard of round 1 is in, the discussion is opened, and round 2 stands as `discussed` says."""
    make_scorecard(proposal, officer)
    Discussion.objects.create(
        proposal=proposal,
        rubric_version=proposal.docket.rubric_version,
        cells=[{"cell": "stakes", "reasons": ["gap"]}],
        opened_by=officer,
        opened_at=NOW,
        closed_by=officer if closed else None,
        closed_at=NOW if closed else None,
    )
    if discussed is not None:
        make_scorecard(proposal, officer, round=2, submitted=discussed)


@pytest.mark.parametrize(
    ("facts", "state", "round"),
    [
        ({}, WorkState.TO_DISCUSS, 1),
        ({"discussed": False}, WorkState.TO_DISCUSS, 2),
        ({"discussed": True}, WorkState.SUBMITTED, 2),
        ({"discussed": False, "closed": True}, WorkState.SUBMITTED, 1),
        ({"closed": True}, WorkState.SUBMITTED, 1),
    ],
)
def test_own_work_discussion_is_to_do_until_round_2_is_in(officer, facts, state, round):
    proposal = assigned(officer)
    rounds(proposal, officer, **facts)

    (one,) = own_work(officer, today=TODAY)

    assert (one.state, one.scorecard.round) == (state, round)


def test_own_work_discussion_in_a_closed_docket_is_over(officer):
    rounds(assigned(officer), officer)
    Docket.objects.update(state="closed", closed_at=NOW)

    (one,) = own_work(officer, today=TODAY)

    assert one.state == WorkState.SUBMITTED


def test_own_work_discussion_comes_before_scoring_and_is_next_only_when_nothing_is_to_score(officer):
    discussed, to_score = assigned(officer), assigned(officer, due=TODAY)
    rounds(discussed, officer)

    both = [(one.proposal, one.is_next) for one in own_work(officer, today=TODAY)]
    make_scorecard(to_score, officer)

    assert both == [(discussed, False), (to_score, True)]
    assert [one.is_next for one in own_work(officer, today=TODAY)] == [True, False]


def test_own_work_and_its_page_are_the_same_whatever_others_did(client, officer, other_officer, chair):
    proposals = [assigned(officer) for _ in range(3)]
    client.force_login(officer)
    before = own_work(officer, today=TODAY), shown(client)

    for proposal in proposals:
        assign(proposal, other_officer)
        rounds(proposal, other_officer, discussed=True)
    bar(proposals[0], chair)

    assert (own_work(officer, today=TODAY), shown(client)) == before


def shown(client):
    """The page as sent, but for the token that is drawn anew each time."""
    return re.sub(r"[a-zA-Z0-9]{64}", "", client.get(HOME).content.decode())


def test_own_work_practice_on_a_case_is_not_the_scorecard(officer):
    proposal = assigned(officer, docket=DocketFactory(kind="calibration"))
    make_scorecard(proposal, officer, round=0, submitted=False)

    (one,) = own_work(officer, today=TODAY)

    assert (one.state, one.scorecard) == (WorkState.NOT_STARTED, None)


def test_own_work_open_cells_are_not_answered(officer):
    make_scorecard(assigned(officer), officer, submitted=False)
    Score.objects.filter(criterion__key="stakes").update(answer="open", value=None, grade=None)
    RiskScore.objects.filter(risk__key="hampering-track-1").update(likelihood=None, open_level="likelihood")

    (one,) = own_work(officer, today=TODAY)

    assert (one.answered, one.total) == (CELLS - 2, CELLS)


def test_own_work_says_where_the_statement_is_due(officer):
    proposal, case = ProposalFactory(), ProposalFactory(docket__kind="calibration")
    assign(proposal, officer, stated=False)
    assign(case, officer, stated=False)

    work = own_work(officer, today=TODAY)

    assert {one.proposal: one.owes_statement for one in work} == {proposal: True, case: False}


def test_own_recusals_are_ones_own_conflicts_the_latest_first(officer, other_officer):
    first, second, stated = (assigned(officer) for _ in range(3))
    bar(first, officer)
    bar(second, officer, declared_at=NOW + dt.timedelta(days=1), kind="family")
    bar(stated, other_officer)

    assert [(row.proposal_id, row.kind) for row in own_recusals(officer)] == [
        (second.pk, "family"),
        (first.pk, "money"),
    ]


def test_own_work_due_date_falls_back_to_the_dockets(officer):
    assigned(officer, docket=DocketFactory(due_date=dt.date(2026, 3, 1)))

    (one,) = own_work(officer, today=TODAY)

    assert (one.due_date, one.is_overdue) == (dt.date(2026, 3, 1), True)


def test_own_work_counts_answered_cells_of_the_draft(officer):
    proposal = assigned(officer)
    make_scorecard(proposal, officer, submitted=False)
    Score.objects.filter(criterion__key="stakes").delete()

    (one,) = own_work(officer, today=TODAY)

    assert (one.answered, one.total) == (CELLS - 1, CELLS)


def test_own_work_answers_to_theories_no_longer_claimed_do_not_count(officer):
    proposal = assigned(officer)
    make_scorecard(proposal, officer, submitted=False)
    PathwayCard.objects.all().delete()

    (one,) = own_work(officer, today=TODAY)

    assert (one.answered, one.total) == (CELLS - 1, CELLS - 1)


def test_own_work_submitted_is_done_and_never_next(officer):
    proposal = assigned(officer, due=dt.date(2026, 3, 1))
    make_scorecard(proposal, officer)

    (one,) = own_work(officer, today=TODAY)

    assert (one.is_submitted, one.is_to_do, one.is_next, one.is_overdue) == (True, False, False, False)


def test_own_work_closed_docket_is_not_to_do(officer):
    assigned(officer)
    Docket.objects.update(state="closed", closed_at=NOW)

    (one,) = own_work(officer, today=TODAY)

    assert (one.is_submitted, one.is_to_do) == (False, False)


def test_own_work_leaves_out_what_a_conflict_bars_and_what_is_others(officer, other_officer):
    bar(assigned(officer), officer)
    assigned(other_officer)

    assert own_work(officer, today=TODAY) == []


@pytest.mark.parametrize("many", [1, 3])
def test_assignment_list_queries_do_not_grow(client, officer, many, django_assert_num_queries):
    for _ in range(many):
        bar(assigned(officer), officer)
        rounds(assigned(officer), officer, discussed=False)
        make_scorecard(assigned(officer, docket=DocketFactory()), officer, submitted=False)
    client.force_login(officer)
    client.get(HOME)  # reads the rubric version, which stays in memory

    with django_assert_num_queries(16):
        client.get(HOME)


def test_assignment_list_links_to_what_may_be_done(client, officer):
    to_do, done = assigned(officer), assigned(officer)
    scorecard = make_scorecard(done, officer)
    client.force_login(officer)

    html = client.get(HOME).content.decode()

    links = {
        reverse("proposals:scorecard-edit", args=[to_do.pk]): 1,
        reverse("proposals:scorecard-edit", args=[done.pk]): 0,
        reverse("proposals:assessment-detail", args=[to_do.pk]): 0,
        reverse("proposals:assessment-detail", args=[done.pk]): 1,
        reverse("proposals:scorecard-detail", args=[scorecard.pk]): 1,
    }
    assert {link: html.count(f'href="{link}"') for link in links} == links


def test_assignment_list_recused_shows_code_docket_day_and_kind_and_nothing_else(client, officer):
    proposal = assigned(officer, title="Secret Harbour", organizer__name="Harbour Masters", docket__title="Spring")
    bar(proposal, officer)
    client.force_login(officer)

    html = client.get(HOME).content.decode()

    cells = [proposal.code, "Spring", "2 Mar 2026", "Money"]
    assert [html.count(f">{cell}<") for cell in cells] == [1, 1, 1, 1]
    assert [word for word in ("Secret Harbour", "Harbour Masters", str(proposal.pk)) if word in html] == []


def test_assignment_list_groups_stand_in_their_order(client, officer):
    rounds(assigned(officer), officer)
    assigned(officer)
    make_scorecard(assigned(officer), officer)
    bar(assigned(officer), officer)
    client.force_login(officer)

    html = client.get(HOME).content.decode()

    assert re.findall(r"<h2 id=[^>]+>(.*?)</h2>", html) == ["To discuss", "To score", "Submitted", "Recused"]


@pytest.mark.parametrize(
    ("role", "places"),
    [
        (Role.OFFICER, {"dockets", "memos", "rubric"}),
        (Role.CHAIR, {"dockets", "memos", "rubric"}),
        (Role.COMMITTEE, {"memos"}),
        (Role.ADMIN, {"rubric", "admin"}),
        (Role.AUDITOR, {"audit"}),
    ],
)
def test_assignment_list_without_assignments_says_where_the_work_is(client, role, places):
    client.force_login(make_user(role))

    response = client.get(HOME)

    assert response.context["places"] == places
    assert response.content.decode().count("Nothing is assigned to you to score") == (role == Role.OFFICER)


def test_assignment_list_title_is_escaped(client, officer):
    assigned(officer, title="<script>alert(1)</script>")
    client.force_login(officer)

    assert client.get(HOME).content.decode().count("<script>alert(1)") == 0


def test_assignment_list_anonymous_is_sent_to_sign_in(client):
    assert client.get(HOME).headers["Location"] == f"{reverse('accounts:sign-in')}?next=/"


def test_assignment_list_closed_without_a_scorecard_says_so(client, officer):
    assigned(officer)
    Docket.objects.update(state="closed", closed_at=NOW)
    client.force_login(officer)

    html = client.get(HOME).content.decode()

    assert [html.count(words) for words in (">Submitted, or in closed dockets<", "Not submitted", "Docket closed")] == [
        1,
        1,
        1,
    ]
