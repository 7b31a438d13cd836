"""What an officer does all day asks the database as often in a large docket as in a small one."""

import pytest
from django.urls import reverse

from proposals.models import CellChange
from proposals.services.answer_rows import answers_of
from proposals.services.answers import version_of
from t2eval.accounts.roles import Role
from tests.factories import make_user
from tests.load.rows import begin_draft, build_docket

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("proposals", [1, 3])]


@pytest.fixture
def officers():
    return [make_user(Role.OFFICER) for _ in range(3)]


@pytest.fixture
def docket(proposals, officers):
    return build_docket(proposals=proposals, officers=officers)


def test_save_takes_twelve_queries(client, docket, officers, django_assert_num_queries):
    draft = begin_draft(docket, officers[0])
    seen = version_of(answers_of(draft.scorecards.get())["right-people.a"])
    url = reverse("proposals:scorecard-cell", args=[draft.pk, "right-people.a"])
    fields = {"answer": "3", "grade": "", "rationale": "They brief the ministers."}
    client.force_login(officers[0])
    client.post(url, fields, headers={"If-Match": "another"})  # reads the rubric version, which stays in memory

    with django_assert_num_queries(12):
        response = client.post(url, fields, headers={"If-Match": f'"{seen}"'})

    assert (response.status_code, CellChange.objects.get().after["rationale"]) == (200, "They brief the ministers.")


def test_scoring_page_takes_fifteen_queries(client, docket, officers, django_assert_num_queries):
    url = reverse("proposals:scorecard-edit", args=[begin_draft(docket, officers[0]).pk])
    client.force_login(officers[0])
    client.get(url)  # reads the rubric version, which stays in memory

    with django_assert_num_queries(15):
        client.get(url)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.CHAIR])
def test_docket_with_all_ranked_takes_few_queries(client, docket, officers, role, proposals, django_assert_num_queries):
    client.force_login(officers[0] if role == Role.OFFICER else make_user(role))
    url = reverse("proposals:docket-detail", args=[docket.pk])
    client.get(url)

    with django_assert_num_queries(9 if role == Role.OFFICER else 10):
        page = client.get(url)

    (group,) = page.context["groups"]
    assert (group.title, len(group.rows), {row.own_state for row in group.rows}) == (
        "Ranked",
        proposals,
        {"Submitted"} if role == Role.OFFICER else {""},
    )
