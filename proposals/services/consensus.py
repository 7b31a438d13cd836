"""What the panel agreed in discussion, cell by cell."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction

from proposals.models import Consensus, Proposal
from proposals.permissions import can_record_consensus
from proposals.services.assessing import assess_proposal
from proposals.services.locking import locked_proposal, refuse_calibration
from proposals.services.refusals import NotAllowedError
from rubrics.models import Criterion, Mitigation, Risk, RubricVersion
from t2eval.accounts.models import User
from t2eval.audit.services import record


class NoSuchCellError(Exception):
    """The docket's rubric version has no such cell for this proposal."""


class OutOfScaleError(Exception):
    """The value is no half point on the scale of its cell, or its grade is missing."""


def find_cell(proposal: Proposal, version: RubricVersion, item: str, part: str) -> dict[str, Any]:
    """The rows that a cell of the bundle (`item`, `part`) stands for, as fields of Consensus."""
    if risk := Risk.objects.filter(section__version=version, key=item).first():
        if part in Consensus.Part:
            return {"risk": risk, "part": part}
        raise NoSuchCellError("A risk is agreed on by its likelihood or its consequence.")
    if mitigation := Mitigation.objects.filter(section__version=version, key=item).first():
        return {"mitigation": mitigation}
    criterion = Criterion.objects.filter(section__version=version, key=item).first()
    side = proposal.sides.filter(key=part).first() if part else None
    if criterion is None or criterion.per_side != (side is not None):
        raise NoSuchCellError(f"{version} has no cell {item} {part}".rstrip() + " for this proposal.")
    return {"criterion": criterion, "side": side} if side else {"criterion": criterion}


def scale_of(cell: Mapping[str, Any], version: RubricVersion) -> tuple[int, int]:
    """The lowest and the highest value of a cell."""
    if risk := cell.get("risk"):
        likelihood = cell["part"] == Consensus.Part.LIKELIHOOD
        return (1, len(risk.section.probability)) if likelihood else (0, len(risk.section.loss) - 1)
    return 0, version.top_score


def _check_scale(cell: Mapping[str, Any], version: RubricVersion, value: Decimal, grade: int | None) -> None:
    lowest, highest = scale_of(cell, version)
    if not lowest <= value <= highest or value * 2 != int(value * 2):
        raise OutOfScaleError(f"The scale runs from {lowest} to {highest}, in halves.")
    if "risk" not in cell and grade is None:
        raise OutOfScaleError("Name the evidence grade on which the consensus rests.")


@transaction.atomic
def record_consensus(
    *,
    proposal: Proposal,
    item: str,
    part: str,
    value: Decimal,
    grade: int | None,
    reason: str,
    by: User,
    at: dt.datetime,
) -> Consensus:
    """Record or replace the panel value of one cell while the docket is open, then assess again."""
    proposal = locked_proposal(proposal.pk, by=by)
    refuse_calibration(proposal)
    if not can_record_consensus(by, proposal):
        raise NotAllowedError("The chair records consensus.")
    version = proposal.docket.rubric_version
    cell = find_cell(proposal, version, item, part)
    _check_scale(cell, version, value, grade)
    proposal.consensus.filter(rubric_version=version, **cell).delete()
    consensus = Consensus.objects.create(
        proposal=proposal,
        rubric_version=version,
        half_points=int(value * 2),
        grade=None if "risk" in cell else grade,
        reason=reason,
        recorded_by=by,
        recorded_at=at,
        **cell,
    )
    record("consensus.recorded", by=by, at=at, target=proposal, proposal_id=proposal.pk, cell=f"{item} {part}".strip())
    assess_proposal(proposal=proposal, by=by, at=at)
    return consensus
