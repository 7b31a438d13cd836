"""Entering and mending evidence, on the way to or from a page that cites it."""

import uuid
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from proposals.forms.evidence import EvidenceForm
from proposals.models import Evidence, Grade, Proposal
from proposals.permissions import access_evidence, access_proposal, can_add_evidence, can_edit_evidence, require
from proposals.services.evidence import (
    EvidenceCitedError,
    EvidenceRefusedError,
    add_evidence,
    edit_evidence,
    is_cited_by_submitted,
)
from proposals.services.locking import DocketClosedError
from t2eval.http import SignedInRequest, wants_json


@require_http_methods(["GET", "POST"])
def evidence_create(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    proposal = access_proposal(request.user, pk)
    require(can_add_evidence(request.user, proposal), "Its officers enter evidence, while the docket is open.")
    form = EvidenceForm(proposal, grade_choices(proposal), data=typed(request), initial=named(request))
    if request.method == "POST" and form.is_valid():
        try:
            evidence = add_evidence(proposal=proposal, facts=form.facts(), by=request.user, at=timezone.now())
        except EvidenceRefusedError as error:
            raise PermissionDenied(str(error)) from error
        if wants_json(request):
            return _entered(request, evidence)
        messages.success(request, f"Evidence {evidence.number} is entered: cite it where it bears on a score.")
        return redirect(where_from(request, proposal))
    return _fields(request, form) if wants_json(request) else _page(request, proposal, form)


@require_http_methods(["GET", "POST"])
def evidence_edit(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    evidence = access_evidence(request.user, pk)
    require(can_edit_evidence(request.user, evidence), "Who entered it changes it, while the docket is open.")
    initial, grades = EvidenceForm.initial_from(evidence), grade_choices(evidence.proposal)
    form = EvidenceForm(evidence.proposal, grades, data=typed(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            edit_evidence(evidence=evidence, facts=form.facts(), by=request.user, at=timezone.now())
        except (DocketClosedError, EvidenceCitedError, EvidenceRefusedError) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Evidence {evidence.number} is changed.")
            return redirect(where_from(request, evidence.proposal))
    is_held = is_cited_by_submitted(evidence, seen_by=request.user)
    return _page(request, evidence.proposal, form, evidence=evidence, is_held=is_held)


def typed(request: SignedInRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def named(request: SignedInRequest) -> dict[str, str]:
    """What the address says already of the evidence to enter: a passage that was selected, say."""
    return {name: request.GET[name] for name in ("kind", "page", "quote") if name in request.GET}


def _fields(request: SignedInRequest, form: EvidenceForm) -> JsonResponse:
    """The form for the scoring page's dialog, with what is to be mended."""
    html = render_to_string("proposals/evidence_fields.html", {"form": form}, request=request)
    return JsonResponse({"html": html}, status=HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK)


def _entered(request: SignedInRequest, evidence: Evidence) -> JsonResponse:
    item = {"item": evidence, "proposal": evidence.proposal, "user": request.user, "keeps_record": False}
    html = render_to_string("proposals/scorecard_evidence_item.html", item, request=request)
    facts = {"id": str(evidence.pk), "number": evidence.number, "grade": evidence.grade, "claim": evidence.claim}
    return JsonResponse({"evidence": {**facts, "html": html}}, status=HTTPStatus.CREATED)


def grade_choices(proposal: Proposal) -> list[tuple[int, str]]:
    """The five grades in the words of the proposal's rubric version, or in ours where it has none."""
    note = proposal.docket.rubric_version.note
    words = note.get("evidence_grades", []) if isinstance(note, dict) else []
    return [(grade.value, f"{grade.name} · {words[grade]}" if grade < len(words) else grade.label) for grade in Grade]


def where_from(request: SignedInRequest, proposal: Proposal) -> str:
    """The page of this site that the user came from, else the proposal's."""
    back = request.POST.get("next", request.GET.get("next", ""))
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return back if is_ours else reverse("proposals:proposal-detail", args=[proposal.pk])


def _page(
    request: SignedInRequest, proposal: Proposal, form: EvidenceForm, *, evidence: Evidence | None = None, **state: Any
) -> HttpResponse:
    context = {
        "proposal": proposal,
        "form": form,
        "evidence": evidence,
        "next": where_from(request, proposal),
        "grade_rules": (proposal.docket.rubric_version.note or {}).get("grade_rules", []),
        **state,
    }
    return render(request, "proposals/evidence_edit.html", context)
