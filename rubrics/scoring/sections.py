"""Section values from 0 to 100, by the rule that each section names, and the index over them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import TypeAlias

from rubrics.scoring.panel import CriterionValue, Panel, criterion_values
from rubrics.scoring.risk import RiskResult, RiskTotals, assess_risks, residual_risk_value, risk_totals
from rubrics.scoring.spec import (
    NEI,
    Cell,
    CriterionSpec,
    MeanSection,
    PathwaysSection,
    ProposalInput,
    ResidualRiskSection,
    RubricSpec,
    SectionSpec,
)


@dataclass(frozen=True, slots=True)
class SectionResult:
    """`value` is 0 to 100, or None without a single number; `incomplete` when an answer is not enough information."""

    value: Fraction | None
    incomplete: bool


@dataclass(frozen=True, slots=True)
class Findings:
    """What gates look at: criteria and risks as one panel sees them."""

    panel: Panel
    criteria: Mapping[str, CriterionValue]
    risks: Mapping[str, RiskResult]


@dataclass(frozen=True, slots=True)
class Evaluation(Findings):
    """Everything that follows from one panel, before gates."""

    risk_totals: Mapping[str, RiskTotals]
    sections: Mapping[str, SectionResult]
    index: Fraction | None

    @property
    def provisional(self) -> bool:
        return any(section.incomplete for section in self.sections.values())


@dataclass(frozen=True, slots=True)
class _Known:
    """What the section rules may read."""

    panel: Panel
    top_score: int
    criteria: Mapping[str, CriterionValue]
    risks: Mapping[str, RiskResult]

    def numbers(self, criteria: Iterable[CriterionSpec]) -> list[tuple[CriterionSpec, Fraction]]:
        pairs = (
            (criterion, self.criteria[criterion.key].value) for criterion in criteria if criterion.key in self.criteria
        )
        return [(criterion, value) for criterion, value in pairs if isinstance(value, Fraction)]

    def incomplete(self, criteria: Iterable[CriterionSpec]) -> bool:
        return any(self.criteria[criterion.key].incomplete for criterion in criteria if criterion.key in self.criteria)


def weighted_mean(pairs: Iterable[tuple[Fraction, Fraction]]) -> Fraction | None:
    """Σ w·x ÷ Σ w over pairs (w, x), in the units of x; None when the weights sum to zero or nothing is there.

    >>> weighted_mean([(Fraction(1), Fraction(50)), (Fraction(3), Fraction(90))])
    Fraction(80, 1)
    """
    listed = list(pairs)
    weight = sum((weight for weight, _ in listed), Fraction())
    return sum((weight * value for weight, value in listed), Fraction()) / weight if weight else None


def pathways_value(strengths: Iterable[Fraction], overlap: Fraction) -> Fraction:
    """Join the strengths of claimed theories: 100 · (1 - Π (1 - k^(r-1) · e_r)), strongest first, from 0 to 100.

    Strengths and the overlap k are 0 to 1: k = 0 is the maximum alone, k = 1 independent routes. Nothing claimed: 0.
    One more claim never lowers the value. Source: the project's scoring method, §4 (a discounted noisy-OR).

    >>> pathways_value([Fraction(3, 5), Fraction(4, 5)], Fraction(1, 4))
    Fraction(83, 1)
    """
    ranked = sorted(strengths, reverse=True)
    return 100 * (1 - prod((1 - overlap**place * strength for place, strength in enumerate(ranked)), start=Fraction(1)))


def _mean(section: MeanSection, known: _Known) -> SectionResult:
    numbers = known.numbers(section.criteria)
    value = weighted_mean((criterion.weight, 100 * number / known.top_score) for criterion, number in numbers)
    return SectionResult(value, known.incomplete(section.criteria))


def _pathways(section: PathwaysSection, known: _Known) -> SectionResult:
    numbers = known.numbers(section.criteria)
    incomplete = known.incomplete(section.criteria)
    claimed = any(criterion.key in known.criteria for criterion in section.criteria)
    if claimed and not numbers:
        return SectionResult(None, incomplete)
    heaviest = max(criterion.weight for criterion in section.criteria)
    strengths = [number / known.top_score * criterion.weight / heaviest for criterion, number in numbers]
    return SectionResult(pathways_value(strengths, section.overlap), incomplete)


def _residual_risk(section: ResidualRiskSection, known: _Known) -> SectionResult:
    risks = [known.risks[risk.key] for risk in section.risks]
    open_mitigation = any(known.panel.values[Cell(mitigation.key)] is NEI for mitigation in section.mitigations)
    open_risk = any(risk.residual is NEI for risk in risks)
    return SectionResult(residual_risk_value(section, risks), open_mitigation or open_risk)


SectionRule: TypeAlias = Callable[..., SectionResult]

RULES: dict[str, SectionRule] = {"mean": _mean, "pathways": _pathways, "residual_risk": _residual_risk}


def section_value(section: SectionSpec, known: _Known) -> SectionResult:
    """Apply the section's rule. A proposal that nobody has judged has no value in any section and is incomplete."""
    if not known.panel.scored:
        return SectionResult(None, incomplete=True)
    return RULES[section.rule](section, known)


def index_of(sections: Sequence[SectionSpec], values: Mapping[str, Fraction | None]) -> Fraction | None:
    """Weighted mean of the section values that exist, 0 to 100; None when there is none (or only weightless ones).

    Index = Σ W·value ÷ Σ W. Source: the project's scoring method, §4.
    Worked: values 80 (weight 20) and 50 (weight 10), a third section without value: (1600 + 500) / 30 = 70.
    """
    weighed = ((section.weight, values[section.key]) for section in sections)
    return weighted_mean((weight, value) for weight, value in weighed if value is not None)


def find(rubric: RubricSpec, proposal: ProposalInput, panel: Panel) -> Findings:
    """Compute criteria and risks of one proposal from one panel, exactly."""
    risks: dict[str, RiskResult] = {}
    for section in rubric.risk_sections():
        risks |= assess_risks(section, panel, rubric.top_score)
    return Findings(panel, criterion_values(rubric, proposal, panel), risks)


def evaluate(rubric: RubricSpec, proposal: ProposalInput, panel: Panel) -> Evaluation:
    """Compute criteria, risks, sections and index of one proposal from one panel, exactly."""
    found = find(rubric, proposal, panel)
    known = _Known(panel, rubric.top_score, found.criteria, found.risks)
    sections = {section.key: section_value(section, known) for section in rubric.sections}
    return Evaluation(
        panel=panel,
        criteria=found.criteria,
        risks=found.risks,
        risk_totals={
            section.key: risk_totals(found.risks[risk.key] for risk in section.risks)
            for section in rubric.risk_sections()
        },
        sections=sections,
        index=index_of(rubric.sections, {key: result.value for key, result in sections.items()}),
    )
