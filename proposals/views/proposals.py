import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from proposals.forms.proposals import RecordForm
from proposals.forms.revisions import RevisionsForm
from proposals.models import Organizer, Proposal, ProposalRevision
from proposals.permissions import access_docket_to_enter, access_proposal, can_edit_proposal, require
from proposals.services.locking import DocketClosedError
from proposals.services.records import (
    AlreadyEnteredError,
    RecordChangedError,
    SideInUseError,
    edit_proposal,
    enter_proposal,
)
from proposals.services.snapshots import differences, label_of, take_snapshot
from proposals.views.record_page import record_context, viewer_context
from t2eval.http import SignedInRequest

KEEPERS_ONLY = "The sponsor officer and the chair keep this record, while its docket is open."


@require_safe
def proposal_detail(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    proposal = access_proposal(request.user, pk)
    context = {"proposal": proposal, **record_context(proposal), **viewer_context(proposal, request.user)}
    return render(request, "proposals/proposal_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_create(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    docket = access_docket_to_enter(request.user, pk)
    form = RecordForm(docket, organizers=Organizer.objects.visible_to(request.user), data=request.POST or None)
    if "add" in request.POST:
        form = form.again(more=request.POST["add"])
    elif request.method == "POST" and form.is_valid():
        key = form.own.cleaned_data["key"]
        try:
            proposal = enter_proposal(docket=docket, entry=form.entry(), by=request.user, at=timezone.now(), key=key)
        except AlreadyEnteredError as refusal:
            messages.info(request, str(refusal))
            return redirect("proposals:proposal-detail", pk=refusal.proposal.pk)
        except DocketClosedError as refusal:
            form.own.add_error(None, str(refusal))
        else:
            messages.success(request, f"{proposal.code} “{proposal.title}” is entered.")
            return redirect("proposals:proposal-detail", pk=proposal.pk)
    return render(request, "proposals/proposal_form.html", {"docket": docket, "record": form})


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_edit(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    proposal = access_proposal(request.user, pk)
    require(can_edit_proposal(request.user, proposal), KEEPERS_ONLY)
    organizers = Organizer.objects.visible_to(request.user)
    form = RecordForm(proposal.docket, organizers=organizers, proposal=proposal, data=request.POST or None)
    context: dict[str, Any] = {}
    if "add" in request.POST:
        form = form.again(more=request.POST["add"])
    elif request.method == "POST" and form.is_valid():
        response, form, context = _save(request, proposal, form)
        if response:
            return response
    context |= {"docket": proposal.docket, "proposal": proposal, "record": form}
    return render(request, "proposals/proposal_form.html", context)


def _save(
    request: SignedInRequest, proposal: Proposal, form: RecordForm
) -> tuple[HttpResponse | None, RecordForm, dict[str, Any]]:
    """Save, or give the page again with all that was typed and what stands against it."""
    opened = form.own.cleaned_data["revision"] or 0
    try:
        edit_proposal(proposal=proposal, entry=form.entry(), opened_revision=opened, by=request.user, at=timezone.now())
    except RecordChangedError as refusal:
        return None, form.again(revision=refusal.current), _what_changed(proposal, refusal)
    except (DocketClosedError, SideInUseError) as refusal:
        form.own.add_error(None, str(refusal))
        return None, form, {}
    messages.success(request, "The record is saved.")
    return redirect("proposals:proposal-detail", pk=proposal.pk), form, {}


def _what_changed(proposal: Proposal, refusal: RecordChangedError) -> dict[str, Any]:
    """What others saved between the revision that was opened and the one that stands."""
    opened = ProposalRevision.objects.filter(proposal=proposal, number=refusal.opened).first()
    latest = ProposalRevision.objects.filter(proposal=proposal).select_related("by").order_by("-number").first()
    return {
        "refusal": refusal,
        "latest": latest,
        "changes": differences(opened.content, take_snapshot(proposal)) if opened else [],
    }


@require_safe
def proposal_revisions(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """Who changed what, when; and, for two chosen revisions, how they differ."""
    proposal = access_proposal(request.user, pk)
    revisions = list(
        ProposalRevision.objects.visible_to(request.user)
        .filter(proposal=proposal)
        .select_related("by")
        .order_by("-number")
    )
    form = RevisionsForm(request.GET or None, revisions=revisions)
    context = {
        "proposal": proposal,
        "revisions": [(revision, [label_of(name) for name in revision.changed]) for revision in revisions],
        "form": form,
        "compared": form.compared(),
    }
    return render(request, "proposals/proposal_revisions.html", context)
