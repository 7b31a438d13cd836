"""What officers talk about between the rounds, and how round 2 opens, is scored and closes."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from proposals import permissions
from proposals.models import Proposal, Scorecard
from proposals.services.agenda import load_agenda
from proposals.services.discussions import (
    NoOpenDiscussionError,
    NotDiscussableError,
    close_discussion,
    open_discussion,
    reason_not_to_open,
)
from proposals.services.flags import load_flags
from proposals.services.rescoring import (
    NoRoundOneError,
    RoundTwoDiffersError,
    stand_by_round_one,
    start_round_two,
)
from proposals.services.rounds import discussion_of, own_scorecards
from proposals.services.scoring_locks import NotScorableError
from proposals.views.memo_words import writable_parts
from t2eval.http import SignedInRequest

BLIND = "Officers score blind: the discussion opens to you once your own scorecard is in."
CHAIR_ONLY = "The chair opens and closes round 2, while the docket is open and once their own scorecard is in."
OPENED = "Round 2 is open. The officers find it on this page; until each has handed in theirs, they see no other's."
CLOSED = "Round 2 is closed. What was handed in counts; drafts stay as they are and count for nothing."
STOOD = "Your round 2 is in: you stand by round 1."


@require_safe
def discussion_detail(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    proposal = _access(request, pk)
    agenda = load_agenda(proposal, request.user)
    leads = permissions.can_lead_discussion(request.user, proposal)
    context = {
        "proposal": proposal,
        "agenda": agenda,
        "leads": leads,
        "owes": permissions.owes_round_two(request.user, proposal),
        "own_round_two": own_scorecards(proposal, request.user).get(Scorecard.Round.DISCUSSED),
        "writes_minority_view": "minority_view" in writable_parts(request.user, proposal),
    }
    return render(request, "proposals/discussion_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def discussion_open(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """The chair reads what would be frozen as the agenda, and opens round 2."""
    proposal = _access(request, pk)
    permissions.require(permissions.can_lead_discussion(request.user, proposal), CHAIR_ONLY)
    if request.method == "POST":
        try:
            open_discussion(proposal=proposal, by=request.user, at=timezone.now())
        except NotDiscussableError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, OPENED)
        return redirect("proposals:discussion-detail", pk=proposal.pk)
    context = {
        "proposal": proposal,
        "agenda": load_agenda(proposal, request.user),
        "reason": reason_not_to_open(load_flags(proposal), discussion_of(proposal)),
    }
    return render(request, "proposals/discussion_open.html", context)


@require_POST
def discussion_close(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    proposal = _access(request, pk)
    permissions.require(permissions.can_lead_discussion(request.user, proposal), CHAIR_ONLY)
    try:
        close_discussion(proposal=proposal, by=request.user, at=timezone.now())
    except NoOpenDiscussionError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, CLOSED)
    return redirect("proposals:discussion-detail", pk=proposal.pk)


@require_POST
def discussion_rescore(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """Start round 2, or go on with it."""
    proposal = _access(request, pk)
    try:
        start_round_two(proposal=proposal, officer=request.user, by=request.user, at=timezone.now())
    except NotScorableError as error:
        raise PermissionDenied(str(error)) from error
    except (NoRoundOneError, NoOpenDiscussionError) as error:
        messages.error(request, str(error))
        return redirect("proposals:discussion-detail", pk=proposal.pk)
    return redirect("proposals:scorecard-edit", pk=proposal.pk)


@require_POST
def discussion_stand(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """Hand in round 2 unchanged."""
    proposal = _access(request, pk)
    try:
        stand_by_round_one(proposal=proposal, officer=request.user, by=request.user, at=timezone.now())
    except NotScorableError as error:
        raise PermissionDenied(str(error)) from error
    except (NoRoundOneError, NoOpenDiscussionError, RoundTwoDiffersError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, STOOD)
    return redirect("proposals:discussion-detail", pk=proposal.pk)


def _access(request: SignedInRequest, pk: uuid.UUID) -> Proposal:
    proposal = permissions.access_proposal(request.user, pk)
    permissions.require(permissions.can_discuss(request.user, proposal), BLIND)
    return proposal
