import pytest

from rubrics.models import RubricVersion
from t2eval.accounts.roles import Role
from tests.factories import NOW, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", [*Role, None])
def test_visible_to_gives_drafts_to_administrators_only(version, role):
    retired = RubricVersion.objects.create(
        rubric=version.rubric,
        number=7,
        top_score=5,
        evidence_caps=[],
        state="retired",
        published_at=NOW,
        retired_at=NOW,
    )
    draft = RubricVersion.objects.create(rubric=version.rubric, number=8, top_score=5, evidence_caps=[])
    user = make_user(role) if role else make_user(is_superuser=True)

    seen = set(RubricVersion.objects.visible_to(user))

    assert seen == {version, retired} | ({draft} if role == Role.ADMIN else set())
