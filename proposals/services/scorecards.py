"""Saving and submitting a scorecard."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from proposals.models import Answer, Docket, Evidence, Proposal, Scorecard
from proposals.permissions import can_score
from proposals.services.answers import CellAnswer, answers_of, highest_grade, write_answers
from proposals.services.assessing import assess_proposal
from proposals.services.grids import Grid, GridCell, load_grid
from proposals.services.locking import locked_proposal, require_open_to_scoring
from rubrics.models import Risk
from t2eval.accounts.models import User
from t2eval.audit.services import record


class NotScorableError(Exception):
    """This officer may not score this proposal: not assigned, or the scorecard is another's."""


class ScorecardSubmittedError(Exception):
    """A submitted scorecard does not change."""


class ScorecardChangedError(Exception):
    """The scorecard was saved elsewhere since it was opened here, and says something else."""


class CellRefusedError(Exception):
    """A cell that the scorecard does not have, or an answer that it does not take."""


class GradeTooHighError(CellRefusedError):
    """A score claims a better grade than the evidence that it cites."""


@dataclass(frozen=True, slots=True)
class Missing:
    """What a scorecard still needs, and where on the page it is."""

    place: str
    label: str
    what: str


class ScorecardIncompleteError(Exception):
    """Lists everything that is missing, at once."""

    def __init__(self, missing: list[Missing]) -> None:
        super().__init__(f"{len(missing)} things are missing")
        self.missing = missing


def latest_scorecard(proposal: Proposal, officer: User) -> Scorecard | None:
    """The officer's own scorecard of the latest round, under the version that the docket is pinned to."""
    own = Scorecard.objects.filter(proposal=proposal, officer=officer, rubric_version=proposal.docket.rubric_version_id)
    return own.order_by("-round").first()


@transaction.atomic
def save_scorecard(
    *,
    proposal: Proposal,
    officer: User,
    cells: Mapping[str, CellAnswer | None],
    recommendation: str,
    recommendation_reason: str,
    expected_updated_at: dt.datetime | None,
    by: User,
    at: dt.datetime,
) -> Scorecard:
    """Keep a draft. The cells given are replaced, None opens one again, and the others stay as they are.

    The first time makes the scorecard. Saying what it already says changes nothing, so a doubled click does no harm.
    Raises NotScorableError, ScorecardSubmittedError, ScorecardChangedError, CellRefusedError, GradeTooHighError.
    """
    proposal = _locked_for(proposal, officer, by)
    grid, scorecard = load_grid(proposal), latest_scorecard(proposal, officer)
    if scorecard is not None and scorecard.is_submitted:
        raise ScorecardSubmittedError("This scorecard is submitted and does not change any more.")
    _check_cells(grid, cells)
    _check_recommendation(grid, recommendation)
    changed = _changed_cells(scorecard, cells)
    words = {"recommendation": recommendation, "recommendation_reason": recommendation_reason}
    if scorecard is not None:
        if not changed and words == {name: getattr(scorecard, name) for name in words}:
            return scorecard
        if expected_updated_at != scorecard.updated_at:
            raise ScorecardChangedError("This scorecard was saved elsewhere since you opened it.")
    scorecard = scorecard or _new(proposal, officer, at)
    write_answers(scorecard, [(grid.cells[key], said) for key, said in changed.items()], at=at)
    Scorecard.objects.filter(pk=scorecard.pk).update(**words, proposal_revision=proposal.revision, updated_at=at)
    record("scorecard.saved", by=by, at=at, target=scorecard, proposal_id=proposal.pk, cells=len(changed))
    return Scorecard.objects.get(pk=scorecard.pk)


@transaction.atomic
def submit_scorecard(*, scorecard: Scorecard, by: User, at: dt.datetime) -> Scorecard:
    """Hand in a draft as it is stored, and assess the proposal anew; practice changes no assessment.

    Raises NotScorableError, ScorecardSubmittedError, and ScorecardIncompleteError with all that is missing.
    """
    proposal = _locked_for(scorecard.proposal, scorecard.officer, by)
    scorecard = Scorecard.objects.select_for_update(of=("self",)).select_related("officer").get(pk=scorecard.pk)
    if scorecard.is_submitted:
        raise ScorecardSubmittedError("This scorecard is already submitted.")
    if missing := missing_from(scorecard, load_grid(proposal)):
        raise ScorecardIncompleteError(missing)
    scorecard.state, scorecard.submitted_at, scorecard.updated_at = Scorecard.State.SUBMITTED, at, at
    scorecard.save(update_fields=["state", "submitted_at", "updated_at"])
    record("scorecard.submitted", by=by, at=at, target=scorecard, proposal_id=proposal.pk, round=scorecard.round)
    if scorecard.round != Scorecard.Round.PRACTICE:
        assess_proposal(proposal=proposal, by=by, at=at)
    return scorecard


