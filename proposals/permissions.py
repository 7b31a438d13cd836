"""Who may do what. Not visible raises Http404; visible but not allowed raises PermissionDenied."""

import uuid

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from proposals.models import (
    Assignment,
    Docket,
    Evidence,
    Memo,
    Organizer,
    Participant,
    Proposal,
    Scorecard,
)
from proposals.models.blinding import blind_proposal_ids
from t2eval.accounts.models import User
from t2eval.accounts.roles import Role


class NotVisibleError(Http404):
    """What one may not see does not exist: pages answer 404."""


def require(allowed: bool, reason: str) -> None:  # noqa: FBT001 - reads as a sentence at the call
    """Refuse with the reason that the 403 page prints."""
    if not allowed:
        raise PermissionDenied(reason)


def access_docket(user: User, pk: uuid.UUID) -> Docket:
    return get_object_or_404(Docket.objects.visible_to(user).select_related("rubric_version"), pk=pk)


def access_docket_to_enter(user: User, pk: uuid.UUID) -> Docket:
    """Any officer or chair may enter a proposal into an open docket, seen or not: it becomes theirs by doing so."""
    docket = Docket.objects.open_to_entry(user).select_related("rubric_version").filter(pk=pk).first()
    if docket is None:
        access_docket(user, pk)
        raise PermissionDenied("Officers and chairs enter proposals, into dockets that are open.")
    return docket


def access_organizer(user: User, pk: uuid.UUID) -> Organizer:
    return get_object_or_404(Organizer.objects.visible_to(user), pk=pk)


def access_proposal(user: User, pk: uuid.UUID) -> Proposal:
    """With the user's own assignment, which most of the questions below are about."""
    proposals = Proposal.objects.visible_to(user).select_related("docket__rubric_version", "organizer", "issue_area")
    own = Prefetch("assignments", Assignment.objects.filter(officer=user), to_attr="own_assignments")
    return get_object_or_404(proposals.prefetch_related(own), pk=pk)


def access_scorecard(user: User, pk: uuid.UUID) -> Scorecard:
    scorecards = Scorecard.objects.visible_to(user).select_related(
        "proposal__docket", "proposal__organizer", "rubric_version", "officer"
    )
    return get_object_or_404(scorecards, pk=pk)


def access_evidence(user: User, pk: uuid.UUID) -> Evidence:
    items = Evidence.objects.visible_to(user).select_related("proposal__docket", "side")
    evidence: Evidence = get_object_or_404(items, pk=pk)
    return evidence


def access_memo(user: User, pk: uuid.UUID) -> Memo:
    memos = Memo.objects.visible_to(user).select_related(
        "proposal__docket", "proposal__organizer", "assessment", "job", "requested_by", "issued_by"
    )
    return get_object_or_404(memos, pk=pk)


def own_assignment(user: User, proposal: Proposal) -> Assignment | None:
    """As loaded with the proposal by `access_proposal`, for the same user; else from the database."""
    loaded: list[Assignment] | None = getattr(proposal, "own_assignments", None)
    if loaded is None:
        return Assignment.objects.filter(proposal=proposal, officer=user).first()
    return next((assignment for assignment in loaded if assignment.officer_id == user.pk), None)


def is_sponsor(user: User, proposal: Proposal) -> bool:
    assignment = own_assignment(user, proposal)
    return assignment is not None and assignment.is_sponsor


def can_keep_organizers(user: User) -> bool:
    return user.has_role(Role.OFFICER, Role.CHAIR)


def can_enter_proposals(user: User) -> bool:
    return user.has_role(Role.OFFICER, Role.CHAIR)


def can_edit_proposal(user: User, proposal: Proposal) -> bool:
    """The sponsor officer and the chair keep the record, while the docket is open."""
    if proposal.docket.state != Docket.State.OPEN:
        return False
    return user.has_role(Role.CHAIR) or is_sponsor(user, proposal)


