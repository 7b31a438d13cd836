"""What was typed into a draft, or a part of it, that somebody took away meanwhile."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpResponse
from django.shortcuts import render

from t2eval.accounts.roles import Role
from t2eval.http import SignedInRequest

Rest = ParamSpec("Rest")
View = Callable[Concatenate[SignedInRequest, Rest], HttpResponse]

OWN = {"csrfmiddlewaretoken", "seen", "shown", "next", "rescale"}


def keeps_what_is_typed(view: View[Rest]) -> View[Rest]:
    """Where an administrator saves what is not there any more, "not found" shows all that was typed, to be copied."""

    @wraps(view)
    def answer(request: SignedInRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Http404:
            typed = [
                (name.replace("_", " "), "\n".join(values)) for name, values in request.POST.lists() if name not in OWN
            ]
            if not typed or not request.user.has_role(Role.ADMIN):
                raise
            return render(request, "rubrics/draft_gone.html", {"typed": typed}, status=HTTPStatus.NOT_FOUND)

    return answer
