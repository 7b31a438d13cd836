"""Entering and mending evidence."""

import datetime as dt
from dataclasses import dataclass, fields

from django.db import transaction
from django.db.models import Max

from proposals.models import Evidence, MitigationScore, Proposal, RiskScore, Score, Scorecard, Side
from proposals.permissions import can_add_evidence, can_edit_evidence
from proposals.services.locking import locked_proposal
from t2eval.accounts.models import User
from t2eval.audit.services import record


class EvidenceRefusedError(Exception):
    """This user may not enter or change evidence here."""


class EvidenceCitedError(Exception):
    """A submitted scorecard rests on this evidence: what it says and its grade do not change any more."""


@dataclass(frozen=True, slots=True)
class EvidenceFacts:
    """What is entered about a piece of evidence."""

    kind: str
    claim: str
    grade: int
    source: str = ""
    page: str = ""
    quote: str = ""
    address: str = ""
    side: Side | None = None
    note: str = ""


# What a submitted score rests on. Page, address and note only help to find it, and may be mended.
HELD = ("kind", "claim", "quote", "grade", "source", "side")


@transaction.atomic
def add_evidence(*, proposal: Proposal, facts: EvidenceFacts, by: User, at: dt.datetime) -> Evidence:
    """Enter a piece of evidence under the next number of its proposal. Raises EvidenceRefusedError."""
    proposal = locked_proposal(proposal.pk, by=by)
    if not can_add_evidence(by, proposal):
        raise EvidenceRefusedError("Evidence is entered by the proposal's officers, while the docket is open.")
    _check_side(proposal, facts)
    last = Evidence.objects.filter(proposal=proposal).aggregate(last=Max("number"))["last"] or 0
    evidence = Evidence.objects.create(proposal=proposal, number=last + 1, added_by=by, added_at=at, **_values(facts))
    record(
        "evidence.added",
        by=by,
        at=at,
        target=proposal,
        proposal_id=proposal.pk,
        number=evidence.number,
        grade=evidence.grade,
    )
    return evidence


@transaction.atomic
def edit_evidence(*, evidence: Evidence, facts: EvidenceFacts, by: User, at: dt.datetime) -> Evidence:
    """Change a piece of evidence; what a submitted score rests on stays.

    Raises EvidenceRefusedError, EvidenceCitedError.
    """
    proposal = locked_proposal(evidence.proposal_id, by=by)
    evidence = Evidence.objects.select_related("proposal__docket").get(pk=evidence.pk)
    if not can_edit_evidence(by, evidence):
        raise EvidenceRefusedError(
            "Evidence is changed by who entered it or keeps the record, while the docket is open."
        )
    _check_side(proposal, facts)
    changed = [name for name, value in _values(facts).items() if getattr(evidence, name) != value]
    if not changed:
        return evidence
    if held := [name for name in changed if name in HELD]:
        _refuse_if_cited(evidence, held)
    before = evidence.grade
    for name, value in _values(facts).items():
        setattr(evidence, name, value)
    evidence.save(update_fields=changed)
    grades = {"grade_before": before, "grade": evidence.grade} if "grade" in changed else {}
    record(
        "evidence.edited",
        by=by,
        at=at,
        target=proposal,
        proposal_id=proposal.pk,
        number=evidence.number,
        changed=changed,
        **grades,
    )
    return evidence


def is_cited_by_submitted(evidence: Evidence, *, seen_by: User | None = None) -> bool:
    """Whether a score that is handed in rests on this evidence; if a viewer is named, one that they may see."""
    cards = Scorecard.objects.visible_to(seen_by) if seen_by else Scorecard.objects.all()
    submitted = cards.filter(state=Scorecard.State.SUBMITTED)
    cells = (Score, MitigationScore, RiskScore)
    return any(cell.objects.filter(citations=evidence, scorecard__in=submitted).exists() for cell in cells)


def _refuse_if_cited(evidence: Evidence, held: list[str]) -> None:
    if is_cited_by_submitted(evidence):
        names = ", ".join("what it shows" if name == "claim" else name for name in held)
        raise EvidenceCitedError(
            f"A submitted scorecard rests on evidence {evidence.number}, so its {names} cannot change."
            " Enter a new piece of evidence instead; page, address and note may still be mended here."
        )


def _check_side(proposal: Proposal, facts: EvidenceFacts) -> None:
    if facts.side is not None and facts.side.proposal_id != proposal.pk:
        raise EvidenceRefusedError("That side belongs to another proposal.")


def _values(facts: EvidenceFacts) -> dict[str, object]:
    return {field.name: getattr(facts, field.name) for field in fields(facts)}
