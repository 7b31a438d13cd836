import uuid

import pytest
from django.http import Http404

from rubrics.models import RubricDraft, RubricVersion
from rubrics.permissions import access_draft, access_version
from t2eval.accounts.roles import Role
from tests.factories import make_draft, make_user

pytestmark = pytest.mark.django_db

OTHERS = [role for role in Role if role != Role.ADMIN]


def test_access_draft_gives_an_administrator_the_draft(admin_user):
    draft = make_draft()

    assert access_draft(admin_user, draft.pk) == draft


@pytest.mark.parametrize("role", [*OTHERS, None])
def test_access_draft_is_not_there_for_others(role):
    draft = make_draft()
    user = make_user(role) if role else make_user(is_superuser=True)

    with pytest.raises(Http404):
        access_draft(user, draft.pk)

    assert list(RubricDraft.objects.visible_to(user)) == []


def test_access_draft_unknown_is_not_there(admin_user):
    with pytest.raises(Http404):
        access_draft(admin_user, uuid.uuid4())


@pytest.mark.parametrize("role", Role)
def test_access_version_gives_everybody_what_is_published(version, role):
    assert access_version(make_user(role), version.pk) == version


@pytest.mark.parametrize("role", OTHERS)
def test_access_version_in_the_making_is_not_there_for_others(version, role):
    making = RubricVersion.objects.create(rubric=version.rubric, number=2, top_score=4, evidence_caps=[])

    with pytest.raises(Http404):
        access_version(make_user(role), making.pk)
