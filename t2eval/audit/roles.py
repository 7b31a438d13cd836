"""Changing what a person may do. It lies here, above the accounts, because every change leaves an event."""

import datetime as dt
from collections.abc import Iterable

from django.contrib.auth.models import Group
from django.db import transaction

from t2eval.accounts.models import User
from t2eval.audit.services import record


@transaction.atomic
def change_roles(*, user: User, roles: Iterable[Group], by: User | None, at: dt.datetime) -> bool:
    """Give the user these roles and no others; `by` is None for an operator's command.

    Whether that changed anything; an event says what.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    before = sorted(user.groups.values_list("name", flat=True))
    after = sorted(group.name for group in roles)
    if before == after:
        return False
    user.groups.set(Group.objects.filter(name__in=after))
    own = by is not None and user.pk == by.pk
    record("roles.changed", by=by, at=at, target=user, before=before, after=after, own=own)
    return True
