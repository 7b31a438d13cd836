import re

import pytest
from django.test import Client
from django.urls import reverse

from t2eval.accounts.models import User
from t2eval.accounts.roles import Role
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db


def user_with_password(*roles: Role) -> User:
    user = make_user(*roles, username="ines")
    user.set_password(PASSWORD)
    user.save()
    return user


def test_sign_in_page_anonymous_shows_form_without_sections(client: Client) -> None:
    response = client.get(reverse("accounts:sign-in"))

    page = response.content.decode()
    assert response.status_code == 200
    assert re.findall(r"<title>(.*?)</title>", page) == ["Sign in · t2eval"]
    assert 'aria-label="Sections"' not in page
    assert re.findall(r'<label for="(\w+)"', page) == ["id_username", "id_password"]


def test_sign_in_right_password_goes_to_next(client: Client) -> None:
    user_with_password(Role.ADMIN)

    response = client.post(reverse("accounts:sign-in"), {"username": "ines", "password": PASSWORD, "next": "/admin/"})

    assert (response.status_code, response.headers["Location"]) == (302, "/admin/")


def test_sign_in_next_on_another_site_is_ignored(client: Client) -> None:
    user_with_password(Role.ADMIN)

    response = client.post(
        reverse("accounts:sign-in"), {"username": "ines", "password": PASSWORD, "next": "https://example.org/"}
    )

    assert response.headers["Location"] == reverse("proposals:assignment-list")


@pytest.mark.parametrize(("username", "password"), [("ines", "wrong"), ("nobody", PASSWORD)])
def test_sign_in_wrong_pair_says_so_and_keeps_username(client: Client, username: str, password: str) -> None:
    user_with_password()

    response = client.post(reverse("accounts:sign-in"), {"username": username, "password": password})

    page = response.content.decode()
    assert response.status_code == 200
    assert page.count("The username and password do not belong together.") == 1
    assert re.findall(r'name="username" value="(\w+)"', page) == [username]
    assert password not in page


def test_sign_in_inactive_user_is_refused(client: Client) -> None:
    user = user_with_password()
    user.is_active = False
    user.save()

    response = client.post(reverse("accounts:sign-in"), {"username": "ines", "password": PASSWORD})

    assert response.context["user"].is_authenticated is False


def test_sign_in_signed_in_user_goes_on(client: Client) -> None:
    client.force_login(user_with_password(Role.OFFICER))

    response = client.get(reverse("accounts:sign-in"))

    assert (response.status_code, response.headers["Location"]) == (302, reverse("proposals:assignment-list"))


def test_sign_out_post_ends_session(client: Client) -> None:
    client.force_login(user_with_password(Role.OFFICER))

    response = client.post(reverse("accounts:sign-out"))

    assert (response.status_code, response.headers["Location"]) == (302, reverse("accounts:sign-in"))
    assert "_auth_user_id" not in client.session


def test_sign_out_get_is_refused_and_keeps_session(client: Client) -> None:
    client.force_login(user_with_password(Role.OFFICER))

    response = client.get(reverse("accounts:sign-out"))

    assert response.status_code == 405
    assert "_auth_user_id" in client.session
