"""From a draft to the version in force. Of two at once one wins, and the other keeps the draft."""

import datetime as dt

from django.db import transaction
from django.db.models import Max

from rubrics.models import Rubric, RubricDraft, RubricVersion
from rubrics.services.differences import differences
from rubrics.services.documents import frozen_document
from rubrics.services.draft_faults import DraftFault, draft_faults
from rubrics.services.drafts import DraftGoneError, lock_draft
from rubrics.services.refusals import require_administrator
from rubrics.services.storing import store_version
from t2eval.accounts.models import User
from t2eval.audit.services import record


class DraftFaultyError(Exception):
    def __init__(self, faults: list[DraftFault]) -> None:
        super().__init__("The draft has faults that must be mended before it can be published.")
        self.faults = faults


class NothingChangedError(Exception):
    def __init__(self, base: RubricVersion) -> None:
        super().__init__(f"The draft says the same as version {base.number}: there is nothing to publish.")


class DraftChangedError(Exception):
    """Somebody saved the draft after the page that asks for the reason was opened."""

    def __init__(self, draft: RubricDraft) -> None:
        super().__init__(f"{draft.changed_by} changed the draft since this page was opened: look at it again.")


class BaseMovedError(Exception):
    """Another version came into force since the draft was started, or last brought up to date."""

    def __init__(self, version: RubricVersion) -> None:
        by = version.published_by.name if version.published_by else "the system"
        super().__init__(
            f"Version {version.number} was published by {by} meanwhile: this draft starts from an older one."
        )
        self.version = version


@transaction.atomic
def publish_draft(*, draft: RubricDraft, seen: int, reason: str, by: User, at: dt.datetime) -> RubricVersion:
    """Publish revision `seen` of the draft as the next version, retire the one in force, and let the draft go.

    Raises DraftGoneError, DraftChangedError, BaseMovedError, DraftFaultyError, NothingChangedError,
    AdministratorsOnlyError.
    """
    require_administrator(by)
    rubric = _held(draft)
    locked = lock_draft(draft)
    if locked.revision != seen:
        raise DraftChangedError(locked)
    in_force = rubric.versions.select_related("published_by").get(state=RubricVersion.State.PUBLISHED)
    if locked.base_id != in_force.pk:
        raise BaseMovedError(in_force)
    if faults := draft_faults(locked.document):
        raise DraftFaultyError(faults)
    if not differences(frozen_document(in_force), locked.document):
        raise NothingChangedError(in_force)
    highest = rubric.versions.aggregate(highest=Max("number"))["highest"]
    version = store_version(rubric, locked.document, number=highest + 1, reason=reason)
    put_in_force(version, by=by, at=at, draft=locked)
    locked.delete()
    return version


def _held(draft: RubricDraft) -> Rubric:
    """One publishing at a time of a rubric: its row is locked before anything is looked at."""
    rubric = Rubric.objects.select_for_update(of=("self",)).filter(drafts=draft.pk).first()
    if rubric is None:
        raise DraftGoneError
    return rubric


def put_in_force(version: RubricVersion, *, by: User | None, at: dt.datetime, draft: RubricDraft | None = None) -> None:
    """Retire the version in force and publish this one. The caller holds the rubric."""
    in_force = RubricVersion.objects.filter(rubric=version.rubric_id, state=RubricVersion.State.PUBLISHED)
    in_force.update(state=RubricVersion.State.RETIRED, retired_at=at)
    version.state, version.published_at, version.published_by = RubricVersion.State.PUBLISHED, at, by
    version.save(update_fields=["state", "published_at", "published_by"])
    details = {"draft": str(draft.pk)} if draft else {}
    record("rubric_version.published", by=by, at=at, target=version, proposal_id=None, **details)
