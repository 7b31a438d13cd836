"""Who may see what others think of a proposal: nobody who still owes their own scorecard, whatever else they are."""

import uuid
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, Q

from proposals.models.access import undeclared_proposal_ids
from t2eval.accounts.models import User
from t2eval.accounts.roles import Role

if TYPE_CHECKING:
    from proposals.models.proposal import ProposalQuerySet


def blind_proposal_ids(user: User) -> models.QuerySet[Any, uuid.UUID]:
    """The proposals that the user is to score and has not: the blind rule beats their roles of chair and committee.

    Calibration cases are for learning, and never blind.
    """
    from proposals.models.docket import Assignment, Docket
    from proposals.models.scorecard import Scorecard

    if not user.has_role(Role.OFFICER):
        return Assignment.objects.none().values_list("proposal_id", flat=True)
    own = Scorecard.objects.filter(
        proposal=OuterRef("proposal"),
        officer=user,
        rubric_version=OuterRef("proposal__docket__rubric_version"),
        state=Scorecard.State.SUBMITTED,
    )
    owed = Assignment.objects.filter(~Exists(own), officer=user, proposal__docket__state=Docket.State.OPEN)
    return owed.exclude(proposal__docket__kind=Docket.Kind.CALIBRATION).values_list("proposal_id", flat=True)


def open_proposals(user: User) -> "ProposalQuerySet":
    """Those whose judgements the user may see: chairs, and officers whose own scorecard is in; of calibration cases,
    every officer.
    """
    from proposals.models.proposal import Proposal
    from proposals.models.scorecard import Scorecard

    seen = Proposal.objects.visible_to(user).exclude(pk__in=blind_proposal_ids(user))
    seen = seen.exclude(pk__in=undeclared_proposal_ids(user))
    if user.has_role(Role.CHAIR):
        return seen
    if not user.has_role(Role.OFFICER):
        return seen.none()
    own = Scorecard.objects.filter(officer=user, state=Scorecard.State.SUBMITTED)
    return seen.filter(Q(pk__in=own.values("proposal")) | Q(docket__kind="calibration"))


Row_co = TypeVar("Row_co", bound=models.Model, covariant=True)


class JudgementQuerySet(models.QuerySet[Row_co]):
    """What tells how others judge a proposal: its assessment, checks, gates set aside and consensus."""

    def visible_to(self, user: User) -> Self:
        return self.filter(proposal__in=open_proposals(user))
