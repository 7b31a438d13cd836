from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from proposals.models import Docket
from proposals.services.own_work import WorkState, own_recusals, own_work
from proposals.services.practice import practice_offer
from t2eval.accounts.roles import Role
from t2eval.http import SignedInRequest


@require_safe
def assignment_list(request: SignedInRequest) -> HttpResponse:
    """The home page: what this user has to score; for those who score nothing, where their work is."""
    work = own_work(request.user, today=timezone.localdate())
    context = {
        "work": work,
        "to_discuss": [one for one in work if one.is_to_discuss],
        "to_score": [one for one in work if one.is_to_score],
        "done": [one for one in work if not one.is_to_do],
        "has_closed": any(one.state == WorkState.CLOSED for one in work),
        "recusals": own_recusals(request.user),
        "places": places_of_work(request),
        "practice": practice_offer(request.user),
        "dockets": Docket.objects.visible_to(request.user).order_by("state", "title") if not work else [],
    }
    return render(request, "proposals/assignment_list.html", context)


def places_of_work(request: SignedInRequest) -> set[str]:
    """The parts of the site that the user's roles work in."""
    by_role = {
        "dockets": (Role.CHAIR, Role.OFFICER),
        "memos": (Role.CHAIR, Role.COMMITTEE, Role.OFFICER),
        "rubric": (Role.ADMIN, Role.CHAIR, Role.OFFICER),
        "admin": (Role.ADMIN,),
        "audit": (Role.AUDITOR,),
    }
    return {place for place, roles in by_role.items() if request.user.has_role(*roles)}
