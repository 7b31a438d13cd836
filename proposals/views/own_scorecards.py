"""What an officer sees of the own scorecard beside the scoring page: its result, its history, practice."""

import uuid
from itertools import groupby

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from proposals.models import CalibrationReference, Evidence, Scorecard
from proposals.permissions import (
    access_own_scorecard,
    access_practice,
    access_proposal,
    access_scorecard,
    can_score,
    require,
)
from proposals.services.cell_history import history_entries, history_runs
from proposals.services.own_result import own_result
from proposals.services.practice import next_case, practice_cases
from proposals.services.reference_distance import reference_distance
from t2eval.accounts.roles import Role
from t2eval.http import SignedInRequest

PAGE_SIZE = 50


@require_safe
def scorecard_result(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """The own result alone, for htmx, or on a page."""
    proposal = access_proposal(request.user, pk)
    own = access_own_scorecard(request.user, proposal)
    may = own is not None or can_score(request.user, proposal)
    require(may, "Only officers who score a proposal have a result of their own.")
    template = "scorecard_result" if request.htmx else "scorecard_result_page"
    result = own_result(own) if own else None
    context = {
        "proposal": proposal,
        "result": result,
        "may_leave_rest": bool(own and result and result.has_failed_decline and not own.is_submitted),
    }
    return render(request, f"proposals/{template}.html", context)


@require_safe
def scorecard_history(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    scorecard = access_scorecard(request.user, pk)
    require(scorecard.officer_id == request.user.pk, "The history of a scorecard is its officer's own.")
    page = Paginator(history_runs(scorecard, request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    entries = history_entries(scorecard, page)
    own = Scorecard.objects.visible_to(request.user).filter(proposal=scorecard.proposal, officer=request.user)
    context = {
        "scorecard": scorecard,
        "proposal": scorecard.proposal,
        "page": page,
        "days": [(day, list(of_day)) for day, of_day in groupby(entries, lambda one: timezone.localdate(one.at))],
        "other_rounds": own.filter(rubric_version=scorecard.rubric_version).exclude(pk=pk).order_by("round"),
        "is_behind": scorecard.proposal_revision != scorecard.proposal.revision,
    }
    return render(request, "proposals/scorecard_history.html", context)


@require_safe
def scorecard_practice(request: SignedInRequest) -> HttpResponse:
    """The documented cases to practise on, without their figures."""
    require(request.user.has_role(Role.OFFICER), "Officers practise on calibration cases.")
    cases = practice_cases(request.user)
    context = {"cases": cases, "next": next_case(cases), "done": sum(case.is_done for case in cases)}
    return render(request, "proposals/scorecard_practice.html", context)


@require_safe
def scorecard_calibration(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """The distance of a submitted practice scorecard to the reference figures of its case."""
    scorecard = access_practice(request.user, pk)
    require(scorecard.is_submitted, "The reference opens once your practice scorecard is submitted.")
    proposal = scorecard.proposal
    reference = CalibrationReference.objects.visible_to(request.user).filter(proposal=proposal).first()
    context = {
        "scorecard": scorecard,
        "proposal": proposal,
        "result": own_result(scorecard),
        "distance": reference_distance(scorecard, reference) if reference else None,
        "sources": Evidence.objects.visible_to(request.user).filter(proposal=proposal).order_by("number"),
        "next": next_case(practice_cases(request.user)),
    }
    return render(request, "proposals/scorecard_calibration.html", context)
