"""A proposal, or a docket, in the bundle's format: what the scoring method reads, and what files carry."""

from collections.abc import Iterable
from decimal import Decimal
from string import ascii_lowercase
from typing import Any
from uuid import UUID

from proposals.models import Answer, Consensus, MitigationScore, Proposal, Score, Scorecard
from rubrics.models import RubricVersion
from rubrics.services.documents import frozen_document, number
from t2eval.accounts.models import User
from t2eval.accounts.roles import Role

FORMAT = "t2eval-bundle/1"


def officer_keys(proposal: Proposal) -> dict[UUID, str]:
    """The role by which files and memos call each officer, in the order of first scorecards: officer-a, officer-b, …

    Scorecards are never deleted, so nobody's letter moves when assignments do. Whoever only practised has none.
    """
    cards = proposal.scorecards.exclude(round=Scorecard.Round.PRACTICE).order_by("created_at", "pk")
    return {
        officer: f"officer-{ascii_lowercase[place] if place < len(ascii_lowercase) else place + 1}"
        for place, officer in enumerate(dict.fromkeys(cards.values_list("officer_id", flat=True)))
    }


def officer_names(proposal: Proposal) -> dict[str, User]:
    """The officers behind those keys, for viewers who may know them."""
    keys = officer_keys(proposal)
    officers = User.objects.in_bulk(list(keys))
    return {key: officers[pk] for pk, key in keys.items()}


def _answer(cell: Score | MitigationScore) -> Any:
    if cell.answer == Answer.SCORED:
        return {"score": cell.value, "evidence": f"E{cell.grade}"}
    return cell.answer


def _scores(scorecard: Scorecard) -> dict[str, Any]:
    scores: dict[str, Any] = {}
    for score in scorecard.scores.all():
        if score.answer == Answer.OPEN:
            continue
        if score.side is None:
            scores[score.criterion.key] = _answer(score)
        else:
            scores.setdefault(score.criterion.key, {})[score.side.key] = _answer(score)
    return dict(sorted(scores.items()))


def _level(value: int | None) -> Any:
    return Answer.NOT_ENOUGH_INFORMATION.value if value is None else value


def scorecard_document(scorecard: Scorecard, officer: str) -> dict[str, Any]:
    """One scorecard in the bundle's format, without what is still open. Needs its cells; prefetch them for many."""
    document = {
        "officer": officer,
        "round": scorecard.round,
        "scores": _scores(scorecard),
        "mitigations": {
            cell.mitigation.key: _answer(cell)
            for cell in sorted(scorecard.mitigation_scores.all(), key=lambda cell: cell.mitigation.position)
            if cell.answer != Answer.OPEN
        },
        "risks": {
            cell.risk.key: {"probability": _level(cell.likelihood), "loss": _level(cell.consequence)}
            for cell in sorted(scorecard.risk_scores.all(), key=lambda cell: cell.risk.position)
            if not cell.open_level
        },
    }
    if scorecard.recommendation:
        document["recommendation"] = scorecard.recommendation
    return document


def _consensus(rows: Iterable[Consensus]) -> dict[str, Any]:
    agreed: dict[str, Any] = {}
    for row in rows:
        value: dict[str, Any] = {"value": str(Decimal(row.half_points) / 2), "reason": row.reason}
        if row.grade is not None:
            value["evidence"] = f"E{row.grade}"
        if row.risk is not None:
            agreed.setdefault(row.risk.key, {})[row.part] = value
        elif row.mitigation is not None:
            agreed[row.mitigation.key] = value
        elif row.criterion is not None and row.side is not None:
            agreed.setdefault(row.criterion.key, {})[row.side.key] = value
        elif row.criterion is not None:
            agreed[row.criterion.key] = value
    return agreed


def flags_of(proposal: Proposal) -> dict[str, bool]:
    flags = {
        "extreme-risk-mandate": proposal.docket.extreme_risk_mandate,
        "emerging-technology": proposal.issue_area.is_emerging_technology,
    }
    if proposal.hazardous_content is not None:
        flags["hazardous-content"] = proposal.hazardous_content
    return flags


def counted_scorecards(proposal: Proposal, version: RubricVersion) -> list[Scorecard]:
    """The scorecards that count, with their cells, in a constant number of queries."""
    return list(
        Scorecard.objects.counted()
        .filter(proposal=proposal, rubric_version=version)
        .prefetch_related("scores__criterion", "scores__side", "mitigation_scores__mitigation", "risk_scores__risk")
    )


def proposal_document(proposal: Proposal, version: RubricVersion) -> dict[str, Any]:
    """The proposal's part of a bundle: what counts and nothing else; drafts and barred officers are left out."""
    keys = officer_keys(proposal)
    scorecards = sorted(counted_scorecards(proposal, version), key=lambda card: keys[card.officer_id])
    document: dict[str, Any] = {
        "key": str(proposal.pk),
        "sides": list(proposal.sides.order_by("position", "pk").values_list("key", flat=True)),
        "claims": list(proposal.pathway_cards.order_by("position", "pk").values_list("theory", flat=True)),
        "checks": dict(proposal.checks.order_by("key").values_list("key", "status")),
        "flags": flags_of(proposal),
        "scorecards": [scorecard_document(card, keys[card.officer_id]) for card in scorecards],
    }
    if proposal.amount is not None:
        document["amount"] = str(number(Decimal(proposal.amount)))
    consensus = proposal.consensus.filter(rubric_version=version).select_related(
        "criterion", "side", "mitigation", "risk"
    )
    if agreed := _consensus(consensus.order_by("recorded_at", "pk")):
        document["consensus"] = agreed
    overrides = proposal.gate_overrides.filter(withdrawn_at__isnull=True).order_by("gate")
    if set_aside := {row.gate: {"by": Role.CHAIR.value, "reason": row.reason} for row in overrides}:
        document["overrides"] = set_aside
    return document


def bundle_document(version: RubricVersion, proposals: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """A whole bundle: the rubric version and these proposals' parts."""
    return {"format": FORMAT, "rubric": frozen_document(version), "proposals": list(proposals)}
