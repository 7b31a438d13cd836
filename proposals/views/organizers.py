import uuid
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from proposals.forms.organizers import OrganizerForm
from proposals.models import Organizer, Proposal
from proposals.permissions import access_organizer, can_keep_organizers, require
from proposals.services.organizers import (
    OrganizerChangedError,
    edit_organizer,
    enter_organizer,
    organizer_differences,
)
from t2eval.http import SignedInRequest

KEEPERS_ONLY = "Officers and chairs keep the list of organizers."


@require_safe
def organizer_list(request: SignedInRequest) -> HttpResponse:
    require(can_keep_organizers(request.user), KEEPERS_ONLY)
    organizers = Organizer.objects.visible_to(request.user).annotate(
        convenings_count=Count("past_convenings", distinct=True), grants_count=Count("earlier_grants", distinct=True)
    )
    context = {"organizers": organizers.order_by("is_sample", "name")}
    return render(request, "proposals/organizer_list.html", context)


@require_safe
def organizer_detail(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    organizer = access_organizer(request.user, pk)
    proposals = Proposal.objects.visible_to(request.user).filter(organizer=organizer)
    context = {
        "organizer": organizer,
        "convenings": organizer.past_convenings.order_by("pk"),
        "grants": organizer.earlier_grants.order_by("-year", "pk"),
        "proposals": proposals.select_related("docket", "issue_area").order_by("docket__title", "number"),
        "can_keep_organizers": can_keep_organizers(request.user),
    }
    return render(request, "proposals/organizer_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def organizer_create(request: SignedInRequest) -> HttpResponse:
    require(can_keep_organizers(request.user), KEEPERS_ONLY)
    form = OrganizerForm(data=request.POST or None)
    if "add" in request.POST:
        form = form.again(more=request.POST["add"])
    elif request.method == "POST" and form.is_valid():
        organizer = enter_organizer(entry=form.entry(), by=request.user, at=timezone.now())
        messages.success(request, f"{organizer.name} is entered.")
        return redirect("proposals:organizer-detail", pk=organizer.pk)
    return render(request, "proposals/organizer_form.html", {"record": form})


@require_http_methods(["GET", "HEAD", "POST"])
def organizer_edit(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    organizer = access_organizer(request.user, pk)
    require(can_keep_organizers(request.user), KEEPERS_ONLY)
    form = OrganizerForm(organizer=organizer, data=request.POST or None)
    context: dict[str, Any] = {"organizer": organizer}
    if "add" in request.POST:
        form = form.again(more=request.POST["add"])
    elif request.method == "POST" and form.is_valid():
        opened = form.own.cleaned_data["opened"]
        try:
            edit_organizer(organizer=organizer, entry=form.entry(), opened=opened, by=request.user, at=timezone.now())
        except OrganizerChangedError as refusal:
            context |= {"refusal": refusal, "changes": organizer_differences(organizer, form.entry())}
            form = form.again(opened=refusal.current)
        else:
            messages.success(request, "Saved.")
            return redirect("proposals:organizer-detail", pk=organizer.pk)
    return render(request, "proposals/organizer_form.html", {**context, "record": form})
