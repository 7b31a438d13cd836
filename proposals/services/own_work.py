"""An officer's own queue: what is assigned, how far it is, and what comes next.

Nothing in its order or content depends on what others did, but that a proposal is to be discussed, and that is
told only once one's own scorecard is in.
"""

import datetime as dt
import hashlib
import uuid
from dataclasses import dataclass, replace
from enum import Enum

from django.db.models import QuerySet

from proposals.models import (
    Answer,
    Assignment,
    ConflictDeclaration,
    Discussion,
    Docket,
    MitigationScore,
    Proposal,
    RiskScore,
    Score,
    Scorecard,
)
from proposals.models.access import undeclared_proposal_ids
from proposals.services.grids import Grid, cell_key, frozen_version
from t2eval.accounts.models import User


class WorkState(Enum):
    TO_DISCUSS = "to discuss"
    NOT_STARTED = "not started"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    CLOSED = "closed"


TO_SCORE = (WorkState.NOT_STARTED, WorkState.DRAFT)
TO_DO = (*TO_SCORE, WorkState.TO_DISCUSS)


@dataclass(frozen=True, slots=True)
class OwnWork:
    """One assignment with the officer's own scorecard: the one that is written, or else the latest that is in."""

    assignment: Assignment
    state: WorkState
    scorecard: Scorecard | None
    answered: int
    total: int
    owes_statement: bool
    is_next: bool = False
    is_overdue: bool = False

    @property
    def proposal(self) -> Proposal:
        return self.assignment.proposal

    @property
    def due_date(self) -> dt.date | None:
        return self.assignment.due_date or self.proposal.docket.due_date

    @property
    def is_to_discuss(self) -> bool:
        return self.state == WorkState.TO_DISCUSS

    @property
    def is_to_score(self) -> bool:
        return self.state in TO_SCORE

    @property
    def is_to_do(self) -> bool:
        return self.state in TO_DO

    @property
    def is_submitted(self) -> bool:
        return self.state == WorkState.SUBMITTED


@dataclass(frozen=True, slots=True)
class OwnCards:
    """The officer's scorecards on one proposal, under the version of its docket, practice left out."""

    latest: Scorecard | None
    latest_submitted: Scorecard | None

    @property
    def has_rescored(self) -> bool:
        return self.latest_submitted is not None and self.latest_submitted.round == Scorecard.Round.DISCUSSED


def own_work(user: User, *, today: dt.date) -> list[OwnWork]:
    """What the user has to discuss, to score, and has done; earliest due first; in a constant number of queries.

    Where days are equal an order of the officer's own decides, so that no proposal is judged first by everybody.
    """
    assignments = list(
        Assignment.objects.visible_to(user)
        .filter(officer=user)
        .select_related("proposal__docket", "proposal__organizer", "proposal__issue_area")
        .prefetch_related("proposal__sides", "proposal__pathway_cards", "proposal__planned_mitigations")
    )
    cards = _own_cards(user)
    discussed, answered = _open_discussions(user), _answered_keys(user)
    owes = set(undeclared_proposal_ids(user))
    work = []
    for assignment in assignments:
        proposal = assignment.proposal
        version = frozen_version(proposal.docket.rubric_version_id)
        own = cards.get((proposal.pk, version.pk), OwnCards(None, None))
        state = _state(proposal.docket, own, is_discussed=(proposal.pk, version.pk) in discussed)
        card = own.latest_submitted if state in (WorkState.SUBMITTED, WorkState.CLOSED) else own.latest
        cells = Grid(version, proposal).cells.keys()
        count = len(cells & answered.get(card.pk, set())) if card else 0
        one = OwnWork(assignment, state, card, count, len(cells), owes_statement=proposal.pk in owes)
        work.append(replace(one, is_overdue=one.is_to_score and one.due_date is not None and one.due_date < today))
    return _with_next(sorted(work, key=lambda one: _place(one, user)))


def own_recusals(user: User) -> QuerySet[ConflictDeclaration]:
    """The user's own conflicts. Of the proposal they tell the number and the docket, and nothing else."""
    own = ConflictDeclaration.objects.filter(user=user, has_conflict=True)
    return (
        own.select_related("proposal__docket")
        .only("kind", "declared_at", "proposal__number", "proposal__docket__title")
        .order_by("-declared_at", "pk")
    )


def _state(docket: Docket, own: OwnCards, *, is_discussed: bool) -> WorkState:
    is_open = docket.state == Docket.State.OPEN
    if own.latest_submitted is not None:
        return WorkState.TO_DISCUSS if is_open and is_discussed and not own.has_rescored else WorkState.SUBMITTED
    if not is_open:
        return WorkState.CLOSED
    return WorkState.DRAFT if own.latest else WorkState.NOT_STARTED


def _place(one: OwnWork, user: User) -> tuple[int, dt.date, str]:
    group = 0 if one.is_to_discuss else 1 if one.is_to_score else 2
    own_order = hashlib.sha256(f"{user.pk}{one.proposal.pk}".encode()).hexdigest()
    return group, one.due_date or dt.date.max, own_order


def _with_next(work: list[OwnWork]) -> list[OwnWork]:
    """What is to be scored comes first, so that a discussion, which others bring about, moves nothing."""
    first = next((one for one in work if one.is_to_score), next((one for one in work if one.is_to_do), None))
    return [replace(one, is_next=one is first) for one in work]


def _own_cards(user: User) -> dict[tuple[uuid.UUID, uuid.UUID], OwnCards]:
    """In the order of their rounds, so that the latest wins."""
    own: dict[tuple[uuid.UUID, uuid.UUID], OwnCards] = {}
    cards = Scorecard.objects.filter(officer=user).exclude(round=Scorecard.Round.PRACTICE)
    for card in cards.order_by("round"):
        key = (card.proposal_id, card.rubric_version_id)
        before = own[key].latest_submitted if key in own else None
        own[key] = OwnCards(card, card if card.is_submitted else before)
    return own


def _open_discussions(user: User) -> set[tuple[uuid.UUID, uuid.UUID]]:
    opened = Discussion.objects.visible_to(user).filter(closed_at__isnull=True)
    return set(opened.values_list("proposal_id", "rubric_version_id"))


def _answered_keys(user: User) -> dict[uuid.UUID, set[str]]:
    """The answered cells of each of the officer's scorecards: those that are open hold words, and no answer yet."""
    keys: dict[uuid.UUID, set[str]] = {}
    scores = Score.objects.filter(scorecard__officer=user).exclude(answer=Answer.OPEN)
    for card, part, side in scores.values_list("scorecard", "criterion__key", "side__key"):
        keys.setdefault(card, set()).add(cell_key(part, side))
    qualities = MitigationScore.objects.filter(scorecard__officer=user).exclude(answer=Answer.OPEN)
    levels = RiskScore.objects.filter(scorecard__officer=user, open_level=RiskScore.OpenLevel.NONE)
    for card, part in [
        *qualities.values_list("scorecard", "mitigation__key"),
        *levels.values_list("scorecard", "risk__key"),
    ]:
        keys.setdefault(card, set()).add(part)
    return keys
