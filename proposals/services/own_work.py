"""An officer's own work: what is assigned, how far it is, and what comes next."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.db.models import QuerySet

from proposals.models import Assignment, Docket, MitigationScore, Proposal, RiskScore, Score, Scorecard
from proposals.services.grids import Grid, cell_key
from rubrics.models import RubricVersion
from t2eval.accounts.models import User


@dataclass(frozen=True, slots=True)
class OwnWork:
    """One assignment with the officer's own scorecard."""

    assignment: Assignment
    scorecard: Scorecard | None
    answered: int
    total: int
    is_next: bool = False
    is_overdue: bool = False

    @property
    def proposal(self) -> Proposal:
        return self.assignment.proposal

    @property
    def due_date(self) -> dt.date | None:
        return self.assignment.due_date or self.proposal.docket.due_date

    @property
    def is_submitted(self) -> bool:
        return self.scorecard is not None and self.scorecard.is_submitted

    @property
    def is_to_do(self) -> bool:
        return not self.is_submitted and self.proposal.docket.state == Docket.State.OPEN


def own_work(user: User, *, today: dt.date) -> list[OwnWork]:
    """The user's assignments, earliest due first, what is to do before what is done; a constant number of queries."""
    assignments = list(
        Assignment.objects.visible_to(user)
        .filter(officer=user)
        .select_related("proposal__docket", "proposal__organizer", "proposal__issue_area")
        .prefetch_related("proposal__sides", "proposal__pathway_cards", "proposal__planned_mitigations")
    )
    own = {(card.proposal_id, card.rubric_version_id): card for card in _own_scorecards(user)}
    versions = _versions({assignment.proposal.docket.rubric_version_id for assignment in assignments})
    answered = _answered_keys(user)
    work = [_one(assignment, versions, own, answered) for assignment in assignments]
    work = [replace(one, is_overdue=_is_late(one, today)) for one in work]
    work.sort(key=lambda one: (not one.is_to_do, one.due_date or dt.date.max, one.proposal.number))
    return [replace(one, is_next=True) if place == 0 and one.is_to_do else one for place, one in enumerate(work)]


def _one(
    assignment: Assignment,
    versions: Mapping[uuid.UUID, RubricVersion],
    own: Mapping[tuple[uuid.UUID, uuid.UUID], Scorecard],
    answered: Mapping[uuid.UUID, set[str]],
) -> OwnWork:
    proposal = assignment.proposal
    version = versions[proposal.docket.rubric_version_id]
    scorecard = own.get((proposal.pk, version.pk))
    cells = Grid(version, proposal).cells.keys()
    count = len(cells & answered.get(scorecard.pk, set())) if scorecard else 0
    return OwnWork(assignment, scorecard, count, len(cells))


def _is_late(work: OwnWork, today: dt.date) -> bool:
    return work.is_to_do and work.due_date is not None and work.due_date < today


def _own_scorecards(user: User) -> QuerySet[Scorecard]:
    """In the order of their rounds, so that the latest wins; practice is not work."""
    return Scorecard.objects.filter(officer=user).exclude(round=Scorecard.Round.PRACTICE).order_by("round")


def _versions(pks: Iterable[uuid.UUID]) -> dict[uuid.UUID, RubricVersion]:
    parts = ("sections__criteria", "sections__risks", "sections__mitigations", "gates")
    return RubricVersion.objects.prefetch_related(*parts).in_bulk(list(pks))


def _answered_keys(user: User) -> dict[uuid.UUID, set[str]]:
    """The answered cells of each of the officer's scorecards."""
    keys: dict[uuid.UUID, set[str]] = {}
    scores = Score.objects.filter(scorecard__officer=user)
    for card, part, side in scores.values_list("scorecard", "criterion__key", "side__key"):
        keys.setdefault(card, set()).add(cell_key(part, side))
    qualities = MitigationScore.objects.filter(scorecard__officer=user).values_list("scorecard", "mitigation__key")
    levels = RiskScore.objects.filter(scorecard__officer=user).values_list("scorecard", "risk__key")
    for card, part in [*qualities, *levels]:
        keys.setdefault(card, set()).add(part)
    return keys
