"""Items added to a section of a draft, taken out, and put in another order; gates taken out."""

import copy
import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from rubrics.models import RubricDraft
from rubrics.services.documents import number
from rubrics.services.draft_parts import Document, PartGoneError, find, find_item, find_section
from rubrics.services.drafts import lock_draft, save_document
from rubrics.services.refusals import require_administrator
from rubrics.services.storable import parts_of
from t2eval.accounts.models import User

LISTS_OF_RULE = {
    "mean": ("criteria",),
    "pathways": ("criteria",),
    "residual_risk": ("risks", "mitigations"),
}


@transaction.atomic
def add_item(*, draft: RubricDraft, section: str, kind: str, title: str, by: User, at: dt.datetime) -> str:
    """Add a criterion, risk or mitigation at the end of its section; gives its key, which stays for good.

    A criterion weighs about as much as its siblings do. Raises PartGoneError, DraftGoneError.
    """
    require_administrator(by)
    locked = lock_draft(draft)
    document = copy.deepcopy(locked.document)
    holder = find_section(document, section)
    if kind not in LISTS_OF_RULE[holder["rule"]]:
        raise PartGoneError(kind)
    key = _free_key(document, title)
    item: dict[str, Any] = {"key": key, "title": title}
    if kind == "criteria":
        item["weight"] = _usual_weight(holder["criteria"])
    if kind == "mitigations":
        item["reduces"] = {}
    holder[kind].append(item)
    save_document(locked, document, by=by, at=at, added=key, section=section)
    return key


@transaction.atomic
def remove_item(*, draft: RubricDraft, key: str, by: User, at: dt.datetime) -> str:
    """Take an item out of the draft, with the pairings of a risk; gives its section. Gates that look at it stay.

    Raises PartGoneError, DraftGoneError.
    """
    require_administrator(by)
    locked = lock_draft(draft)
    document = copy.deepcopy(locked.document)
    section, kind, item = find_item(document, key)
    section[kind].remove(item)
    if kind == "risks":
        for mitigation in section["mitigations"]:
            mitigation["reduces"].pop(key, None)
    save_document(locked, document, by=by, at=at, removed=key, section=section["key"])
    return str(section["key"])


@transaction.atomic
def move_item(*, draft: RubricDraft, key: str, up: bool, by: User, at: dt.datetime) -> str:
    """Move an item one place within its section; gives that section. The first goes no higher, the last no lower."""
    require_administrator(by)
    locked = lock_draft(draft)
    document = copy.deepcopy(locked.document)
    section, kind, item = find_item(document, key)
    listed = section[kind]
    place = listed.index(item)
    other = place - 1 if up else place + 1
    if 0 <= other < len(listed):
        listed[place], listed[other] = listed[other], listed[place]
    save_document(locked, document, by=by, at=at, moved=key, section=section["key"])
    return str(section["key"])


@transaction.atomic
def remove_gate(*, draft: RubricDraft, key: str, by: User, at: dt.datetime) -> None:
    require_administrator(by)
    locked = lock_draft(draft)
    document = copy.deepcopy(locked.document)
    document["gates"].remove(find(document["gates"], key))
    save_document(locked, document, by=by, at=at, removed=key)


def gates_that_name(document: Document, key: str) -> list[str]:
    """The keys of the gates that look at this item: they keep the draft from being published once it is removed."""
    named = ("criterion", "mitigation", "risk")
    return [
        gate["key"] for gate in document["gates"] if any(test.get(n) == key for test in gate["when"] for n in named)
    ]


def _usual_weight(criteria: list[Any]) -> int | str:
    """The mean as a whole number; exact to two places where all weigh less than one."""
    weights = [Decimal(str(criterion["weight"])) for criterion in criteria]
    mean = sum(weights, Decimal()) / max(len(weights), 1)
    return number(Decimal(round(mean)) or round(mean, 2) or Decimal(1))


def _free_key(document: Document, title: str) -> str:
    """A key that no part has: titles of sections, items and gates are looked up by key alone."""
    taken = {part["key"] for _, part in parts_of(document)}
    stem = slugify(title)[:60] or "item"
    key, suffix = stem, 2
    while key in taken:
        key, suffix = f"{stem}-{suffix}", suffix + 1
    return key
