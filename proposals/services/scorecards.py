"""Handing in a scorecard, and what is missing until then."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from proposals.models import Answer, Evidence, Proposal, Scorecard
from proposals.services.answer_rows import answers_of
from proposals.services.answers import CellAnswer, as_unknown, highest_grade, version_of
from proposals.services.assessing import assess_proposal
from proposals.services.grids import Grid, GridCell, load_grid
from proposals.services.own_result import own_result
from proposals.services.rounds import is_over, open_cells
from proposals.services.saving import Proposed, save_cells
from proposals.services.scoring_locks import RoundClosedError, hold_bench
from rubrics.models import Risk
from t2eval.accounts.models import User
from t2eval.audit.services import record


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
    """The officer's own scorecard of the latest round, under the version that the docket is pinned to.

    A draft of round 2 that the chair closed meanwhile is over: what was said in round 1 stands.
    """
    own = Scorecard.objects.filter(proposal=proposal, officer=officer, rubric_version=proposal.docket.rubric_version_id)
    cards = list(own.order_by("-round"))
    return next((card for card in cards if not is_over(card)), None)


class NotDeclinedError(Exception):
    """The rest may be left only where a gate that declines has clearly failed."""


@transaction.atomic
def leave_rest(*, scorecard: Scorecard, by: User, at: dt.datetime) -> None:
    """Answer what is open by: not enough information, since a failed gate decides already.

    Raises NotDeclinedError where none has, judged by this scorecard alone; and what `save_cells` raises.
    """
    bench = hold_bench(scorecard.proposal_id, officer=scorecard.officer, by=by)
    if not own_result(scorecard).has_failed_decline:
        raise NotDeclinedError("No gate that declines has failed on this scorecard, so each cell needs its answer.")
    answers = answers_of(scorecard)
    said = {key: answers.get(key) for key in load_grid(bench.proposal).cells}
    cells = {key: Proposed(as_unknown(one), version_of(one)) for key, one in said.items() if one is None or one.is_open}
    save_cells(proposal_id=bench.proposal.pk, officer=scorecard.officer, cells=cells, by=by, at=at)


@transaction.atomic
def submit_scorecard(*, scorecard: Scorecard, by: User, at: dt.datetime) -> Scorecard:
    """Hand in a draft as it is stored, and assess the proposal anew; practice changes no assessment.

    Raises ProposalNotVisibleError, DocketClosedError, NotScorableError, ScorecardSubmittedError, RoundClosedError, and
    ScorecardIncompleteError with all that is missing.
    """
    bench = hold_bench(scorecard.proposal_id, officer=scorecard.officer, by=by)
    if bench.scorecard is None or bench.scorecard.pk != scorecard.pk:
        raise RoundClosedError("This scorecard is not the one of the present round.")
    scorecard, proposal = bench.scorecard, bench.proposal
    bench.require_open(())
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
    answers, opened = answers_of(scorecard), open_cells(scorecard)
    grades = _grades(scorecard.proposal_id)
    missing = [
        Missing(f"cell-{cell.key}", cell.label, what)
        for cell in grid.cells.values()
        if (opened is None or cell.key in opened) and (what := _missing_in(cell, answers.get(cell.key), grades))
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
    if said is None or said.is_open:
        return "still open"
    if needs_rationale(cell, said) and not said.rationale.strip():
        why = "a gate looks at this answer" if cell.carries_gate else f"a {said.value} needs one"
        return f"write the reason: {why}"
    if said.grade is not None and said.grade > highest_grade(said.citations, grades):
        return f"its evidence no longer carries E{said.grade}: lower the grade or cite better evidence"
    return ""


def _grades(proposal_id: uuid.UUID) -> dict[uuid.UUID, int]:
    return dict(Evidence.objects.filter(proposal=proposal_id).values_list("pk", "grade"))
