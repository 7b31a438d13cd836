"""What bars and what opens a proposal, as querysets that every other `visible_to` builds on."""

import uuid
from typing import Any, Self

from django.db import models

from t2eval.accounts.models import User


def barred_proposal_ids(user: User) -> models.QuerySet[Any, uuid.UUID]:
    """The proposals that a declared conflict of interest bars this user from: a final deny, whatever the role."""
    from proposals.models.conflict import ConflictDeclaration

    return ConflictDeclaration.objects.filter(user=user, has_conflict=True).values_list("proposal_id", flat=True)


class OfProposalQuerySet(models.QuerySet[Any]):
    """Rows that belong to a proposal are seen by whoever sees that proposal."""

    def visible_to(self, user: User) -> Self:
        from proposals.models.proposal import Proposal

        return self.filter(proposal__in=Proposal.objects.visible_to(user))
