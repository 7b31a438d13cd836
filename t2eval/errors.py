"""The answer when nothing else could answer."""

import sys
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from t2eval.http import problem, wants_json

RETRY_AFTER = 2  # seconds
AWAY = "The database does not answer just now. Nothing is lost here; this tries again."


def server_error(request: HttpRequest) -> HttpResponse:
    """503 where the database is away or too busy, which passes; 500 for what is broken.

    Django calls this while it handles the exception, whatever raised it: a view, or a middleware before any view.
    """
    if not isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return HttpResponse(render_to_string("500.html"), status=HTTPStatus.INTERNAL_SERVER_ERROR)
    if wants_json(request):
        response: HttpResponse = problem(HTTPStatus.SERVICE_UNAVAILABLE, "database-away", AWAY)
    else:
        response = HttpResponse(render_to_string("503.html"), status=HTTPStatus.SERVICE_UNAVAILABLE)
    response["Retry-After"] = str(RETRY_AFTER)
    return response
