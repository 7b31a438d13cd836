"""What every installation starts with: the default rubric and the issue areas."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from proposals.models import IssueArea
from proposals.services.seeding import load_issue_areas
from rubrics.models import RubricVersion
from rubrics.services.defaults import load_default_rubric
from t2eval.accounts.models import User
from t2eval.audit.services import record


@dataclass(frozen=True, slots=True)
class Defaults:
    """What is there after loading, and what of it is new."""

    version: RubricVersion
    is_new_version: bool
    new_issue_areas: list[IssueArea]


@transaction.atomic
def load_defaults(*, by: User | None, at: dt.datetime) -> Defaults:
    """Load what is missing; loading twice changes nothing. Raises RubricVersionExistsError, and then loads nothing."""
    before = set(RubricVersion.objects.values_list("pk", flat=True))
    version = load_default_rubric(by=by, at=at)
    areas = load_issue_areas()
    for area in areas:
        record("issue-area.kept", by=by, at=at, target=area)
    return Defaults(version=version, is_new_version=version.pk not in before, new_issue_areas=areas)
