"""Who may do what. Not visible raises Http404; visible but not allowed raises PermissionDenied."""

import uuid
from typing import Any, TypeVar, cast

from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField, ExpressionWrapper, Model, OuterRef, Q, QuerySet, Subquery, UUIDField, Value
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
from proposals.models.access import undeclared_proposal_ids
from proposals.models.blinding import blind_proposal_ids, discussed_proposals, undiscussed_proposal_ids
from t2eval.accounts.models import User
from t2eval.accounts.roles import Role


class NotVisibleError(Http404):
    """What one may not see does not exist: pages answer 404."""


class DeclarationNeededError(PermissionDenied):
    """The officer has first to say whether they have a conflict of interest: pages lead there, then back."""

    def __init__(self, proposal_id: uuid.UUID) -> None:
        super().__init__("Say first whether you have a conflict of interest on this proposal.")
        self.proposal_id = proposal_id


Row = TypeVar("Row", bound=Model)


def get_declared_or_404(user: User, rows: QuerySet[Row], pk: uuid.UUID, *, proposal: str = "proposal") -> Row:
    """The row of a proposal, once the user has made their statement on that one. No query of its own for that."""
    owes = Q(**{f"{proposal}__in": undeclared_proposal_ids(user)})
    row: Any = get_object_or_404(rows.annotate(owes_statement=ExpressionWrapper(owes, BooleanField())), pk=pk)
    if row.owes_statement:
        raise DeclarationNeededError(row.pk if proposal == "pk" else row.proposal_id)
    return cast("Row", row)


def require(allowed: bool, reason: str) -> None:  # noqa: FBT001 - reads as a sentence at the call
    """Refuse with the reason that the 403 page prints."""
    if not allowed:
        raise PermissionDenied(reason)


def access_docket(user: User, pk: uuid.UUID) -> Docket:
    dockets = Docket.objects.visible_to(user).telling_later_versions()
    return get_object_or_404(dockets.select_related("rubric_version"), pk=pk)


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
    """With the user's own part in it, which most of the questions below are about."""
    proposals = Proposal.objects.visible_to(user).select_related("docket__rubric_version", "organizer", "issue_area")
    own = Assignment.objects.filter(proposal=OuterRef("pk"), officer=user).values("is_sponsor")[:1]
    rows = proposals.annotate(own_part=Subquery(own), part_of=Value(user.pk, UUIDField()))
    return get_declared_or_404(user, rows, pk, proposal="pk")


def access_scorecard(user: User, pk: uuid.UUID) -> Scorecard:
    scorecards = Scorecard.objects.visible_to(user).select_related(
        "proposal__docket", "proposal__organizer", "rubric_version", "officer"
    )
    return get_declared_or_404(user, scorecards, pk)


def access_own_scorecard(user: User, proposal: Proposal) -> Scorecard | None:
    """The user's own of the latest round, with all that it is on; None before the first saving."""
    own = Scorecard.objects.visible_to(user).filter(
        proposal=proposal, officer=user, rubric_version=proposal.docket.rubric_version_id
    )
    related = own.select_related("proposal__docket", "proposal__issue_area", "rubric_version")
    return related.order_by("-round").first()


def access_practice(user: User, pk: uuid.UUID) -> Scorecard:
    """A practice scorecard, which its officer alone sees."""
    practice = Scorecard.objects.visible_to(user).filter(officer=user, round=Scorecard.Round.PRACTICE)
    return get_object_or_404(
        practice.select_related("proposal__docket", "proposal__organizer", "proposal__issue_area", "rubric_version"),
        pk=pk,
    )


def access_evidence(user: User, pk: uuid.UUID) -> Evidence:
    items = Evidence.objects.visible_to(user).select_related("proposal__docket", "side")
    evidence: Evidence = get_declared_or_404(user, items, pk)
    return evidence


def access_memo(user: User, pk: uuid.UUID) -> Memo:
    memos = Memo.objects.visible_to(user).select_related(
        "proposal__docket", "proposal__organizer", "assessment", "job", "requested_by", "issued_by"
    )
    return get_declared_or_404(user, memos, pk)


def own_part(user: User, proposal: Proposal) -> bool | None:
    """None for who is not assigned, else whether they are the sponsor officer.

    As loaded with the proposal by `access_proposal` for this user, else from the database.
    """
    if getattr(proposal, "part_of", None) == user.pk:
        loaded: bool | None = getattr(proposal, "own_part", None)
        return loaded
    return Assignment.objects.filter(proposal=proposal, officer=user).values_list("is_sponsor", flat=True).first()


