import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from proposals.forms.conflicts import ConflictForm
from proposals.models import ConflictDeclaration, Memo, Proposal
from proposals.permissions import access_proposal_to_declare
from proposals.services.conflicts import declare_conflict
from t2eval.http import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def conflict_declare(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    proposal = access_proposal_to_declare(request.user, pk)
    form = ConflictForm(request.POST or None)
    if form.is_valid():
        declaration = declare_conflict(
            proposal=proposal,
            kind=form.cleaned_data["kind"],
            statement=form.cleaned_data["statement"],
            by=request.user,
            at=timezone.now(),
        )
        if declaration.has_conflict:
            messages.success(request, f"Your conflict of interest is recorded. {proposal.code} is closed to you now.")
            return redirect("proposals:assignment-list")
        messages.success(request, "Recorded: you have no conflict of interest on this proposal.")
        return redirect(_page_about(request, proposal))
    earlier = ConflictDeclaration.objects.filter(proposal=proposal, user=request.user).first()
    return render(request, "proposals/conflict_declare.html", {"proposal": proposal, "form": form, "earlier": earlier})


def _page_about(request: SignedInRequest, proposal: Proposal) -> str:
    """The proposal, or the newest of its memos for whoever reads only those."""
    if Proposal.objects.visible_to(request.user).filter(pk=proposal.pk).exists():
        return reverse("proposals:proposal-detail", args=[proposal.pk])
    memos = Memo.objects.visible_to(request.user).filter(proposal=proposal)
    return reverse("proposals:memo-detail", args=[memos.latest("edition").pk])
