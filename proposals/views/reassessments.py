"""Assessing once more under a newer version of the rubric: a proposal, a whole docket, and both orders of it."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from proposals import permissions
from proposals.forms.assessment import ReassessForm
from proposals.models import Docket, Proposal
from proposals.services.reassessing import (
    CHAIRS_ONLY,
    NothingToReassessError,
    carry_assessments,
    named,
    newer_versions,
    reassess_docket,
    reassess_proposal,
    reassessable,
)
from proposals.services.reassessment_results import comparisons, reassessed_versions
from proposals.services.reassessment_results import docket_orders as orders_of
from proposals.services.reassessment_words import CarriedWords, carried_words, reworded
from proposals.services.weight_changes import weight_changes
from rubrics.models import RubricVersion
from rubrics.services.words import rubric_words
from t2eval.accounts.models import User
from t2eval.http import SignedInRequest

DONE = "Re-assessed under version {}. The official assessment stays as it is."
STANDS = "It was re-assessed under version {} before, from the same scorecards: that result and its reason stand."
DOCKET_DONE = "{} re-assessed under version {}. The official assessments, the order of the docket and the memos stay."


def of_proposal(user: User, proposal: Proposal) -> dict[str, Any]:
    """What the page of an assessment shows of other versions; `newer_version` is what chairs are offered."""
    found = comparisons(proposal, user)
    offered = newer_versions(proposal.docket)[:1] if permissions.can_reassess(user, proposal) else []
    fresh = {one.row.rubric_version_id for one in found if not one.has_moved_on}
    return {
        "comparisons": found,
        "newer_version": next((version for version in offered if version.pk not in fresh), None),
    }


def of_docket(user: User, docket: Docket) -> dict[str, Any]:
    """What the page of a docket tells chairs of other versions, in no query where there is none."""
    if not permissions.can_keep_dockets(user):
        return {}
    if not getattr(docket, "has_later_versions", True):
        return {"weights_changed": "no"}
    newer = newer_versions(docket) if docket.kind != Docket.Kind.CALIBRATION else []
    return {
        "weights_changed": weight_changes(docket).told("this docket"),
        "newer_version": next(iter(newer), None),
        "reassessed_versions": reassessed_versions(docket, user),
    }


def _newer_or_404(docket: Docket, number: int) -> RubricVersion:
    version = next((one for one in newer_versions(docket) if one.number == number), None)
    if version is None:
        raise Http404
    return version


@require_http_methods(["GET", "HEAD", "POST"])
def assessment_reassess(request: SignedInRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    proposal = permissions.access_proposal(request.user, pk)
    permissions.require(permissions.can_reassess(request.user, proposal), CHAIRS_ONLY)
    version = _newer_or_404(proposal.docket, number)
    assessments = reassessable(proposal.docket, request.user).select_related("rubric_version")
    assessment = assessments.filter(proposal=pk).first()
    if assessment is None:
        raise Http404
    form = ReassessForm(request.POST or None)
    if form.is_valid():
        at = timezone.now()
        made = reassess_proposal(proposal=proposal, version=version, by=request.user, at=at, **form.cleaned_data)
        messages.success(request, (DONE if made.created_at == at else STANDS).format(version.number))
        return redirect("proposals:assessment-detail", pk=proposal.pk)
    before, after = rubric_words(assessment.rubric_version), rubric_words(version)
    sides = dict(proposal.sides.values_list("key", "name"))
    (passage,) = carry_assessments([assessment], version)
    context = {
        "proposal": proposal,
        "assessment": assessment,
        "version": version,
        "form": form,
        "carried": carried_words(named(passage.carried), before, after, sides),
        "reworded": reworded(before, after),
    }
    return render(request, "proposals/assessment_reassess.html", context)


def _require_chair(user: User, docket: Docket) -> None:
    permissions.require(permissions.can_keep_dockets(user), CHAIRS_ONLY)
    permissions.require(docket.kind != Docket.Kind.CALIBRATION, "The calibration docket stays as it is.")


def _carried(docket: Docket, version: RubricVersion, user: User) -> list[tuple[Proposal, CarriedWords]]:
    """Of every proposal that would be re-assessed, in the order of entry."""
    seen = reassessable(docket, user).select_related("proposal", "rubric_version")
    passages = carry_assessments(seen.prefetch_related("proposal__sides").order_by("proposal__number"), version)
    rows = []
    for passage in passages:
        proposal, before = passage.assessment.proposal, rubric_words(passage.assessment.rubric_version)
        sides = {side.key: side.name for side in proposal.sides.all()}
        rows.append((proposal, carried_words(named(passage.carried), before, rubric_words(version), sides)))
    return rows


@require_http_methods(["GET", "HEAD", "POST"])
def docket_reassess(request: SignedInRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    docket = permissions.access_docket(request.user, pk)
    _require_chair(request.user, docket)
    version = _newer_or_404(docket, number)
    form = ReassessForm(request.POST or None)
    if form.is_valid():
        try:
            at = timezone.now()
            made = reassess_docket(docket=docket, version=version, by=request.user, at=at, **form.cleaned_data)
        except NothingToReassessError as refusal:
            messages.error(request, str(refusal))
        else:
            new = sum(row.created_at == at for row in made)
            many = f"{new} proposal{'' if new == 1 else 's'}"
            messages.success(request, DOCKET_DONE.format(many, version.number))
            return redirect("proposals:docket-orders", pk=docket.pk, number=version.number)
    context = {
        "docket": docket,
        "version": version,
        "form": form,
        "proposals": _carried(docket, version, request.user),
        "reworded": reworded(rubric_words(docket.rubric_version), rubric_words(version)),
    }
    return render(request, "proposals/docket_reassess.html", context)


@require_safe
def docket_orders(request: SignedInRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    docket = permissions.access_docket(request.user, pk)
    _require_chair(request.user, docket)
    version = _newer_or_404(docket, number)
    context = {"docket": docket, "version": version, "orders": orders_of(docket, version, request.user)}
    return render(request, "proposals/docket_orders.html", context)
