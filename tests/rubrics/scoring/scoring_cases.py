"""A small rubric and easy proposals for the tests of the scoring."""

from copy import deepcopy
from pathlib import Path
from typing import Any

from rubrics.scoring.assess import AssessmentResult, assess_proposal
from rubrics.scoring.parse import parse_bundle
from rubrics.scoring.spec import BundleInput

ACCEPTANCE = Path(__file__).parent / "acceptance"
NEI = "not_enough_information"
NOT_APPLICABLE = "not_applicable"
THEORIES = ("exchange", "subsidy", "hedge")
MITIGATIONS = ("brief", "hotwash")
RISKS = ("leak", "spin")

RUBRIC: dict[str, Any] = {
    "key": "small",
    "version": 1,
    "top_score": 4,
    "evidence_caps": [2, 2, 3, 4, 4],
    "sections": [
        {
            "key": "theories",
            "weight": 20,
            "rule": "pathways",
            "overlap": "0.25",
            "criteria": [
                {"key": "exchange", "weight": 1},
                {"key": "subsidy", "weight": 1, "not_applicable_allowed": True},
                {"key": "hedge", "weight": "0.5"},
            ],
        },
        {
            "key": "issue",
            "weight": 30,
            "rule": "mean",
            "criteria": [
                {"key": "stakes", "weight": 60},
                {"key": "focus", "weight": 40, "not_applicable_allowed": True},
            ],
        },
        {
            "key": "transfer",
            "weight": 30,
            "rule": "mean",
            "criteria": [
                {"key": "route", "weight": 50, "per_side": True, "not_applicable_allowed": True},
                {"key": "link", "weight": 30, "per_side": True},
                {"key": "products", "weight": 20},
            ],
        },
        {
            "key": "risk",
            "weight": 20,
            "rule": "residual_risk",
            "reduction_cap": "0.60",
            "condition_level": 3,
            "probability": ["0.025", "0.125", "0.35", "0.65", "0.90"],
            "loss": [0, 3, 10, 30, 60, 100],
            "risk_bands": [2, 8, 20],
            "catastrophic_from": "4.5",
            "loss_at_zero": 40,
            "risks": [{"key": "leak"}, {"key": "spin"}],
            "mitigations": [
                {"key": "brief", "reduces": {"leak": "0.35", "spin": "0.10"}},
                {"key": "hotwash", "reduces": {"spin": "0.35"}},
            ],
        },
    ],
    "gates": [],
    "bands": [
        {"key": "fund", "min": 75},
        {"key": "fund-with-conditions", "min": 60},
        {"key": "revise", "min": 45},
        {"key": "decline", "min": 0},
    ],
}

SOUND: dict[str, Any] = {
    "exchange": 3,
    "stakes": 3,
    "focus": 3,
    "route": (3, 3),
    "link": (3, 3),
    "products": 3,
    "brief": 3,
    "hotwash": 3,
    "leak": (2, 2),
    "spin": (2, 2),
}


def answer(value: Any) -> Any:
    """Let a whole number stand for a score confirmed from outside (no cap); anything else is given as it is."""
    return {"score": value, "evidence": "E4"} if isinstance(value, int) else value


def card(officer: str = "a", round_number: int = 1, **cells: Any) -> dict[str, Any]:
    """Fill a scorecard that is sound all over but for the cells given; None leaves a cell out."""
    made: dict[str, Any] = {"officer": officer, "round": round_number, "scores": {}, "mitigations": {}, "risks": {}}
    for key, value in {**SOUND, **cells}.items():
        if value is None:
            continue
        if key in RISKS:
            made["risks"][key] = dict(zip(("probability", "loss"), value, strict=True)) if value != NEI else NEI
        elif key in MITIGATIONS:
            made["mitigations"][key] = answer(value)
        elif isinstance(value, tuple):
            by_side = zip(("us", "cn"), value, strict=True)
            made["scores"][key] = {side: answer(given) for side, given in by_side if given is not None}
        else:
            made["scores"][key] = answer(value)
    return made


def proposal(*cards: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"key": "p1", "sides": ["us", "cn"], "claims": ["exchange"], "scorecards": list(cards), **changes}


def bundle(*proposals: dict[str, Any], **rubric: Any) -> dict[str, Any]:
    return deepcopy(
        {
            "format": "t2eval-bundle/1",
            "rubric": {**RUBRIC, **rubric},
            "proposals": list(proposals or (proposal(card()),)),
        }
    )


def section(key: str, **changes: Any) -> list[dict[str, Any]]:
    """Give the sections of the small rubric with one of them changed."""
    return [{**found, **changes} if found["key"] == key else found for found in RUBRIC["sections"]]


def parsed(*proposals: dict[str, Any], **rubric: Any) -> BundleInput:
    return parse_bundle(bundle(*proposals, **rubric))


def assessed(given: dict[str, Any], **rubric: Any) -> AssessmentResult:
    read = parsed(given, **rubric)
    return assess_proposal(read.rubric, read.proposals[0])
