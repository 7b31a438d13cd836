"""Who scores which proposal, by when, and which officer is its sponsor."""

import datetime as dt

from django.db import transaction

from proposals.models import Assignment, ConflictDeclaration, Proposal, Scorecard
from proposals.permissions import can_assign
from proposals.services.locking import locked_proposal
from proposals.services.refusals import NotAllowedError
from t2eval.accounts.models import User
from t2eval.accounts.roles import Role
from t2eval.audit.services import record


class OfficerConflictedError(Exception):
    def __init__(self, officer: User) -> None:
        super().__init__(f"{officer.name} has declared a conflict of interest on this proposal.")


class NotAnOfficerError(Exception):
    def __init__(self, user: User) -> None:
        super().__init__(f"{user.name} is not a program officer.")


class AlreadyScoringError(Exception):
    def __init__(self, officer: User) -> None:
        super().__init__(f"{officer.name} has begun a scorecard: the assignment stays.")


@transaction.atomic
def assign_officer(
    *, proposal: Proposal, officer: User, due_date: dt.date | None, is_sponsor: bool, by: User, at: dt.datetime
) -> Assignment:
    """Assign, or change the due date or sponsorship of an assignment. A new sponsor takes over from the last one."""
    proposal = _locked_for(proposal, by)
    if not officer.has_role(Role.OFFICER):
        raise NotAnOfficerError(officer)
    if ConflictDeclaration.objects.filter(proposal=proposal, user=officer, has_conflict=True).exists():
        raise OfficerConflictedError(officer)
    if is_sponsor:
        Assignment.objects.filter(proposal=proposal, is_sponsor=True).exclude(officer=officer).update(is_sponsor=False)
    assignment, _ = Assignment.objects.update_or_create(
        proposal=proposal,
        officer=officer,
        defaults={"due_date": due_date, "is_sponsor": is_sponsor},
        create_defaults={"due_date": due_date, "is_sponsor": is_sponsor, "assigned_by": by, "assigned_at": at},
    )
    record(
        "assignment.made",
        by=by,
        at=at,
        target=officer,
        proposal_id=proposal.pk,
        sponsor=is_sponsor,
        due_date=due_date.isoformat() if due_date else None,
    )
    return assignment


@transaction.atomic
def withdraw_assignment(*, assignment: Assignment, by: User, at: dt.datetime) -> None:
    proposal, officer = _locked_for(assignment.proposal, by), assignment.officer
    if Scorecard.objects.filter(proposal=proposal, officer=officer).exists():
        raise AlreadyScoringError(officer)
    record("assignment.withdrawn", by=by, at=at, target=officer, proposal_id=proposal.pk)
    assignment.delete()


def _locked_for(proposal: Proposal, by: User) -> Proposal:
    proposal = locked_proposal(proposal.pk, by=by)
    if not can_assign(by, proposal):
        raise NotAllowedError("Only chairs assign officers.")
    return proposal
