"""The agenda of a discussion: the flagged cells, each with what every officer said, for one viewer.

Until somebody hands in round 2 it rests on round 1 alone; what a viewer may not see of round 2 is left out.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from proposals.models import Assessment, Assignment, Consensus, Discussion, Evidence, Proposal, Scorecard
from proposals.models.conflict import ConflictDeclaration
from proposals.services.answer_rows import answers_of
from proposals.services.answers import CellAnswer
from proposals.services.bundles import officer_keys
from proposals.services.flags import load_flags
from proposals.services.grids import Grid, GridCell, cell_key, load_grid
from proposals.services.rounds import discussion_of
from proposals.services.sheets import SheetCell, sheet_cell
from rubrics.models import Risk
from t2eval.accounts.models import User

REASONS = {
    "gap": "two points or more apart",
    "kinds": "answers of different kinds",
    "gate": "a gate depends on whom one believes",
}


@dataclass(frozen=True, slots=True)
class Voice:
    """What one officer says in a cell: in round 1, and in round 2 where it is in and the viewer may see it."""

    officer: User
    first: SheetCell
    second: SheetCell | None

    @property
    def latest(self) -> SheetCell:
        return self.second or self.first

    @property
    def has_new_answer(self) -> bool:
        return self.second is not None and self.second.headline != self.first.headline

    @property
    def stands(self) -> bool:
        return self.second is not None and self.second.said == self.first.said


@dataclass(frozen=True, slots=True)
class Place:
    """Where consensus on a cell is recorded: one place, or one for each level of a risk."""

    item: str
    part: str
    label: str
    agreed: Consensus | None

    @property
    def value(self) -> str:
        return f"{self.agreed.half_points / 2:g}" if self.agreed else ""


@dataclass(frozen=True, slots=True)
class AgendaCell:
    cell: GridCell
    reasons: tuple[str, ...]
    gates: tuple[str, ...]
    voices: tuple[Voice, ...]
    places: tuple[Place, ...]
    is_split: bool

    @property
    def key(self) -> str:
        return self.cell.key


@dataclass(frozen=True)
class Agenda:
    """`has_round_two` says that somebody's round 2 is in, as far as the viewer may know."""

    proposal: Proposal
    discussion: Discussion | None
    cells: tuple[AgendaCell, ...]
    scorecards_in: int
    assigned: int
    is_complete: bool
    has_round_two: bool

    @property
    def is_shown(self) -> bool:
        """Before it opens, the page tells what will be here."""
        return self.discussion is not None or (self.is_complete and self.scorecards_in > 1)

    @property
    def split(self) -> list[AgendaCell]:
        return [cell for cell in self.cells if cell.is_split]


@dataclass(frozen=True)
class _Sources:
    grid: Grid
    cards: dict[uuid.UUID, dict[int, Scorecard]]
    officers: dict[uuid.UUID, User]
    said: dict[uuid.UUID, Mapping[str, CellAnswer]]
    cited: Mapping[uuid.UUID, Evidence]
    agreed: dict[tuple[str, str], Consensus]
    split: frozenset[str]


def load_agenda(proposal: Proposal, viewer: User) -> Agenda:
    discussion = discussion_of(proposal)
    owed, submitted = _who_is_in(proposal)
    sources = _sources(proposal, viewer)
    frozen = discussion.cells if discussion else load_flags(proposal).cells
    return Agenda(
        proposal=proposal,
        discussion=discussion,
        cells=tuple(_cell(sources, one) for one in frozen if one["cell"] in sources.grid.cells),
        scorecards_in=len(submitted),
        assigned=len(owed | submitted),
        is_complete=owed <= submitted,
        has_round_two=any(Scorecard.Round.DISCUSSED in cards for cards in sources.cards.values()),
    )


def _barred(proposal: Proposal) -> set[uuid.UUID]:
    declared = ConflictDeclaration.objects.filter(proposal=proposal, has_conflict=True)
    return set(declared.values_list("user_id", flat=True))


