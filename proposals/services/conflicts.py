"""Declaring a conflict of interest, or that there is none."""

import datetime as dt

from django.db import transaction

from proposals.models import ConflictDeclaration, Proposal
from proposals.services.assessing import assess_proposal
from proposals.services.locking import hold_proposal
from t2eval.accounts.models import User
from t2eval.audit.services import record


class ConflictIsFinalError(Exception):
    def __init__(self) -> None:
        super().__init__("A declared conflict of interest is final: it cannot be withdrawn or changed.")


@transaction.atomic
def declare_conflict(
    *, proposal: Proposal, kind: str, statement: str, by: User, at: dt.datetime
) -> ConflictDeclaration:
    """Bars `by` from the proposal for good, unless the kind is "none". Their scorecard no longer counts.

    A statement that there is no conflict may be replaced by a conflict later, never the other way round.
    Also in a closed docket, whose assessment then changes: what a barred officer scored never counts.
    The assignment stays, recused, so that the chair sees what has to be passed on.
    """
    proposal = hold_proposal(proposal.pk)
    earlier = ConflictDeclaration.objects.select_for_update().filter(proposal=proposal, user=by).first()
    if earlier is not None and earlier.has_conflict:
        raise ConflictIsFinalError
    declaration = earlier or ConflictDeclaration(proposal=proposal, user=by)
    declaration.has_conflict = kind != ConflictDeclaration.Kind.NONE
    declaration.kind = kind
    declaration.statement = statement
    declaration.declared_at = at
    declaration.save()
    event = "conflict.declared" if declaration.has_conflict else "conflict.denied"
    record(event, by=by, at=at, target=declaration, proposal_id=proposal.pk, kind=kind)
    if declaration.has_conflict:
        assess_proposal(proposal=proposal, by=by, at=at)
    return declaration
