"""Which answers a cell takes. What is refused is never kept."""

import uuid
from collections.abc import Mapping

from proposals.models import Answer
from proposals.services.answers import CellAnswer, Recommendation, highest_grade
from proposals.services.grids import GridCell
from rubrics.models import Risk, RubricVersion


class CellRefusedError(Exception):
    """A cell that the scorecard does not have, or an answer that it does not take."""


class GradeTooHighError(CellRefusedError):
    """A score claims a better grade than the evidence that it cites."""


def check_recommendation(version: RubricVersion, said: Recommendation) -> None:
    if said.band and said.band not in {band.key for band in version.bands.all()}:
        raise CellRefusedError(f"{said.band} is not a band of this rubric version.")


def check_answer(version: RubricVersion, cell: GridCell, said: CellAnswer, grades: Mapping[uuid.UUID, int]) -> None:
    """Whether the cell takes this answer; `grades` has those of the proposal's evidence."""
    if not said.citations <= grades.keys():
        raise CellRefusedError(f"{cell.label} cites evidence that this proposal does not have. Reload the page.")
    if isinstance(cell.part, Risk):
        fits = _levels_fit(cell, said)
    elif said.answer == Answer.SCORED:
        fits = said.value in range(version.top_score + 1) and said.grade in range(5)
    else:
        fits = said.value is None and said.grade is None and _absence_fits(cell, said)
    if not fits:
        raise CellRefusedError(f"{cell.label} does not take this answer.")
    if said.grade is not None and said.grade > (best := highest_grade(said.citations, grades)):
        raise GradeTooHighError(
            f"{cell.label}: E{said.grade} needs evidence of grade E{said.grade} or better. Cite it, or choose E{best}."
        )


def _absence_fits(cell: GridCell, said: CellAnswer) -> bool:
    if said.open_level or said.likelihood is not None or said.consequence is not None:
        return False
    return said.answer in {Answer.NOT_ENOUGH_INFORMATION, Answer.OPEN} or cell.not_applicable_allowed


def _levels_fit(cell: GridCell, said: CellAnswer) -> bool:
    likelihoods, consequences = cell.section.probability or [], cell.section.loss or []
    return (
        said.value is None
        and said.grade is None
        and said.answer != Answer.NOT_APPLICABLE
        and (said.answer == Answer.OPEN) == bool(said.open_level)
        and (said.likelihood is None or 1 <= said.likelihood <= len(likelihoods))
        and (said.consequence is None or 0 <= said.consequence < len(consequences))
    )
