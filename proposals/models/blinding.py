"""Who may see what others think of a proposal: nobody who still owes their own scorecard, whatever else they are.

Round 2 is blind in the same way, but what was said in round 1 stays open to those who scored it: they discuss it.
"""

import uuid
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, Q

from proposals.models.access import barred_proposal_ids, undeclared_proposal_ids
from t2eval.accounts.models import User
from t2eval.accounts.roles import Role

if TYPE_CHECKING:
    from proposals.models.proposal import ProposalQuerySet


ProposalIds = models.QuerySet[Any, uuid.UUID]


def _assigned(user: User) -> "models.QuerySet[Any, Any]":
    """What the user is to score, as long as it can still be scored. Calibration cases are for learning, never blind."""
    from proposals.models.docket import Assignment, Docket

    if not user.has_role(Role.OFFICER):
        return Assignment.objects.none()
    scored = Assignment.objects.filter(officer=user, proposal__docket__state=Docket.State.OPEN)
    return scored.exclude(proposal__docket__kind=Docket.Kind.CALIBRATION)


def _own_submitted(user: User) -> "models.QuerySet[Any, Any]":
    """Of the proposal of an assignment, under the rubric version of its docket."""
    from proposals.models.scorecard import Scorecard

    return Scorecard.objects.filter(
        proposal=OuterRef("proposal"),
        officer=user,
        rubric_version=OuterRef("proposal__docket__rubric_version"),
        state=Scorecard.State.SUBMITTED,
    )


def unscored_proposal_ids(user: User) -> ProposalIds:
    """The proposals that the user is to score and has not."""
    return _assigned(user).filter(~Exists(_own_submitted(user))).values_list("proposal_id", flat=True)


def undiscussed_proposal_ids(user: User) -> ProposalIds:
    """The proposals whose round 2 is open, and of which the user has handed in round 1 and not yet round 2."""
    from proposals.models.discussion import Discussion

    own = _own_submitted(user)
    is_open = Discussion.objects.filter(
        proposal=OuterRef("proposal"),
        rubric_version=OuterRef("proposal__docket__rubric_version"),
        closed_at__isnull=True,
    )
    owed = _assigned(user).filter(Exists(is_open), Exists(own.filter(round=1)), ~Exists(own.filter(round=2)))
    return owed.values_list("proposal_id", flat=True)


def blind_proposal_ids(user: User) -> ProposalIds:
    """The proposals of which the user still owes a scorecard, of round 1 or of an open round 2.

    The blind rule beats their roles of chair and committee.
    """
    owed = Q(proposal__in=unscored_proposal_ids(user)) | Q(proposal__in=undiscussed_proposal_ids(user))
    return _assigned(user).filter(owed).values_list("proposal_id", flat=True)


def open_proposals(user: User) -> "ProposalQuerySet":
    """Those whose judgements the user may see: chairs, and officers whose own scorecard is in; of calibration cases,
    every officer.
    """
    return discussed_proposals(user).exclude(pk__in=undiscussed_proposal_ids(user))


def discussed_proposals(user: User) -> "ProposalQuerySet":
    """Those of which the user may see what others said in round 1, and so may take part in the discussion."""
    from proposals.models.proposal import Proposal
    from proposals.models.scorecard import Scorecard

    seen = Proposal.objects.visible_to(user).exclude(pk__in=unscored_proposal_ids(user))
    seen = seen.exclude(pk__in=undeclared_proposal_ids(user))
    if user.has_role(Role.CHAIR):
        return seen
    if not user.has_role(Role.OFFICER):
        return seen.none()
    own = Scorecard.objects.filter(officer=user, state=Scorecard.State.SUBMITTED)
    return seen.filter(Q(pk__in=own.values("proposal")) | Q(docket__kind="calibration"))


def compared_proposals(user: User) -> "ProposalQuerySet":
    """Those of which a what-if tells the administrator number, title, index, rank and suggested band, of any docket.

    It tells no officer's score, so this is wider than what they see elsewhere; a conflict of interest, a scorecard owed
    or a statement owed shuts a proposal here as everywhere.
    """
    from proposals.models.proposal import Proposal

    if not user.has_role(Role.ADMIN):
        return Proposal.objects.none()
    shut = (barred_proposal_ids(user), blind_proposal_ids(user), undeclared_proposal_ids(user))
    proposals = Proposal.objects.all()
    for ids in shut:
        proposals = proposals.exclude(pk__in=ids)
    return proposals


Row_co = TypeVar("Row_co", bound=models.Model, covariant=True)


class JudgementQuerySet(models.QuerySet[Row_co]):
    """What tells how others judge a proposal: its assessment, checks, gates set aside and consensus."""

    def visible_to(self, user: User) -> Self:
        return self.filter(proposal__in=open_proposals(user))
