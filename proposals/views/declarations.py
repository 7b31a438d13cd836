"""Where a page of a proposal leads as long as its officer has not said whether they have a conflict of interest."""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from proposals.permissions import DeclarationNeededError

CODE = "declaration-needed"


class DeclarationMiddleware:
    """The statement comes first, whichever page was asked for; what only reads is where one comes back to."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DeclarationNeededError):
            return None
        page = reverse("proposals:conflict-declare", args=[exception.proposal_id])
        if _is_partial(request):
            answer = {"code": CODE, "detail": str(exception), "declare": page}
            return JsonResponse(answer, status=HTTPStatus.FORBIDDEN)
        back = f"?{urlencode({'next': request.get_full_path()})}" if request.method in ("GET", "HEAD") else ""
        return redirect(page + back)


def _is_partial(request: HttpRequest) -> bool:
    """A script asked, which would put a redirect's page into the place of a part."""
    if request.headers.get("HX-Request"):
        return True
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"