def is_sponsor(user: User, proposal: Proposal) -> bool:
    return own_part(user, proposal) is True


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
    """Officers score what is assigned to them, while the docket is open, and for practice the calibration cases.

    `is_assigned` if the caller knows it.
    """
    if proposal.docket.kind == Docket.Kind.CALIBRATION:
        return can_practise(user, proposal)
    if proposal.docket.state != Docket.State.OPEN or not user.has_role(Role.OFFICER):
        return False
    return own_part(user, proposal) is not None if is_assigned is None else is_assigned


def can_practise(user: User, proposal: Proposal) -> bool:
    """Any officer, on a calibration case, but for those whose scorecard is documented with it."""
    return (
        proposal.docket.kind == Docket.Kind.CALIBRATION
        and user.has_role(Role.OFFICER)
        and not _real_scorecards(user, proposal).exists()
    )


def can_add_evidence(user: User, proposal: Proposal) -> bool:
    """Who keeps the record or scores it; practice adds nothing to what is documented of a calibration case."""
    if can_edit_proposal(user, proposal):
        return True
    return proposal.docket.kind != Docket.Kind.CALIBRATION and can_score(user, proposal)


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


def can_reassess(user: User, proposal: Proposal) -> bool:
    """Under a newer version of the rubric: the chair's as gates are, but not while their own scorecard is owed."""
    return can_decide_gates(user, proposal) and proposal.pk not in blind_proposal_ids(user)


def can_record_consensus(user: User, proposal: Proposal) -> bool:
    """Consensus belongs to scoring: it ends when the docket closes, and waits for a scorecard that the chair owes."""
    return proposal.docket.state == Docket.State.OPEN and can_reassess(user, proposal)


def can_discuss(user: User, proposal: Proposal) -> bool:
    """Chairs, and officers whose own round 1 is in, talk about where officers differ."""
    is_calibration = proposal.docket.kind == Docket.Kind.CALIBRATION
    if not user.has_role(Role.CHAIR) and not is_calibration:  # asked on every page of whoever is scoring: one look
        own = _real_scorecards(user, proposal).filter(state=Scorecard.State.SUBMITTED)
        if not own.exists():
            return False
    return discussed_proposals(user).filter(pk=proposal.pk).exists()


def can_lead_discussion(user: User, proposal: Proposal) -> bool:
    """The chair opens and closes round 2, while the docket is open, but not while their own scorecard is owed."""
    return can_record_consensus(user, proposal)


def owes_round_two(user: User, proposal: Proposal) -> bool:
    """Round 2 is open and this officer, whose round 1 is in, has not handed in theirs: it is blind again."""
    return proposal.pk in undiscussed_proposal_ids(user)


def can_write_memo(user: User, proposal: Proposal) -> bool:
    """The sponsor officer writes the memo's words; of a calibration case, any officer may ask for a memo."""
    if user.has_role(Role.CHAIR) or is_sponsor(user, proposal):
        return True
    return proposal.docket.kind == Docket.Kind.CALIBRATION and user.has_role(Role.OFFICER)


def can_argue_in_memo(user: User, proposal: Proposal) -> bool:
    """The case against and the minority view are open to the other officers, once their own scorecard is in."""
    return (
        user.has_role(Role.OFFICER)
        and proposal.pk not in blind_proposal_ids(user)
        and own_part(user, proposal) is not None
        and _real_scorecards(user, proposal).filter(state=Scorecard.State.SUBMITTED).exists()
    )


def can_read_arguments(user: User, proposal: Proposal) -> bool:
    """Words that tell what other officers think stay closed while one's own scorecard is not in."""
    if proposal.pk in blind_proposal_ids(user):
        return False
    if user.has_role(Role.CHAIR) or proposal.docket.kind == Docket.Kind.CALIBRATION:
        return True
    return _real_scorecards(user, proposal).filter(state=Scorecard.State.SUBMITTED).exists()


def _real_scorecards(user: User, proposal: Proposal) -> QuerySet[Scorecard]:
    """The user's own on this proposal, without practice."""
    return Scorecard.objects.filter(proposal=proposal, officer=user).exclude(round=Scorecard.Round.PRACTICE)


def can_issue_memo(user: User) -> bool:
    return user.has_role(Role.CHAIR)


def access_proposal_to_declare(user: User, pk: uuid.UUID) -> Proposal:
    """Whoever sees the proposal, or a memo on it, may declare a conflict of interest."""
    seen = Q(pk__in=Proposal.objects.visible_to(user).values("pk"))
    read = Q(pk__in=Memo.objects.visible_to(user).values("proposal"))
    proposals = Proposal.objects.select_related("docket", "organizer", "issue_area")
    return get_object_or_404(proposals.filter(seen | read), pk=pk)


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
