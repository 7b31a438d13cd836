"""Gates: rules that no weight moves, evaluated in three-valued logic (Kleene): true, false, None for unknown."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Any, TypeAlias

from rubrics.scoring.sections import Findings
from rubrics.scoring.spec import (
    NEI,
    NOT_APPLICABLE,
    AnyRiskResidualAtLeast,
    BestClaimBelow,
    Cell,
    CheckIs,
    CheckIsNot,
    CriterionAtLeast,
    CriterionBelow,
    CriterionSpec,
    CriterionTest,
    FlagIs,
    GateSpec,
    GateTest,
    MitigationBelow,
    PathwaysSection,
    ProposalInput,
    RiskInherentAtLeast,
    RubricSpec,
    SectionMeanBelow,
    Sides,
    Value,
)

Truth: TypeAlias = bool | None


class GateState(Enum):
    PASS = "pass"  # noqa: S105 - a gate that passed, not a password
    FAIL = "fail"
    UNKNOWN = "unknown"
    OVERRIDDEN = "overridden"


@dataclass(frozen=True, slots=True)
class Situation:
    """What a gate looks at: the rubric, the proposal's facts and what one panel finds."""

    rubric: RubricSpec
    proposal: ProposalInput
    findings: Findings

    def criterion(self, key: str) -> CriterionSpec:
        sections = self.rubric.criteria_sections()
        return next(criterion for section in sections for criterion in section.criteria if criterion.key == key)


def every(truths: Iterable[Truth]) -> Truth:
    """Kleene's *and*: one false decides, else one unknown makes it unknown.

    >>> every([True, None]), every([None, False]), every([])
    (None, False, True)
    """
    listed = list(truths)
    if False in listed:
        return False
    return None if None in listed else True


def some(truths: Iterable[Truth]) -> Truth:
    """Kleene's *or*: one true decides, else one unknown makes it unknown.

    >>> some([False, None]), some([None, True]), some([])
    (None, True, False)
    """
    return negate(every(negate(truth) for truth in truths))


def negate(truth: Truth) -> Truth:
    """Kleene's *not*: what is unknown stays unknown."""
    return None if truth is None else not truth


def compare(value: Value, holds: Callable[[Fraction], bool]) -> Truth:
    """Test a value: unknown on not enough information, not holding on not applicable."""
    if value is NEI:
        return None
    return isinstance(value, Fraction) and holds(value)


def criterion_test(test: CriterionTest, value: Value) -> Truth:
    """Test one value, in points of the scale: below the threshold, or at least the threshold.

    >>> criterion_test(CriterionBelow("link", Fraction(1)), Fraction(1, 2)), criterion_test(
    ...     CriterionAtLeast("link", Fraction(1)), NEI
    ... )
    (True, None)
    """
    if isinstance(test, CriterionBelow):
        return compare(value, lambda number: number < test.below)
    return compare(value, lambda number: number >= test.at_least)


def _criterion(test: CriterionTest, situation: Situation) -> Truth:
    """Test the criterion itself: of a per-side one the weaker side, so any side below, or all sides at least.

    A theory that is not claimed has no value and no test on it holds. Sides that are not applicable are left out.
    """
    found = situation.findings.criteria.get(test.criterion)
    if found is None or found.value is NOT_APPLICABLE:
        return False
    values = [found.value] if found.sides is None else found.sides.values()
    truths = [criterion_test(test, value) for value in values if value is not NOT_APPLICABLE]
    return some(truths) if isinstance(test, CriterionBelow) else every(truths)


def _section_mean(test: SectionMeanBelow, situation: Situation) -> Truth:
    section = next(section for section in situation.rubric.criteria_sections() if section.key == test.section)
    found = [situation.findings.criteria[criterion.key] for criterion in section.criteria]
    if any(criterion.incomplete for criterion in found):
        return None
    numbers = [criterion.value for criterion in found if isinstance(criterion.value, Fraction)]
    return bool(numbers) and sum(numbers, Fraction()) / len(numbers) < test.mean_below


def _best_claim(test: BestClaimBelow, situation: Situation) -> Truth:
    theories = [
        criterion.key
        for section in situation.rubric.criteria_sections()
        if isinstance(section, PathwaysSection)
        for criterion in section.criteria
    ]
    reaches = (_criterion(CriterionAtLeast(key, test.best_claim_below), situation) for key in theories)
    return negate(some(reaches))


