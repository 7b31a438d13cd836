import datetime as dt

import pytest

from proposals.models import Assignment
from proposals.services.assignments import (
    AlreadyScoringError,
    NotAnOfficerError,
    OfficerConflictedError,
    assign_officer,
    withdraw_assignment,
)
from proposals.services.locking import DocketClosedError
from proposals.services.refusals import NotAllowedError
from t2eval.accounts.roles import Role
from t2eval.audit.models import Event
from tests.factories import NOW, bar, make_scorecard, make_user

pytestmark = pytest.mark.django_db

DUE = dt.date(2026, 4, 1)


def make_assignment(proposal, officer, by, *, sponsor=False):
    return assign_officer(proposal=proposal, officer=officer, due_date=DUE, is_sponsor=sponsor, by=by, at=NOW)


def test_assignment_of_an_officer_is_stored_and_recorded(proposal, chair):
    officer = make_user(Role.OFFICER)

    assignment = make_assignment(proposal, officer, chair)

    assert (assignment.due_date, assignment.is_sponsor, assignment.assigned_by) == (DUE, False, chair)
    event = Event.objects.get(event="assignment.made")
    assert (event.proposal_id, event.details) == (proposal.pk, {"sponsor": False, "due_date": "2026-04-01"})


def test_assignment_of_a_new_sponsor_takes_over(proposal, chair, officer, other_officer):
    make_assignment(proposal, other_officer, chair, sponsor=True)

    sponsors = Assignment.objects.filter(proposal=proposal, is_sponsor=True)
    assert [assignment.officer for assignment in sponsors] == [other_officer]
    assert Assignment.objects.filter(proposal=proposal).count() == 2


def test_assignment_of_an_officer_with_a_conflict_is_refused(proposal, chair):
    officer = make_user(Role.OFFICER)
    bar(proposal, officer)

    with pytest.raises(OfficerConflictedError):
        make_assignment(proposal, officer, chair)


def test_assignment_of_somebody_else_is_refused(proposal, chair):
    with pytest.raises(NotAnOfficerError):
        make_assignment(proposal, make_user(Role.COMMITTEE), chair)


def test_assignment_by_an_officer_is_refused(proposal, officer):
    with pytest.raises(NotAllowedError):
        make_assignment(proposal, make_user(Role.OFFICER), officer)


def test_assignment_in_a_closed_docket_is_refused(proposal, chair):
    docket = proposal.docket
    docket.state, docket.closed_at = "closed", NOW
    docket.save()

    with pytest.raises(DocketClosedError):
        make_assignment(proposal, make_user(Role.OFFICER), chair)


def test_withdrawal_of_an_assignment_removes_it(proposal, chair, other_officer):
    withdraw_assignment(assignment=proposal.assignments.get(officer=other_officer), by=chair, at=NOW)

    assert not proposal.assignments.filter(officer=other_officer).exists()
    assert Event.objects.filter(event="assignment.withdrawn", target_id=str(other_officer.pk)).count() == 1


def test_withdrawal_of_an_officer_who_scores_is_refused(proposal, chair, other_officer):
    make_scorecard(proposal, other_officer, submitted=False)

    with pytest.raises(AlreadyScoringError):
        withdraw_assignment(assignment=proposal.assignments.get(officer=other_officer), by=chair, at=NOW)
