from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlencode

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django_htmx.middleware import HtmxDetails

from t2eval.accounts.forms import SignInForm
from t2eval.accounts.held import hold
from t2eval.http import problem, wants_json


class SessionEndMiddleware(LoginRequiredMiddleware):
    """Signed-out users sign in first, and what they sent comes along; a form without fields has nothing to bring."""

    def handle_no_permission(  # type: ignore[override]  # the stubs know only the redirect
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        if wants_json(request):
            return problem(HTTPStatus.UNAUTHORIZED, "signed-out", "Your session has ended. Sign in again.")
        if request.headers.get("HX-Request"):
            return to_sign_in_by_htmx(request)
        held = hold(request) if request.method == "POST" else None
        if held is None or not held.values:
            return super().handle_no_permission(request, view_func)
        context = {"form": SignInForm(request), "held": held, "next": held.path}
        response = render(request, "accounts/user_sign_in.html", context, status=HTTPStatus.UNAUTHORIZED)
        add_never_cache_headers(response)
        return response


def to_sign_in_by_htmx(request: HttpRequest) -> HttpResponse:
    """The whole page moves: a redirect would put the sign-in page into the partial's place."""
    page = HtmxDetails(request).current_url_abs_path
    query = f"?{urlencode({'next': page})}" if page else ""
    return HttpResponse(
        status=HTTPStatus.UNAUTHORIZED, headers={"HX-Redirect": f"{reverse('accounts:sign-in')}{query}"}
    )
