"""Many rows at once: a docket of any size for figures and query counts, and officers with a scorecard each to fill.

`python -m tests.load.rows 20` puts 20 such officers into the database of DATABASE_URL, and says in JSON who they are.
"""

import json
import os
import sys
from collections.abc import Iterator, Sequence

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "t2eval.settings")
    django.setup()

from django.contrib.auth.hashers import make_password

from proposals.models import (
    Assessment,
    Assignment,
    ConflictDeclaration,
    Docket,
    MitigationScore,
    PathwayCard,
    Proposal,
    ProposalRevision,
    RiskScore,
    Score,
    Scorecard,
    Side,
)
from proposals.services.assessing import assess_proposal
from proposals.services.grids import GridCell, load_grid
from proposals.services.snapshots import take_snapshot
from rubrics.models import Criterion, Mitigation, Risk
from t2eval.accounts.models import User
from t2eval.accounts.roles import Role
from tests.factories import NOW, PASSWORD, DocketFactory, IssueAreaFactory, OrganizerFactory, make_user

KINDS = 16  # different scorecards, and so different assessments; the rest of a docket repeats them
CLAIMS = ("diplomatic-subsidy", "issue-salience")
SIDES = ("a", "b")
BATCH = 2000


def build_docket(*, proposals: int, officers: Sequence[User]) -> Docket:
    """An open docket in which each officer has submitted a full scorecard on each proposal, and all are ranked."""
    docket = DocketFactory()
    made = build_proposals(docket, proposals, officers)
    cards = Scorecard.objects.bulk_create(
        [_scorecard(proposal, officer) for proposal in made for officer in officers], BATCH
    )
    _fill(made, cards)
    Scorecard.objects.filter(proposal__docket=docket).update(state=Scorecard.State.SUBMITTED, submitted_at=NOW)
    _assess(made)
    return docket


def build_proposals(docket: Docket, count: int, officers: Sequence[User]) -> list[Proposal]:
    """Proposals of two sides and two claims, numbered on, assigned to all these officers; the first is the sponsor."""
    organizer, area, begun = OrganizerFactory(), IssueAreaFactory(), docket.proposals.count()
    facts = {"organizer": organizer, "issue_area": area, "created_at": NOW, "updated_at": NOW, "amount": 150_000}
    made = Proposal.objects.bulk_create(
        [
            Proposal(docket=docket, number=n, title=f"Dialogue {n}", summary="Experts of two states meet.", **facts)
            for n in range(begun + 1, begun + count + 1)
        ],
        BATCH,
    )
    Side.objects.bulk_create(
        [
            Side(proposal=proposal, position=position, key=key, name=f"Side {key.upper()}")
            for proposal in made
            for position, key in enumerate(SIDES)
        ],
        BATCH,
    )
    PathwayCard.objects.bulk_create(
        [
            PathwayCard(proposal=proposal, position=position, theory=theory)
            for proposal in made
            for position, theory in enumerate(CLAIMS)
        ],
        BATCH,
    )
    Assignment.objects.bulk_create(
        [
            Assignment(proposal=proposal, officer=officer, is_sponsor=place == 0, assigned_at=NOW)
            for proposal in made
            for place, officer in enumerate(officers)
        ],
        BATCH,
    )
    ConflictDeclaration.objects.bulk_create(
        [
            ConflictDeclaration(proposal=proposal, user=officer, has_conflict=False, kind="none", declared_at=NOW)
            for proposal in made
            for officer in officers
        ],
        BATCH,
    )
    return made


def begin_draft(docket: Docket, officer: User) -> Proposal:
    """One more proposal, on which this officer has a full draft."""
    proposal = build_proposals(docket, 1, [officer])[0]
    ProposalRevision.objects.create(proposal=proposal, number=1, content=take_snapshot(proposal), at=NOW)
    _fill([proposal], [Scorecard.objects.create(**_facts(proposal, officer))])
    return proposal


def _facts(proposal: Proposal, officer: User) -> dict[str, object]:
    return {
        "proposal": proposal,
        "officer": officer,
        "rubric_version_id": proposal.docket.rubric_version_id,
        "proposal_revision": 1,
        "recommendation": "fund",
        "recommendation_reason": "On balance.",
        "created_at": NOW,
        "updated_at": NOW,
    }


def _scorecard(proposal: Proposal, officer: User) -> Scorecard:
    return Scorecard(**_facts(proposal, officer))


def _fill(proposals: Sequence[Proposal], cards: Sequence[Scorecard]) -> None:
    """Every cell of these scorecards."""
    cells = list(load_grid(proposals[0]).cells.values())
    sides = {(side.proposal_id, side.key): side for side in Side.objects.filter(proposal__in=proposals)}
    places = {proposal.pk: place for place, proposal in enumerate(proposals)}
    rows = [row for card in cards for row in _cells(card, cells, sides, places[card.proposal_id] % KINDS)]
    for kind in (Score, MitigationScore, RiskScore):
        kind.objects.bulk_create([row for row in rows if isinstance(row, kind)], BATCH)


def _cells(
    card: Scorecard, cells: Sequence[GridCell], sides: dict[tuple[object, str], Side], kind: int
) -> Iterator[Score | MitigationScore | RiskScore]:
    """Threes and fours, another pattern of them for each kind: nothing here fails a gate."""
    for place, cell in enumerate(cells):
        facts = {"scorecard": card, "rationale": f"Because of {cell.key}.", "updated_at": NOW}
        scored = {**facts, "answer": "scored", "value": 3 + (kind >> place % 4 & 1), "grade": 3}
        if isinstance(cell.part, Risk):
            yield RiskScore(risk=cell.part, likelihood=2, consequence=2, **facts)
        elif isinstance(cell.part, Mitigation):
            yield MitigationScore(mitigation=cell.part, **scored)
        else:
            side = sides[card.proposal_id, cell.side.key] if cell.side else None
            yield Score(criterion=cell.part, side=side, **scored)


def _assess(proposals: Sequence[Proposal]) -> None:
    """By the method for one of each kind, as a copy for the others."""
    kinds = [assess_proposal(proposal=proposal, by=None, at=NOW) for proposal in proposals[:KINDS]]
    names = ("rubric_version_id", "method_version", "inputs", "result", "detail", "exact", "suggested", "created_at")
    copies = [
        Assessment(
            proposal=proposal,
            is_provisional=kinds[place % KINDS].is_provisional,
            **{name: getattr(kinds[place % KINDS], name) for name in names},
        )
        for place, proposal in enumerate(proposals)
        if place >= KINDS
    ]
    Assessment.objects.bulk_create(copies, 100)


def build_officers(count: int) -> list[dict[str, object]]:
    """Officers in one docket, each the only one to score a proposal of their own, with nothing scored yet."""
    docket, password = DocketFactory(), make_password(PASSWORD)
    found = []
    for number in range(count):
        officer = make_user(Role.OFFICER, username=f"officer-{number}", password=password)
        proposal = build_proposals(docket, 1, [officer])[0]
        parts = {key: cell.part for key, cell in load_grid(proposal).cells.items()}
        found.append(
            {
                "username": officer.username,
                "proposal": str(proposal.pk),
                "scores": [key for key, part in parts.items() if isinstance(part, Criterion | Mitigation)],
                "risks": [key for key, part in parts.items() if isinstance(part, Risk)],
            }
        )
    return found


if __name__ == "__main__":
    json.dump(build_officers(int(sys.argv[1])), sys.stdout)
