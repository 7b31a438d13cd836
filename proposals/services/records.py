"""Entering and editing the record of a proposal. Every save that changes something leaves a revision."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max, ProtectedError
from django.utils.text import slugify

from proposals.models import Assignment, Docket, Proposal, ProposalRevision, Side
from proposals.permissions import can_edit_proposal
from proposals.services.assessing import assess_proposal
from proposals.services.locking import locked_docket, locked_proposal, require_open
from proposals.services.refusals import NotAllowedError
from proposals.services.snapshots import FIELDS, PARTS, UNORDERED, differences, take_snapshot
from t2eval.accounts.models import User
from t2eval.accounts.roles import Role
from t2eval.audit.services import record as record_event


@dataclass(frozen=True, slots=True)
class SideEntry:
    """A side as typed. `key` is that of a side already there, or empty for a new one."""

    name: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class RecordEntry:
    """A whole record as typed: fields of the proposal, its sides, and rows of its other parts by name.

    A transfer mechanism names its side by its place in `sides`.
    """

    fields: Mapping[str, Any]
    sides: Sequence[SideEntry]
    parts: Mapping[str, Sequence[Mapping[str, Any]]]


class RecordChangedError(Exception):
    """Someone saved another revision since this one was opened."""

    def __init__(self, *, opened: int, current: int) -> None:
        super().__init__(f"Revision {current} was saved while you were editing revision {opened}.")
        self.opened = opened
        self.current = current


class AlreadyEnteredError(Exception):
    """The form with this key was sent before: its proposal stands."""

    def __init__(self, proposal: Proposal) -> None:
        super().__init__(
            f"This form was sent before: it entered {proposal.code}, and nothing a second time. To change it, edit it."
        )
        self.proposal = proposal


class SideInUseError(Exception):
    def __init__(self, side: Side, users: Sequence[str]) -> None:
        super().__init__(
            f"“{side.name}” cannot be removed: it carries {', '.join(users)}. Rename it instead, or keep it."
        )


@transaction.atomic
def enter_proposal(
    *, docket: Docket, entry: RecordEntry, by: User, at: dt.datetime, key: uuid.UUID | None = None
) -> Proposal:
    """A new proposal in an open docket. An officer who enters it becomes its sponsor.

    `key` is that of the form, and becomes the proposal's own, so that a form sent twice enters one proposal. Raises
    AlreadyEnteredError the second time.
    """
    docket = locked_docket(docket.pk)
    if key and (earlier := Proposal.objects.filter(pk=key, docket=docket, created_by=by).first()):
        raise AlreadyEnteredError(earlier)
    require_open(docket)
    if not Docket.objects.open_to_entry(by).filter(pk=docket.pk).exists():
        raise NotAllowedError("Officers and chairs enter proposals, into dockets that are open.")
    last = docket.proposals.aggregate(last=Max("number"))["last"] or 0
    free = key is not None and not Proposal.objects.filter(pk=key).exists()
    proposal = Proposal.objects.create(
        pk=key if free else uuid.uuid4(),
        docket=docket,
        number=last + 1,
        created_by=by,
        created_at=at,
        updated_at=at,
        **_own(entry),
    )
    _write_parts(proposal, entry)
    ProposalRevision.objects.create(
        proposal=proposal, number=1, content=take_snapshot(proposal), changed=[], by=by, at=at
    )
    record_event("proposal.entered", by=by, at=at, target=proposal, proposal_id=proposal.pk)
    if by.has_role(Role.OFFICER):
        Assignment.objects.create(
            proposal=proposal, officer=by, is_sponsor=True, due_date=docket.due_date, assigned_by=by, assigned_at=at
        )
        record_event("assignment.made", by=by, at=at, target=by, proposal_id=proposal.pk, sponsor=True)
    assess_proposal(proposal=proposal, by=by, at=at)
    return proposal


@transaction.atomic
def edit_proposal(
    *, proposal: Proposal, entry: RecordEntry, opened_revision: int, by: User, at: dt.datetime
) -> Proposal:
    """Save the whole record over revision `opened_revision`. Nothing changed leaves no revision."""
    proposal = locked_proposal(proposal.pk, by=by)
    if not can_edit_proposal(by, proposal):
        raise NotAllowedError("The sponsor officer and the chair keep this record.")
    if proposal.revision != opened_revision:
        raise RecordChangedError(opened=opened_revision, current=proposal.revision)
    before = take_snapshot(proposal)
    for name, value in _own(entry).items():
        setattr(proposal, name, value)
    proposal.save()
    _write_parts(proposal, entry)
    after = take_snapshot(proposal)
    changed = [difference.name for difference in differences(before, after)]
    if changed:
        _revise(proposal, after, changed, by=by, at=at)
        assess_proposal(proposal=proposal, by=by, at=at)
    return proposal


def _own(entry: RecordEntry) -> dict[str, Any]:
    return {name: entry.fields[name] for name in FIELDS if name in entry.fields}


def _revise(proposal: Proposal, content: dict[str, Any], changed: list[str], *, by: User, at: dt.datetime) -> None:
    proposal.revision += 1
    proposal.updated_at = at
    proposal.save(update_fields=["revision", "updated_at"])
    ProposalRevision.objects.create(
        proposal=proposal, number=proposal.revision, content=content, changed=changed, by=by, at=at
    )
    record_event(
        "proposal.edited",
        by=by,
        at=at,
        target=proposal,
        proposal_id=proposal.pk,
        revision=proposal.revision,
        changed=changed,
    )


def _write_parts(proposal: Proposal, entry: RecordEntry) -> None:
    """Sides keep their rows, since scores and people hang on them; the other parts are written anew."""
    others = [part for part in PARTS if part != "sides"]
    for part in others:
        getattr(proposal, part).all().delete()
    sides = _write_sides(proposal, entry.sides)
    for part in others:
        for position, row in enumerate(entry.parts.get(part, ())):
            values = dict(row) if part in UNORDERED else {**row, "position": position}
            if "side" in values:
                values["side"] = sides[values["side"]]
            getattr(proposal, part).create(**values)


def _write_sides(proposal: Proposal, entries: Sequence[SideEntry]) -> list[Side]:
    there = {side.key: side for side in proposal.sides.all()}
    for side in there.values():
        if side.key not in {entry.key for entry in entries}:
            _remove_side(side)
    _make_room_for_names(proposal, entries)
    keys = set(there)
    sides = []
    for position, entry in enumerate(entries):
        key = entry.key if entry.key in there else _free_key(entry.name, keys)
        keys.add(key)
        side, _ = Side.objects.update_or_create(
            proposal=proposal, key=key, defaults={"name": entry.name, "position": position}
        )
        sides.append(side)
    return sides


def _make_room_for_names(proposal: Proposal, entries: Sequence[SideEntry]) -> None:
    """Names are unique within a proposal, and two sides may swap theirs: step aside first."""
    names = {entry.key: entry.name for entry in entries}
    for side in proposal.sides.all():
        if names.get(side.key) != side.name:
            side.name = f"({side.pk})"
            side.save(update_fields=["name"])


def _remove_side(side: Side) -> None:
    try:
        side.delete()
    except ProtectedError as error:
        kinds = {str(row._meta.verbose_name_plural) for row in error.protected_objects}
        raise SideInUseError(side, sorted(kinds)) from error


def _free_key(name: str, taken: set[str]) -> str:
    stem = slugify(name)[:30] or "side"
    key, suffix = stem, 2
    while key in taken:
        key, suffix = f"{stem}-{suffix}", suffix + 1
    return key
