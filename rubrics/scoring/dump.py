"""The way back: specifications to the document that reads as them (without descriptive words)."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from rubrics.scoring.document import LARGEST_EXPONENT
from rubrics.scoring.spec import (
    FORMAT,
    GRADES,
    NEI,
    Absence,
    Answer,
    BundleInput,
    Cell,
    CheckIs,
    CheckIsNot,
    ConsensusInput,
    CriterionSpec,
    Effect,
    GateSpec,
    GateTest,
    Level,
    PathwaysSection,
    ProposalInput,
    ResidualRiskSection,
    RubricSpec,
    ScorecardInput,
    SectionSpec,
)


def decimal(number: Fraction) -> int | str:
    """Write a number exactly: whole as an int, else as decimal text.

    Raises ValueError where no decimal of the length that a document may hold says the same, such as 1/3.

    >>> decimal(Fraction(3)), decimal(Fraction(-1, 8)), decimal(Fraction(1, 40))
    (3, '-0.125', '0.025')
    """
    if number.denominator == 1:
        return number.numerator
    for places in range(1, LARGEST_EXPONENT + 1):
        scaled = number * 10**places
        if scaled.denominator == 1:
            digits = f"{abs(scaled.numerator):0{places + 1}d}"
            return f"{'-' if number < 0 else ''}{digits[:-places]}.{digits[-places:]}"
    raise ValueError(f"{number} has no exact decimal")


def _criterion(criterion: CriterionSpec) -> dict[str, Any]:
    document: dict[str, Any] = {"key": criterion.key, "weight": decimal(criterion.weight)}
    for flag in ("per_side", "not_applicable_allowed"):
        if getattr(criterion, flag):
            document[flag] = True
    return document


def _risk_fields(section: ResidualRiskSection) -> dict[str, Any]:
    numbers = ("reduction_cap", "condition_level", "catastrophic_from", "loss_at_zero")
    lists = ("probability", "loss", "risk_bands")
    return {
        **{key: decimal(getattr(section, key)) for key in numbers},
        **{key: [decimal(number) for number in getattr(section, key)] for key in lists},
        "risks": [{"key": risk.key} for risk in section.risks],
        "mitigations": [
            {"key": mitigation.key, "reduces": {risk: decimal(share) for risk, share in mitigation.reduces.items()}}
            for mitigation in section.mitigations
        ],
    }


def _section(section: SectionSpec) -> dict[str, Any]:
    document = {"key": section.key, "weight": decimal(section.weight), "rule": section.rule}
    if isinstance(section, ResidualRiskSection):
        return {**document, **_risk_fields(section)}
    if isinstance(section, PathwaysSection):
        document["overlap"] = decimal(section.overlap)
    return {**document, "criteria": [_criterion(criterion) for criterion in section.criteria]}


def _test(test: GateTest) -> dict[str, Any]:
    if isinstance(test, CheckIs | CheckIsNot):
        return {"check": test.check, "is" if isinstance(test, CheckIs) else "is_not": test.state}
    fields = {key: getattr(test, key) for key in test.__dataclass_fields__}
    return {key: decimal(value) if isinstance(value, Fraction) else value for key, value in fields.items()}


def _gate(gate: GateSpec) -> dict[str, Any]:
    effect = f"cap:{gate.cap}" if gate.effect is Effect.CAP else gate.effect.value
    document: dict[str, Any] = {"key": gate.key, "effect": effect, "when": [_test(test) for test in gate.when]}
    return {**document, "sides": gate.sides.value} if gate.sides else document


def rubric_document(rubric: RubricSpec) -> dict[str, Any]:
    """Write a rubric version as a document; `parse_rubric` of it gives the same rubric.

    Raises ValueError for a number without an exact decimal. Source: the project's scoring method, §8.
    Worked: an overlap of 1/4 is written "0.25", a weight of 20 as 20.
    """
    return {
        "key": rubric.key,
        "version": rubric.version,
        "top_score": rubric.top_score,
        "evidence_caps": [decimal(cap) for cap in rubric.evidence_caps],
        "sections": [_section(section) for section in rubric.sections],
        "gates": [_gate(gate) for gate in rubric.gates],
        "bands": [{"key": band.key, "min": decimal(band.minimum)} for band in rubric.bands],
    }


def _answer(answer: Answer) -> Any:
    if isinstance(answer, Absence):
        return answer.value
    return answer.value if isinstance(answer, Level) else {"score": answer.value, "evidence": GRADES[answer.grade]}


def _agreed(consensus: ConsensusInput) -> dict[str, Any]:
    document: dict[str, Any] = {"value": decimal(consensus.value), "reason": consensus.reason}
    return document if consensus.grade is None else {**document, "evidence": GRADES[consensus.grade]}


def _nested(cells: Mapping[Cell, Any], write: Callable[[Any], Any]) -> dict[str, Any]:
    """Cells by item, and by part under it where an item is divided."""
    nested: dict[str, Any] = {}
    for cell, held in cells.items():
        if cell.part:
            nested.setdefault(cell.item, {})[cell.part] = write(held)
        else:
            nested[cell.item] = write(held)
    return nested


def _scorecard(rubric: RubricSpec, card: ScorecardInput) -> dict[str, Any]:
    sections = rubric.risk_sections()
    mitigations = {mitigation.key for section in sections for mitigation in section.mitigations}
    risks = {risk.key for section in sections for risk in section.risks}
    nested = _nested(card.cells, _answer)
    both_open = dict.fromkeys(("probability", "loss"), NEI.value)
    document: dict[str, Any] = {
        "officer": card.officer,
        "round": card.round,
        "scores": {key: held for key, held in nested.items() if key not in mitigations | risks},
        "mitigations": {key: held for key, held in nested.items() if key in mitigations},
        "risks": {key: {**both_open, **held} for key, held in nested.items() if key in risks},
    }
    return document if card.recommendation is None else {**document, "recommendation": card.recommendation}


def proposal_document(rubric: RubricSpec, proposal: ProposalInput) -> dict[str, Any]:
    """Write a proposal with its scorecards as a document; claims in rubric order, nothing that is empty or unsaid."""
    theories = [c.key for section in rubric.criteria_sections() for c in section.criteria if c.key in proposal.claims]
    document: dict[str, Any] = {"key": proposal.key, "sides": list(proposal.sides), "claims": theories}
    if proposal.amount is not None:
        document["amount"] = decimal(proposal.amount)
    optional = {
        "checks": dict(proposal.checks),
        "flags": dict(proposal.flags),
        "consensus": _nested(proposal.consensus, _agreed),
        "overrides": {key: {"by": held.by, "reason": held.reason} for key, held in proposal.overrides.items()},
    }
    document |= {key: held for key, held in optional.items() if held}
    return {**document, "scorecards": [_scorecard(rubric, card) for card in proposal.scorecards]}


def bundle_document(bundle: BundleInput) -> dict[str, Any]:
    """Write a bundle as a document; `parse_bundle` of it assesses to the same results.

    Raises ValueError for a number without an exact decimal. Source: the project's scoring method, §8.
    Worked: a risk with only its probability known is written with "not_enough_information" as its loss.
    """
    return {
        "format": FORMAT,
        "rubric": rubric_document(bundle.rubric),
        "proposals": [proposal_document(bundle.rubric, proposal) for proposal in bundle.proposals],
    }
