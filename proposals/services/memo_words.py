"""The words that people write for a memo, saved field by field so that two writers do not undo each other."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction

from proposals.models import MemoCondition, MemoPrediction, MemoWords, Proposal
from proposals.permissions import can_argue_in_memo, can_write_memo, is_sponsor
from proposals.services.locking import locked_proposal
from proposals.services.refusals import NotAllowedError
from t2eval.accounts.models import User
from t2eval.audit.services import record

FIELDS = (
    "recommendation", "amount", "term_months", "resolution",
    "reason_for_1", "reason_for_2", "reason_for_3", "reason_against_1", "reason_against_2", "reason_against_3",
    "uncertainty", "change_our_mind", "grant_does", "counterfactual", "case_for", "case_against",
    "minority_view", "exit_triggers", "follow_up",
)  # fmt: skip
ARGUED_BY_OTHERS = ("case_against", "minority_view")
LISTS: dict[str, Any] = {"conditions": MemoCondition, "predictions": MemoPrediction}
LIST_FIELDS = {
    "conditions": ("text", "owner", "due", "proof"),
    "predictions": ("statement", "probability", "resolve_by", "resolver"),
}


class MemoWordsChangedError(Exception):
    """Somebody else saved other words in these fields since the writer opened the page."""

    def __init__(self, names: list[str]) -> None:
        super().__init__("Somebody else saved other words meanwhile.")
        self.names = names


class CaseAgainstBySponsorError(Exception):
    """The sponsor officer argues for the proposal; somebody else writes the case against."""


def stored_words(proposal: Proposal) -> dict[str, Any]:
    """What is stored now: each named field, and both lists as lists of plain rows."""
    words = MemoWords.objects.filter(proposal=proposal).first() or MemoWords(proposal=proposal)
    stored: dict[str, Any] = {name: getattr(words, name) for name in FIELDS}
    for name, model in LISTS.items():
        rows = model.objects.filter(proposal=proposal).order_by("position", "pk")
        stored[name] = list(rows.values(*LIST_FIELDS[name]))
    return stored


def signature(value: Any) -> str:
    """A short mark of a value, the same before and after the database."""
    return hashlib.sha256(json.dumps(_plain(value), sort_keys=True).encode()).hexdigest()[:16]


def signatures(words: Mapping[str, Any]) -> dict[str, str]:
    return {name: signature(value) for name, value in words.items()}


@transaction.atomic
def save_memo_words(
    *, proposal: Proposal, typed: Mapping[str, Any], seen: Mapping[str, str], by: User, at: dt.datetime
) -> list[str]:
    """Save what the writer changed against what they had seen (signatures), and say which fields those are.

    Fields that only others changed keep their new words. Where both changed the same one, nothing is saved.
    """
    proposal = locked_proposal(proposal.pk, by=by, must_be_open=False)
    if not can_write_memo(by, proposal) and not (
        can_argue_in_memo(by, proposal) and set(typed) <= set(ARGUED_BY_OTHERS)
    ):
        raise NotAllowedError("The sponsor officer writes the memo; the other officers argue in it.")
    stored = stored_words(proposal)
    changed = {name: value for name, value in typed.items() if signature(value) != seen.get(name)}
    if "case_against" in changed and is_sponsor(by, proposal) and _differ(changed, stored, "case_against"):
        raise CaseAgainstBySponsorError(
            "Not saved: the case against is written by somebody other than the sponsor officer."
        )
    overtaken = [n for n in changed if signature(stored[n]) != seen.get(n) and _differ(changed, stored, n)]
    if overtaken:
        raise MemoWordsChangedError(overtaken)
    written = [name for name in changed if _differ(changed, stored, name)]
    if written:
        _write(proposal, {name: changed[name] for name in written}, by, at)
        record("memo-words.saved", by=by, at=at, target=proposal, proposal_id=proposal.pk, fields=sorted(written))
    return written


def _write(proposal: Proposal, changes: Mapping[str, Any], by: User, at: dt.datetime) -> None:
    values = {name: value for name, value in changes.items() if name in FIELDS}
    if "case_against" in values:
        values["case_against_by"] = by if values["case_against"] else None
    MemoWords.objects.update_or_create(proposal=proposal, defaults={**values, "updated_by": by, "updated_at": at})
    for name, model in LISTS.items():
        if name in changes:
            model.objects.filter(proposal=proposal).delete()
            model.objects.bulk_create(
                model(proposal=proposal, position=position, **row) for position, row in enumerate(changes[name])
            )


def _differ(one: Mapping[str, Any], other: Mapping[str, Any], name: str) -> bool:
    return signature(one[name]) != signature(other[name])


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, dt.date):
        return value.isoformat()
    return value
