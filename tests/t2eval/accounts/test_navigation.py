import re

import pytest
from django.test import Client
from django.urls import reverse

from t2eval.accounts.navigation import first_url, sections_for
from t2eval.accounts.roles import Role
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("roles", "labels"),
    [
        ([Role.OFFICER], ["My scoring", "Dockets", "Organizers", "Memos", "Rubric"]),
        ([Role.CHAIR], ["Dockets", "Organizers", "Memos", "Rubric"]),
        ([Role.COMMITTEE], ["Dockets", "Memos", "Rubric"]),
        ([Role.ADMIN], ["Admin", "Rubric"]),
        ([Role.AUDITOR], ["Audit", "Rubric"]),
        ([Role.OFFICER, Role.CHAIR], ["My scoring", "Dockets", "Organizers", "Memos", "Rubric"]),
        ([], ["Rubric"]),
    ],
)
def test_sections_for_roles_are_those_they_open(roles: list[Role], labels: list[str]) -> None:
    user = make_user(*roles)

    assert [section.label for section in sections_for(user)] == labels


def test_sections_for_superuser_without_role_is_the_rubric_alone() -> None:
    user = make_user(is_superuser=True, is_staff=True)

    assert [section.label for section in sections_for(user)] == ["Rubric"]


@pytest.mark.parametrize(
    ("role", "view_name"),
    [
        (Role.OFFICER, "proposals:assignment-list"),
        (Role.CHAIR, "proposals:docket-list"),
        (Role.COMMITTEE, "proposals:docket-list"),
        (Role.ADMIN, "admin:index"),
        (Role.AUDITOR, "proposals:event-list"),
    ],
)
def test_first_url_role_is_their_first_section(role: Role, view_name: str) -> None:
    assert first_url(make_user(role)) == reverse(view_name)


def test_site_nav_page_of_a_section_marks_that_section(client: Client) -> None:
    client.force_login(make_user(Role.CHAIR))

    page = client.get(reverse("proposals:organizer-create")).content.decode()

    assert re.findall(r'<a href="([^"]+)" aria-current="true">', page) == [reverse("proposals:organizer-list")]


def test_top_bar_signed_in_shows_name_and_roles(client: Client) -> None:
    client.force_login(make_user(Role.OFFICER, Role.CHAIR, name="Ines Maro"))

    page = client.get(reverse("rubrics:version-list")).content.decode()

    assert re.findall(r'<strong>(.*?)</strong> <span class="top-bar__role">(.*?)</span>', page) == [
        ("Ines Maro", "Program officer, Chair")
    ]
