"""One proposal, assessed: index, sections, gates, suggestion, and everything a memo shows beside them."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from rubrics.scoring.conditions import ConditionResult, Standing, propose_conditions, standing
from rubrics.scoring.discussion import FlaggedCell, MissingCell, flagged_cells, missing_cells
from rubrics.scoring.gates import GateState, Situation, gate_states
from rubrics.scoring.panel import (
    CellFacts,
    Fill,
    Panel,
    build_panel,
    cell_facts,
    criterion_cells,
    judged_criteria,
)
from rubrics.scoring.risk import RiskResult, RiskTotals
from rubrics.scoring.sections import Evaluation, SectionResult, evaluate
from rubrics.scoring.spec import BundleInput, Cell, Effect, GateSpec, ProposalInput, RubricSpec, Value
from rubrics.scoring.suggestion import band_of, is_declined


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """Panel value of a criterion, claimed theory or mitigation; `sides` only for a per-side criterion."""

    value: Value
    sides: Mapping[str, Value] | None
    spread: Fraction
    capped: int
    nei: int


@dataclass(frozen=True, slots=True)
class GateResult:
    """`state` with overrides, `evaluated` without; `contested` when the officers alone do not all give the same."""

    effect: Effect
    cap: str | None
    state: GateState
    evaluated: GateState
    contested: bool


@dataclass(frozen=True, slots=True)
class OfficerResult:
    """One officer's scorecard assessed alone, without any consensus."""

    index: Fraction | None
    sections: Mapping[str, Fraction | None]


@dataclass(frozen=True, slots=True)
class AssessmentResult:
    """Index and section values are 0 to 100, criteria in points of the scale, risks in points of expected loss.

    Mappings are keyed by the rubric's keys in rubric order, `officers` by officer in order of appearance.
    """

    key: str
    scored: bool
    index: Fraction | None
    index_low: Fraction | None
    index_high: Fraction | None
    provisional: bool
    sections: Mapping[str, SectionResult]
    criteria: Mapping[str, CriterionResult]
    mitigations: Mapping[str, CriterionResult]
    risks: Mapping[str, RiskResult]
    risk_totals: Mapping[str, RiskTotals]
    gates: Mapping[str, GateResult]
    band: str | None
    suggested: str | None
    declined: bool
    officers: Mapping[str, OfficerResult]
    conditions: tuple[ConditionResult, ...]
    flagged: tuple[FlaggedCell, ...]
    missing: tuple[MissingCell, ...]


@dataclass(frozen=True, slots=True)
class BundleResult:
    """`ranking` holds keys by exact index, ties together, best first; the other two keep the order of the input."""

    proposals: tuple[AssessmentResult, ...]
    ranking: tuple[tuple[str, ...], ...]
    not_eligible: tuple[str, ...]
    unranked: tuple[str, ...]


def index_bounds(
    rubric: RubricSpec, proposal: ProposalInput, index: Fraction | None
) -> tuple[Fraction | None, Fraction | None]:
    """Index at worst and at best over every open answer, 0 to 100; never on the wrong side of the index.

    Source: the project's scoring method, §4. Worked: one criterion of weight 1, answers 3 and open: 37.5, 75, 87.5.
    """
    low, high = (
        evaluate(rubric, proposal, build_panel(rubric, proposal, proposal.counted(), proposal.consensus, fill)).index
        for fill in (Fill.WORST, Fill.BEST)
    )
    if index is None or low is None or high is None:
        return low, high
    return min(low, index), max(high, index)


def officer_results(rubric: RubricSpec, proposal: ProposalInput) -> dict[str, OfficerResult]:
    """Each officer's own total and section values (0 to 100): the scorecard alone, no consensus laid over it."""
    results = {}
    for card in proposal.counted():
        alone = evaluate(rubric, proposal, build_panel(rubric, proposal, [card], {}))
        results[card.officer] = OfficerResult(alone.index, {key: item.value for key, item in alone.sections.items()})
    return results


def contested_gates(rubric: RubricSpec, proposal: ProposalInput) -> frozenset[str]:
    """Gates on which the officers' scorecards, each alone under any recorded consensus, do not all agree."""
    by_officer = []
    for card in proposal.counted():
        alone = evaluate(rubric, proposal, build_panel(rubric, proposal, [card], proposal.consensus))
        by_officer.append(gate_states(Situation(rubric, proposal, alone)))
    return frozenset(gate.key for gate in rubric.gates if len({states[gate.key] for states in by_officer}) > 1)


