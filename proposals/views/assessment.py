import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from proposals import permissions
from proposals.forms.assessment import CheckForm, ConsensusForm, OverrideForm
from proposals.models import Assessment, Check, Proposal
from proposals.services.bundles import officer_names
from proposals.services.consensus import NoSuchCellError, find_cell, record_consensus, scale_of
from proposals.services.gates import GateNotOpenError, NoOverrideError, override_gate, set_check, withdraw_override
from proposals.views.assessment_rows import AssessmentRows, officer_rows
from proposals.views.consensus_rows import agreed_rows
from proposals.views.reassessments import of_proposal
from rubrics.models import RubricVersion
from rubrics.services.words import check_keys, rubric_words
from t2eval.accounts.models import User
from t2eval.http import SignedInRequest

SET_ASIDE = "The gate is set aside. The reason is printed on page 1 of later memos, as the chair's, with the date."
CHAIR_ONLY = "Checks and gates are the chair's to decide; those of the calibration cases stay as they are."
CHAIR_WHILE_OPEN = "Consensus is the chair's to record, while the docket is open; that of the calibration cases stays."


def _current(request: SignedInRequest, proposal: Proposal) -> Assessment | None:
    visible = Assessment.objects.visible_to(request.user).current()
    return visible.select_related("rubric_version").filter(proposal=proposal).first()


def _checks(user: User, proposal: Proposal) -> list[dict[str, Any]]:
    answered = {check.key: check for check in Check.objects.visible_to(user).filter(proposal=proposal)}
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
        "checks": _checks(request.user, proposal),
        "can_decide": permissions.can_decide_gates(request.user, proposal),
        "can_record_consensus": permissions.can_record_consensus(request.user, proposal),
        "can_score": permissions.can_score(request.user, proposal),
        "owes_round_two": permissions.owes_round_two(request.user, proposal),
    }
    if assessment is not None:
        words = rubric_words(assessment.rubric_version)
        officers = officer_rows(assessment, proposal, words, request.user)
        names = {officer.key: officer.name for officer in officers}
        rows = AssessmentRows(assessment, words, proposal.sides.all(), names=names)
        context |= {
            "rows": rows,
            "words": words,
            "agreed": agreed_rows(assessment, rows, request.user),
            "officers": officers,
            "suggested": words.band(assessment.suggested) if assessment.suggested else "none",
        }
        context |= of_proposal(request.user, proposal)
    return render(request, "proposals/assessment_detail.html", context)


@require_http_methods(["GET", "POST"])
def check_edit(request: SignedInRequest, pk: uuid.UUID, key: str) -> HttpResponse:
    proposal = permissions.access_proposal(request.user, pk)
    permissions.require(permissions.can_decide_gates(request.user, proposal), CHAIR_ONLY)
    if key not in check_keys(rubric_words(proposal.docket.rubric_version).document):
        raise Http404
    check = Check.objects.visible_to(request.user).filter(proposal=proposal, key=key).first()
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
    permissions.require(permissions.can_decide_gates(request.user, proposal), CHAIR_ONLY)
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
            messages.success(request, SET_ASIDE)
            return redirect("proposals:assessment-detail", pk=proposal.pk)
    rows = AssessmentRows(assessment, rubric_words(assessment.rubric_version), proposal.sides.all())
    gate = next(row for row in rows.gates() if row.key == key)
    return render(request, "proposals/gate_override_form.html", {"proposal": proposal, "form": form, "gate": gate})


@require_POST
def gate_override_withdraw(request: SignedInRequest, pk: uuid.UUID, key: str) -> HttpResponse:
    proposal = permissions.access_proposal(request.user, pk)
    permissions.require(permissions.can_decide_gates(request.user, proposal), CHAIR_ONLY)
    try:
        withdraw_override(proposal=proposal, gate=key, by=request.user, at=timezone.now())
    except NoOverrideError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "The gate is back in force.")
    return redirect("proposals:assessment-detail", pk=proposal.pk)


def _scale(cell: Mapping[str, Any], version: RubricVersion) -> dict[str, Any]:
    """What the form of a consensus needs to know of the cell: its scale, and whether it is graded."""
    lowest, highest = scale_of(cell, version)
    return {"lowest": lowest, "highest": highest, "graded": "risk" not in cell}


def _consensus_context(request: SignedInRequest, proposal: Proposal, item: str, part: str) -> dict[str, Any]:
    """The title of the cell, its anchors, and what the officers answered."""
    words = rubric_words(proposal.docket.rubric_version)
    context = {"proposal": proposal, "title": words.title(item), "anchors": words.anchors(item)}
    assessment = _current(request, proposal)
    if assessment is None:
        return context
    rows = AssessmentRows(assessment, words, proposal.sides.all())
    names = officer_names(proposal)
    flagged = next((row for row in rows.flagged() if (row.item, row.part) == (item, part)), None)
    answers = [(names[officer].name, answer) for officer, answer in flagged.answers] if flagged else []
    return context | {"title": rows.cell_title(item, part), "cell": flagged, "answers": answers}


@require_http_methods(["GET", "POST"])
def consensus_record(request: SignedInRequest, pk: uuid.UUID, item: str, part: str = "") -> HttpResponse:
    proposal = permissions.access_proposal(request.user, pk)
    permissions.require(permissions.can_record_consensus(request.user, proposal), CHAIR_WHILE_OPEN)
    try:
        cell = find_cell(proposal, proposal.docket.rubric_version, item, part)
    except NoSuchCellError as error:
        raise Http404 from error
    form = ConsensusForm(request.POST or None, **_scale(cell, proposal.docket.rubric_version))
    if request.method == "POST" and form.is_valid():
        agreed = {"grade": None, **form.cleaned_data}
        record_consensus(proposal=proposal, item=item, part=part, by=request.user, at=timezone.now(), **agreed)
        messages.success(request, "The consensus is recorded and the proposal is assessed again.")
        return redirect("proposals:assessment-detail", pk=proposal.pk)
    context = _consensus_context(request, proposal, item, part) | {"form": form}
    return render(request, "proposals/consensus_form.html", context)
