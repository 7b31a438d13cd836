"""Conditions that the current assessment proposes; people take them over, or not."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from proposals.models import Assessment
from rubrics.models import Anchor, Band, Criterion, Gate, Mitigation

SECTIONS = ("convening", "transfer")
LEVEL_TO_REACH = 3
WEAK = 2


@dataclass(frozen=True, slots=True)
class ProposedCondition:
    key: str
    text: str
    proof: str
    effect: str


def proposed_conditions(assessment: Assessment) -> list[ProposedCondition]:
    """First what the method found among the mitigations, then the weak cells of convening and transfer."""
    return [*_from_mitigations(assessment), *_from_weak_cells(assessment)]


def _from_mitigations(assessment: Assessment) -> Iterator[ProposedCondition]:
    version = assessment.rubric_version_id
    mitigations = {m.key: m for m in Mitigation.objects.filter(section__version=version).select_related("section")}
    anchors = {
        (key, level): text
        for key, level, text in Anchor.objects.filter(mitigation__section__version=version).values_list(
            "mitigation__key", "level", "text"
        )
    }
    gates = {g.key: str(g) for g in Gate.objects.filter(version=version)}
    bands = {b.key: str(b) for b in Band.objects.filter(version=version)}
    for condition in assessment.result["conditions"]:
        mitigation = mitigations[condition["mitigation"]]
        level = math.ceil(mitigation.section.condition_level or LEVEL_TO_REACH)
        yield ProposedCondition(
            key=f"mitigation:{mitigation.key}",
            text=f"{mitigation}: reach level {level} before the first payment."[:500],
            proof=anchors.get((mitigation.key, level), "")[:500],
            effect=_effect(condition, assessment, gates, bands),
        )


def _effect(condition: dict[str, Any], assessment: Assessment, gates: dict[str, str], bands: dict[str, str]) -> str:
    """What reaching the level would do. Gains of the index below half a point are not worth a number."""
    parts = [f"Clears the gate “{gates.get(key, key)}”." for key in condition["clears"]]
    after = condition["suggested_after"]
    if after and after != assessment.suggested:
        parts.append(f"Changes the suggestion to {bands.get(after, after).lower()}.")
    gain = condition["index_gain"]
    if gain is not None and gain >= 0.5:
        parts.append(f"Raises the index by {gain:.1f}.")
    return " ".join(parts) or "Lowers what is left of the risk."


def _from_weak_cells(assessment: Assessment) -> Iterator[ProposedCondition]:
    names = dict(assessment.proposal.sides.values_list("key", "name"))
    anchors = dict(
        Anchor.objects.filter(
            criterion__section__version=assessment.rubric_version_id, level=LEVEL_TO_REACH
        ).values_list("criterion__key", "text")
    )
    criteria = Criterion.objects.filter(
        section__version=assessment.rubric_version_id, section__key__in=SECTIONS
    ).order_by("section__position", "position")
    for criterion in criteria:
        for side, value in _cells(assessment.result["criteria"].get(criterion.key, {})):
            if isinstance(value, str) or value > WEAK:
                continue
            where = f" ({names.get(side, side)})" if side else ""
            yield ProposedCondition(
                key=f"criterion:{criterion.key}:{side}",
                text=f"{criterion}{where}: bring the proof of level {LEVEL_TO_REACH}."[:500],
                proof=anchors.get(criterion.key, "")[:500],
                effect=f"The officers' value is {value:g} of {assessment.rubric_version.top_score}.",
            )


def _cells(result: dict[str, Any]) -> list[tuple[str, Any]]:
    """The panel values of a criterion: by side where it is per side."""
    if "sides" in result:
        return list(result["sides"].items())
    return [("", result["value"])] if "value" in result else []
