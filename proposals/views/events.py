from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from proposals.forms.events import EventFilterForm
from proposals.models.access import barred_proposal_ids
from proposals.permissions import can_read_events, require
from t2eval.audit.models import Event
from t2eval.http import SignedInRequest

PAGE_SIZE = 50


@require_safe
def event_list(request: SignedInRequest) -> HttpResponse:
    require(can_read_events(request.user), "Only auditors read the audit trail.")
    events = Event.objects.visible_to(request.user, barred=frozenset(barred_proposal_ids(request.user)))
    names = list(events.order_by("event").values_list("event", flat=True).distinct())
    form = EventFilterForm(request.GET, events=names)
    found = events.filter(**form.lookups()).order_by("-at", "-pk")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    filters = urlencode({name: value for name, value in request.GET.items() if name != "page" and value})
    return render(request, "proposals/event_list.html", {"form": form, "page": page, "filters": filters})
