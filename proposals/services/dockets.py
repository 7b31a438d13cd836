"""Dockets: the cycle of proposals that one committee meeting decides."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from proposals.models import Docket, Proposal, Scorecard
from proposals.permissions import can_keep_dockets
from proposals.services.assessing import assess_all
from proposals.services.locking import DocketClosedError, locked_docket
from proposals.services.refusals import NotAllowedError
from rubrics.models import RubricVersion
from t2eval.accounts.models import User
from t2eval.audit.services import record

MAY_CHANGE_WHEN_CLOSED = {"description", "due_date", "committee_date"}


class VersionPinnedError(Exception):
    def __init__(self, docket: Docket) -> None:
        super().__init__(
            f"Scorecards of “{docket.title}” are written under version {docket.rubric_version.number} of its rubric:"
            " it stays pinned."
        )


class NotPublishedError(Exception):
    def __init__(self, version: RubricVersion) -> None:
        super().__init__(f"Version {version.number} is not published: a docket needs a published version.")


@transaction.atomic
def open_docket(*, fields: Mapping[str, Any], by: User, at: dt.datetime) -> Docket:
    _require_chair(by)
    _require_published(fields["rubric_version"])
    docket = Docket.objects.create(slug=_free_slug(fields["title"]), **fields)
    record("docket.opened", by=by, at=at, target=docket)
    return docket


@transaction.atomic
def edit_docket(*, docket: Docket, fields: Mapping[str, Any], by: User, at: dt.datetime) -> Docket:
    """Change a docket's facts: of a closed one, its description and dates only.

    The rubric version stays once a scorecard is written under it.
    """
    docket = _lock(docket, by)
    changed = [name for name, value in fields.items() if getattr(docket, name) != value]
    if docket.state == Docket.State.CLOSED and not MAY_CHANGE_WHEN_CLOSED.issuperset(changed):
        raise DocketClosedError(docket, "only its description and its dates may change")
    version = fields["rubric_version"]
    if version.pk != docket.rubric_version_id:
        _require_published(version)
        if Scorecard.objects.filter(proposal__docket=docket).exists():
            raise VersionPinnedError(docket)
    for name, value in fields.items():
        setattr(docket, name, value)
    docket.save()
    record("docket.edited", by=by, at=at, target=docket, changed=changed)
    if "extreme_risk_mandate" in changed:
        assess_all(Proposal.objects.filter(docket=docket).order_by("pk"), by=by, at=at)
    return docket


@transaction.atomic
def close_docket(*, docket: Docket, by: User, at: dt.datetime) -> Docket:
    docket = _lock(docket, by)
    if docket.state == Docket.State.OPEN:
        docket.state, docket.closed_at = Docket.State.CLOSED, at
        docket.save(update_fields=["state", "closed_at"])
        record("docket.closed", by=by, at=at, target=docket)
    return docket


@transaction.atomic
def reopen_docket(*, docket: Docket, by: User, at: dt.datetime) -> Docket:
    docket = _lock(docket, by)
    if docket.state == Docket.State.CLOSED:
        docket.state, docket.closed_at = Docket.State.OPEN, None
        docket.save(update_fields=["state", "closed_at"])
        record("docket.reopened", by=by, at=at, target=docket)
    return docket


def _require_published(version: RubricVersion) -> None:
    if version.state != RubricVersion.State.PUBLISHED:
        raise NotPublishedError(version)


def _free_slug(title: str) -> str:
    stem = slugify(title)[:70] or "docket"
    slug, suffix = stem, 2
    while Docket.objects.filter(slug=slug).exists():
        slug, suffix = f"{stem}-{suffix}", suffix + 1
    return slug


def _lock(docket: Docket, by: User) -> Docket:
    _require_chair(by)
    docket = locked_docket(docket.pk)
    if docket.kind == Docket.Kind.CALIBRATION:
        raise NotAllowedError("The calibration cases are documented history: their docket stays as it is.")
    return docket


def _require_chair(by: User) -> None:
    if not can_keep_dockets(by):
        raise NotAllowedError("Only chairs open, edit and close dockets.")
