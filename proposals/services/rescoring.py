"""An officer's round 2: a copy of round 1 of which only the cells under discussion may change."""

import datetime as dt
from typing import Any

from django.db import transaction

from proposals.models import Discussion, MitigationScore, Proposal, RiskScore, Score, Scorecard
from proposals.permissions import can_score
from proposals.services.answer_rows import answers_of
from proposals.services.assessing import assess_proposal
from proposals.services.discussions import NoOpenDiscussionError
from proposals.services.locking import locked_proposal
from proposals.services.rounds import discussion_of, own_scorecards
from proposals.services.scoring_locks import NotScorableError
from t2eval.accounts.models import User
from t2eval.audit.services import record

CELLS: tuple[Any, ...] = (Score, MitigationScore, RiskScore)


class NoRoundOneError(Exception):
    """Round 2 changes what round 1 said: without a submitted round 1 there is nothing to change."""


class RoundTwoDiffersError(Exception):
    """The draft of round 2 already says something else than round 1."""


@transaction.atomic
def start_round_two(*, proposal: Proposal, officer: User, by: User, at: dt.datetime) -> Scorecard:
    """The officer's scorecard of round 2; made, the first time, as a copy of round 1.

    Raises NotScorableError, NoRoundOneError, NoOpenDiscussionError.
    """
    proposal = locked_proposal(proposal.pk, by=by)
    if by != officer or not can_score(officer, proposal):
        raise NotScorableError("Scorecards are written by the officers assigned, while the docket is open.")
    own = own_scorecards(proposal, officer)
    if second := own.get(Scorecard.Round.DISCUSSED):
        return second
    first = own.get(Scorecard.Round.BLIND)
    if first is None or not first.is_submitted:
        raise NoRoundOneError("Round 2 starts from your scorecard of round 1, which is not in.")
    discussion = _open_discussion(proposal)
    second = _copy(first, at)
    record(
        "scorecard.rescored",
        by=by,
        at=at,
        target=second,
        proposal_id=proposal.pk,
        round=second.round,
        cells=len(discussion.cells),
    )
    return second


@transaction.atomic
def stand_by_round_one(*, proposal: Proposal, officer: User, by: User, at: dt.datetime) -> Scorecard:
    """Hand in round 2 as it was in round 1, which was complete when it was handed in. A second click finds it done.

    Raises what start_round_two raises, and RoundTwoDiffersError.
    """
    second = start_round_two(proposal=proposal, officer=officer, by=by, at=at)
    if second.is_submitted:
        return second
    _open_discussion(second.proposal)
    if _says(second) != _says(own_scorecards(second.proposal, officer)[Scorecard.Round.BLIND]):
        raise RoundTwoDiffersError(
            "Your round 2 has changes in it. Submit it from the scoring page, or undo them there."
        )
    second.state, second.submitted_at, second.updated_at = Scorecard.State.SUBMITTED, at, at
    second.save(update_fields=["state", "submitted_at", "updated_at"])
    record("scorecard.submitted", by=by, at=at, target=second, proposal_id=second.proposal_id, round=second.round)
    assess_proposal(proposal=second.proposal, by=by, at=at)
    return second


def _open_discussion(proposal: Proposal) -> Discussion:
    discussion = discussion_of(proposal)
    if discussion is None or not discussion.is_open:
        raise NoOpenDiscussionError("Round 2 on this proposal is not open.")
    return discussion


def _says(scorecard: Scorecard) -> tuple[Any, ...]:
    return answers_of(scorecard), scorecard.recommendation, scorecard.recommendation_reason


def _copy(first: Scorecard, at: dt.datetime) -> Scorecard:
    second = Scorecard.objects.create(
        proposal_id=first.proposal_id,
        officer_id=first.officer_id,
        rubric_version_id=first.rubric_version_id,
        round=Scorecard.Round.DISCUSSED,
        proposal_revision=first.proposal_revision,
        recommendation=first.recommendation,
        recommendation_reason=first.recommendation_reason,
        created_at=at,
        updated_at=at,
    )
    for model in CELLS:
        _copy_cells(model, first, second, at)
    return second


def _copy_cells(model: Any, first: Scorecard, second: Scorecard, at: dt.datetime) -> None:
    """Rows and citations as they are, field by field, in a constant number of queries."""
    rows = list(model.objects.filter(scorecard=first).prefetch_related("citations").order_by("pk"))
    names = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
    kept = [{name: getattr(row, name) for name in names} for row in rows]
    copies = model.objects.bulk_create(
        model(**{**values, "scorecard_id": second.pk, "updated_at": at}) for values in kept
    )
    through, name = model.citations.through, f"{model._meta.model_name}_id"
    through.objects.bulk_create(
        through(**{name: copy.pk, "evidence_id": item.pk})
        for row, copy in zip(rows, copies, strict=True)
        for item in row.citations.all()
    )
