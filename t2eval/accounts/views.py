from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from t2eval.accounts.forms import SignInForm
from t2eval.accounts.held import Held, hold, still_held
from t2eval.http import SignedInRequest, problem, wants_json


class SignInView(LoginView):
    """Django's own, which also carries what was sent after the session had ended."""

    template_name = "accounts/user_sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True
    held: Held | None = None

    @method_decorator([login_not_required, sensitive_post_parameters(), never_cache])
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if wants_json(request):
            self.redirect_authenticated_user = False  # a script signs in over another's session, and reads no page
            if request.method == "GET":
                return JsonResponse({"token": get_token(request)})
        self.held = still_held(request)
        if self.held and request.user.is_authenticated:
            return self.offer_to_send(self.held)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        if wants_json(self.request):
            return session_facts(self.request)
        return self.offer_to_send(self.held) if self.held else response

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        if wants_json(self.request):
            message = " ".join(str(text) for texts in form.errors.values() for text in texts)
            return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "not-signed-in", message)
        return super().form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, held=self.held)

    def offer_to_send(self, held: Held) -> HttpResponse:
        return render(self.request, "accounts/user_send_again.html", {"held": held})


def session_facts(request: HttpRequest) -> JsonResponse:
    """Who is signed in, and the token that their next form needs."""
    return JsonResponse({"user": str(request.user.pk), "name": str(request.user), "token": get_token(request)})


@require_safe
@never_cache
def session(request: SignedInRequest) -> JsonResponse:
    """For a page whose token has gone stale, since its reader signed in elsewhere meanwhile."""
    return session_facts(request)


@never_cache
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django calls it so
    """Nothing is sent on from here, since another site may have sent it; the words are shown to be copied."""
    if wants_json(request):
        return problem(HTTPStatus.FORBIDDEN, "stale-token", "This page is older than your session.")
    try:
        held = still_held(request)
    except BadRequest:
        held = None
    if held is None and request.path != reverse("accounts:sign-in"):
        held = hold(request)
    return render(request, "403_csrf.html", {"held": held}, status=HTTPStatus.FORBIDDEN)
