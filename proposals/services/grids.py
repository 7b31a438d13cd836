"""The grid of cells that a scorecard on a proposal asks for: its rubric version laid over its sides and claims."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.db.models import prefetch_related_objects

from proposals.models import PathwayCard, PlannedMitigation, Proposal, Side
from rubrics.models import Anchor, Band, Criterion, Gate, Mitigation, Pairing, Risk, RubricVersion, Section

Part = Criterion | Mitigation | Risk


def cell_key(part: str, side: str | None = None) -> str:
    """The name of a cell, `route` or `route.us`. Slugs hold no dot, so no two cells share one."""
    return f"{part}.{side}" if side else part


@dataclass(frozen=True)
class Place:
    """A cell as the rubric version knows it, whether or not a proposal has such a side or claim."""

    part: Part
    section: Section
    side_key: str | None = None

    @property
    def key(self) -> str:
        return cell_key(self.part.key, self.side_key)

    @property
    def is_claimable(self) -> bool:
        """Whether only proposals that claim this theory have it."""
        return bool(self.section.rule == Section.Rule.PATHWAYS)


@dataclass(frozen=True)
class GridCell:
    """One question to the officer: a criterion (of a side, where it is per side), a mitigation or a risk."""

    part: Part
    section: Section
    side: Side | None = None
    carries_gate: bool = False

    @property
    def key(self) -> str:
        return cell_key(self.part.key, self.side.key if self.side else None)

    @property
    def label(self) -> str:
        return f"{self.part}, {self.side}" if self.side else str(self.part)

    @property
    def not_applicable_allowed(self) -> bool:
        return isinstance(self.part, Criterion) and self.part.not_applicable_allowed


@dataclass(frozen=True)
class GridRow:
    """A criterion, mitigation or risk with its cells: one, or one per side."""

    part: Part
    cells: tuple[GridCell, ...]
    gates: tuple[Gate, ...] = ()
    card: PathwayCard | None = None
    plan: PlannedMitigation | None = None

    @property
    def kind(self) -> str:
        return str(self.part._meta.model_name)

    @property
    def acts_on(self) -> list[Pairing]:
        """What a mitigation reduces, most first."""
        if not isinstance(self.part, Mitigation):
            return []
        return sorted(self.part.pairings.all(), key=lambda pairing: (-pairing.factor, pairing.risk.position))

    @property
    def anchors(self) -> list[Anchor]:
        """The levels' words, lowest first; risks have theirs in the section."""
        return [] if isinstance(self.part, Risk) else sorted(self.part.anchors.all(), key=lambda a: a.level)


@dataclass(frozen=True)
class GridSection:
    section: Section
    rows: tuple[GridRow, ...]
    unclaimed: tuple[Criterion, ...] = ()

    @property
    def cells(self) -> tuple[GridCell, ...]:
        return tuple(cell for row in self.rows for cell in row.cells)


class Grid:
    """All sections, rows and cells, in rubric order."""

    def __init__(self, version: RubricVersion, proposal: Proposal) -> None:
        self.version = version
        self.proposal = proposal
        self.sides = sorted(proposal.sides.all(), key=lambda side: (side.position, side.pk))
        self.cards = {card.theory: card for card in proposal.pathway_cards.all()}
        self.plans = {plan.mitigation: plan for plan in proposal.planned_mitigations.all()}
        self.sections = tuple(self._section(section) for section in in_order(version.sections.all()))

    @cached_property
    def cells(self) -> Mapping[str, GridCell]:
        return {cell.key: cell for section in self.sections for cell in section.cells}

    @cached_property
    def gates(self) -> Mapping[str, tuple[Gate, ...]]:
        """The gates that look at a part directly, by its key; a floor on a whole section asks no more of a cell."""
        found: dict[str, tuple[Gate, ...]] = {}
        for gate in in_order(self.version.gates.all()):
            for key in _named_by(gate.when):
                found[key] = (*found.get(key, ()), gate)
        return found

    @cached_property
    def bands(self) -> list[Band]:
        return in_order(self.version.bands.all())

    def _section(self, section: Section) -> GridSection:
        criteria = in_order(section.criteria.all())
        if section.rule == Section.Rule.PATHWAYS:
            claimed = [criterion for criterion in criteria if criterion.key in self.cards]
            unclaimed = tuple(criterion for criterion in criteria if criterion.key not in self.cards)
        else:
            claimed, unclaimed = criteria, ()
        parts: list[Part] = [*claimed, *in_order(section.risks.all()), *in_order(section.mitigations.all())]
        return GridSection(section, tuple(self._row(section, part) for part in parts), unclaimed)

    def _row(self, section: Section, part: Part) -> GridRow:
        gates = self.gates.get(part.key, ())
        if section.rule == Section.Rule.PATHWAYS:
            gates = (*gates, *self.gates.get("*claims", ()))
        sides = self.sides if isinstance(part, Criterion) and part.per_side else [None]
        cells = tuple(GridCell(part, section, side, bool(gates)) for side in sides)
        return GridRow(part, cells, gates, self.cards.get(part.key), self.plans.get(part.key))


