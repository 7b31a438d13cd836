"""Gates, read from a rubric and checked: each test must be one of the known shapes and name what exists."""

from collections.abc import Callable
from typing import Any

from rubrics.scoring.faults import show
from rubrics.scoring.node import Node
from rubrics.scoring.spec import (
    CHECK_STATES,
    AnyRiskResidualAtLeast,
    BestClaimBelow,
    CheckIs,
    CheckIsNot,
    CriterionAtLeast,
    CriterionBelow,
    Effect,
    FlagIs,
    GateSpec,
    GateTest,
    MitigationBelow,
    RiskInherentAtLeast,
    SectionMeanBelow,
    Sides,
)
from rubrics.scoring.validate_common import DESCRIPTIVE, unique_key
from rubrics.scoring.validate_names import Names

CAP = "cap:"

# What a test is about, and the conditions that can be put on it; a test without conditions is its own threshold.
CONDITIONS: dict[str, dict[str, Callable[[str, Any], GateTest]]] = {
    "criterion": {"below": CriterionBelow, "at_least": CriterionAtLeast},
    "section": {"mean_below": SectionMeanBelow},
    "mitigation": {"below": MitigationBelow},
    "risk": {"inherent_at_least": RiskInherentAtLeast},
    "check": {"is": CheckIs, "is_not": CheckIsNot},
}


def _named(node: Node, subject: str, names: Names) -> str:
    held = node.child(subject)
    where: dict[str, tuple[object, str]] = {
        "criterion": (names.criteria, "a criterion"),
        "section": (names.mean_sections, "a section with the rule mean"),
        "mitigation": (names.mitigations, "a mitigation"),
        "risk": (names.risks, "a risk"),
    }
    if subject not in where:
        return held.name() or ""
    names.absent(held, *where[subject])
    return held.text() if isinstance(held.value, str) else ""


def _missing_condition(node: Node, conditions: tuple[str, ...]) -> None:
    if len(conditions) == 1:
        node.child(conditions[0]).fault("is missing")
    else:
        node.fault("needs exactly one of " + ", ".join(conditions))


def _conditioned(node: Node, subject: str, names: Names) -> GateTest | None:
    conditions = CONDITIONS[subject]
    node.has_fields((subject,), (*conditions, *DESCRIPTIVE))
    name = _named(node, subject, names)
    given = [condition for condition in conditions if node.child(condition).given]
    if len(given) != 1:
        _missing_condition(node, tuple(conditions))
        return None
    held = node.child(given[0])
    threshold = held.choice(CHECK_STATES) if subject == "check" else held.decimal()
    return conditions[given[0]](name, threshold)


def _test(node: Node, names: Names) -> GateTest | None:
    subject = next((subject for subject in CONDITIONS if node.child(subject).given), None)
    if subject is not None:
        return _conditioned(node, subject, names)
    if node.child("flag").given:
        node.has_fields(("flag",), DESCRIPTIVE)
        return FlagIs(node.child("flag").name() or "")
    for key, build in (("best_claim_below", BestClaimBelow), ("any_risk_residual_at_least", AnyRiskResidualAtLeast)):
        if node.child(key).given:
            node.has_fields((key,), DESCRIPTIVE)
            return build(node.child(key).decimal())
    node.fault("is not a known test")
    return None


def _effect(node: Node, names: Names) -> tuple[Effect, str | None]:
    value = node.value
    if value in (Effect.DECLINE.value, Effect.BLOCK.value):
        return Effect(value), None
    if isinstance(value, str) and value.startswith(CAP):
        band = value.removeprefix(CAP)
        if band not in names.bands and names.certain:
            node.fault(f"{show(band)} is not a band of the rubric")
        return Effect.CAP, band
    node.wrong("decline, block or cap:<band>")
    return Effect.BLOCK, None


def _gate(node: Node, seen: set[str], names: Names) -> GateSpec:
    node.has_fields(("key", "effect", "when"), ("sides", *DESCRIPTIVE))
    effect, cap = _effect(node.child("effect"), names)
    sides = node.child("sides")
    tests = [_test(item, names) for item in node.child("when").items(at_least=1)]
    return GateSpec(
        key=unique_key(node, seen),
        effect=effect,
        when=tuple(test for test in tests if test is not None),
        cap=cap,
        sides=Sides(sides.choice(option.value for option in Sides)) if sides.given else None,
    )


def read_gates(listed: Node, names: Names) -> tuple[GateSpec, ...]:
    seen: set[str] = set()
    return tuple(_gate(item, seen, names) for item in listed.items())