def _mitigation(test: MitigationBelow, situation: Situation) -> Truth:
    return compare(situation.findings.panel.values[Cell(test.mitigation)], lambda number: number < test.below)


def _risk_inherent(test: RiskInherentAtLeast, situation: Situation) -> Truth:
    return compare(situation.findings.risks[test.risk].inherent, lambda number: number >= test.inherent_at_least)


def _any_residual(test: AnyRiskResidualAtLeast, situation: Situation) -> Truth:
    risks = situation.findings.risks.values()
    return some(compare(risk.residual, lambda number: number >= test.any_risk_residual_at_least) for risk in risks)


def _check_is(test: CheckIs, situation: Situation) -> Truth:
    state = situation.proposal.checks.get(test.check)
    return None if state is None else state == test.state


def _check_is_not(test: CheckIsNot, situation: Situation) -> Truth:
    return negate(_check_is(CheckIs(test.check, test.state), situation))


def _flag(test: FlagIs, situation: Situation) -> Truth:
    return situation.proposal.flags.get(test.flag)


TESTS: dict[type[GateTest], Callable[[Any, Situation], Truth]] = {
    CriterionBelow: _criterion,
    CriterionAtLeast: _criterion,
    SectionMeanBelow: _section_mean,
    BestClaimBelow: _best_claim,
    MitigationBelow: _mitigation,
    RiskInherentAtLeast: _risk_inherent,
    AnyRiskResidualAtLeast: _any_residual,
    CheckIs: _check_is,
    CheckIsNot: _check_is_not,
    FlagIs: _flag,
}


def holds(test: GateTest, situation: Situation) -> Truth:
    """Say whether one test of a gate holds; None when too little is known to say."""
    return TESTS[type(test)](test, situation)


def _on_side(tests: Iterable[CriterionTest], side: str, situation: Situation) -> Truth:
    truths = []
    for test in tests:
        found = situation.findings.criteria.get(test.criterion)
        truths.append(criterion_test(test, found.sides[side]) if found and found.sides else False)
    return every(truths)


def _applies(tests: Iterable[CriterionTest], side: str, situation: Situation) -> bool:
    values = situation.findings.panel.values
    return all(values.get(Cell(test.criterion, side)) is not NOT_APPLICABLE for test in tests)


def _side_by_side(tests: list[CriterionTest], quantifier: Sides, situation: Situation) -> Truth:
    sides = [side for side in situation.proposal.sides if _applies(tests, side, situation)]
    if not sides:
        return False
    truths = [_on_side(tests, side, situation) for side in sides]
    return every(truths) if quantifier is Sides.EVERY else some(truths)


def _per_side_tests(gate: GateSpec, situation: Situation) -> list[CriterionTest]:
    tests = [test for test in gate.when if isinstance(test, CriterionBelow | CriterionAtLeast)]
    return [test for test in tests if situation.criterion(test.criterion).per_side]


def gate_state(gate: GateSpec, situation: Situation) -> GateState:
    """Evaluate one gate, overrides ignored: FAIL when all its tests hold, PASS when one surely does not, else UNKNOWN.

    With `sides` the per-side tests hold together on every or on some side; a side on which a tested criterion is not
    applicable is skipped, and with none left the gate passes. Source: the project's scoring method, §5.
    Worked: link below 1 and route below 2 on every side; us fails both, cn has link 1: PASS.
    """
    by_side = _per_side_tests(gate, situation) if gate.sides else []
    truths = [holds(test, situation) for test in gate.when if test not in by_side]
    if gate.sides and by_side:
        truths.append(_side_by_side(by_side, gate.sides, situation))
    return {True: GateState.FAIL, False: GateState.PASS, None: GateState.UNKNOWN}[every(truths)]


def gate_states(situation: Situation) -> dict[str, GateState]:
    """Every gate of the rubric, overrides ignored."""
    return {gate.key: gate_state(gate, situation) for gate in situation.rubric.gates}


def with_overrides(states: dict[str, GateState], overridden: Iterable[str]) -> dict[str, GateState]:
    """Set a failed or unknown gate aside where someone took that on; a passed gate needs no override."""
    aside = set(overridden)
    return {
        key: GateState.OVERRIDDEN if key in aside and state is not GateState.PASS else state
        for key, state in states.items()
    }