def _named_by(tests: Iterable[Mapping[str, Any]]) -> set[str]:
    named = {str(test[word]) for test in tests for word in ("criterion", "mitigation", "risk") if word in test}
    return named | {"*claims" for test in tests if "best_claim_below" in test}


def in_order(rows: Iterable[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: row.position)


RUBRIC_PARTS = (
    "sections__criteria__anchors",
    "sections__risks",
    "sections__mitigations__anchors",
    "sections__mitigations__pairings__risk",
    "gates",
    "bands",
)
RECORD_PARTS = ("sides", "pathway_cards", "planned_mitigations")


@lru_cache(maxsize=16)
def frozen_version(pk: uuid.UUID) -> RubricVersion:
    """A version with all its parts, read once for each process: what a docket is pinned to never changes."""
    return RubricVersion.objects.prefetch_related(*RUBRIC_PARTS).get(pk=pk)


def load_grid(proposal: Proposal, version: uuid.UUID | None = None) -> Grid:
    """The grid under a version; under the one that the proposal's docket is pinned to, if none is named."""
    prefetch_related_objects([proposal], *RECORD_PARTS)
    return Grid(frozen_version(version or proposal.docket.rubric_version_id), proposal)


@lru_cache(maxsize=16)
def _parts(version: uuid.UUID) -> Mapping[str, tuple[Part, Section]]:
    sections = in_order(frozen_version(version).sections.all())
    return {
        part.key: (part, section)
        for section in sections
        for part in (*section.criteria.all(), *section.risks.all(), *section.mitigations.all())
    }


def find_place(version: uuid.UUID, key: str) -> Place | None:
    """The place that a cell's key names, None where the version has none; without a query."""
    part_key, _, side_key = key.partition(".")
    part, section = _parts(version).get(part_key, (None, None))
    if part is None or section is None:
        return None
    per_side = isinstance(part, Criterion) and part.per_side
    return Place(part, section, side_key or None) if per_side == bool(side_key) else None


def cells_at(proposal: Proposal, places: Iterable[Place], known: Mapping[str, Side | None]) -> dict[str, GridCell]:
    """The cells at these places that the proposal has: of its sides, and of the theories that it claims.

    `known` has the sides of places that hold an answer already; at most two queries for the others. A claim may have
    been withdrawn since, and takes its cell along.
    """
    places = list(places)
    new = [place for place in places if place.key not in known]
    sides, claims = _sides(proposal, new), _claims(proposal, places)

    def has(place: Place) -> bool:
        of_a_side = place.side_key is None or place.side_key in sides
        return of_a_side and (not place.is_claimable or place.part.key in claims)

    cells = {place.key: GridCell(place.part, place.section, sides.get(place.side_key)) for place in new if has(place)}
    for place in places:
        if place.key in known and (not place.is_claimable or place.part.key in claims):
            cells[place.key] = GridCell(place.part, place.section, known[place.key])
    return cells


def _sides(proposal: Proposal, places: Iterable[Place]) -> dict[str | None, Side]:
    wanted = {place.side_key for place in places if place.side_key}
    found = Side.objects.filter(proposal=proposal, key__in=wanted) if wanted else []
    return {side.key: side for side in found}


def _claims(proposal: Proposal, places: Iterable[Place]) -> set[str]:
    wanted = {place.part.key for place in places if place.is_claimable}
    cards = PathwayCard.objects.filter(proposal=proposal, theory__in=wanted).values_list("theory", flat=True)
    return set(cards) if wanted else set()
