import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from proposals import permissions
from proposals.forms.assessment import CheckForm, ConsensusForm, OverrideForm
from proposals.models import Assessment, Proposal
from proposals.services.consensus import NoSuchCellError, OutOfScaleError, find_cell, record_consensus
from proposals.services.gates import GateNotOpenError, NoOverrideError, override_gate, set_check, withdraw_override
from proposals.views.assessment_rows import AssessmentRows, officer_rows
from rubrics.services.words import check_keys, rubric_words
from t2eval.http import SignedInRequest

CHAIR_ONLY = "Checks, gates and consensus are the chair's to decide."


def _current(request: SignedInRequest, proposal: Proposal) -> Assessment | None:
    visible = Assessment.objects.visible_to(request.user).current()
    return visible.select_related("rubric_version").filter(proposal=proposal).first()


def _checks(proposal: Proposal) -> list[dict[str, Any]]:
    answered = {check.key: check for check in proposal.checks.select_related("set_by")}
    document = rubric_words(proposal.docket.rubric_version).document
    return [
        {"key": key, "title": key.replace("-", " ").capitalize(), "check": answered.get(key)}
        for key in check_keys(document)
    ]


@require_safe
def assessment_detail(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    proposal = permissions.access_proposal(request.user, pk)
    assessment = _current(request, proposal)
    context: dict[str, Any] = {
        "proposal": proposal,
        "assessment": assessment,
        "checks": _checks(proposal),
        "can_decide": permissions.can_decide_gates(request.user),
        "can_score": permissions.can_score(request.user, proposal),
    }
    if assessment is not None:
        words = rubric_words(assessment.rubric_version)
        rows = AssessmentRows(assessment, words, proposal.sides.all())
        context |= {
            "rows": rows,
            "words": words,
            "officers": officer_rows(assessment, proposal, words, request.user),
            "suggested": words.title(assessment.suggested) if assessment.suggested else "none",
        }
    return render(request, "proposals/assessment_detail.html", context)


@require_http_methods(["GET", "POST"])
def check_edit(request: SignedInRequest, pk: uuid.UUID, key: str) -> HttpResponse:
    proposal = permissions.access_proposal(request.user, pk)
    permissions.require(permissions.can_decide_gates(request.user), CHAIR_ONLY)
    if key not in check_keys(rubric_words(proposal.docket.rubric_version).document):
        raise Http404
    check = proposal.checks.filter(key=key).first()
    initial = {"status": check.status, "note": check.note} if check else {}
    form = CheckForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        set_check(proposal=proposal, key=key, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, f"The check “{key}” is saved and the proposal is assessed again.")
        return redirect("proposals:assessment-detail", pk=proposal.pk)
    return render(request, "proposals/check_form.html", {"proposal": proposal, "form": form, "key": key})


@require_http_methods(["GET", "POST"])
def gate_override(request: SignedInRequest, pk: uuid.UUID, key: str) -> HttpResponse:
    proposal = permissions.access_proposal(request.user, pk)
    permissions.require(permissions.can_decide_gates(request.user), CHAIR_ONLY)
    assessment = _current(request, proposal)
    if assessment is None or key not in assessment.result["gates"]:
        raise Http404
    form = OverrideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            override_gate(proposal=proposal, gate=key, by=request.user, at=timezone.now(), **form.cleaned_data)
        except GateNotOpenError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "The gate is set aside. Your reason is printed on page 1 of every later memo.")
            return redirect("proposals:assessment-detail", pk=proposal.pk)
    rows = AssessmentRows(assessment, rubric_words(assessment.rubric_version), proposal.sides.all())
    gate = next(row for row in rows.gates() if row.key == key)
    return render(request, "proposals/gate_override_form.html", {"proposal": proposal, "form": form, "gate": gate})


@require_POST
def gate_override_withdraw(request: SignedInRequest, pk: uuid.UUID, key: str) -> HttpResponse:
    proposal = permissions.access_proposal(request.user, pk)
    permissions.require(permissions.can_decide_gates(request.user), CHAIR_ONLY)
    try:
        withdraw_override(proposal=proposal, gate=key, by=request.user, at=timezone.now())
    except NoOverrideError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "The gate is back in force.")
    return redirect("proposals:assessment-detail", pk=proposal.pk)


@require_http_methods(["GET", "POST"])
def consensus_record(request: SignedInRequest, pk: uuid.UUID, item: str, part: str = "") -> HttpResponse:
    proposal = permissions.access_proposal(request.user, pk)
    permissions.require(permissions.can_decide_gates(request.user), CHAIR_ONLY)
    version = proposal.docket.rubric_version
    try:
        cell = find_cell(proposal, version, item, part)
    except NoSuchCellError as error:
        raise Http404 from error
    levels = cell["risk"].section if "risk" in cell else None
    lowest, highest = (int(part == "probability"), 5) if levels else (0, version.top_score)
    form = ConsensusForm(request.POST or None, lowest=lowest, highest=highest, graded=levels is None)
    if request.method == "POST" and form.is_valid():
        agreed = {"grade": None, **form.cleaned_data}
        try:
            record_consensus(proposal=proposal, item=item, part=part, by=request.user, at=timezone.now(), **agreed)
        except OutOfScaleError as error:
            form.add_error("value", str(error))
        else:
            messages.success(request, "The consensus is recorded and the proposal is assessed again.")
            return redirect("proposals:assessment-detail", pk=proposal.pk)
    words = rubric_words(version)
    assessment = _current(request, proposal)
    rows = AssessmentRows(assessment, words, proposal.sides.all()) if assessment else None
    context = {
        "proposal": proposal,
        "form": form,
        "title": rows.cell_title(item, part) if rows else words.title(item),
        "cell": next((row for row in rows.flagged() if (row.item, row.part) == (item, part)), None) if rows else None,
        "anchors": words.anchors.get(item, ()),
    }
    return render(request, "proposals/consensus_form.html", context)