def _criteria(rubric: RubricSpec, proposal: ProposalInput, evaluation: Evaluation) -> dict[str, CriterionResult]:
    results = {}
    for criterion in judged_criteria(rubric, proposal):
        found = evaluation.criteria[criterion.key]
        facts = cell_facts(rubric, proposal.counted(), criterion_cells(criterion, proposal.sides))
        results[criterion.key] = _with_facts(found.value, found.sides, facts)
    return results


def _mitigations(rubric: RubricSpec, proposal: ProposalInput, panel: Panel) -> dict[str, CriterionResult]:
    cells = [Cell(mitigation.key) for section in rubric.risk_sections() for mitigation in section.mitigations]
    cards = proposal.counted()
    return {cell.item: _with_facts(panel.values[cell], None, cell_facts(rubric, cards, [cell])) for cell in cells}


def _with_facts(value: Value, sides: Mapping[str, Value] | None, facts: CellFacts) -> CriterionResult:
    return CriterionResult(value, sides, facts.spread, facts.capped, facts.nei)


def _gates(rubric: RubricSpec, proposal: ProposalInput, now: Standing) -> dict[str, GateResult]:
    evaluated = gate_states(Situation(rubric, proposal, now.evaluation))
    contested = contested_gates(rubric, proposal)

    def result(gate: GateSpec) -> GateResult:
        return GateResult(gate.effect, gate.cap, now.states[gate.key], evaluated[gate.key], gate.key in contested)

    return {gate.key: result(gate) for gate in rubric.gates}


def assess_proposal(rubric: RubricSpec, proposal: ProposalInput) -> AssessmentResult:
    """Assess one proposal by one rubric version, exactly; no other proposal plays a part.

    Only the latest round of each officer counts. Parsed input never raises.
    Source: the project's scoring method, §3 to §6.
    Worked: sections 75 (weight 20), 31.73 (25) and 78.34 (15) give an index of 57.81, below 75: band "decline" where
    the bands are fund ≥ 75 and decline ≥ 0.
    """
    panel = build_panel(rubric, proposal, proposal.counted(), proposal.consensus)
    evaluation = evaluate(rubric, proposal, panel)
    now = standing(rubric, proposal, evaluation)
    low, high = index_bounds(rubric, proposal, evaluation.index)
    return AssessmentResult(
        key=proposal.key,
        scored=panel.scored,
        index=evaluation.index,
        index_low=low,
        index_high=high,
        provisional=evaluation.provisional,
        sections=evaluation.sections,
        criteria=_criteria(rubric, proposal, evaluation),
        mitigations=_mitigations(rubric, proposal, panel),
        risks=evaluation.risks,
        risk_totals=evaluation.risk_totals,
        gates=_gates(rubric, proposal, now),
        band=band_of(rubric.bands, evaluation.index),
        suggested=now.suggested,
        declined=is_declined(rubric, now.states),
        officers=officer_results(rubric, proposal),
        conditions=propose_conditions(rubric, proposal, now),
        flagged=flagged_cells(rubric, proposal, evaluation),
        missing=missing_cells(rubric, proposal),
    )


def rank(results: tuple[AssessmentResult, ...]) -> BundleResult:
    """Order results by exact index, best first, equal ones together in input order.

    A failed `decline` gate makes a proposal not eligible; without an index it is unranked.
    Source: the project's scoring method, §8.
    Worked: indices 60, 70, 60 and one declined at 80 give [[second], [first, third]] and the last not eligible.
    """
    eligible = [result for result in results if not result.declined]
    numbered = [(result.index, result.key) for result in eligible if result.index is not None]
    ordered = sorted(numbered, key=lambda pair: pair[0], reverse=True)
    return BundleResult(
        proposals=results,
        ranking=tuple(tuple(key for _, key in tied) for _, tied in groupby(ordered, key=lambda pair: pair[0])),
        not_eligible=tuple(result.key for result in results if result.declined),
        unranked=tuple(result.key for result in eligible if result.index is None),
    )


def assess_all(bundle: BundleInput) -> BundleResult:
    """Every proposal of a bundle, assessed on its own, and their order."""
    return rank(tuple(assess_proposal(bundle.rubric, proposal) for proposal in bundle.proposals))
