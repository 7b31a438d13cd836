import datetime as dt

import pytest
from django.urls import reverse

from proposals.models import Docket, PathwayCard, Score
from proposals.services.own_work import own_work
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
        make_scorecard(assigned(officer, docket=DocketFactory()), officer, submitted=False)
    client.force_login(officer)

    with django_assert_num_queries(17):
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


def test_assignment_list_barred_proposal_leaves_no_trace(client, officer):
    bar(assigned(officer, title="Secret Harbour"), officer)
    client.force_login(officer)

    assert client.get(HOME).content.decode().count("Secret Harbour") == 0


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