def missing_from(scorecard: Scorecard, grid: Grid) -> list[Missing]:
    """Everything that stands between this draft and handing it in, in the order of the page."""
    answers = answers_of(scorecard)
    grades = _grades(scorecard.proposal_id)
    missing = [
        Missing(f"cell-{cell.key}", cell.label, what)
        for cell in grid.cells.values()
        if (what := _missing_in(cell, answers.get(cell.key), grades))
    ]
    if not scorecard.recommendation:
        missing.append(Missing("id_recommendation", "Recommendation", "choose one"))
    if not scorecard.recommendation_reason:
        missing.append(Missing("id_recommendation_reason", "Reason for the recommendation", "write it"))
    return missing


def needs_rationale(cell: GridCell, said: CellAnswer) -> bool:
    """A reason is due for the ends of the scale (0, 1 and the top) and wherever a gate looks at the answer."""
    if said.answer != Answer.SCORED:
        return False
    ends = {0, 1, cell.section.version.top_score}
    return cell.carries_gate or (not isinstance(cell.part, Risk) and said.value in ends)


def _missing_in(cell: GridCell, said: CellAnswer | None, grades: Mapping[uuid.UUID, int]) -> str:
    if said is None:
        return "still open"
    if needs_rationale(cell, said) and not said.rationale.strip():
        why = "a gate looks at this answer" if cell.carries_gate else f"a {said.value} needs one"
        return f"write the reason: {why}"
    if said.grade is not None and said.grade > highest_grade(said.citations, grades):
        return f"its evidence no longer carries E{said.grade}: lower the grade or cite better evidence"
    return ""


def _locked_for(proposal: Proposal, officer: User, by: User) -> Proposal:
    """The proposal, locked, so that two first saves cannot both make a scorecard."""
    proposal = locked_proposal(proposal.pk, by=by, must_be_open=False)
    require_open_to_scoring(proposal.docket)
    if by != officer or not can_score(officer, proposal):
        raise NotScorableError("Scorecards are written by the officers assigned, while the docket is open.")
    return proposal


def _changed_cells(scorecard: Scorecard | None, cells: Mapping[str, CellAnswer | None]) -> dict[str, CellAnswer | None]:
    stored = answers_of(scorecard) if scorecard else {}
    return {key: said for key, said in cells.items() if stored.get(key) != said}


def _new(proposal: Proposal, officer: User, at: dt.datetime) -> Scorecard:
    is_practice = proposal.docket.kind == Docket.Kind.CALIBRATION
    return Scorecard.objects.create(
        proposal=proposal,
        officer=officer,
        rubric_version_id=proposal.docket.rubric_version_id,
        round=Scorecard.Round.PRACTICE if is_practice else Scorecard.Round.BLIND,
        proposal_revision=proposal.revision,
        created_at=at,
        updated_at=at,
    )


def _grades(proposal_id: uuid.UUID) -> dict[uuid.UUID, int]:
    return dict(Evidence.objects.filter(proposal=proposal_id).values_list("pk", "grade"))


def _check_recommendation(grid: Grid, recommendation: str) -> None:
    if recommendation and recommendation not in {band.key for band in grid.bands}:
        raise CellRefusedError(f"{recommendation} is not a band of this rubric version.")


def _check_cells(grid: Grid, cells: Mapping[str, CellAnswer | None]) -> None:
    grades = _grades(grid.proposal.pk)
    for key, said in cells.items():
        if key not in grid.cells:
            raise CellRefusedError(f"This scorecard has no cell {key}.")
        if said is None:
            continue
        if not said.citations <= grades.keys():
            raise CellRefusedError(f"{grid.cells[key].label} cites evidence of another proposal.")
        _check_answer(grid, grid.cells[key], said)
        if said.grade is not None and said.grade > highest_grade(said.citations, grades):
            raise GradeTooHighError(f"{grid.cells[key].label}: E{said.grade} is more than the evidence cited carries.")


def _check_answer(grid: Grid, cell: GridCell, said: CellAnswer) -> None:
    if isinstance(cell.part, Risk):
        fits = _levels_fit(cell, said)
    elif said.answer == Answer.SCORED:
        fits = said.value in range(grid.version.top_score + 1) and said.grade in range(5)
    else:
        fits = said.value is None and said.grade is None and _absence_fits(cell, said)
    if not fits:
        raise CellRefusedError(f"{cell.label} does not take this answer.")


def _absence_fits(cell: GridCell, said: CellAnswer) -> bool:
    return said.answer == Answer.NOT_ENOUGH_INFORMATION or cell.not_applicable_allowed


def _levels_fit(cell: GridCell, said: CellAnswer) -> bool:
    likelihoods, consequences = cell.section.probability or [], cell.section.loss or []
    return (
        said.value is None
        and said.grade is None
        and said.answer != Answer.NOT_APPLICABLE
        and (said.likelihood is None or 1 <= said.likelihood <= len(likelihoods))
        and (said.consequence is None or 0 <= said.consequence < len(consequences))
    )
