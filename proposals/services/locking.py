"""Where every writing service begins: the docket locked, then the proposal, then a look at what stands now.

Always in this order, so that writers wait for each other and never in a circle. What a view saw before may have changed
meanwhile: a conflict declared, the docket closed.
"""

import uuid

from django.core.exceptions import PermissionDenied

from proposals.models import Docket, Proposal
from proposals.permissions import NotVisibleError
from proposals.services.refusals import NotAllowedError
from t2eval.accounts.models import User


class ProposalNotVisibleError(NotVisibleError):
    """A conflict of interest or a withdrawn assignment hides this proposal. Pages answer as if there were none."""


class DocketClosedError(PermissionDenied):
    def __init__(self, docket: Docket, what: str = "its records and scores do not change") -> None:
        super().__init__(f"The docket “{docket.title}” is closed: {what}.")


def locked_docket(pk: uuid.UUID) -> Docket:
    """One writer at a time in a docket. New rows may still refer to it, since its key does not change."""
    return Docket.objects.select_for_update(no_key=True).get(pk=pk)


def locked_proposal(pk: uuid.UUID, *, by: User, must_be_open: bool = True) -> Proposal:
    """The proposal as it stands, held to the end of the transaction. Raises ProposalNotVisibleError, DocketClosedError.

    `must_be_open` is False for what goes on between the closing of scoring and the committee.
    """
    proposal = hold_proposal(pk)
    if not Proposal.objects.visible_to(by).filter(pk=pk).exists():
        raise ProposalNotVisibleError("There is no such proposal for this user.")
    if must_be_open:
        require_open(proposal.docket)
    return proposal


def lock_docket_of(pk: uuid.UUID) -> Docket:
    """The docket of this proposal, locked. Raises ProposalNotVisibleError where there is no such proposal."""
    docket = Docket.objects.select_for_update(no_key=True, of=("self",)).filter(proposals=pk).first()
    if docket is None:
        raise ProposalNotVisibleError("There is no such proposal.")
    return docket


def hold_proposal(pk: uuid.UUID) -> Proposal:
    """The proposal, locked in the order of this module, whoever asks."""
    lock_docket_of(pk)
    related = ("docket__rubric_version", "organizer", "issue_area")
    return Proposal.objects.select_for_update(of=("self",)).select_related(*related).get(pk=pk)


def require_open(docket: Docket) -> None:
    if docket.state != Docket.State.OPEN:
        raise DocketClosedError(docket)


def require_open_to_scoring(docket: Docket) -> None:
    """Calibration cases are closed, and yet scored for practice: that changes nothing about them."""
    if docket.kind != Docket.Kind.CALIBRATION:
        require_open(docket)


def refuse_calibration(proposal: Proposal) -> None:
    if proposal.docket.kind == Docket.Kind.CALIBRATION:
        raise NotAllowedError("The calibration cases are documented history: what was found of them stays.")
