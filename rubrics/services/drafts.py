"""Drafts of the next version: started from one in force or a file, edited part by part, discarded."""

import copy
import datetime as dt
import hashlib
import json
from typing import Any

from django.db import transaction
from django.http import Http404

from rubrics.models import RubricDraft, RubricVersion
from rubrics.services.documents import frozen_document
from rubrics.services.draft_parts import Document, DraftPart, Values
from rubrics.services.refusals import require_administrator
from t2eval.accounts.models import User
from t2eval.audit.services import record


class DraftGoneError(Http404):
    """Pages answer "not found"."""

    def __init__(self) -> None:
        super().__init__("This draft is not there any more: it was published or discarded.")


class NotInForceError(Exception):
    def __init__(self, version: RubricVersion) -> None:
        super().__init__(f"Version {version.number} is not in force: a draft starts from the version that is.")


class PartChangedError(Exception):
    """Somebody saved other values of the same part since the page was opened; `current` is what stands now."""

    def __init__(self, draft: RubricDraft, current: Values) -> None:
        super().__init__(f"{draft.changed_by} saved this part of the draft while you were editing it.")
        self.current = current


def digest(values: Values) -> str:
    """Tells whether somebody saved other values of a part since its page was opened."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


@transaction.atomic
def start_draft(
    *, base: RubricVersion, name: str, by: User, at: dt.datetime, document: Document | None = None
) -> RubricDraft:
    """A draft from the version in force, or with the content of a file that has been checked.

    Raises NotInForceError, AdministratorsOnlyError.
    """
    require_administrator(by)
    if base.state != RubricVersion.State.PUBLISHED:
        raise NotInForceError(base)
    content = copy.deepcopy(document if document is not None else frozen_document(base))
    content |= {"key": base.rubric.key, "version": base.number + 1}
    draft = RubricDraft.objects.create(
        rubric=base.rubric,
        base=base,
        name=name,
        document=content,
        created_by=by,
        created_at=at,
        changed_by=by,
        changed_at=at,
    )
    record("rubric_draft.started", by=by, at=at, target=draft, base=base.number, from_file=document is not None)
    return draft


def lock_draft(draft: RubricDraft) -> RubricDraft:
    """The draft as it stands, held to the end of the transaction. Raises DraftGoneError.

    Joined to nothing: who waits for the lock would look for whoever changed it last before, and find no draft.
    """
    locked = RubricDraft.objects.select_for_update().filter(pk=draft.pk).first()
    if locked is None:
        raise DraftGoneError
    return locked


def save_document(draft: RubricDraft, document: Document, *, by: User, at: dt.datetime, **details: Any) -> None:
    """Write the document of a locked draft, where it differs; one event, one revision."""
    if document == draft.document:
        return
    draft.document, draft.revision, draft.changed_by, draft.changed_at = document, draft.revision + 1, by, at
    draft.save(update_fields=["document", "revision", "changed_by", "changed_at"])
    record("rubric_draft.edited", by=by, at=at, target=draft, **details)


@transaction.atomic
def edit_draft(
    *, draft: RubricDraft, part: DraftPart, values: Values, seen: str, by: User, at: dt.datetime
) -> RubricDraft:
    """Write the values of one part over those whose digest was seen. What stands there already is left alone.

    Raises PartChangedError, DraftGoneError, PartGoneError, AdministratorsOnlyError.
    """
    require_administrator(by)
    locked = lock_draft(draft)
    current = part.read(locked.document)
    document = copy.deepcopy(locked.document)
    part.write(document, values)
    if part.read(document) == current:
        return locked
    if digest(current) != seen:
        raise PartChangedError(locked, current)
    save_document(locked, document, by=by, at=at, part=type(part).__name__, **vars(part))
    return locked


@transaction.atomic
def rename_draft(*, draft: RubricDraft, name: str, by: User, at: dt.datetime) -> None:
    require_administrator(by)
    locked = lock_draft(draft)
    if locked.name != name:
        locked.name = name
        locked.save(update_fields=["name"])
        record("rubric_draft.renamed", by=by, at=at, target=locked)


@transaction.atomic
def discard_draft(*, draft: RubricDraft, by: User, at: dt.datetime) -> None:
    require_administrator(by)
    locked = lock_draft(draft)
    record("rubric_draft.discarded", by=by, at=at, target=locked)
    locked.delete()
