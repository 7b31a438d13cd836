import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from proposals.forms.conflicts import ConflictForm
from proposals.models import ConflictDeclaration, Memo, Proposal
from proposals.models.access import undeclared_proposal_ids
from proposals.permissions import access_proposal_to_declare
from proposals.services.acting_chairs import is_last_chair
from proposals.services.conflict_suggestions import suggest_conflicts
from proposals.services.conflicts import declare_conflict
from t2eval.accounts.roles import Role
from t2eval.http import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def conflict_declare(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    proposal = access_proposal_to_declare(request.user, pk)
    form = ConflictForm(request.POST or None)
    if not form.is_valid():
        context = _page(request, proposal, form)
        return render(request, "proposals/conflict_declare.html", context)
    declaration = declare_conflict(
        proposal=proposal,
        kind=form.cleaned_data["kind"],
        statement=form.cleaned_data["statement"],
        by=request.user,
        at=timezone.now(),
    )
    if declaration.has_conflict:
        messages.success(request, f"Your conflict of interest is recorded. {proposal.code} is closed to you now.")
        return _after_conflict(request, proposal)
    messages.success(request, "Recorded: you have no conflict of interest on this proposal.")
    return redirect(_next(request) or _page_about(request, proposal))


def _page(request: SignedInRequest, proposal: Proposal, form: ConflictForm) -> dict[str, Any]:
    """What a conflict is judged by, and what the user's own interests suggest; nothing else of the proposal."""
    suggestions = suggest_conflicts(proposal, request.user)
    earlier = ConflictDeclaration.objects.filter(proposal=proposal, user=request.user).first()
    return {
        "proposal": proposal,
        "sides": proposal.sides.order_by("position", "pk"),
        "co_funders": proposal.co_funders.order_by("pk"),
        "form": form,
        "kinds": [
            (radio, [one.why for one in suggestions if one.kind == radio.data["value"]]) for radio in form["kind"]
        ],
        "suggestions": suggestions,
        "earlier": earlier,
        "comes_first": undeclared_proposal_ids(request.user).filter(proposal=proposal).exists(),
        "is_last_chair": is_last_chair(request.user, proposal),
        "next": _next(request),
    }


def _next(request: SignedInRequest) -> str:
    """Where the user was going, if that lies on this site."""
    address = request.POST.get("next") or request.GET.get("next", "")
    return address if address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None) else ""


def _after_conflict(request: SignedInRequest, proposal: Proposal) -> HttpResponse:
    """The chair's docket says what remains there; others go on with what they have to score."""
    if request.user.has_role(Role.CHAIR):
        return redirect("proposals:docket-detail", pk=proposal.docket_id)
    return redirect("proposals:assignment-list")


def _page_about(request: SignedInRequest, proposal: Proposal) -> str:
    """The proposal, or the newest of its memos for whoever reads only those."""
    if Proposal.objects.visible_to(request.user).filter(pk=proposal.pk).exists():
        return reverse("proposals:proposal-detail", args=[proposal.pk])
    memos = Memo.objects.visible_to(request.user).filter(proposal=proposal)
    return reverse("proposals:memo-detail", args=[memos.latest("edition").pk])
