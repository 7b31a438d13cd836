"""My interests and reminders: what each user keeps themselves. It lies here since every change leaves an event."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from t2eval.accounts.models import Affiliation
from t2eval.accounts.roles import Role
from t2eval.audit.forms import AffiliationForm, RemindersForm
from t2eval.audit.interests import AffiliationKnownError, add_affiliation, choose_reminders, remove_affiliation
from t2eval.http import SignedInRequest


@require_safe
def interest_list(request: SignedInRequest) -> HttpResponse:
    return _page(request, AffiliationForm())


@require_POST
def interest_add(request: SignedInRequest) -> HttpResponse:
    form = AffiliationForm(request.POST)
    if form.is_valid():
        try:
            add_affiliation(fields=form.cleaned_data, by=request.user, at=timezone.now())
        except AffiliationKnownError as refusal:
            form.add_error("organization", str(refusal))
        else:
            messages.success(request, "The interest is on your list.")
            return redirect("accounts:interest-list")
    return _page(request, form)


@require_POST
def interest_remove(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    affiliation = get_object_or_404(Affiliation.objects.visible_to(request.user), pk=pk)
    remove_affiliation(affiliation=affiliation, by=request.user, at=timezone.now())
    messages.success(request, "The interest is off your list.")
    return redirect("accounts:interest-list")


@require_POST
def reminders_choose(request: SignedInRequest) -> HttpResponse:
    form = RemindersForm(request.POST)
    wanted = form.is_valid() and form.cleaned_data["wants_reminders"]
    choose_reminders(wanted=wanted, by=request.user, at=timezone.now())
    messages.success(request, "You will be reminded." if wanted else "You will not be reminded.")
    return redirect("accounts:interest-list")


def _page(request: SignedInRequest, form: AffiliationForm) -> HttpResponse:
    interests = Affiliation.objects.visible_to(request.user).order_by("organization", "kind")
    context = {
        "form": form,
        "interests": interests,
        "reminders": RemindersForm(initial={"wants_reminders": request.user.wants_reminders}),
        "is_officer": request.user.has_role(Role.OFFICER),
        "reminders_are_on": settings.REMINDERS,
    }
    return render(request, "accounts/interest_list.html", context)
