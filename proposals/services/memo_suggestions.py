"""Conditions that the current assessment proposes; people take them over, or not."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from proposals.models import Assessment
from proposals.services.residual_falls import residuals_sentence, stored_falls
from proposals.services.weak_points import SOUND, gain_of, level_to_reach, weak_cells
from rubrics.scoring.figures import one_place, points
from rubrics.services.words import RubricWords, rubric_words


@dataclass(frozen=True, slots=True)
class ProposedCondition:
    key: str
    text: str
    proof: str
    effect: str


def proposed_conditions(assessment: Assessment) -> list[ProposedCondition]:
    """First what the method found among the mitigations, then the weak cells of convening and transfer."""
    words = rubric_words(assessment.rubric_version)
    return [*_from_mitigations(assessment, words), *_from_weak_cells(assessment, words)]


def _from_mitigations(assessment: Assessment, words: RubricWords) -> Iterator[ProposedCondition]:
    for condition in assessment.result["conditions"]:
        mitigation = condition["mitigation"]
        level = level_to_reach(words, mitigation)
        yield ProposedCondition(
            key=f"mitigation:{mitigation}",
            text=f"{words.title(mitigation)}: reach level {level} before the first payment."[:500],
            proof=words.anchor(mitigation, level)[:500],
            effect=_effect(condition, assessment, words),
        )


def _effect(condition: dict[str, Any], assessment: Assessment, words: RubricWords) -> str:
    """What reaching the level would do."""
    parts = [f"Clears the gate “{words.title(key)}”." for key in condition["clears"]]
    after = condition["suggested_after"]
    if after and after != assessment.suggested:
        parts.append(f"Changes the suggestion to {words.band(after).lower()}.")
    if gain := gain_of(condition):
        parts.append(f"Raises the index by {one_place(gain)}.")
    if fallen := residuals_sentence(stored_falls(assessment, words, condition["mitigation"])):
        parts.append(fallen)
    return " ".join(parts) or "Changes no residual risk by as much as a figure shows."


def _from_weak_cells(assessment: Assessment, words: RubricWords) -> Iterator[ProposedCondition]:
    names = dict(assessment.proposal.sides.order_by("position", "pk").values_list("key", "name"))
    for cell in weak_cells(words, assessment.result["criteria"], names):
        where = f" ({names[cell.side]})" if cell.side else ""
        yield ProposedCondition(
            key=f"criterion:{cell.item}:{cell.side}",
            text=f"{words.title(cell.item)}{where}: bring the proof of level {SOUND}."[:500],
            proof=cell.proof[:500],
            effect=f"The officers' value is {points(cell.value)} of {words.document['top_score']}.",
        )
