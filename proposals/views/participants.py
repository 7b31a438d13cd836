import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from proposals.forms.participants import ParticipantForm
from proposals.models import Participant, Proposal
from proposals.permissions import access_participant, access_proposal, can_see_participants, require
from proposals.services.participants import edit_participant, enter_participant, erase_participant
from t2eval.http import SignedInRequest

NEED_TO_KNOW = "Names of participants are for the sponsor officer and the chair only."


def _access(request: SignedInRequest, pk: uuid.UUID) -> Proposal:
    proposal = access_proposal(request.user, pk)
    require(can_see_participants(request.user, proposal), NEED_TO_KNOW)
    return proposal


@require_safe
def participant_list(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    proposal = _access(request, pk)
    participants = Participant.objects.visible_to(request.user).filter(proposal=proposal).select_related("side")
    context = {"proposal": proposal, "participants": participants.order_by("side__position", "status", "name")}
    return render(request, "proposals/participant_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def participant_create(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    proposal = _access(request, pk)
    form = ParticipantForm(request.POST or None, sides=proposal.sides.all())
    if form.is_valid():
        enter_participant(proposal=proposal, fields=form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, "The participant is entered.")
        return redirect("proposals:participant-list", pk=proposal.pk)
    return render(request, "proposals/participant_form.html", {"proposal": proposal, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def participant_edit(request: SignedInRequest, pk: uuid.UUID, participant_pk: uuid.UUID) -> HttpResponse:
    proposal = _access(request, pk)
    participant = access_participant(request.user, proposal, participant_pk)
    form = ParticipantForm(request.POST or None, sides=proposal.sides.all(), instance=participant)
    if form.is_valid():
        edit_participant(participant=participant, fields=form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, "Saved.")
        return redirect("proposals:participant-list", pk=proposal.pk)
    context = {"proposal": proposal, "form": form, "participant": participant}
    return render(request, "proposals/participant_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def participant_erase(request: SignedInRequest, pk: uuid.UUID, participant_pk: uuid.UUID) -> HttpResponse:
    """Asks first: what is erased is gone."""
    proposal = _access(request, pk)
    participant = access_participant(request.user, proposal, participant_pk)
    if request.method != "POST":
        context = {"proposal": proposal, "participant": participant}
        return render(request, "proposals/participant_erase.html", context)
    erase_participant(participant=participant, by=request.user, at=timezone.now())
    messages.success(request, "The participant is erased.")
    return redirect("proposals:participant-list", pk=proposal.pk)
