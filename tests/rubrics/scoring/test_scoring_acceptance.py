import json
from typing import Any

import pytest

from rubrics.scoring.cli import run
from rubrics.scoring.parse import load_rubric
from tests.rubrics.scoring.scoring_cases import ACCEPTANCE

BUNDLES = ["01-worked-example", "02-panel", "04-absences"]

METHOD_EXAMPLE: dict[str, Any] = {
    "format": "t2eval-bundle/1",
    "rubric": {
        "key": "track-2",
        "version": 1,
        "top_score": 4,
        "evidence_caps": [2, 2, 3, 4, 4],
        "sections": [
            {
                "key": "theories",
                "weight": 20,
                "rule": "pathways",
                "overlap": "0.25",
                "criteria": [{"key": "information-exchange", "weight": 1}],
            },
            {
                "key": "transfer",
                "weight": 25,
                "rule": "mean",
                "criteria": [
                    {"key": "route", "weight": 35, "per_side": True},
                    {"key": "link", "weight": 30, "per_side": True},
                    {"key": "cross-party", "weight": 20, "not_applicable_allowed": True},
                ],
            },
            {
                "key": "risk",
                "weight": 15,
                "rule": "residual_risk",
                "reduction_cap": "0.60",
                "condition_level": 3,
                "probability": ["0.025", "0.125", "0.35", "0.65", "0.90"],
                "loss": [0, 3, 10, 30, 60, 100],
                "risk_bands": [2, 8, 20],
                "catastrophic_from": "4.5",
                "loss_at_zero": 40,
                "risks": [{"key": "disinformation"}],
                "mitigations": [{"key": "hotwash", "reduces": {"disinformation": "0.35"}}],
            },
        ],
        "gates": [
            {
                "key": "policy-disconnection",
                "effect": "decline",
                "sides": "every",
                "when": [{"criterion": "link", "below": 1}, {"criterion": "route", "below": 2}],
            }
        ],
        "bands": [{"key": "fund", "min": 75}, {"key": "decline", "min": 0}],
    },
    "proposals": [
        {
            "key": "p1",
            "sides": ["us", "cn"],
            "claims": ["information-exchange"],
            "amount": "150000",
            "checks": {"capacity": "sufficient"},
            "flags": {"emerging-technology": True, "hazardous-content": False},
            "scorecards": [
                {
                    "officer": "a",
                    "round": 1,
                    "scores": {
                        "information-exchange": {"score": 3, "evidence": "E2"},
                        "route": {"us": {"score": 3, "evidence": "E3"}, "cn": "not_enough_information"},
                        "link": {"us": {"score": 2, "evidence": "E2"}, "cn": {"score": 1, "evidence": "E1"}},
                        "cross-party": "not_applicable",
                    },
                    "mitigations": {"hotwash": {"score": 2, "evidence": "E2"}},
                    "risks": {"disinformation": {"probability": 3, "loss": 3}},
                    "recommendation": "fund-with-conditions",
                }
            ],
            "consensus": {"route": {"cn": {"value": "1.5", "reason": "call with the desk"}}},
        }
    ],
}

METHOD_RESULT = {
    "proposals": [
        {
            "key": "p1",
            "index": 57.807091,
            "index_low": 57.807091,
            "index_high": 57.807091,
            "provisional": False,
            "sections": {"theories": 75, "transfer": 31.730769, "risk": 78.34375},
            "criteria": {
                "information-exchange": {"value": 3, "spread": 0, "capped": 0, "nei": 0},
                "route": {"value": 1.5, "sides": {"us": 3, "cn": 1.5}, "spread": 0, "capped": 0, "nei": 1},
                "link": {"value": 1, "sides": {"us": 2, "cn": 1}, "spread": 0, "capped": 0, "nei": 0},
                "cross-party": {"value": "not_applicable", "spread": 0, "capped": 0, "nei": 0},
            },
            "mitigations": {"hotwash": {"value": 2, "spread": 0, "capped": 0, "nei": 0}},
            "risks": {"disinformation": {"inherent": 10.5, "reduction": 0.175, "residual": 8.6625, "band": "high"}},
            "gates": {"policy-disconnection": {"state": "pass", "contested": False}},
            "band": "decline",
            "suggested": "decline",
            "officers": {"a": 66.220553},
            "conditions": [
                {"mitigation": "hotwash", "index_gain": 0.574219, "clears": [], "suggested_after": "decline"}
            ],
        }
    ],
    "ranking": [["p1"]],
    "not_eligible": [],
    "unranked": [],
}


@pytest.mark.parametrize("name", BUNDLES)
def test_run_acceptance_bundle_prints_expected_document(name: str) -> None:
    data = (ACCEPTANCE / f"{name}.json").read_bytes()

    status, output, errors = run(data)

    assert (status, errors) == (0, "")
    assert output == (ACCEPTANCE / f"{name}.expected.json").read_text()


def test_run_faulty_bundle_reports_each_expected_path_once() -> None:
    expected = [line for line in (ACCEPTANCE / "03-faulty.expected.txt").read_text().splitlines() if line[0] == "$"]

    status, output, errors = run((ACCEPTANCE / "03-faulty.json").read_bytes())

    assert (status, output) == (2, "")
    assert sorted(line.partition(": ")[0] for line in errors.splitlines()) == sorted(expected)


def test_run_method_example_gives_method_result() -> None:
    status, output, errors = run(json.dumps(METHOD_EXAMPLE))

    assert (status, errors) == (0, "")
    assert json.loads(output) == METHOD_RESULT


def test_load_rubric_reference_file_reads_whole_rubric() -> None:
    rubric = load_rubric((ACCEPTANCE / "rubric.json").read_bytes())

    assert [section.key for section in rubric.sections] == ["theories", "issue", "convening", "transfer", "risk"]
    assert len(rubric.gates) == 15
    assert [band.key for band in rubric.bands] == ["fund", "fund-with-conditions", "revise", "decline"]
