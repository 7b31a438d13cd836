"""What an officer says in one cell, apart from where it is kept; and which evidence grade it may claim."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q

from proposals.models import Answer, MitigationScore, RiskScore, Score, Scorecard
from proposals.services.grids import GridCell, cell_key
from rubrics.models import Criterion, Mitigation, Risk, RubricVersion

UNCITED_GRADE = 1


@dataclass(frozen=True, slots=True)
class CellAnswer:
    """A value with its grade, the two levels of a risk, or an absence. A level that is None is not known."""

    answer: Answer
    value: int | None = None
    grade: int | None = None
    likelihood: int | None = None
    consequence: int | None = None
    rationale: str = ""
    citations: frozenset[uuid.UUID] = frozenset()


NOT_ENOUGH_INFORMATION = CellAnswer(Answer.NOT_ENOUGH_INFORMATION)


def highest_grade(citations: Iterable[uuid.UUID], grades: Mapping[uuid.UUID, int]) -> int:
    """The best grade that a score citing this evidence may claim; with nothing cited, the organizer's own word."""
    return max((grades[cited] for cited in citations), default=UNCITED_GRADE)


def cap_note(version: RubricVersion, value: int | None, grade: int | None) -> str:
    """The sentence that says what the evidence cap does to a score; empty where it does nothing.

    With caps 2, 2, 3, 4, 4 a score of 4 on E1: "A 4 needs E3; this rests on E1: counted as 2."
    """
    if value is None or grade is None or value <= version.evidence_caps[grade]:
        return ""
    enough = next((grade for grade, cap in enumerate(version.evidence_caps) if cap >= value), None)
    needed = f"A {value} needs E{enough}" if enough is not None else f"No evidence carries a {value}"
    return f"{needed}; this rests on E{grade}: counted as {version.evidence_caps[grade]}."


def headline(said: CellAnswer) -> str:
    if said.answer != Answer.SCORED:
        return str(said.answer.label)
    if said.value is not None:
        return f"{said.value}, E{said.grade}"
    shown = ["not known" if level is None else str(level) for level in (said.likelihood, said.consequence)]
    return f"likelihood {shown[0]}, consequence {shown[1]}"


def answers_of(scorecard: Scorecard) -> dict[str, CellAnswer]:
    """All answers on a scorecard by cell, in six queries."""
    answers: dict[str, CellAnswer] = {}
    for score in scorecard.scores.select_related("criterion", "side").prefetch_related("citations"):
        answers[cell_key(score.criterion.key, score.side.key if score.side else None)] = _scored(score)
    for quality in scorecard.mitigation_scores.select_related("mitigation").prefetch_related("citations"):
        answers[quality.mitigation.key] = _scored(quality)
    for levels in scorecard.risk_scores.select_related("risk").prefetch_related("citations"):
        answers[levels.risk.key] = _levels(levels)
    return answers


def _scored(row: Score | MitigationScore) -> CellAnswer:
    return CellAnswer(
        answer=Answer(row.answer),
        value=row.value,
        grade=row.grade,
        rationale=row.rationale,
        citations=frozenset(item.pk for item in row.citations.all()),
    )


def _levels(row: RiskScore) -> CellAnswer:
    unknown = row.likelihood is None and row.consequence is None
    return CellAnswer(
        answer=Answer.NOT_ENOUGH_INFORMATION if unknown else Answer.SCORED,
        likelihood=row.likelihood,
        consequence=row.consequence,
        rationale=row.rationale,
        citations=frozenset(item.pk for item in row.citations.all()),
    )


def write_answers(
    scorecard: Scorecard, changes: Iterable[tuple[GridCell, CellAnswer | None]], *, at: dt.datetime
) -> None:
    """Replace these cells' rows; None leaves none. The number of queries does not depend on how many there are."""
    changes = list(changes)
    scored = [(cell, said) for cell, said in changes if isinstance(cell.part, Criterion)]
    places = reduce(or_, (Q(criterion=cell.part.pk, side=cell.side) for cell, _ in scored), Q(pk__in=[]))
    scorecard.scores.filter(places).delete()
    qualities = [(cell, said) for cell, said in changes if isinstance(cell.part, Mitigation)]
    scorecard.mitigation_scores.filter(mitigation__in=[cell.part.pk for cell, _ in qualities]).delete()
    levels = [(cell, said) for cell, said in changes if isinstance(cell.part, Risk)]
    scorecard.risk_scores.filter(risk__in=[cell.part.pk for cell, _ in levels]).delete()
    _insert_scores(scorecard, [(cell, said) for cell, said in scored if said], at)
    _insert_qualities(scorecard, [(cell, said) for cell, said in qualities if said], at)
    _insert_levels(scorecard, [(cell, said) for cell, said in levels if said], at)


Said = list[tuple[GridCell, CellAnswer]]


def _insert_scores(scorecard: Scorecard, said: Said, at: dt.datetime) -> None:
    rows = Score.objects.bulk_create(
        Score(
            scorecard=scorecard,
            criterion_id=cell.part.pk,
            side=cell.side,
            answer=given.answer,
            value=given.value,
            grade=given.grade,
            rationale=given.rationale,
            updated_at=at,
        )
        for cell, given in said
    )
    cited = zip(rows, said, strict=True)
    through = Score.citations.through
    through.objects.bulk_create(
        through(score_id=row.pk, evidence_id=item) for row, (_, given) in cited for item in given.citations
    )


def _insert_qualities(scorecard: Scorecard, said: Said, at: dt.datetime) -> None:
    rows = MitigationScore.objects.bulk_create(
        MitigationScore(
            scorecard=scorecard,
            mitigation_id=cell.part.pk,
            answer=given.answer,
            value=given.value,
            grade=given.grade,
            rationale=given.rationale,
            updated_at=at,
        )
        for cell, given in said
    )
    cited = zip(rows, said, strict=True)
    through = MitigationScore.citations.through
    through.objects.bulk_create(
        through(mitigationscore_id=row.pk, evidence_id=item) for row, (_, given) in cited for item in given.citations
    )


def _insert_levels(scorecard: Scorecard, said: Said, at: dt.datetime) -> None:
    rows = RiskScore.objects.bulk_create(
        RiskScore(
            scorecard=scorecard,
            risk_id=cell.part.pk,
            likelihood=given.likelihood,
            consequence=given.consequence,
            rationale=given.rationale,
            updated_at=at,
        )
        for cell, given in said
    )
    cited = zip(rows, said, strict=True)
    through = RiskScore.citations.through
    through.objects.bulk_create(
        through(riskscore_id=row.pk, evidence_id=item) for row, (_, given) in cited for item in given.citations
    )
