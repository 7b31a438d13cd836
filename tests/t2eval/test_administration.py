import pytest
from django.urls import reverse

from proposals.models import IssueArea
from proposals.services.assessing import assess_proposal
from t2eval.accounts.admin import site
from t2eval.accounts.models import User
from t2eval.accounts.roles import Role
from t2eval.audit.models import Event
from tests.factories import NOW, bar, make_scorecard, make_user

pytestmark = pytest.mark.django_db

SECRET = "correct-horse-battery-staple"


@pytest.fixture
def administrator(client):
    user = make_user(Role.ADMIN)
    client.force_login(user)
    return user


def roles(*names):
    from django.contrib.auth.models import Group

    return [str(Group.objects.get(name=name).pk) for name in names]


def facts(user, **changes):
    typed = {"username": user.username, "name": user.name, "email": user.email, "employer": "", "is_active": "on"}
    return {**typed, **changes}


def test_administration_holds_users_and_issue_areas_only(rf, administrator):
    request = rf.get("/admin/")
    request.user = administrator

    models = {model["object_name"] for app in site.get_app_list(request) for model in app["models"]}

    assert models == {"User", "IssueArea"}


def test_administrator_creates_a_user_with_password_and_role(client, administrator):
    data = facts(User(username="new", name="New person"), password1=SECRET, password2=SECRET, groups=roles("officer"))

    client.post(reverse("admin:accounts_user_add"), data)

    user = User.objects.get(username="new")
    assert (user.roles, user.check_password(SECRET)) == ({"officer"}, True)
    events = Event.objects.filter(target_id=str(user.pk)).order_by("event")
    assert [(event.event, event.by_id) for event in events] == [
        ("roles.changed", administrator.pk),
        ("user.created", administrator.pk),
    ]


def test_change_of_roles_is_recorded_with_before_and_after(client, administrator):
    user = make_user(Role.OFFICER)

    client.post(reverse("admin:accounts_user_change", args=[user.pk]), facts(user, groups=roles("officer", "chair")))

    event = Event.objects.get(event="roles.changed")
    assert User.objects.get(pk=user.pk).roles == {"officer", "chair"}
    assert event.details == {"before": ["officer"], "after": ["chair", "officer"], "own": False}


def test_administrator_who_grants_themselves_a_role_leaves_an_event(client, administrator):
    client.post(
        reverse("admin:accounts_user_change", args=[administrator.pk]),
        facts(administrator, groups=roles("admin", "chair")),
    )

    assert Event.objects.get(event="roles.changed").details["own"] is True


def test_save_without_a_change_leaves_no_event(client, administrator):
    user = make_user(Role.OFFICER)

    client.post(reverse("admin:accounts_user_change", args=[user.pk]), facts(user, groups=roles("officer")))

    assert not Event.objects.exists()


def test_change_of_facts_is_recorded_by_their_names(client, administrator):
    user = make_user(Role.OFFICER)
    data = facts(user, groups=roles("officer"), employer="A bank")
    del data["is_active"]

    client.post(reverse("admin:accounts_user_change", args=[user.pk]), data)

    assert Event.objects.get(event="user.edited").details == {"changed": ["employer", "is_active"]}


def test_superuser_mark_cannot_be_given_in_the_administration(client, administrator):
    user = make_user(Role.OFFICER)
    data = facts(user, groups=roles("officer"), is_superuser="on", is_staff="on")

    client.post(reverse("admin:accounts_user_change", args=[user.pk]), data)

    user.refresh_from_db()
    assert (user.is_superuser, user.is_staff) == (False, False)


def test_password_set_by_an_administrator_is_recorded(client, administrator):
    user = make_user(Role.CHAIR)
    data = {"usable_password": "true", "password1": SECRET, "password2": SECRET}

    client.post(reverse("admin:auth_user_password_change", args=[user.pk]), data)

    user.refresh_from_db()
    assert user.check_password(SECRET)
    assert Event.objects.get(event="password.set").target_id == str(user.pk)


@pytest.mark.parametrize("name", ["accounts_user_changelist", "accounts_user_add", "proposals_issuearea_changelist"])
@pytest.mark.parametrize("role", [Role.OFFICER, Role.CHAIR, Role.COMMITTEE, Role.AUDITOR])
def test_administration_is_closed_to_other_roles(client, role, name):
    client.force_login(make_user(role, is_staff=True, is_superuser=True))

    response = client.get(reverse(f"admin:{name}"), follow=True)

    assert response.status_code == 403


def test_users_cannot_be_deleted(client, administrator):
    user = make_user(Role.OFFICER)

    response = client.post(reverse("admin:accounts_user_delete", args=[user.pk]), {"post": "yes"})

    assert (response.status_code, User.objects.filter(pk=user.pk).exists()) == (403, True)


def test_issue_area_marked_as_emerging_technology_assesses_open_proposals_again(
    client, administrator, proposal, officer
):
    make_scorecard(proposal, officer)
    assess_proposal(proposal=proposal, by=officer, at=NOW)
    area = proposal.issue_area
    typed = {"key": area.key, "title": area.title, "note": "", "position": "0", "is_emerging_technology": "on"}

    client.post(reverse("admin:proposals_issuearea_change", args=[area.pk]), typed)

    assert IssueArea.objects.get(pk=area.pk).is_emerging_technology
    flags = proposal.assessments.get(is_current=True).inputs["flags"]
    assert (flags["emerging-technology"], Event.objects.filter(event="issue-area.kept").count()) == (True, 1)


def test_start_page_counts_proposals_without_a_chair_and_names_none(client, admin_user, proposal, chair):
    client.force_login(admin_user)
    before = client.get(reverse("admin:index")).content.decode()
    bar(proposal, chair)
    after = client.get(reverse("admin:index")).content.decode()

    assert [page.count("1 proposal has no chair who may act.") for page in (before, after)] == [0, 1]
    assert proposal.title not in after
