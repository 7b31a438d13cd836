"""What was agreed in discussion, as the assessment's page lists it."""

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from proposals.models import Assessment, Consensus
from proposals.views.assessment_rows import AssessmentRows
from rubrics.scoring.figures import points
from t2eval.accounts.models import User


@dataclass(frozen=True, slots=True)
class AgreedRow:
    item: str
    part: str
    title: str
    value: str
    reason: str
    by: str
    at: dt.datetime
    answers: tuple[tuple[str, str], ...]


def agreed_rows(assessment: Assessment, rows: AssessmentRows, viewer: User) -> list[AgreedRow]:
    """In the order of the rubric, then of the sides; of a risk its likelihood before its consequence."""
    recorded = Consensus.objects.visible_to(viewer).filter(
        proposal=assessment.proposal_id, rubric_version=assessment.rubric_version_id
    )
    order = {key: place for place, key in enumerate(rows.words.section_of)}
    parts = {key: place for place, key in enumerate((*rows.sides, *Consensus.Part.values))}
    found = [
        _row(agreed, rows)
        for agreed in recorded.select_related("criterion", "side", "mitigation", "risk", "recorded_by")
    ]
    return sorted(found, key=lambda row: (order[row.item], parts.get(row.part, 0)))


def _row(agreed: Consensus, rows: AssessmentRows) -> AgreedRow:
    item = agreed.criterion or agreed.mitigation or agreed.risk
    assert item is not None  # noqa: S101 - a constraint of the table holds it, and mypy does not know
    part = agreed.side.key if agreed.side else agreed.part
    value = Fraction(agreed.half_points, 2)
    return AgreedRow(
        item=item.key,
        part=part,
        title=rows.cell_title(item.key, part),
        value=points(value) if agreed.grade is None else rows.graded(value, agreed.grade),
        reason=agreed.reason,
        by=agreed.recorded_by.name,
        at=agreed.recorded_at,
        answers=rows.answers(item.key, part),
    )
