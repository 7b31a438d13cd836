"""What a newer version changed, brought into a draft that started from an older one."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from rubrics.models import RubricDraft, RubricVersion
from rubrics.services.differences import number_text
from rubrics.services.documents import frozen_document
from rubrics.services.draft_parts import TESTS, Document
from rubrics.services.drafts import NotInForceError, lock_draft, save_document
from rubrics.services.refusals import require_administrator
from rubrics.services.storable import STORED_NUMBERS
from t2eval.accounts.models import User

_ABSENT = object()
NUMBERS = {*STORED_NUMBERS, *TESTS, "evidence_caps", "probability", "loss", "risk_bands", "reduces"}


@dataclass
class Merged:
    """`kept` names the places, key by key, where both changed the same thing: there the draft's own stays."""

    document: Document
    kept: list[tuple[str, ...]] = field(default_factory=list)


def merge(base: Document, theirs: Document, mine: Document) -> Merged:
    """Three documents into one: what only one side changed is taken from it; where both differ, `mine` stays."""
    kept: list[tuple[str, ...]] = []
    return Merged(_objects(base, theirs, mine, (), kept), kept)


def _value(base: Any, theirs: Any, mine: Any, path: tuple[str, ...], kept: list[tuple[str, ...]]) -> Any:
    if theirs in (mine, base):
        return mine
    if mine == base or _same(mine, base, path):
        return theirs
    if _same(theirs, mine, path) or _same(theirs, base, path):
        return mine
    if all(isinstance(held, dict) for held in (base, theirs, mine)):
        return _objects(base, theirs, mine, path, kept)
    if all(_is_keyed(held) for held in (base, theirs, mine)):
        return _lists(base, theirs, mine, path, kept)
    kept.append(path)
    return mine


def _same(one: Any, other: Any, path: tuple[str, ...]) -> bool:
    """Whether two values say the same: files write one number in many ways, such as "0.60" and 0.6."""
    name = "reduces" if "reduces" in path else path[-1]
    return bool(_by_value(one, name) == _by_value(other, name))


def _by_value(value: Any, name: str) -> Any:
    if isinstance(value, dict):
        return {key: _by_value(held, name if name == "reduces" else key) for key, held in value.items()}
    if isinstance(value, list):
        return [_by_value(held, name) for held in value]
    return number_text(value) if name in NUMBERS else value


def _objects(base: Any, theirs: Any, mine: Any, path: tuple[str, ...], kept: list[tuple[str, ...]]) -> Document:
    merged = {}
    for name in dict.fromkeys([*mine, *theirs]):
        was, new, own = (part.get(name, _ABSENT) for part in (base, theirs, mine))
        value = _value(was, new, own, (*path, name), kept)
        if value is not _ABSENT:
            merged[name] = value
    return merged


def _is_keyed(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(part, dict) and "key" in part for part in value)


def _lists(
    base: Sequence[Document],
    theirs: Sequence[Document],
    mine: Sequence[Document],
    path: tuple[str, ...],
    kept: list[tuple[str, ...]],
) -> list[Document]:
    """By key. The order is the draft's, unless only the newer version changed it; what is new there comes last."""
    held = [{part["key"]: part for part in given} for given in (base, theirs, mine)]
    merged = {}
    for key in dict.fromkeys([*held[2], *held[1]]):
        was, new, own = (parts.get(key, _ABSENT) for parts in held)
        value = _value(was, new, own, (*path, key), kept)
        if value is not _ABSENT:
            merged[key] = value
    orders = [list(parts) for parts in held]
    kept_by_all = [[key for key in order if all(key in parts for parts in held)] for order in orders]
    is_theirs = orders[2] == orders[0] or kept_by_all[2] == kept_by_all[0] != kept_by_all[1]
    order = orders[1] if is_theirs else orders[2]
    return [merged[key] for key in dict.fromkeys([*order, *merged]) if key in merged]


@transaction.atomic
def bring_up_to_date(*, draft: RubricDraft, version: RubricVersion, by: User, at: dt.datetime) -> Merged:
    """Start the draft from the version in force instead, with what that changed brought in.

    Raises NotInForceError, DraftGoneError, AdministratorsOnlyError.
    """
    require_administrator(by)
    locked = lock_draft(draft)
    if version.state != RubricVersion.State.PUBLISHED or version.rubric_id != locked.rubric_id:
        raise NotInForceError(version)
    base, theirs = frozen_document(locked.base), frozen_document(version)
    merged = merge(base, {**theirs, "version": base["version"]}, {**locked.document, "version": base["version"]})
    merged.document["version"] = version.number + 1
    locked.base = version
    locked.save(update_fields=["base"])
    save_document(locked, merged.document, by=by, at=at, brought_up_to=version.number)
    return merged
