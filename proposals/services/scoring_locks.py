"""The officer's place at a proposal: its docket locked, their own scorecard as it stands, and what they may change."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from proposals.models import Assignment, Docket, Proposal, Scorecard
from proposals.models.access import undeclared_proposal_ids
from proposals.permissions import can_score
from proposals.services.answers import Recommendation
from proposals.services.grids import frozen_version
from proposals.services.locking import ProposalNotVisibleError, lock_docket_of, require_open_to_scoring
from proposals.services.rounds import open_cells
from rubrics.models import RubricVersion
from t2eval.accounts.models import User
from t2eval.audit.services import record


class NotScorableError(Exception):
    """This officer may not score this proposal: not assigned, or the scorecard is another's."""


class ScorecardSubmittedError(Exception):
    """A submitted scorecard does not change."""


class RoundClosedError(Exception):
    """A cell that is not open in this round, or a round that the chair has closed."""


@dataclass(frozen=True, slots=True)
class Bench:
    """A proposal that the officer may score, and their scorecard of the latest round, None before the first saving."""

    proposal: Proposal
    officer: User
    scorecard: Scorecard | None

    @property
    def version(self) -> RubricVersion:
        return frozen_version(self.proposal.docket.rubric_version_id)

    @property
    def recommendation(self) -> Recommendation:
        if self.scorecard is None:
            return Recommendation()
        return Recommendation(self.scorecard.recommendation, self.scorecard.recommendation_reason)

    def require_open(self, cells: Iterable[str]) -> None:
        """In round 2 only what was flagged for discussion is scored again, and until it is closed.

        Raises RoundClosedError.
        """
        opened = open_cells(self.scorecard) if self.scorecard else None
        if opened == frozenset():
            raise RoundClosedError("The chair has closed round 2. What you said in round 1 stands.")
        if opened is not None and (closed := [key for key in cells if key not in opened]):
            raise RoundClosedError(f"Not open in this round: {', '.join(closed)}. What you said in round 1 stands.")

    def begin(self, *, revision: int | None, by: User, at: dt.datetime) -> Scorecard:
        is_practice = self.proposal.docket.kind == Docket.Kind.CALIBRATION
        scorecard = Scorecard.objects.create(
            proposal=self.proposal,
            officer=self.officer,
            rubric_version_id=self.proposal.docket.rubric_version_id,
            round=Scorecard.Round.PRACTICE if is_practice else Scorecard.Round.BLIND,
            proposal_revision=self._seen(revision),
            created_at=at,
            updated_at=at,
        )
        record("scorecard.started", by=by, at=at, target=scorecard, proposal_id=self.proposal.pk)
        return scorecard

    def _seen(self, revision: int | None) -> int:
        """The revision of the record that the page showed; the present one if it does not say."""
        now = self.proposal.revision
        return min(max(revision or now, 1), now)

    def touch(self, scorecard: Scorecard, said: Recommendation, *, revision: int | None, at: dt.datetime) -> Scorecard:
        """Write the scorecard's own row: the recommendation, when it was saved, for which revision of the record."""
        scorecard.recommendation, scorecard.recommendation_reason = said.band, said.reason
        scorecard.updated_at = at
        scorecard.proposal_revision = max(self._seen(revision), scorecard.proposal_revision)
        fields = ["recommendation", "recommendation_reason", "updated_at", "proposal_revision"]
        scorecard.save(update_fields=fields)
        return scorecard


def hold_bench(proposal_id: uuid.UUID, *, officer: User, by: User) -> Bench:
    """The officer's draft, held to the end of the transaction, in three queries once it exists.

    Raises ProposalNotVisibleError, DocketClosedError, NotScorableError, ScorecardSubmittedError.
    """
    docket = lock_docket_of(proposal_id)
    scorecard = _own_scorecard(proposal_id, docket, officer, by)
    proposal = scorecard.proposal if scorecard else Proposal.objects.visible_to(by).filter(pk=proposal_id).first()
    if proposal is None:
        raise ProposalNotVisibleError("There is no such proposal for this user.")
    proposal.docket = docket
    require_open_to_scoring(docket)
    if scorecard is None and undeclared_proposal_ids(by).filter(proposal=proposal).exists():
        raise NotScorableError("Say first whether you have a conflict of interest on this proposal.")
    is_assigned = scorecard.is_assigned if scorecard else None
    if by != officer or not can_score(officer, proposal, is_assigned=is_assigned):
        raise NotScorableError("Scorecards are written by the officers assigned, while the docket is open.")
    if scorecard is not None and scorecard.is_submitted:
        raise ScorecardSubmittedError("This scorecard is submitted and does not change any more.")
    return Bench(proposal, officer, scorecard)


def _own_scorecard(proposal_id: uuid.UUID, docket: Docket, officer: User, by: User) -> Any:
    """Of the latest round, with `is_assigned` beside its columns, to save a query at every saving."""
    own = Scorecard.objects.filter(
        officer=officer,
        rubric_version=docket.rubric_version_id,
        proposal__in=Proposal.objects.visible_to(by).filter(pk=proposal_id),
    )
    assigned = Assignment.objects.filter(officer=officer, proposal=OuterRef("proposal"))
    return own.select_related("proposal").annotate(is_assigned=Exists(assigned)).order_by("-round").first()