def can_score(user: User, proposal: Proposal, *, is_assigned: bool | None = None) -> bool:
    """Officers score what is assigned to them, while the docket is open. `is_assigned` if the caller knows it."""
    if proposal.docket.state != Docket.State.OPEN or not user.has_role(Role.OFFICER):
        return False
    return own_assignment(user, proposal) is not None if is_assigned is None else is_assigned


def can_add_evidence(user: User, proposal: Proposal) -> bool:
    return can_edit_proposal(user, proposal) or can_score(user, proposal)


def can_edit_evidence(user: User, evidence: Evidence) -> bool:
    """Who entered it, and who keeps the record, while the docket is open."""
    if can_edit_proposal(user, evidence.proposal):
        return True
    return evidence.added_by_id == user.pk and can_add_evidence(user, evidence.proposal)


def can_edit_scorecard(user: User, scorecard: Scorecard) -> bool:
    return scorecard.officer_id == user.pk and not scorecard.is_submitted and can_score(user, scorecard.proposal)


def can_decide_gates(user: User, proposal: Proposal) -> bool:
    """Checks and gate overrides are the chair's, until the committee meets; calibration cases stay as documented."""
    return user.has_role(Role.CHAIR) and proposal.docket.kind != Docket.Kind.CALIBRATION


def can_record_consensus(user: User, proposal: Proposal) -> bool:
    """Consensus belongs to scoring: it ends when the docket closes."""
    return can_decide_gates(user, proposal) and proposal.docket.state == Docket.State.OPEN


def can_write_memo(user: User, proposal: Proposal) -> bool:
    """The sponsor officer writes the memo's words; of a calibration case, any officer may ask for a memo."""
    if user.has_role(Role.CHAIR) or is_sponsor(user, proposal):
        return True
    return proposal.docket.kind == Docket.Kind.CALIBRATION and user.has_role(Role.OFFICER)


def can_argue_in_memo(user: User, proposal: Proposal) -> bool:
    """The case against and the minority view are open to the other officers, once their own scorecard is in."""
    return (
        user.has_role(Role.OFFICER)
        and own_assignment(user, proposal) is not None
        and Scorecard.objects.filter(proposal=proposal, officer=user, state=Scorecard.State.SUBMITTED).exists()
    )


def can_read_arguments(user: User, proposal: Proposal) -> bool:
    """Words that tell what other officers think stay closed while one's own scorecard is not in."""
    if proposal.pk in blind_proposal_ids(user):
        return False
    if user.has_role(Role.CHAIR) or proposal.docket.kind == Docket.Kind.CALIBRATION:
        return True
    return Scorecard.objects.filter(proposal=proposal, officer=user, state=Scorecard.State.SUBMITTED).exists()


def can_issue_memo(user: User) -> bool:
    return user.has_role(Role.CHAIR)


def access_proposal_to_declare(user: User, pk: uuid.UUID) -> Proposal:
    """Whoever sees the proposal, or a memo on it, may declare a conflict of interest."""
    seen = Q(pk__in=Proposal.objects.visible_to(user).values("pk"))
    read = Q(pk__in=Memo.objects.visible_to(user).values("proposal"))
    return get_object_or_404(Proposal.objects.filter(seen | read).select_related("docket", "organizer"), pk=pk)


def access_participant(user: User, proposal: Proposal, pk: uuid.UUID) -> Participant:
    return get_object_or_404(Participant.objects.visible_to(user), proposal=proposal, pk=pk)


def access_assignment(user: User, proposal: Proposal, pk: uuid.UUID) -> Assignment:
    assignment: Assignment = get_object_or_404(Assignment.objects.visible_to(user), proposal=proposal, pk=pk)
    return assignment


def can_see_participants(user: User, proposal: Proposal) -> bool:
    """Names are for the sponsor officer and the chair."""
    return user.has_role(Role.CHAIR) or is_sponsor(user, proposal)


def can_assign(user: User, proposal: Proposal) -> bool:
    return user.has_role(Role.CHAIR) and proposal.docket.state == Docket.State.OPEN


def can_keep_dockets(user: User) -> bool:
    return user.has_role(Role.CHAIR)


def can_read_events(user: User) -> bool:
    return user.has_role(Role.AUDITOR)
