"""What a what-if may tell an administrator: every docket's assessments, but for what is shut to them as a person."""

import pytest

from proposals.models import Assessment, Docket
from proposals.services.assessing import assess_proposal
from t2eval.accounts.roles import Role
from tests.factories import (
    NOW,
    ProposalFactory,
    assign,
    bar,
    make_discussion,
    make_scorecard,
    make_user,
    state_no_conflict,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessed(proposal, officer):
    make_scorecard(proposal, officer)
    return assess_proposal(proposal=proposal, by=officer, at=NOW)


def compared(user):
    return list(Assessment.objects.compared_for(user).current())


@pytest.mark.parametrize("role", Role)
def test_compared_is_for_administrators_alone(assessed, role):
    assert compared(make_user(role, is_superuser=True)) == ([assessed] if role == Role.ADMIN else [])


def test_compared_is_nothing_to_an_inactive_administrator(assessed):
    assert compared(make_user(Role.ADMIN, is_active=False)) == []


@pytest.mark.parametrize("facts", [{}, {"kind": "calibration"}, {"state": "closed", "closed_at": NOW}])
def test_compared_covers_dockets_of_every_kind_and_state(assessed, facts):
    Docket.objects.filter(pk=assessed.proposal.docket_id).update(**facts)

    assert compared(make_user(Role.ADMIN)) == [assessed]


@pytest.mark.parametrize("roles", [[], [Role.CHAIR], [Role.OFFICER, Role.CHAIR]])
def test_compared_of_a_barred_administrator_leaves_the_proposal_out_whatever_other_roles(assessed, officer, roles):
    admin = make_user(Role.ADMIN, *roles)
    other = ProposalFactory(docket=assessed.proposal.docket)
    assign(other, officer)
    make_scorecard(other, officer)
    second = assess_proposal(proposal=other, by=officer, at=NOW)

    bar(assessed.proposal, admin)

    assert compared(admin) == [second]


def test_compared_of_an_administrator_who_owes_a_scorecard_opens_once_it_is_in(assessed):
    admin = make_user(Role.ADMIN, Role.OFFICER)
    assign(assessed.proposal, admin)
    before = compared(admin)

    make_scorecard(assessed.proposal, admin)

    assert (before, compared(admin)) == ([], [assessed])


def test_compared_of_an_administrator_who_owes_round_two_leaves_it_out(proposal, officer):
    admin = make_user(Role.ADMIN, Role.OFFICER)
    assign(proposal, admin)
    make_scorecard(proposal, admin)
    assessment = assess_proposal(proposal=proposal, by=officer, at=NOW)
    before = compared(admin)

    make_discussion(proposal)

    assert (before, compared(admin)) == ([assessment], [])


def test_compared_of_an_administrator_who_owes_a_statement_leaves_it_out(assessed):
    admin = make_user(Role.ADMIN, Role.OFFICER)
    assign(assessed.proposal, admin, stated=False)
    make_scorecard(assessed.proposal, admin)
    before = compared(admin)

    state_no_conflict(assessed.proposal, admin)

    assert (before, compared(admin)) == ([], [assessed])
