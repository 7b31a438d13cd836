"""The suggested, unconfirmed figures of a calibration case, in the words of a rubric version."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from proposals.models import CalibrationReference
from rubrics.services.words import RubricWords


@dataclass(frozen=True, slots=True)
class ReferenceFacts:
    best_theory: str
    other_theories: str
    stakes: str
    right_people: str
    transfer: str
    worst_risk: str
    grade: str
    failed_gates: str
    status: str
    teaches: str
    note: str
    period: str


def reference_facts(reference: CalibrationReference, words: RubricWords) -> ReferenceFacts:
    figures: Mapping[str, Any] = reference.figures
    return ReferenceFacts(
        best_theory=_theories(figures.get("best_theory"), words) or "–",
        other_theories="; ".join(_theories(other, words) for other in figures.get("other_theories") or ()),
        stakes=_one(figures.get("stakes")),
        right_people=_one(figures.get("right_people")),
        transfer=_range(figures.get("transfer_mean")),
        worst_risk=_risk(figures.get("worst_residual"), words),
        grade=_range(figures.get("evidence_grade")),
        failed_gates=", ".join(words.title(gate) for gate in figures.get("failed_gates") or ()),
        status=reference.status,
        teaches=reference.teaches,
        note=figures.get("note") or "",
        period=reference.period,
    )


def _theories(figure: Mapping[str, Any] | None, words: RubricWords) -> str:
    if not figure or figure.get("value") is None:
        return ""
    return f"{', '.join(words.title(theory) for theory in figure['theories'])}: {figure['value']}"


def _one(value: Any) -> str:
    return "–" if value is None else str(value)


def _range(value: Mapping[str, Any] | None) -> str:
    if not value or value.get("low") is None:
        return "–"
    low, high = value["low"], value.get("high", value["low"])
    return str(low) if low == high else f"{low}–{high}"


def _risk(value: Mapping[str, Any] | None, words: RubricWords) -> str:
    if not value or not value.get("band"):
        return "–"
    low = value.get("band_low") or value["band"]
    band = value["band"] if low == value["band"] else f"{low} to {value['band']}"
    return f"{words.title(value['risk'])}: {band}" if value.get("risk") else str(band)
