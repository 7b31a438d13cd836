"""What an officer sees of the own scorecard beside the scoring page: its result, its history, practice."""

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from proposals.permissions import access_own_scorecard, access_proposal, can_score, require
from proposals.services.own_result import own_result
from t2eval.http import SignedInRequest


@require_safe
def scorecard_result(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """The own result alone, for htmx, or on a page."""
    proposal = access_proposal(request.user, pk)
    own = access_own_scorecard(request.user, proposal)
    may = own is not None or can_score(request.user, proposal)
    require(may, "Only officers who score a proposal have a result of their own.")
    template = "scorecard_result" if request.htmx else "scorecard_result_page"
    return render(
        request, f"proposals/{template}.html", {"proposal": proposal, "result": own_result(own) if own else None}
    )
