"""Organizers, with their past convenings and our earlier grants to them."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from proposals.models import EarlierGrant, Organizer, PastConvening
from proposals.permissions import can_keep_organizers
from proposals.services.refusals import NotAllowedError
from proposals.services.snapshots import Difference
from t2eval.accounts.models import User
from t2eval.audit.services import record

FIELDS = ("name", "country", "website", "description")
ROWS = {
    "past_convenings": ("title", "period", "place", "sides", "note"),
    "earlier_grants": ("year", "purpose", "amount", "currency", "outcome"),
}
LABELS = {"past_convenings": "Past convenings", "earlier_grants": "Our earlier grants"}


@dataclass(frozen=True, slots=True)
class OrganizerEntry:
    fields: Mapping[str, Any]
    past_convenings: Sequence[Mapping[str, Any]]
    earlier_grants: Sequence[Mapping[str, Any]]

    def content(self) -> dict[str, Any]:
        """In the form and order of a snapshot."""
        grants = sorted(self.earlier_grants, key=lambda row: -row["year"])
        rows = {"past_convenings": list(self.past_convenings), "earlier_grants": grants}
        return {**{name: self.fields[name] for name in FIELDS}, **rows}


class OrganizerChangedError(Exception):
    """Someone saved other facts since the form was opened; `current` is the digest of what stands now."""

    def __init__(self, *, current: str) -> None:
        super().__init__("Somebody else saved this organizer while you were editing it.")
        self.current = current


@transaction.atomic
def enter_organizer(*, entry: OrganizerEntry, by: User, at: dt.datetime) -> Organizer:
    _require_keeper(by)
    organizer = Organizer.objects.create(**entry.fields)
    _write_rows(organizer, entry)
    record("organizer.entered", by=by, at=at, target=organizer)
    return organizer


@transaction.atomic
def edit_organizer(*, organizer: Organizer, entry: OrganizerEntry, opened: str, by: User, at: dt.datetime) -> Organizer:
    """Save all of it over what had the digest `opened`. What stands there already, word for word, is left alone."""
    _require_keeper(by)
    organizer = Organizer.objects.select_for_update().get(pk=organizer.pk)
    if organizer_snapshot(organizer) == entry.content():
        return organizer
    if (current := organizer_digest(organizer)) != opened:
        raise OrganizerChangedError(current=current)
    for name, value in entry.fields.items():
        setattr(organizer, name, value)
    organizer.save()
    _write_rows(organizer, entry)
    record("organizer.edited", by=by, at=at, target=organizer)
    return organizer


def organizer_snapshot(organizer: Organizer) -> dict[str, Any]:
    """Everything that the form of an organizer holds, in the order of its page."""
    return {
        **{name: getattr(organizer, name) for name in FIELDS},
        "past_convenings": list(organizer.past_convenings.order_by("pk").values(*ROWS["past_convenings"])),
        "earlier_grants": list(organizer.earlier_grants.order_by("-year", "pk").values(*ROWS["earlier_grants"])),
    }


def organizer_digest(organizer: Organizer) -> str:
    """Tells whether somebody saved other facts since a form was opened."""
    content = json.dumps(organizer_snapshot(organizer), sort_keys=True, default=str)
    return hashlib.sha256(content.encode()).hexdigest()


def organizer_differences(organizer: Organizer, entry: OrganizerEntry) -> list[Difference]:
    """How what is typed differs from what is saved, in the order of the form."""
    saved, typed = organizer_snapshot(organizer), entry.content()
    return [
        Difference(name, LABELS.get(name, name.capitalize()), _lines(name, saved[name]), _lines(name, typed[name]))
        for name in (*FIELDS, *ROWS)
        if saved[name] != typed[name]
    ]


def _lines(name: str, value: Any) -> tuple[str, ...]:
    return tuple(_row_lines(name, value)) if name in ROWS else (value or "(empty)",)


def _row_lines(name: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for row in rows:
        yield " · ".join(str(row[key]) for key in ROWS[name] if row[key] not in ("", None))


def _write_rows(organizer: Organizer, entry: OrganizerEntry) -> None:
    organizer.past_convenings.all().delete()
    organizer.earlier_grants.all().delete()
    PastConvening.objects.bulk_create(PastConvening(organizer=organizer, **row) for row in entry.past_convenings)
    EarlierGrant.objects.bulk_create(EarlierGrant(organizer=organizer, **row) for row in entry.earlier_grants)


def _require_keeper(by: User) -> None:
    if not can_keep_organizers(by):
        raise NotAllowedError("Officers and chairs keep the list of organizers.")
