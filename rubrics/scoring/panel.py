"""From the officers' cells to one panel value per cell, and from the sides to one value per criterion."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from rubrics.scoring.spec import (
    LOSS,
    NEI,
    NOT_APPLICABLE,
    PROBABILITY,
    Absence,
    Answer,
    Cell,
    ConsensusInput,
    CriterionSpec,
    Level,
    PathwaysSection,
    ProposalInput,
    RubricSpec,
    Score,
    ScorecardInput,
    Value,
)


@dataclass(frozen=True, slots=True)
class Panel:
    """A value for every cell that is judged. `scored` is false when nobody has judged anything yet."""

    values: Mapping[Cell, Value]
    scored: bool

    def with_value(self, cell: Cell, value: Value) -> "Panel":
        return Panel({**self.values, cell: value}, self.scored)


class Fill(Enum):
    """What stands in for an open answer when a bound of the index is computed."""

    WORST = "worst"
    BEST = "best"


@dataclass(frozen=True, slots=True)
class CriterionValue:
    """`incomplete` when the criterion or any of its sides is not enough information."""

    value: Value
    sides: Mapping[str, Value] | None
    incomplete: bool


@dataclass(frozen=True, slots=True)
class CellFacts:
    """Of the officers' answers: the gap between effective scores, how many are capped, how many are open."""

    spread: Fraction
    capped: int
    nei: int


def criterion_cells(criterion: CriterionSpec, sides: Sequence[str]) -> tuple[Cell, ...]:
    """Name the cells of a criterion: one, or one per side."""
    if criterion.per_side:
        return tuple(Cell(criterion.key, side) for side in sides)
    return (Cell(criterion.key),)


def judged_criteria(rubric: RubricSpec, proposal: ProposalInput) -> tuple[CriterionSpec, ...]:
    """Every criterion of the rubric in order, without the theories that the proposal does not claim."""
    return tuple(
        criterion
        for section in rubric.criteria_sections()
        for criterion in section.criteria
        if not isinstance(section, PathwaysSection) or criterion.key in proposal.claims
    )


def judged_cells(rubric: RubricSpec, proposal: ProposalInput) -> tuple[Cell, ...]:
    """Every cell that is asked of an officer, in rubric order: criteria (and sides), mitigations, risk levels."""
    cells = [
        cell for criterion in judged_criteria(rubric, proposal) for cell in criterion_cells(criterion, proposal.sides)
    ]
    for section in rubric.risk_sections():
        cells += [Cell(mitigation.key) for mitigation in section.mitigations]
        cells += [Cell(risk.key, part) for risk in section.risks for part in (PROBABILITY, LOSS)]
    return tuple(cells)


def effective(rubric: RubricSpec, answer: Answer) -> Value:
    """Cap a score by its evidence: effective = min(score, cap[grade]), in points of the scale.

    Levels of risks carry no grade and stay as they are; absence stays absence.
    Source: the project's scoring method, §3.1.
    Worked: caps 2, 2, 3, 4, 4 turn a 4 with E2 into 3 and a 3 with E1 into 2.
    """
    if isinstance(answer, Absence):
        return answer
    if isinstance(answer, Level):
        return Fraction(answer.value)
    return min(Fraction(answer.value), rubric.evidence_caps[answer.grade])


def answers(rubric: RubricSpec, cards: Iterable[ScorecardInput], cell: Cell) -> tuple[Value, ...]:
    """Give the effective answer of each scorecard, in order; a missing one is not enough information."""
    return tuple(effective(rubric, card.cells.get(cell, NEI)) for card in cards)


def combine(values: Iterable[Value]) -> Value:
    """Merge the officers' effective answers: the arithmetic mean of the numbers, in points of the scale.

    Without a number: not applicable when everyone says so (at least one), else not enough information.
    Source: the project's scoring method, §3.2.

    >>> combine([Fraction(2), NEI, Fraction(3)])
    Fraction(5, 2)
    >>> combine([NOT_APPLICABLE, NEI])
    <Absence.NOT_ENOUGH_INFORMATION: 'not_enough_information'>
    """
    listed = list(values)
    numbers = [value for value in listed if isinstance(value, Fraction)]
    if numbers:
        return sum(numbers, Fraction()) / len(numbers)
    return NOT_APPLICABLE if listed and NEI not in listed else NEI


def consensus_value(rubric: RubricSpec, cell: Cell, consensus: ConsensusInput) -> Fraction:
    """Give the agreed value, capped by its evidence grade where it has one and the cell is no level of a risk."""
    if consensus.grade is None or is_level(rubric, cell):
        return consensus.value
    return min(consensus.value, rubric.evidence_caps[consensus.grade])