def _who_is_in(proposal: Proposal) -> tuple[set[uuid.UUID], set[uuid.UUID]]:
    """The officers assigned, and those whose round 1 is in; without whoever is barred."""
    barred = _barred(proposal)
    assigned = set(Assignment.objects.filter(proposal=proposal).values_list("officer_id", flat=True))
    cards = Scorecard.objects.filter(
        proposal=proposal,
        rubric_version=proposal.docket.rubric_version_id,
        round=Scorecard.Round.BLIND,
        state=Scorecard.State.SUBMITTED,
    )
    return assigned - barred, set(cards.values_list("officer_id", flat=True)) - barred


def _sources(proposal: Proposal, viewer: User) -> _Sources:
    version = proposal.docket.rubric_version_id
    visible = (
        Scorecard.objects.visible_to(viewer)
        .filter(proposal=proposal, rubric_version=version, state=Scorecard.State.SUBMITTED)
        .exclude(officer__in=_barred(proposal))
        .select_related("officer")
    )
    order = list(officer_keys(proposal))
    agreed = _agreed(proposal, viewer)
    cards: dict[uuid.UUID, dict[int, Scorecard]] = {}
    for card in sorted(visible, key=lambda card: (order.index(card.officer_id), card.round)):
        cards.setdefault(card.officer_id, {})[card.round] = card
    cards = {pk: rounds for pk, rounds in cards.items() if Scorecard.Round.BLIND in rounds}
    return _Sources(
        grid=load_grid(proposal, version),
        cards=cards,
        officers={pk: rounds[Scorecard.Round.BLIND].officer for pk, rounds in cards.items()},
        said={card.pk: answers_of(card) for rounds in cards.values() for card in rounds.values()},
        cited={item.pk: item for item in Evidence.objects.visible_to(viewer).filter(proposal=proposal)},
        agreed=agreed,
        split=_split(proposal, viewer, agreed),
    )


def _agreed(proposal: Proposal, viewer: User) -> dict[tuple[str, str], Consensus]:
    rows = Consensus.objects.visible_to(viewer).filter(
        proposal=proposal, rubric_version=proposal.docket.rubric_version_id
    )
    return {_place_of(row): row for row in rows.select_related("criterion", "side", "mitigation", "risk")}


def _place_of(row: Consensus) -> tuple[str, str]:
    part = row.criterion or row.mitigation or row.risk
    return (part.key if part else ""), (row.side.key if row.side else row.part)


def _split(proposal: Proposal, viewer: User, agreed: Mapping[tuple[str, str], Consensus]) -> frozenset[str]:
    """The cells that the current assessment flags, as far as the viewer may know, and on which nothing is agreed."""
    assessment = Assessment.objects.visible_to(viewer).current().filter(proposal=proposal).first()
    flagged = assessment.detail["flagged"] if assessment else []
    places = [(one["item"], one["part"]) for one in flagged]
    return frozenset(
        cell_key(item, "" if part in Consensus.Part else part) for item, part in places if (item, part) not in agreed
    )


def _cell(sources: _Sources, frozen: Mapping[str, Any]) -> AgendaCell:
    cell = sources.grid.cells[frozen["cell"]]
    titles = {gate.key: str(gate) for gate in sources.grid.version.gates.all()}
    return AgendaCell(
        cell=cell,
        reasons=tuple(REASONS[reason] for reason in frozen["reasons"]),
        gates=tuple(titles[key] for key in frozen["gates"]),
        voices=tuple(_voice(sources, officer, cell) for officer in sources.cards),
        places=_places(sources, cell),
        is_split=cell.key in sources.split,
    )


def _voice(sources: _Sources, officer: uuid.UUID, cell: GridCell) -> Voice:
    cards = sources.cards[officer]

    def said(number: int) -> SheetCell:
        return sheet_cell(sources.grid, cell, sources.said[cards[number].pk].get(cell.key), sources.cited)

    second = said(Scorecard.Round.DISCUSSED) if Scorecard.Round.DISCUSSED in cards else None
    return Voice(sources.officers[officer], said(Scorecard.Round.BLIND), second)


def _places(sources: _Sources, cell: GridCell) -> tuple[Place, ...]:
    if isinstance(cell.part, Risk):
        parts = [(str(part), str(part.label)) for part in Consensus.Part]
    else:
        parts = [(cell.side.key if cell.side else "", "")]
    return tuple(Place(cell.part.key, part, label, sources.agreed.get((cell.part.key, part))) for part, label in parts)
