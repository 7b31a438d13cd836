"""The scores of the sample docket give the outcomes that it promises, by the method and after seeding."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from proposals.models import Assessment, Scorecard
from proposals.services.demo import make_demo
from proposals.services.grids import load_grid
from proposals.services.scorecards import missing_from
from rubrics.scoring.assess import AssessmentResult, assess_all
from rubrics.scoring.gates import GateState
from rubrics.scoring.parse import load_bundle

ROOT = Path(__file__).parents[2]
DATA = json.loads((ROOT / "proposals/data/sample.json").read_text(encoding="utf-8"))
RUBRIC = json.loads((ROOT / "rubrics/data/track-2.json").read_text(encoding="utf-8"))
PROPOSALS = {item["key"]: item for item in DATA["proposals"]}
PER_SIDE = {
    item["key"] for section in RUBRIC["sections"] for item in section.get("criteria", []) if item.get("per_side")
}
GATES = {item["key"] for item in RUBRIC["gates"]}


def submitted(proposal: dict[str, Any]) -> list[dict[str, Any]]:
    return [card for card in proposal["scorecards"] if card["state"] == "submitted"]


def without_words(cell: Any) -> Any:
    kept = ("score", "evidence", "probability", "loss")
    return cell if isinstance(cell, str) else {key: cell[key] for key in kept if key in cell}


def scorecard_input(card: dict[str, Any]) -> dict[str, Any]:
    scores = {
        key: {side: without_words(cell) for side, cell in value.items()} if key in PER_SIDE else without_words(value)
        for key, value in card["scores"].items()
    }
    rest = {part: {key: without_words(cell) for key, cell in card[part].items()} for part in ("mitigations", "risks")}
    return {"officer": card["officer"], "round": card["round"], "scores": scores, **rest}


def consensus_input(proposal: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in proposal["consensus"]:
        value = {name: row[name] for name in ("value", "evidence", "reason")}
        found.setdefault(row["criterion"], {})[row["side"]] = value
    return found


def proposal_input(proposal: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": proposal["key"],
        "sides": [side["key"] for side in proposal["sides"]],
        "claims": [card["theory"] for card in proposal["pathway_cards"]],
        "amount": proposal["amount"],
        "checks": {key: check["status"] for key, check in proposal["checks"].items()},
        "flags": {
            "extreme-risk-mandate": DATA["docket"]["extreme_risk_mandate"],
            "emerging-technology": proposal["issue_area"] == "emerging-technology",
            "hazardous-content": proposal["hazardous_content"],
        },
        "scorecards": [scorecard_input(card) for card in submitted(proposal)],
        "consensus": consensus_input(proposal),
        "overrides": {row["gate"]: {"by": "chair", "reason": row["reason"]} for row in proposal["overrides"]},
    }


@pytest.fixture(scope="module")
def results() -> dict[str, AssessmentResult]:
    proposals = [proposal_input(item) for item in DATA["proposals"]]
    bundle = {"format": "t2eval-bundle/1", "rubric": RUBRIC, "proposals": proposals}
    return {result.key: result for result in assess_all(load_bundle(json.dumps(bundle))).proposals}


def gates_in(result: AssessmentResult, state: GateState) -> set[str]:
    return {key for key, gate in result.gates.items() if gate.state is state}


def contested(result: AssessmentResult) -> set[str]:
    return {key for key, gate in result.gates.items() if gate.contested}


def test_sample_docket_suggests_every_band(results: dict[str, AssessmentResult]) -> None:
    assert {key: (result.band, result.suggested) for key, result in results.items()} == {
        "missile-incidents": ("fund", "fund"),
        "compute-trade-rules": ("fund", "decline"),
        "northern-waters": ("fund", "fund-with-conditions"),
        "counting-warheads": ("fund-with-conditions", "blocked"),
        "synthesis-screening": ("fund-with-conditions", "fund-with-conditions"),
        "frontier-line": ("fund-with-conditions", "revise"),
        "grid-and-reactor": ("revise", "blocked"),
        "close-approaches": ("revise", "revise"),
    }


def test_sample_docket_fails_exactly_the_promised_gates(results: dict[str, AssessmentResult]) -> None:
    assert {key: gates_in(result, GateState.FAIL) for key, result in results.items()} == {
        "missile-incidents": set(),
        "compute-trade-rules": {"unsafe-technology-focus"},
        "northern-waters": {"one-sided-link"},
        "counting-warheads": {"provenance"},
        "synthesis-screening": set(),
        "frontier-line": {"severe-residual-risk"},
        "grid-and-reactor": {"floor-convening"},
        "close-approaches": set(),
    }


def test_sample_clear_fund_has_no_gate_in_doubt(results: dict[str, AssessmentResult]) -> None:
    clear = results["missile-incidents"]

    assert gates_in(clear, GateState.PASS) == GATES
    assert contested(clear) == set()
    assert clear.flagged == ()


def test_sample_gate_failure_has_a_higher_index_than_the_clear_fund(results: dict[str, AssessmentResult]) -> None:
    declined, clear = results["compute-trade-rules"].index, results["missile-incidents"].index

    assert declined is not None
    assert clear is not None
    assert declined > clear >= 75


def test_sample_one_sided_link_is_lowered_by_its_cap_and_settled_by_consensus(
    results: dict[str, AssessmentResult],
) -> None:
    result = results["northern-waters"]

    assert result.gates["one-sided-link"].cap == "fund-with-conditions"
    assert contested(result) == set()
    assert {key: str(result.criteria[key].value) for key in ("route", "link", "cross-party")} == {
        "route": "1/2",
        "link": "1/2",
        "cross-party": "Absence.NOT_APPLICABLE",
    }


def test_sample_catastrophic_risk_is_high_however_unlikely(results: dict[str, AssessmentResult]) -> None:
    cells = [card["risks"]["information-hazard"] for card in submitted(PROPOSALS["synthesis-screening"])]
    levels = [(cell["probability"], cell["loss"]) for cell in cells]
    risk = results["synthesis-screening"].risks["information-hazard"]

    assert levels == [(1, 5), (1, 5)]
    assert (risk.residual < 2, risk.band) == (True, "high")


def test_sample_override_sets_a_failed_block_aside(results: dict[str, AssessmentResult]) -> None:
    gate = results["synthesis-screening"].gates["capacity"]

    assert (gate.state, gate.evaluated) == (GateState.OVERRIDDEN, GateState.FAIL)


def test_sample_disagreement_contests_gates_and_flags_cells(results: dict[str, AssessmentResult]) -> None:
    result = results["frontier-line"]

    assert contested(result) == {"governments-uninformed", "governments-uninformed-minor", "severe-residual-risk"}
    assert {str(item.cell): [reason.value for reason in item.reasons] for item in result.flagged} == {
        "governments-informed": ["gap", "gate"],
        "hampering-track-1.probability": ["gap", "gate"],
    }
    assert result.mitigations["governments-informed"].spread == 3
    assert result.risks["hampering-track-1"].band == "severe"


def test_sample_incomplete_proposal_is_the_only_provisional_one(results: dict[str, AssessmentResult]) -> None:
    result = results["grid-and-reactor"]

    assert {key for key, item in results.items() if item.provisional} == {"grid-and-reactor"}
    assert gates_in(result, GateState.UNKNOWN) == {
        "governments-uninformed", "governments-uninformed-minor", "provenance", "severe-residual-risk", "floor-issue",
        "floor-transfer",
    }  # fmt: skip
    assert len(result.missing) >= 10
    assert result.index_low < result.index < result.index_high


def test_sample_evidence_caps_lower_some_scores(results: dict[str, AssessmentResult]) -> None:
    capped = {key: sum(item.capped for item in result.criteria.values()) for key, result in results.items()}

    assert {key: count for key, count in capped.items() if count} == {
        "missile-incidents": 2,
        "frontier-line": 1,
        "close-approaches": 1,
    }


def test_sample_work_of_the_demo_officer_is_three_open_one_draft_four_submitted() -> None:
    states = {
        key: [card["state"] for card in item["scorecards"] if card["officer"] == "officer"]
        for key, item in PROPOSALS.items()
        if "officer" in {row["officer"] for row in item["assignments"]}
    }

    assert sorted(states.values()) == [[], [], [], ["draft"], *[["submitted"]] * 4]


@pytest.mark.django_db
def test_sample_docket_once_seeded_gives_the_same_assessments(
    results: dict[str, AssessmentResult], now: dt.datetime
) -> None:
    make_demo(at=now)

    stored = Assessment.objects.current().filter(proposal__docket__slug="sample").select_related("proposal")
    found = {row.proposal.title: (row.suggested, row.exact["index"], row.is_provisional) for row in stored}
    assert found == {
        PROPOSALS[key]["title"]: (item.suggested, f"{item.index.numerator}/{item.index.denominator}", item.provisional)
        for key, item in results.items()
        if item.index is not None
    }


@pytest.mark.django_db
def test_sample_scorecards_once_seeded_could_all_have_been_handed_in(now: dt.datetime) -> None:
    make_demo(at=now)

    cards = Scorecard.objects.filter(proposal__docket__slug="sample", state=Scorecard.State.SUBMITTED)
    assert cards.count() == 18
    assert [missing_from(card, load_grid(card.proposal)) for card in cards] == [[]] * 18
