"""What the officers should talk about: cells on which they disagree, and cells that nobody could answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from rubrics.scoring.gates import Situation, gate_states
from rubrics.scoring.panel import answers, criterion_values, gap, judged_cells
from rubrics.scoring.sections import Findings, find
from rubrics.scoring.spec import NEI, Cell, ProposalInput, RubricSpec, ScorecardInput, Value

WIDE_GAP = 2


class Reason(Enum):
    """GAP: effective scores 2 or more apart. KINDS: numbers beside absences, or both absences. GATE: one flips."""

    GAP = "gap"
    KINDS = "kinds"
    GATE = "gate"


@dataclass(frozen=True, slots=True)
class FlaggedCell:
    """`gates` are those that flip, where that is a reason."""

    cell: Cell
    reasons: tuple[Reason, ...]
    gates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MissingCell:
    """An open cell of one officer's scorecard; without any scorecard, of the panel (`officer` is None)."""

    officer: str | None
    cell: Cell


def _believing(rubric: RubricSpec, proposal: ProposalInput, found: Findings, cell: Cell, answer: Value) -> Findings:
    panel = found.panel.with_value(cell, answer)
    if cell.item in found.criteria:
        return Findings(panel, criterion_values(rubric, proposal, panel), found.risks)
    return find(rubric, proposal, panel)


def flipped_gates(
    rubric: RubricSpec, proposal: ProposalInput, found: Findings, cell: Cell, given: Sequence[Value]
) -> tuple[str, ...]:
    """Name the gates that depend on whom one believes about this cell, all else being at the panel's value."""
    first, *others = (
        gate_states(Situation(rubric, proposal, _believing(rubric, proposal, found, cell, answer)))
        for answer in dict.fromkeys(given)
    )
    return tuple(key for key, state in first.items() if any(states[key] is not state for states in others))


def flagged_cells(rubric: RubricSpec, proposal: ProposalInput, found: Findings) -> tuple[FlaggedCell, ...]:
    """List the cells to discuss with their reasons, in rubric order.

    A gap is measured between effective scores (points of the scale, or levels). A recorded consensus settles the gates
    but does not hide a gap. Source: the project's scoring method, §3.4.
    Worked: 1, 3 on a criterion gated below 2 gives gap and gate; 3 beside an open answer gives kinds.
    """
    flagged = []
    cards = proposal.counted()
    for cell in judged_cells(rubric, proposal):
        given = answers(rubric, cards, cell)
        if len(set(given)) < 2:
            continue
        kinds = {Fraction if isinstance(answer, Fraction) else answer for answer in given}
        settled = cell in proposal.consensus
        gates = () if settled else flipped_gates(rubric, proposal, found, cell, given)
        reasons = {
            Reason.GAP: gap(given) >= WIDE_GAP,
            Reason.KINDS: len(kinds) > 1,
            Reason.GATE: bool(gates),
        }
        if any(reasons.values()):
            flagged.append(FlaggedCell(cell, tuple(reason for reason, applies in reasons.items() if applies), gates))
    return tuple(flagged)


def missing_cells(rubric: RubricSpec, proposal: ProposalInput) -> tuple[MissingCell, ...]:
    """List every open answer of the counted scorecards, officer by officer; without any, of the panel."""
    cells = judged_cells(rubric, proposal)
    cards: tuple[ScorecardInput, ...] = proposal.counted()
    if not cards:
        return tuple(MissingCell(None, cell) for cell in cells if cell not in proposal.consensus)
    return tuple(
        MissingCell(card.officer, cell) for card in cards for cell in cells if card.cells.get(cell, NEI) is NEI
    )
