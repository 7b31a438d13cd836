import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from proposals.forms.assignments import AssignmentForm
from proposals.models import ConflictDeclaration
from proposals.permissions import access_assignment, access_proposal, can_assign, require
from proposals.services.assignments import (
    AlreadyScoringError,
    NotAnOfficerError,
    OfficerConflictedError,
    assign_officer,
    withdraw_assignment,
)
from proposals.services.locking import DocketClosedError
from t2eval.accounts.models import User
from t2eval.accounts.roles import Role
from t2eval.http import SignedInRequest

CHAIRS_ONLY = "Only chairs assign officers, while the docket is open."


@require_http_methods(["GET", "HEAD", "POST"])
def assignment_make(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    proposal = access_proposal(request.user, pk)
    require(can_assign(request.user, proposal), CHAIRS_ONLY)
    declared = ConflictDeclaration.objects.visible_to(request.user).filter(proposal=proposal, has_conflict=True)
    officers = User.objects.filter(is_active=True, groups__name=Role.OFFICER).exclude(pk__in=declared.values("user"))
    form = AssignmentForm(request.POST or None, officers=officers, initial={"due_date": proposal.docket.due_date})
    if form.is_valid():
        try:
            assign_officer(proposal=proposal, by=request.user, at=timezone.now(), **form.cleaned_data)
        except (DocketClosedError, NotAnOfficerError, OfficerConflictedError) as refusal:
            form.add_error("officer", str(refusal))
        else:
            messages.success(request, f"{form.cleaned_data['officer'].name} is assigned.")
            return redirect("proposals:proposal-detail", pk=proposal.pk)
    context = {"proposal": proposal, "form": form, "conflicts": declared.select_related("user")}
    return render(request, "proposals/assignment_form.html", context)


@require_POST
def assignment_withdraw(request: SignedInRequest, pk: uuid.UUID, assignment_pk: uuid.UUID) -> HttpResponse:
    proposal = access_proposal(request.user, pk)
    require(can_assign(request.user, proposal), CHAIRS_ONLY)
    assignment = access_assignment(request.user, proposal, assignment_pk)
    try:
        withdraw_assignment(assignment=assignment, by=request.user, at=timezone.now())
    except (AlreadyScoringError, DocketClosedError) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The assignment is withdrawn.")
    return redirect("proposals:proposal-detail", pk=proposal.pk)
