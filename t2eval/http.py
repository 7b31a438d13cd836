"""The request as our views see it, and what holds for every answer."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django_htmx.middleware import HtmxDetails

from t2eval.accounts.models import User


class SignedInRequest(HttpRequest):
    """A request behind LoginRequiredMiddleware: `user` is one of ours, never anonymous."""

    user: User
    htmx: HtmxDetails


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asks, which reads an answer and shows no page."""
    return request.headers.get("Accept", "").startswith("application/json")


def problem(status: HTTPStatus, code: str, message: str, **facts: Any) -> JsonResponse:
    """A refusal for a script: a code to act on, and words to show."""
    return JsonResponse({"code": code, "message": message, **facts}, status=status)


class NoStoreMiddleware:
    """Signed-in pages, partials and files stay out of every cache: the content is sensitive."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers["Cache-Control"] = "no-store, private"
        return response


class RefusedMethodMiddleware:
    """A refused method answers with a page that says what to do; Django itself sends an empty one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content:
            response.content = render_to_string("405.html", request=request).encode()
        return response
