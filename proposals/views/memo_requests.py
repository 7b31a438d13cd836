"""Asking for a memo."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from proposals.models import Proposal
from proposals.permissions import access_proposal, can_read_arguments, can_write_memo, require
from proposals.services.memo_sources import AssessmentDiffersError
from proposals.services.memos import NoAssessmentError, request_memo
from t2eval.http import SignedInRequest


@require_POST
def memo_request(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    proposal = access_proposal(request.user, pk)
    require(can_write_memo(request.user, proposal), "The sponsor officer and the chair ask for a memo.")
    return ask_for_memo(request, proposal)


def ask_for_memo(request: SignedInRequest, proposal: Proposal) -> HttpResponse:
    """Freeze and queue, then show the memo. It tells what other officers think: one's own scorecard comes first."""
    require(can_read_arguments(request.user, proposal), "Submit your own scorecard before you ask for the memo.")
    try:
        memo = request_memo(proposal=proposal, by=request.user, at=timezone.now())
    except (NoAssessmentError, AssessmentDiffersError) as error:
        messages.error(request, str(error))
        return redirect("proposals:memo-words-edit", proposal.pk)
    return redirect("proposals:memo-detail", memo.pk)
