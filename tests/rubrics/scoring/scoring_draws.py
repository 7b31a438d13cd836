"""Rubrics and proposals drawn at random for the properties of the scoring."""

from copy import deepcopy
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tests.rubrics.scoring.scoring_cases import MITIGATIONS, NEI, NOT_APPLICABLE, RISKS, RUBRIC, THEORIES

SINGLE = (*THEORIES, "stakes", "focus", "products")
PER_SIDE = ("route", "link")
MAY_BE_NOT_APPLICABLE = {"subsidy", "focus", "route"}
GATES = [
    {
        "key": "disconnected",
        "effect": "decline",
        "sides": "every",
        "when": [{"criterion": "link", "below": 1}, {"criterion": "route", "below": 2}],
    },
    {
        "key": "one-sided",
        "effect": "cap:fund-with-conditions",
        "sides": "some",
        "when": [{"criterion": "link", "below": 1}, {"criterion": "route", "at_least": 1}],
    },
    {"key": "vague", "effect": "decline", "when": [{"best_claim_below": 2}]},
    {"key": "floor", "effect": "cap:revise", "when": [{"section": "transfer", "mean_below": 2}]},
    {
        "key": "unbriefed",
        "effect": "block",
        "when": [{"mitigation": "brief", "below": 1}, {"risk": "leak", "inherent_at_least": 8}],
    },
    {"key": "severe", "effect": "cap:revise", "when": [{"any_risk_residual_at_least": 20}]},
]

quick = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
scores = st.fixed_dictionaries(
    {"score": st.integers(0, 4), "evidence": st.sampled_from(["E0", "E1", "E2", "E3", "E4"])}
)
weights = st.integers(1, 50)


def answers(key: str) -> st.SearchStrategy[Any]:
    absences = [NEI, NOT_APPLICABLE] if key in MAY_BE_NOT_APPLICABLE else [NEI]
    return st.one_of(scores, scores, scores, st.sampled_from(absences))


def levels(lowest: int) -> st.SearchStrategy[Any]:
    return st.one_of(st.integers(lowest, 5), st.integers(lowest, 5), st.integers(lowest, 5), st.just(NEI))


def some_of(options: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=options)


@st.composite
def cards(draw: st.DrawFn, officer: str, sides: list[str]) -> dict[str, Any]:
    single = {key: answers(key) for key in SINGLE}
    per_side = {key: some_of({side: answers(key) for side in sides}) for key in PER_SIDE}
    return {
        "officer": officer,
        "round": draw(st.sampled_from([1, 2])),
        "scores": draw(some_of({**single, **per_side})),
        "mitigations": draw(some_of({key: answers(key) for key in MITIGATIONS})),
        "risks": draw(
            some_of({key: st.fixed_dictionaries({"probability": levels(1), "loss": levels(0)}) for key in RISKS})
        ),
    }


@st.composite
def proposals(draw: st.DrawFn, key: str = "p1", officers: tuple[str, ...] = ("", "a", "ab", "abc")) -> dict[str, Any]:
    sides = draw(st.sampled_from([["us", "cn"], ["us", "cn", "ru"]]))
    agreed = st.builds(lambda halves: {"value": halves / 2, "reason": "agreed"}, st.integers(2, 8))
    return {
        "key": key,
        "sides": sides,
        "claims": draw(st.lists(st.sampled_from(THEORIES), unique=True)),
        "scorecards": [draw(cards(officer, sides)) for officer in draw(st.sampled_from(officers))],
        "consensus": draw(
            some_of(
                {"stakes": agreed, "brief": agreed, "route": some_of({"us": agreed}), "leak": some_of({"loss": agreed})}
            )
        ),
    }


@st.composite
def rubrics(draw: st.DrawFn) -> dict[str, Any]:
    rubric = deepcopy({**RUBRIC, "gates": GATES})
    rubric["evidence_caps"] = sorted(draw(st.lists(st.integers(0, 4), min_size=5, max_size=5)))
    for section in rubric["sections"]:
        section["weight"] = draw(weights)
        for criterion in section.get("criteria", []):
            criterion["weight"] = draw(weights)
    rubric["sections"][0]["overlap"] = draw(st.sampled_from(["0", "0.25", "0.5", "1"]))
    risk = rubric["sections"][3]
    risk["loss"] = sorted(draw(st.lists(st.integers(0, 100), min_size=6, max_size=6)))
    risk["reduction_cap"] = draw(st.sampled_from(["0", "0.3", "0.6", "1"]))
    return rubric


@st.composite
def bundles(draw: st.DrawFn) -> dict[str, Any]:
    return {"format": "t2eval-bundle/1", "rubric": draw(rubrics()), "proposals": [draw(proposals())]}


@st.composite
def judged_bundles(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a bundle whose proposal has at least one scorecard."""
    given_proposal = draw(proposals(officers=("a", "ab", "abc")))
    return {"format": "t2eval-bundle/1", "rubric": draw(rubrics()), "proposals": [given_proposal]}