def is_level(rubric: RubricSpec, cell: Cell) -> bool:
    """Whether a cell is a level of a risk."""
    return any(risk.key == cell.item for section in rubric.risk_sections() for risk in section.risks)


def fill_values(rubric: RubricSpec, proposal: ProposalInput, fill: Fill) -> dict[Cell, Fraction]:
    """Give what an open cell is worth at worst or at best for the proposal.

    Criteria and mitigations: 0 or the top score, no cap. Levels of risks: the top or the lowest level.
    """
    best = fill is Fill.BEST
    filled = dict.fromkeys(judged_cells(rubric, proposal), Fraction(rubric.top_score if best else 0))
    for section in rubric.risk_sections():
        for risk in section.risks:
            filled[Cell(risk.key, PROBABILITY)] = Fraction(1 if best else len(section.probability))
            filled[Cell(risk.key, LOSS)] = Fraction(0 if best else len(section.loss) - 1)
    return filled


def build_panel(
    rubric: RubricSpec,
    proposal: ProposalInput,
    cards: Sequence[ScorecardInput],
    consensus: Mapping[Cell, ConsensusInput],
    fill: Fill | None = None,
) -> Panel:
    """One value per judged cell: the consensus if recorded, else the officers' answers combined.

    With `fill`, every open answer (or, without any scorecard, every open cell) is replaced first, and the result
    counts as scored. Never fails on parsed input. Source: the project's scoring method, §3.2 and §4.
    Worked: answers 3 (E2) and open give 3; filled at worst (3 + 0)/2 = 3/2; at best (3 + 4)/2 = 7/2.
    """
    stand_in: Mapping[Cell, Value] = fill_values(rubric, proposal, fill) if fill else {}
    values: dict[Cell, Value] = {}
    for cell in judged_cells(rubric, proposal):
        if cell in consensus:
            values[cell] = consensus_value(rubric, cell, consensus[cell])
            continue
        given = answers(rubric, cards, cell) or (NEI,)
        values[cell] = combine(stand_in.get(cell, NEI) if answer is NEI else answer for answer in given)
    return Panel(values, scored=bool(cards or consensus or fill))


def weaker_side(criterion: CriterionSpec, sides: Sequence[str], panel: Panel) -> CriterionValue:
    """Give the value of a criterion, in points of the scale: of a per-side one, the minimum over its known sides.

    Sides that are not applicable are left out; if all are, so is the criterion. No known side: not enough information.
    Source: the project's scoring method, §3.3 (the weaker side counts).
    Worked: us 3 and cn 3/2 give 3/2; us 3 and cn open give 3, incomplete.
    """
    if not criterion.per_side:
        value = panel.values[Cell(criterion.key)]
        return CriterionValue(value, None, value is NEI)
    by_side = {side: panel.values[Cell(criterion.key, side)] for side in sides}
    known = [value for value in by_side.values() if isinstance(value, Fraction)]
    incomplete = NEI in by_side.values()
    if known:
        return CriterionValue(min(known), by_side, incomplete)
    return CriterionValue(NEI if incomplete else NOT_APPLICABLE, by_side, incomplete)


def criterion_values(rubric: RubricSpec, proposal: ProposalInput, panel: Panel) -> dict[str, CriterionValue]:
    """Every judged criterion with its value, in rubric order."""
    return {
        criterion.key: weaker_side(criterion, proposal.sides, panel) for criterion in judged_criteria(rubric, proposal)
    }


def gap(values: Iterable[Value]) -> Fraction:
    """Give the largest minus the smallest number; 0 without numbers.

    >>> gap([Fraction(1), NEI, Fraction(3)])
    Fraction(2, 1)
    """
    numbers = [value for value in values if isinstance(value, Fraction)]
    return max(numbers) - min(numbers) if numbers else Fraction()


def cell_facts(rubric: RubricSpec, cards: Sequence[ScorecardInput], cells: Iterable[Cell]) -> CellFacts:
    """Sum up the officers' answers over the cells of one criterion: largest gap in points, cells capped, cells open."""
    listed = tuple(cells)
    given = [card.cells.get(cell, NEI) for card in cards for cell in listed]
    return CellFacts(
        spread=max(gap(answers(rubric, cards, cell)) for cell in listed),
        capped=sum(isinstance(answer, Score) and rubric.evidence_caps[answer.grade] < answer.value for answer in given),
        nei=sum(answer is NEI for answer in given),
    )
