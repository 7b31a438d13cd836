"""Opening and closing round 2 on a proposal."""

import datetime as dt

from django.db import transaction

from proposals.models import Discussion, Proposal
from proposals.permissions import can_lead_discussion
from proposals.services.flags import Flags, load_flags
from proposals.services.locking import locked_proposal, refuse_calibration
from proposals.services.refusals import NotAllowedError
from proposals.services.rounds import discussion_of
from t2eval.accounts.models import User
from t2eval.audit.services import record

FEWEST_OFFICERS = 2


class NotDiscussableError(Exception):
    """Round 2 cannot be opened, for the reason that it gives."""


class NoOpenDiscussionError(Exception):
    """Round 2 on this proposal is not open: not yet, or not any more."""


def reason_not_to_open(flags: Flags, discussion: Discussion | None) -> str:
    """Why round 2 cannot be opened as things stand; empty where it can."""
    if discussion is not None:
        return "Round 2 has been opened on this proposal, and there is only one."
    if flags.officers < FEWEST_OFFICERS:
        return "A discussion needs two officers at least whose scorecards are in."
    if not flags.cells:
        return "There is nothing to discuss: the officers agree within one point, and no gate hangs on one of them."
    return ""


@transaction.atomic
def open_discussion(*, proposal: Proposal, by: User, at: dt.datetime) -> Discussion:
    """Freeze what is flagged now as the agenda, and let the officers score those cells again, blind.

    Raises NotDiscussableError.
    """
    proposal = _locked_for(proposal, by)
    flags = load_flags(proposal)
    if reason := reason_not_to_open(flags, discussion_of(proposal)):
        raise NotDiscussableError(reason)
    discussion = Discussion.objects.create(
        proposal=proposal,
        rubric_version=proposal.docket.rubric_version,
        cells=flags.cells,
        opened_by=by,
        opened_at=at,
    )
    record("discussion.opened", by=by, at=at, target=discussion, proposal_id=proposal.pk, cells=len(flags.cells))
    return discussion


@transaction.atomic
def close_discussion(*, proposal: Proposal, by: User, at: dt.datetime) -> Discussion:
    """End round 2: drafts of it do not change any more and never count. Raises NoOpenDiscussionError."""
    proposal = _locked_for(proposal, by)
    discussion = discussion_of(proposal)
    if discussion is None or not discussion.is_open:
        raise NoOpenDiscussionError("Round 2 on this proposal is not open.")
    discussion.closed_by, discussion.closed_at = by, at
    discussion.save(update_fields=["closed_by", "closed_at"])
    record("discussion.closed", by=by, at=at, target=discussion, proposal_id=proposal.pk)
    return discussion


def _locked_for(proposal: Proposal, by: User) -> Proposal:
    proposal = locked_proposal(proposal.pk, by=by)
    refuse_calibration(proposal)
    if not can_lead_discussion(by, proposal):
        raise NotAllowedError("The chair opens and closes round 2, once their own scorecard is in.")
    return proposal
