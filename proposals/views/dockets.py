import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from proposals.forms.dockets import DocketForm
from proposals.models import Docket
from proposals.permissions import access_docket, can_enter_proposals, can_keep_dockets, require
from proposals.services.acting_chairs import own_bars_without_chair
from proposals.services.dockets import (
    NotPublishedError,
    VersionPinnedError,
    close_docket,
    edit_docket,
    open_docket,
    reopen_docket,
)
from proposals.services.locking import DocketClosedError
from proposals.services.standings import committee_memos, docket_groups
from proposals.views.reassessments import of_docket
from t2eval.accounts.roles import Role
from t2eval.http import SignedInRequest

CHAIRS_ONLY = "Only chairs open, edit and close dockets."


@require_safe
def docket_list(request: SignedInRequest) -> HttpResponse:
    dockets = Docket.objects.visible_to(request.user).select_related("rubric_version")
    context = {
        "open_dockets": dockets.filter(state=Docket.State.OPEN).order_by("kind", "due_date", "title"),
        "closed_dockets": dockets.filter(state=Docket.State.CLOSED).order_by("-closed_at", "title"),
        "dockets_to_enter": Docket.objects.open_to_entry(request.user)
        .exclude(pk__in=dockets.values("pk"))
        .order_by("due_date", "title"),
        "can_keep_dockets": can_keep_dockets(request.user),
    }
    return render(request, "proposals/docket_list.html", context)


@require_safe
def docket_detail(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    docket = access_docket(request.user, pk)
    is_judge = request.user.has_role(Role.OFFICER, Role.CHAIR)
    context = {
        "docket": docket,
        "groups": docket_groups(docket, request.user) if is_judge else [],
        "memos": committee_memos(docket, request.user) if request.user.has_role(Role.COMMITTEE) else [],
        "is_judge": is_judge,
        "is_committee": request.user.has_role(Role.COMMITTEE),
        "is_calibration": docket.kind == Docket.Kind.CALIBRATION,
        "can_practise": docket.kind == Docket.Kind.CALIBRATION and request.user.has_role(Role.OFFICER),
        "is_chair": request.user.has_role(Role.CHAIR),
        "left_without_chair": own_bars_without_chair(request.user, docket) if request.user.has_role(Role.CHAIR) else 0,
        "can_keep_docket": can_keep_dockets(request.user) and docket.kind != Docket.Kind.CALIBRATION,
        "can_enter_proposals": can_enter_proposals(request.user) and docket.state == Docket.State.OPEN,
    } | of_docket(request.user, docket)
    return render(request, "proposals/docket_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def docket_create(request: SignedInRequest) -> HttpResponse:
    require(can_keep_dockets(request.user), CHAIRS_ONLY)
    form = DocketForm(request.POST or None)
    if form.is_valid():
        docket = open_docket(fields=form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, f"The docket “{docket.title}” is open.")
        return redirect("proposals:docket-detail", pk=docket.pk)
    return render(request, "proposals/docket_form.html", {"form": form})


def _require_keeper(request: SignedInRequest, docket: Docket) -> None:
    require(can_keep_dockets(request.user), CHAIRS_ONLY)
    require(docket.kind != Docket.Kind.CALIBRATION, "The calibration docket stays as it is.")


@require_http_methods(["GET", "HEAD", "POST"])
def docket_edit(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    docket = access_docket(request.user, pk)
    _require_keeper(request, docket)
    form = DocketForm(request.POST or None, instance=Docket.objects.get(pk=docket.pk))
    if form.is_valid():
        try:
            edit_docket(docket=docket, fields=form.cleaned_data, by=request.user, at=timezone.now())
        except (NotPublishedError, VersionPinnedError) as refusal:
            form.add_error("rubric_version", str(refusal))
        except DocketClosedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Saved.")
            return redirect("proposals:docket-detail", pk=docket.pk)
    return render(request, "proposals/docket_form.html", {"form": form, "docket": docket})


@require_POST
def docket_close(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    docket = access_docket(request.user, pk)
    _require_keeper(request, docket)
    close_docket(docket=docket, by=request.user, at=timezone.now())
    messages.success(request, "The docket is closed: its records and scorecards no longer change.")
    return redirect("proposals:docket-detail", pk=docket.pk)


@require_POST
def docket_reopen(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    docket = access_docket(request.user, pk)
    _require_keeper(request, docket)
    reopen_docket(docket=docket, by=request.user, at=timezone.now())
    messages.success(request, "The docket is open again.")
    return redirect("proposals:docket-detail", pk=docket.pk)
