"""What the page of a proposal shows, gathered for one viewer."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from proposals.models import (
    Assessment,
    Assignment,
    BudgetLine,
    CalibrationReference,
    Check,
    ConflictDeclaration,
    Memo,
    Proposal,
    Side,
    TransferMechanism,
)
from proposals.models.blinding import open_proposals
from proposals.permissions import (
    can_add_evidence,
    can_assign,
    can_edit_proposal,
    can_score,
    owes_round_two,
)
from proposals.services.acting_chairs import acting_chairs
from proposals.services.references import reference_facts
from proposals.services.scorecards import latest_scorecard
from proposals.services.snapshots import LONG_TEXTS, label_of, part_rows
from proposals.services.sums import agenda_hours, budget_costs
from rubrics.services.words import check_keys, rubric_words
from t2eval.accounts.models import User


@dataclass(frozen=True, slots=True)
class Budget:
    lines: Sequence[BudgetLine]
    total: Decimal | None
    per_meeting: Decimal | None
    reference_points: Sequence[str]


@dataclass(frozen=True, slots=True)
class Agenda:
    items: Sequence[Any]
    hours: Decimal
    share_on_risk: int | None


@dataclass(frozen=True, slots=True)
class AssignedOfficer:
    assignment: Assignment
    is_recused: bool


@dataclass(frozen=True, slots=True)
class CheckState:
    key: str
    title: str
    check: Check | None


def record_context(proposal: Proposal) -> dict[str, Any]:
    """The record itself: the same for everybody who may see it."""
    words = rubric_words(proposal.docket.rubric_version)
    reference = CalibrationReference.objects.filter(proposal=proposal).first()
    sides = list(part_rows(proposal, "sides"))
    meetings = list(part_rows(proposal, "meetings"))
    texts = [(name, label_of(name), getattr(proposal, name)) for name in LONG_TEXTS]
    return {
        "sides": sides,
        "texts": [text for text in texts if text[2]],
        "cards": [(card, words.title(card.theory)) for card in part_rows(proposal, "pathway_cards")],
        "mechanisms": _mechanisms(proposal, sides),
        "meetings": meetings,
        "agenda": _agenda(list(part_rows(proposal, "agenda"))),
        "budget": _budget(proposal, len(meetings)),
        "co_funders": list(part_rows(proposal, "co_funders")),
        "planned": [(row, words.title(row.mitigation)) for row in part_rows(proposal, "planned_mitigations")],
        "evidence": proposal.evidence.select_related("side").order_by("number"),
        "reference": reference_facts(reference, words) if reference else None,
    }


def viewer_context(proposal: Proposal, user: User) -> dict[str, Any]:
    """What this viewer may do, and their own work on it."""
    own = latest_scorecard(proposal, user)
    assigned = _assigned(proposal, user)
    is_open = open_proposals(user).filter(pk=proposal.pk).exists()
    return {
        "own_scorecard": own,
        "can_score": can_score(user, proposal),
        "can_edit": can_edit_proposal(user, proposal),
        "can_add_evidence": can_add_evidence(user, proposal),
        "can_assign": can_assign(user, proposal),
        "owes_round_two": own is not None and not is_open and owes_round_two(user, proposal),
        "assessment": Assessment.objects.visible_to(user).current().filter(proposal=proposal).first(),
        "checks": _checks(proposal, user),
        "shows_checks": is_open,
        "memo": Memo.objects.visible_to(user).filter(proposal=proposal).order_by("-edition").first(),
        "assigned": assigned,
        "acting_chairs": list(acting_chairs(proposal)),
        "needs_sponsor": not any(row.assignment.is_sponsor and not row.is_recused for row in assigned),
    }


def _mechanisms(proposal: Proposal, sides: Sequence[Side]) -> list[tuple[Side, list[TransferMechanism]]]:
    rows = list(part_rows(proposal, "transfer_mechanisms"))
    return [(side, [row for row in rows if row.side_id == side.pk]) for side in sides]


def _agenda(items: Sequence[Any]) -> Agenda:
    hours = agenda_hours(items)
    return Agenda(items, hours.total, hours.share_on_risk)


def _budget(proposal: Proposal, meetings: int) -> Budget:
    lines = list(part_rows(proposal, "budget_lines"))
    costs = budget_costs(lines, amount=proposal.amount, meetings=meetings)
    note = proposal.docket.rubric_version.note
    points = note.get("reference_points", []) if isinstance(note, dict) else []
    return Budget(lines, costs.budget, costs.per_meeting, points)


def _checks(proposal: Proposal, user: User) -> list[CheckState]:
    """Every check that a gate of the rubric version asks for, with the answers that this viewer may see."""
    answered = {check.key: check for check in Check.objects.visible_to(user).filter(proposal=proposal)}
    keys = check_keys(rubric_words(proposal.docket.rubric_version).document)
    return [CheckState(key, key.replace("-", " ").capitalize(), answered.get(key)) for key in keys]


def _assigned(proposal: Proposal, user: User) -> list[AssignedOfficer]:
    conflicts = ConflictDeclaration.objects.visible_to(user).filter(proposal=proposal, has_conflict=True)
    recused = set(conflicts.values_list("user_id", flat=True))
    rows = Assignment.objects.visible_to(user).filter(proposal=proposal).select_related("officer")
    return [
        AssignedOfficer(row, row.officer_id in recused) for row in rows.order_by("-is_sponsor", "assigned_at", "pk")
    ]
