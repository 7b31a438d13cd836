"""A rubric version, read from a document and checked."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from itertools import pairwise

from rubrics.scoring.node import Node
from rubrics.scoring.spec import (
    GRADES,
    BandSpec,
    CriterionSpec,
    MeanSection,
    MitigationSpec,
    PathwaysSection,
    ResidualRiskSection,
    RiskSpec,
    RubricSpec,
    SectionSpec,
)
from rubrics.scoring.validate_common import DESCRIPTIVE, unique_key
from rubrics.scoring.validate_gates import read_gates
from rubrics.scoring.validate_names import RULES, Names

RISK_FIELDS = (
    "reduction_cap",
    "condition_level",
    "probability",
    "loss",
    "risk_bands",
    "catastrophic_from",
    "loss_at_zero",
    "risks",
    "mitigations",
)


def _weights_count(listed: Node, weights: Iterable[Fraction]) -> None:
    given = list(weights)
    if given and not any(given):
        listed.fault("the weights sum to zero")


def _rising(listed: Node, numbers: Iterable[Fraction]) -> tuple[Fraction, ...]:
    given = tuple(numbers)
    if any(later < earlier for earlier, later in pairwise(given)):
        listed.fault("must not fall from one entry to the next")
    return given


def _scale(listed: Node, high: int | None, size: int | None = None) -> tuple[Fraction, ...]:
    """Read a list of numbers from 0 that never falls, of a given size or not empty."""
    items = listed.items(at_least=1, size=size)
    faults_before = len(listed.faults)
    numbers = [item.decimal(0, high) for item in items]
    return _rising(listed, numbers) if len(listed.faults) == faults_before else tuple(numbers)


def _above_zero(node: Node) -> Fraction:
    number = node.decimal(0)
    if number == 0:
        node.fault("must be above zero")
    return number


def _flag(node: Node, key: str) -> bool:
    held = node.child(key)
    return held.flag() if held.given else False


def _criterion(node: Node, seen: set[str]) -> CriterionSpec:
    node.has_fields(("key", "weight"), ("per_side", "not_applicable_allowed", *DESCRIPTIVE))
    return CriterionSpec(
        key=unique_key(node, seen),
        weight=node.child("weight").decimal(0),
        per_side=_flag(node, "per_side"),
        not_applicable_allowed=_flag(node, "not_applicable_allowed"),
    )


def _criteria(section: Node, seen: set[str]) -> tuple[CriterionSpec, ...]:
    listed = section.child("criteria")
    criteria = tuple(_criterion(item, seen) for item in listed.items(at_least=1))
    _weights_count(listed, (criterion.weight for criterion in criteria))
    return criteria


def _mean(section: Node, key: str, weight: Fraction, seen: set[str], _: Names) -> SectionSpec:
    section.has_fields(("key", "weight", "rule", "criteria"), DESCRIPTIVE)
    return MeanSection(key=key, weight=weight, criteria=_criteria(section, seen))


def _pathways(section: Node, key: str, weight: Fraction, seen: set[str], _: Names) -> SectionSpec:
    section.has_fields(("key", "weight", "rule", "overlap", "criteria"), DESCRIPTIVE)
    overlap = section.child("overlap").decimal(0, 1)
    return PathwaysSection(key=key, weight=weight, overlap=overlap, criteria=_criteria(section, seen))


def _risk(node: Node, seen: set[str]) -> RiskSpec:
    node.has_fields(("key",), DESCRIPTIVE)
    return RiskSpec(unique_key(node, seen))


def _mitigation(node: Node, seen: set[str], risks: set[str], names: Names) -> MitigationSpec:
    node.has_fields(("key", "reduces"), DESCRIPTIVE)
    reduces = {}
    pairings = node.child("reduces")
    for risk, share in pairings.entries() if pairings.given else ():
        if risk in risks:
            reduces[risk] = share.decimal(0, 1)
        elif names.certain:
            share.fault("names no risk of this section")
    return MitigationSpec(unique_key(node, seen), reduces)


def _residual_risk(section: Node, key: str, weight: Fraction, seen: set[str], names: Names) -> SectionSpec:
    section.has_fields(("key", "weight", "rule", *RISK_FIELDS), DESCRIPTIVE)
    risks = tuple(_risk(item, seen) for item in section.child("risks").items(at_least=1))
    named = {risk.key for risk in risks}
    bands = _scale(section.child("risk_bands"), 100, size=3)
    return ResidualRiskSection(
        key=key,
        weight=weight,
        reduction_cap=section.child("reduction_cap").decimal(0, 1),
        condition_level=section.child("condition_level").decimal(0, names.top_score),
        probability=_scale(section.child("probability"), 1),
        loss=_scale(section.child("loss"), 100),
        risk_bands=(bands[0], bands[1], bands[2]) if len(bands) == 3 else (Fraction(), Fraction(), Fraction()),
        catastrophic_from=section.child("catastrophic_from").decimal(0),
        loss_at_zero=_above_zero(section.child("loss_at_zero")),
        risks=risks,
        mitigations=tuple(_mitigation(item, seen, named, names) for item in section.child("mitigations").items()),
    )


SECTION_READERS: dict[str, Callable[[Node, str, Fraction, set[str], Names], SectionSpec]] = {
    "mean": _mean,
    "pathways": _pathways,
    "residual_risk": _residual_risk,
}


def _sections(listed: Node, names: Names) -> tuple[SectionSpec, ...]:
    section_keys: set[str] = set()
    item_keys: set[str] = set()
    weights = []
    sections = []
    for section in listed.items(at_least=1):
        if not isinstance(section.value, dict):
            section.wrong("an object")
            continue
        key = unique_key(section, section_keys)
        weights.append(section.child("weight").decimal(0))
        rule = section.child("rule")
        reader = SECTION_READERS.get(rule.value) if isinstance(rule.value, str) else None
        if reader is None:
            _unreadable_section(section)
        else:
            sections.append(reader(section, key, weights[-1], item_keys, names))
    _weights_count(listed, weights)
    return tuple(sections)


def _unreadable_section(section: Node) -> None:
    """Note what can be said of a section whose rule is missing or unknown."""
    for key in ("key", "weight", "rule"):
        held = section.child(key)
        if not held.given:
            held.fault("is missing")
    section.child("rule").wrong("one of " + ", ".join(RULES))


def _bands(listed: Node) -> tuple[BandSpec, ...]:
    seen: set[str] = set()
    minima: set[Fraction] = set()
    bands = []
    faults_before = len(listed.faults)
    for item in listed.items():
        item.has_fields(("key", "min"), DESCRIPTIVE)
        band = BandSpec(unique_key(item, seen), item.child("min").decimal(0, 100))
        if band.minimum in minima and item.child("min").given:
            item.child("min").wrong("a minimum of its own")
        minima.add(band.minimum)
        bands.append(band)
    if 0 not in minima and len(listed.faults) == faults_before and listed.given:
        listed.fault("needs a band with the minimum 0")
    return tuple(bands)


def read_rubric(node: Node, names: Names) -> RubricSpec:
    """Read a rubric; what is faulty is noted and stands in for itself."""
    node.has_fields(
        ("key", "version", "top_score", "evidence_caps", "sections", "gates", "bands"),
        DESCRIPTIVE,
    )
    return RubricSpec(
        key=unique_key(node, set()),
        version=node.child("version").whole(1),
        top_score=node.child("top_score").whole(1),
        evidence_caps=_scale(node.child("evidence_caps"), names.top_score, size=len(GRADES)),
        sections=_sections(node.child("sections"), names),
        gates=read_gates(node.child("gates"), names),
        bands=_bands(node.child("bands")),
    )
