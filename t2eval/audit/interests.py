"""What a user says of themselves: interests, and whether to be reminded. Events tell that, never which interest."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from t2eval.accounts.models import Affiliation, User
from t2eval.audit.services import record


class AffiliationKnownError(Exception):
    def __init__(self) -> None:
        super().__init__("This interest is on your list already.")


@transaction.atomic
def add_affiliation(*, fields: Mapping[str, Any], by: User, at: dt.datetime) -> Affiliation:
    try:
        with transaction.atomic():
            affiliation = Affiliation.objects.create(user=by, **fields)
    except IntegrityError as error:
        raise AffiliationKnownError from error
    record("interest.added", by=by, at=at, target=by)
    return affiliation


@transaction.atomic
def remove_affiliation(*, affiliation: Affiliation, by: User, at: dt.datetime) -> None:
    removed, _ = Affiliation.objects.visible_to(by).filter(pk=affiliation.pk).delete()
    if removed:
        record("interest.removed", by=by, at=at, target=by)


@transaction.atomic
def choose_reminders(*, wanted: bool, by: User, at: dt.datetime) -> None:
    user = User.objects.select_for_update().get(pk=by.pk)
    if user.wants_reminders == wanted:
        return
    user.wants_reminders = wanted
    user.save(update_fields=["wants_reminders"])
    record("reminders.chosen", by=by, at=at, target=user, wanted=wanted)
