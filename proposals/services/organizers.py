"""Organizers, with their past convenings and our earlier grants to them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from proposals.models import EarlierGrant, Organizer, PastConvening
from proposals.permissions import can_keep_organizers
from proposals.services.refusals import NotAllowedError
from t2eval.accounts.models import User
from t2eval.audit.services import record


@dataclass(frozen=True, slots=True)
class OrganizerEntry:
    fields: Mapping[str, Any]
    past_convenings: Sequence[Mapping[str, Any]]
    earlier_grants: Sequence[Mapping[str, Any]]


@transaction.atomic
def enter_organizer(*, entry: OrganizerEntry, by: User, at: dt.datetime) -> Organizer:
    _require_keeper(by)
    organizer = Organizer.objects.create(**entry.fields)
    _write_rows(organizer, entry)
    record("organizer.entered", by=by, at=at, target=organizer)
    return organizer


@transaction.atomic
def edit_organizer(*, organizer: Organizer, entry: OrganizerEntry, by: User, at: dt.datetime) -> Organizer:
    _require_keeper(by)
    organizer = Organizer.objects.select_for_update().get(pk=organizer.pk)
    for name, value in entry.fields.items():
        setattr(organizer, name, value)
    organizer.save()
    _write_rows(organizer, entry)
    record("organizer.edited", by=by, at=at, target=organizer)
    return organizer


def _write_rows(organizer: Organizer, entry: OrganizerEntry) -> None:
    organizer.past_convenings.all().delete()
    organizer.earlier_grants.all().delete()
    PastConvening.objects.bulk_create(PastConvening(organizer=organizer, **row) for row in entry.past_convenings)
    EarlierGrant.objects.bulk_create(EarlierGrant(organizer=organizer, **row) for row in entry.earlier_grants)


def _require_keeper(by: User) -> None:
    if not can_keep_organizers(by):
        raise NotAllowedError("Officers and chairs keep the list of organizers.")
