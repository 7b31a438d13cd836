"""What bars and what opens a proposal, as querysets that every other `visible_to` builds on."""

import uuid
from typing import Any, Self

from django.db import models

from t2eval.accounts.models import User
from t2eval.accounts.roles import Role


def barred_proposal_ids(user: User) -> models.QuerySet[Any, uuid.UUID]:
    """The proposals that a declared conflict of interest bars this user from: a final deny, whatever the role."""
    from proposals.models.conflict import ConflictDeclaration

    return ConflictDeclaration.objects.filter(user=user, has_conflict=True).values_list("proposal_id", flat=True)


def undeclared_proposal_ids(user: User) -> models.QuerySet[Any, uuid.UUID]:
    """The proposals that the user is to score and has not yet made a statement on: these stay shut until they do.

    Chairs are not held up, since they assign; calibration cases are documented history, in which nobody has a part.
    """
    from proposals.models.conflict import ConflictDeclaration
    from proposals.models.docket import Assignment, Docket

    if not user.has_role(Role.OFFICER) or user.has_role(Role.CHAIR):
        return Assignment.objects.none().values_list("proposal_id", flat=True)
    stated = ConflictDeclaration.objects.filter(proposal=models.OuterRef("proposal"), user=user)
    mine = Assignment.objects.filter(~models.Exists(stated), officer=user)
    return mine.exclude(proposal__docket__kind=Docket.Kind.CALIBRATION).values_list("proposal_id", flat=True)


class OfProposalQuerySet(models.QuerySet[Any]):
    """Rows that belong to a proposal are seen by whoever sees that proposal."""

    def visible_to(self, user: User) -> Self:
        from proposals.models.proposal import Proposal

        return self.filter(proposal__in=Proposal.objects.visible_to(user))
