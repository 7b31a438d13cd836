"""Keeping a draft: cell by cell, each against the version that its writer saw, so that nothing is lost unseen.

What is saved here is in the database when the call returns. A cell that says already what is to be kept counts as
saved, so a reply that was lost on the way never becomes a false conflict.
"""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.db import transaction

from proposals.models import Answer, CellChange, Evidence, Scorecard
from proposals.services.answer_rows import Stored, stored_answers, write_answers
from proposals.services.answers import (
    CellAnswer,
    Recommendation,
    answer_json,
    highest_grade,
    recommendation_json,
    version_of,
)
from proposals.services.grids import GridCell, cells_at, find_place, frozen_version
from proposals.services.refused_answers import CellRefusedError, check_answer, check_recommendation
from proposals.services.scoring_locks import Bench, hold_bench
from t2eval.accounts.models import User


@dataclass(frozen=True, slots=True)
class Proposed:
    """An answer to keep, None for none, and the version of what stood there when it was written."""

    said: CellAnswer | None
    seen: str


@dataclass(frozen=True, slots=True)
class ProposedRecommendation:
    said: Recommendation
    seen: str


@dataclass(frozen=True, slots=True)
class Saved:
    """What stands now in the cells that were asked for.

    Something else than what was asked for stands in `clashes`, which both their writer and somebody else changed, and
    in `untouched`, which only somebody else did.
    """

    scorecard: Scorecard
    answers: Mapping[str, CellAnswer | None]
    recommendation: Recommendation
    clashes: frozenset[str] = frozenset()
    untouched: frozenset[str] = frozenset()
    recommendation_clashes: bool = False
    recommendation_untouched: bool = False

    @property
    def is_clean(self) -> bool:
        return not self.clashes and not self.recommendation_clashes


@dataclass
class _Work:
    """What one saving writes."""

    changes: dict[str, CellAnswer | None] = field(default_factory=dict)
    clashes: set[str] = field(default_factory=set)
    untouched: set[str] = field(default_factory=set)


@transaction.atomic
def save_cells(
    *,
    proposal_id: uuid.UUID,
    officer: User,
    cells: Mapping[str, Proposed],
    recommendation: ProposedRecommendation | None = None,
    revision: int | None = None,
    by: User,
    at: dt.datetime,
) -> Saved:
    """Keep these cells of the officer's draft, and leave the others; the first saving makes the scorecard.

    A cell that has changed since its writer saw it is left as it stands and named as a clash. `revision` is the one of
    the record that the writer had before them, the present one if not said.
    Raises ProposalNotVisibleError, DocketClosedError, NotScorableError, ScorecardSubmittedError, RoundClosedError,
    CellRefusedError (GradeTooHighError).
    """
    bench = hold_bench(proposal_id, officer=officer, by=by)
    found, stored = _find(bench, cells)
    numbers, asked = _checked(bench, found, stored, cells)
    if recommendation:
        check_recommendation(bench.version, recommendation.said)
    bench.require_open(found)
    work = _compare(asked, stored)
    before = bench.recommendation
    after = _compare_recommendation(recommendation, before)
    differs = recommendation is not None and after != recommendation.said
    unchanged = recommendation is not None and version_of(recommendation.said) == recommendation.seen
    scorecard = bench.scorecard or bench.begin(revision=revision, by=by, at=at)
    if work.changes or after != before or bench.scorecard is None:
        write_answers(scorecard, stored, [(found[key], said) for key, said in work.changes.items()], at=at)
        _note(scorecard, stored, work, numbers, (before, after), by=by, at=at)
        scorecard = bench.touch(scorecard, after, revision=revision, at=at)
    answers = {key: work.changes.get(key, _said(stored, key)) for key in asked}
    return Saved(
        scorecard,
        answers,
        after,
        clashes=frozenset(work.clashes),
        untouched=frozenset(work.untouched),
        recommendation_clashes=differs and not unchanged,
        recommendation_untouched=differs and unchanged,
    )


def _said(stored: Mapping[str, Stored], key: str) -> CellAnswer | None:
    return stored[key].said if key in stored else None


def _find(bench: Bench, cells: Mapping[str, Proposed]) -> tuple[dict[str, GridCell], dict[str, Stored]]:
    """The cells asked for, with what is stored of them."""
    version = bench.proposal.docket.rubric_version_id
    places = [place for key in cells if (place := find_place(version, key))]
    stored = stored_answers(bench.scorecard, places) if bench.scorecard and places else {}
    sides = {key: getattr(one.row, "side", None) for key, one in stored.items()}
    found = cells_at(bench.proposal, places, sides)
    for key in cells:
        if key not in found:
            raise CellRefusedError(f"This scorecard has no cell {key}: the record may have changed. Reload the page.")
    return found, stored


def _checked(
    bench: Bench, found: Mapping[str, GridCell], stored: Mapping[str, Stored], cells: Mapping[str, Proposed]
) -> tuple[dict[uuid.UUID, int], dict[str, Proposed]]:
    """The numbers of the evidence concerned, and the cells as they would be kept: with their grades."""
    cites = any(proposed.said and proposed.said.citations for proposed in cells.values())
    cited = cites or any(one.said.citations for one in stored.values())
    evidence = Evidence.objects.filter(proposal=bench.proposal).values_list("pk", "number", "grade") if cited else ()
    rows = list(evidence)
    numbers, grades = {pk: number for pk, number, _ in rows}, {pk: grade for pk, _, grade in rows}
    checked = {}
    for key, proposed in cells.items():
        said = proposed.said
        if said is not None:
            if said.answer == Answer.SCORED and said.value is not None and said.grade is None:
                best = highest_grade(said.citations & grades.keys(), grades)
                said = replace(said, grade=best)
            check_answer(frozen_version(bench.proposal.docket.rubric_version_id), found[key], said, grades)
        checked[key] = replace(proposed, said=said)
    return numbers, checked


def _compare(asked: Mapping[str, Proposed], stored: Mapping[str, Stored]) -> _Work:
    """A cell is written where it differs from what is stored and its writer has seen that; where they have changed
    nothing themselves, it stays as it is.
    """
    work = _Work()
    for key, proposed in asked.items():
        now = _said(stored, key)
        if proposed.said == now:
            continue
        if version_of(proposed.said) == proposed.seen:
            work.untouched.add(key)
        elif proposed.seen == version_of(now):
            work.changes[key] = proposed.said
        else:
            work.clashes.add(key)
    return work


def _compare_recommendation(proposed: ProposedRecommendation | None, now: Recommendation) -> Recommendation:
    """What is asked for, if its writer saw what stands now; else what stands now."""
    return proposed.said if proposed is not None and proposed.seen == version_of(now) else now


def _note(
    scorecard: Scorecard,
    stored: Mapping[str, Stored],
    work: _Work,
    numbers: Mapping[uuid.UUID, int],
    recommendation: tuple[Recommendation, Recommendation],
    *,
    by: User,
    at: dt.datetime,
) -> None:
    """The history: a row for each cell that changes, and one for the recommendation."""
    notes = [
        CellChange(
            scorecard=scorecard,
            cell=key,
            before=answer_json(_said(stored, key), numbers),
            after=answer_json(said, numbers),
            by=by,
            at=at,
        )
        for key, said in work.changes.items()
    ]
    before, after = recommendation
    if before != after:
        words = {"before": recommendation_json(before), "after": recommendation_json(after)}
        notes.append(CellChange(scorecard=scorecard, by=by, at=at, **words))
    if notes:
        CellChange.objects.bulk_create(notes)
