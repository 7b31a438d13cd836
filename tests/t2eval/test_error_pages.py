import re

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.urls import reverse
from django.views import defaults

from t2eval.accounts.roles import Role
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def headings(content: bytes) -> list[str]:
    return re.findall(r"<h1>(.*?)</h1>", content.decode())


def test_not_found_anonymous_offers_sign_in(client: Client) -> None:
    response = client.get("/no-such-page/")

    assert response.status_code == 404
    assert headings(response.content) == ["Nothing here for you"]
    assert f'href="{reverse("accounts:sign-in")}"' in response.content.decode()


def test_not_found_signed_in_offers_first_page(client: Client) -> None:
    client.force_login(make_user(Role.ADMIN))

    response = client.get("/no-such-page/")

    assert response.status_code == 404
    assert re.findall(r'<a class="button button--primary" href="(.*?)">', response.content.decode()) == ["/admin/"]


def test_permission_denied_prints_reason_and_roles(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.user = make_user(Role.OFFICER, name="Ines Maro")

    response = defaults.permission_denied(request, PermissionDenied("Only the chair issues memos."))

    page = response.content.decode()
    assert response.status_code == 403
    assert re.findall(r'<p class="note note--warning">(.*?)</p>', page) == ["Only the chair issues memos."]
    assert "<strong>Ines Maro</strong> (Program officer)" in page


def test_permission_denied_reason_is_escaped(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.user = make_user()

    response = defaults.permission_denied(request, PermissionDenied("<script>"))

    assert re.findall(r'<p class="note note--warning">(.*?)</p>', response.content.decode()) == ["&lt;script&gt;"]


def test_csrf_failure_says_the_form_has_expired() -> None:
    client = Client(enforce_csrf_checks=True)

    response = client.post(reverse("accounts:sign-in"), {"username": "ines"})

    assert response.status_code == 403
    assert headings(response.content) == ["This form has expired"]


def test_refused_method_keeps_allow_header_and_says_what_to_do(client: Client) -> None:
    client.force_login(make_user(Role.OFFICER))

    response = client.get(reverse("accounts:sign-out"))

    assert (response.status_code, response.headers["Allow"]) == (405, "POST, OPTIONS")
    assert headings(response.content) == ["This address does not work that way"]
    assert response.headers["Cache-Control"] == "no-store, private"


def test_bad_request_renders_without_a_context(rf: RequestFactory) -> None:
    response = defaults.bad_request(rf.get("/"), ValueError())

    assert response.status_code == 400
    assert headings(response.content) == ["The request could not be read"]


def test_server_error_needs_neither_context_nor_database(
    rf: RequestFactory, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    with django_assert_num_queries(0):
        response = defaults.server_error(rf.get("/"))

    assert response.status_code == 500
    assert headings(response.content) == ["Something broke on our side"]
