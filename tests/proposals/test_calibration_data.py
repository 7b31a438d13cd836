"""The calibration docket holds only sourced facts, and its demo scorecards rest on them alone."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
DATA = json.loads((ROOT / "proposals/data/calibration.json").read_text(encoding="utf-8"))
RUBRIC = json.loads((ROOT / "rubrics/data/track-2.json").read_text(encoding="utf-8"))
SECTIONS = {section["key"]: section for section in RUBRIC["sections"]}
THEORIES = {item["key"] for item in SECTIONS["theories"]["criteria"]}
CRITERIA = {item["key"]: item for key in ("issue", "convening", "transfer") for item in SECTIONS[key]["criteria"]}
RISKS = {item["key"] for item in SECTIONS["risk"]["risks"]}
MITIGATIONS = {item["key"] for item in SECTIONS["risk"]["mitigations"]}
GATES = {item["key"] for item in RUBRIC["gates"]}
BANDS = {item["key"] for item in RUBRIC["bands"]}
NEI = "not_enough_information"
AREAS = {"biosecurity", "nuclear-war", "emerging-technology", "great-power-crisis", "other"}
STAGES = {"", "socialisation", "filtering", "policy-adjustment"}
MECHANISMS = {
    "pre-briefing", "post-briefing", "official-observers", "participants-who-advise", "joint-paper", "testimony",
    "secondment",
}  # fmt: skip
GRADES = ("E0", "E1", "E2", "E3", "E4")
FIELDS = {
    "proposal": {
        "key", "title", "organizer", "issue_area", "sides", "summary", "amount", "pathway_cards",
        "transfer_mechanisms", "meetings", "evidence", "reference", "assignments", "scorecards",
    },
    "pathway_cards": {
        "theory", "who_changes", "what_they_carry", "to_whom", "decision", "assumption", "stage", "horizon",
        "milestone",
    },
    "transfer_mechanisms": {"kind", "side", "audience", "timing", "owner", "evidence"},
    "meetings": {"title", "when", "place", "participants"},
    "sides": {"key", "name"},
    "evidence": {"key", "kind", "claim", "source", "page", "address", "side", "grade", "note"},
    "assignments": {"officer", "sponsor"},
    "scorecards": {"officer", "scores", "mitigations", "risks", "recommendation", "recommendation_reason"},
}  # fmt: skip
REFERENCE_FIELDS = {
    "case", "period", "status", "text", "best_theory", "other_theories", "stakes", "right_people", "transfer_mean",
    "worst_residual", "evidence_grade", "failed_gates", "teaches", "note",
}  # fmt: skip
PROPOSALS = [pytest.param(item, id=item["key"]) for item in DATA["proposals"]]


class Cell(NamedTuple):
    path: str
    value: Any


def per_side(key: str) -> bool:
    return bool(CRITERIA.get(key, {}).get("per_side"))


def cells(proposal: dict[str, Any]) -> Iterator[Cell]:
    for card in proposal["scorecards"]:
        prefix = f"{proposal['key']}.{card['officer']}"
        for key, value in card["scores"].items():
            sides = value.items() if per_side(key) else [("", value)]
            yield from (Cell(f"{prefix}.{key}.{side}", cell) for side, cell in sides)
        yield from (Cell(f"{prefix}.{key}", value) for key, value in card["mitigations"].items())


SCORED = [
    pytest.param(item, cell.value, id=cell.path)
    for item in DATA["proposals"]
    for cell in cells(item)
    if isinstance(cell.value, dict)
]
RISK_CELLS = [
    pytest.param(item, value, id=f"{item['key']}.{card['officer']}.{key}")
    for item in DATA["proposals"]
    for card in item["scorecards"]
    for key, value in card["risks"].items()
    if value != NEI
]


def claims(proposal: dict[str, Any]) -> set[str]:
    return {item["theory"] for item in proposal["pathway_cards"]}


def evidence_grades(proposal: dict[str, Any]) -> dict[str, int]:
    return {item["key"]: GRADES.index(item["grade"]) for item in proposal["evidence"]}


def test_calibration_keys_are_unique() -> None:
    keys = [item["key"] for item in DATA["proposals"]]
    organizers = [item["key"] for item in DATA["organizers"]]

    assert len(set(keys)) == len(keys) >= 10
    assert len(set(organizers)) == len(organizers)
    assert {item["organizer"] for item in DATA["proposals"]} == set(organizers)


@pytest.mark.parametrize("proposal", PROPOSALS)
def test_calibration_proposal_has_exactly_the_agreed_fields(proposal: dict[str, Any]) -> None:
    rows = [(name, row) for name in FIELDS if name != "proposal" for row in proposal[name]]

    assert set(proposal) == FIELDS["proposal"]
    assert set(proposal["reference"]) == REFERENCE_FIELDS
    assert [(name, set(row)) for name, row in rows] == [(name, FIELDS[name]) for name, _ in rows]


@pytest.mark.parametrize("proposal", PROPOSALS)
def test_calibration_proposal_uses_known_words(proposal: dict[str, Any]) -> None:
    sides = {item["key"] for item in proposal["sides"]}

    assert len(sides) == len(proposal["sides"]) >= 2
    assert proposal["issue_area"] in AREAS
    assert {item["theory"] for item in proposal["pathway_cards"]} <= THEORIES
    assert {item["stage"] for item in proposal["pathway_cards"]} <= STAGES
    assert {item["kind"] for item in proposal["transfer_mechanisms"]} <= MECHANISMS
    assert {item["side"] for item in proposal["transfer_mechanisms"] + proposal["evidence"]} <= sides | {None}


@pytest.mark.parametrize("proposal", PROPOSALS)
def test_calibration_evidence_names_its_source_and_grade(proposal: dict[str, Any]) -> None:
    evidence = proposal["evidence"]
    unsourced = [item["key"] for item in evidence if not re.match(r"https?://\S+$", item["address"])]
    cited = {item["evidence"] for item in proposal["transfer_mechanisms"]}

    assert len({item["key"] for item in evidence}) == len(evidence) > 0
    assert {item["kind"] for item in evidence} == {"public-source"}
    assert {item["grade"] for item in evidence} <= {"E1", "E2", "E3", "E4"}
    assert [item["key"] for item in evidence if item["key"] in unsourced and not item["source"]] == []
    assert unsourced == [key for key in unsourced if key.startswith("S53-")], (
        "only S53 is a printed source without address"
    )
    assert cited <= {item["key"] for item in evidence}


@pytest.mark.parametrize("proposal", PROPOSALS)
def test_calibration_amount_is_set_only_where_documented(proposal: dict[str, Any]) -> None:
    documented = {"us-china-nuclear-track-1-5": "5000000"}

    assert proposal["amount"] == documented.get(proposal["key"])


@pytest.mark.parametrize("proposal", PROPOSALS)
def test_calibration_reference_is_marked_as_suggested(proposal: dict[str, Any]) -> None:
    reference = proposal["reference"]
    best = reference["best_theory"] or {"theories": [], "value": None}
    worst = reference["worst_residual"] or {"risk": None}

    assert reference["status"] == "suggested, unconfirmed"
    assert reference["text"]
    assert set(best["theories"]) <= claims(proposal)
    assert worst["risk"] in RISKS | {None}
    assert set(reference["failed_gates"]) <= GATES


def test_calibration_demo_scorecards_stand_for_two_cases_by_two_officers() -> None:
    officers = {item["key"]: [card["officer"] for card in item["scorecards"]] for item in DATA["proposals"]}

    assert {key: names for key, names in officers.items() if names} == {
        "inter-tajik-dialogue": ["officer-2", "officer-3"],
        "us-china-nuclear-track-1-5": ["officer-2", "officer-3"],
    }


@pytest.mark.parametrize("proposal", [row for row in PROPOSALS if row.values[0]["scorecards"]])
def test_calibration_scorecard_answers_every_cell(proposal: dict[str, Any]) -> None:
    sides = [item["key"] for item in proposal["sides"]]

    for card in proposal["scorecards"]:
        answered = {key: list(card["scores"][key]) for key in CRITERIA if per_side(key)}
        assert set(card["scores"]) == set(CRITERIA) | claims(proposal)
        assert answered == dict.fromkeys(answered, sides)
        assert set(card["mitigations"]) == MITIGATIONS
        assert set(card["risks"]) == RISKS
        assert card["recommendation"] in BANDS
        assert card["recommendation_reason"]


@pytest.mark.parametrize("proposal", PROPOSALS)
def test_calibration_unscored_cell_is_not_enough_information(proposal: dict[str, Any]) -> None:
    words = {cell.value for cell in cells(proposal) if not isinstance(cell.value, dict)}

    assert words <= {NEI}


@pytest.mark.parametrize(("proposal", "cell"), SCORED)
def test_calibration_scored_cell_rests_on_cited_evidence(proposal: dict[str, Any], cell: dict[str, Any]) -> None:
    grades = evidence_grades(proposal)
    best = max(grades[key] for key in cell["cites"])

    assert set(cell) == {"score", "evidence", "rationale", "cites"}
    assert cell["score"] in range(RUBRIC["top_score"] + 1)
    assert cell["rationale"]
    assert GRADES.index(cell["evidence"]) <= best


@pytest.mark.parametrize(("proposal", "cell"), RISK_CELLS)
def test_calibration_risk_cell_rests_on_cited_evidence(proposal: dict[str, Any], cell: dict[str, Any]) -> None:
    known = {item["key"] for item in proposal["evidence"]}

    assert set(cell) == {"probability", "loss", "rationale", "cites"}
    assert cell["probability"] in (*range(1, 6), NEI)
    assert cell["loss"] in (*range(6), NEI)
    assert cell["rationale"]
    assert set(cell["cites"]) <= known
    assert cell["cites"] != []
