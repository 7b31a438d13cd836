"""The sample docket is invented, whole and within the models' limits; see test_sample_outcomes.py for what it gives."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.db.models import Model

from proposals.models import (
    AgendaItem,
    BudgetLine,
    CoFunder,
    Docket,
    EarlierGrant,
    Evidence,
    Meeting,
    MemoCondition,
    MemoPrediction,
    MemoWords,
    Organizer,
    PastConvening,
    PathwayCard,
    PlannedMitigation,
    Proposal,
    Side,
    TransferMechanism,
)

ROOT = Path(__file__).parents[2]
DATA = json.loads((ROOT / "proposals/data/sample.json").read_text(encoding="utf-8"))
RUBRIC = json.loads((ROOT / "rubrics/data/track-2.json").read_text(encoding="utf-8"))
SECTIONS = {section["key"]: section for section in RUBRIC["sections"]}
THEORIES = {item["key"] for item in SECTIONS["theories"]["criteria"]}
CRITERIA = {item["key"]: item for key in ("issue", "convening", "transfer") for item in SECTIONS[key]["criteria"]}
PER_SIDE = {key for key, item in CRITERIA.items() if item.get("per_side")}
RISKS = {item["key"] for item in SECTIONS["risk"]["risks"]}
MITIGATIONS = {item["key"] for item in SECTIONS["risk"]["mitigations"]}
GATES = {item["key"] for item in RUBRIC["gates"]}
BANDS = {item["key"] for item in RUBRIC["bands"]}
NEI, NA = "not_enough_information", "not_applicable"
AREAS = {"biosecurity", "nuclear-war", "emerging-technology", "great-power-crisis", "other"}
OFFICERS = {"officer", "officer-2", "officer-3"}
LONG_TEXTS = ("problem", "approach", "participation", "transfer", "safeguards", "counterfactual")
MEMO_TEXTS = {field.name for field in MemoWords._meta.fields} - {
    "id", "proposal", "case_against_by", "updated_by", "updated_at",
}  # fmt: skip
PROPOSALS = {item["key"]: item for item in DATA["proposals"]}
EACH = [pytest.param(item, id=key) for key, item in PROPOSALS.items()]
WITH_MEMO = [pytest.param(item, id=key) for key, item in PROPOSALS.items() if item["memo_words"]]


class Said(NamedTuple):
    card: dict[str, Any]
    path: str
    cell: Any


def said(proposal: dict[str, Any]) -> Iterator[Said]:
    for card in proposal["scorecards"]:
        for key, value in card["scores"].items():
            sides = value.items() if key in PER_SIDE else [("", value)]
            yield from (Said(card, f"{card['officer']}.{key}.{side}", cell) for side, cell in sides)
        for part in ("mitigations", "risks"):
            yield from (Said(card, f"{card['officer']}.{key}", cell) for key, cell in card[part].items())


def submitted(proposal: dict[str, Any]) -> list[dict[str, Any]]:
    return [card for card in proposal["scorecards"] if card["state"] == "submitted"]


def claims(proposal: dict[str, Any]) -> list[str]:
    return [card["theory"] for card in proposal["pathway_cards"]]


def test_sample_docket_says_that_it_is_invented() -> None:
    assert DATA["docket"]["kind"] == "sample"
    assert DATA["docket"]["description"].startswith("Sample, invented.")
    assert [item["name"] for item in DATA["organizers"] if not item["name"].endswith(" (sample)")] == []
    assert [item["name"] for item in DATA["organizers"] if item["website"]] == []
    assert {item["organizer"] for item in DATA["proposals"]} == {item["key"] for item in DATA["organizers"]}
    assert len(PROPOSALS) == len(DATA["proposals"]) == 8


@pytest.mark.parametrize("proposal", EACH)
def test_sample_proposal_uses_known_words(proposal: dict[str, Any]) -> None:
    sides = {item["key"] for item in proposal["sides"]}
    evidence = {item["key"] for item in proposal["evidence"]}
    officers = [row["officer"] for row in proposal["assignments"]]

    assert len(sides) == len(proposal["sides"]) >= 2
    assert len(evidence) == len(proposal["evidence"])
    assert proposal["issue_area"] in AREAS
    assert set(claims(proposal)) <= THEORIES
    assert {item["mitigation"] for item in proposal["planned_mitigations"]} <= MITIGATIONS
    assert {item["side"] for item in proposal["transfer_mechanisms"]} <= sides
    assert {item["evidence"] for item in proposal["transfer_mechanisms"]} <= evidence | {None}
    assert {item["gate"] for item in proposal["overrides"]} <= GATES
    assert set(officers) <= OFFICERS
    assert [row["sponsor"] for row in proposal["assignments"]].count(True) == 1
    assert {card["officer"] for card in proposal["scorecards"]} <= set(officers)
    assert {"officer-2", "officer-3"} & set(officers) <= {card["officer"] for card in submitted(proposal)}


@pytest.mark.parametrize("proposal", EACH)
def test_sample_proposal_is_written_at_length_and_its_budget_adds_up(proposal: dict[str, Any]) -> None:
    words = {name: len(proposal[name].split()) for name in LONG_TEXTS}
    confirmed = sum(int(row["amount"]) for row in proposal["co_funders"] if row["status"] == "confirmed")

    assert {name: count for name, count in words.items() if not 120 <= count <= 300} == {}
    assert sum(int(row["amount"]) for row in proposal["budget_lines"]) == int(proposal["amount"]) + confirmed


@pytest.mark.parametrize("proposal", EACH)
def test_sample_submitted_scorecard_answers_every_cell(proposal: dict[str, Any]) -> None:
    sides = [item["key"] for item in proposal["sides"]]

    assert len(submitted(proposal)) >= 2
    for card in submitted(proposal):
        assert set(card["scores"]) == set(CRITERIA) | set(claims(proposal))
        assert {key: list(card["scores"][key]) for key in PER_SIDE} == dict.fromkeys(PER_SIDE, sides)
        assert (set(card["mitigations"]), set(card["risks"])) == (MITIGATIONS, RISKS)
        assert card["recommendation"] in BANDS
        assert card["recommendation_reason"]


@pytest.mark.parametrize("proposal", EACH)
def test_sample_scored_cell_has_a_reason_and_no_better_grade_than_its_evidence(proposal: dict[str, Any]) -> None:
    grades = {item["key"]: item["grade"] for item in proposal["evidence"]}
    scored = [item for item in said(proposal) if isinstance(item.cell, dict)]
    words = {item.cell for item in said(proposal) if isinstance(item.cell, str)}
    best = {item.path: max([grades[key] for key in item.cell["cites"]], default="E1") for item in scored}

    assert words <= {NEI, NA}
    assert [item.path for item in scored if item.card["state"] == "submitted" and not item.cell["rationale"]] == []
    assert [item.path for item in scored if item.cell.get("evidence", "E0") > best[item.path]] == []


def test_sample_officers_do_not_share_a_rationale() -> None:
    reasons = [item.cell["rationale"] for row in DATA["proposals"] for item in said(row) if isinstance(item.cell, dict)]
    written = [reason for reason in reasons if len(reason.split()) > 4]

    assert len(written) == len(set(written))


@pytest.mark.parametrize("proposal", WITH_MEMO)
def test_sample_memo_words_are_complete_and_argued_by_two(proposal: dict[str, Any]) -> None:
    words = proposal["memo_words"]
    sponsor = next(row["officer"] for row in proposal["assignments"] if row["sponsor"])
    unwritten = {key for key, value in words.items() if not value}

    assert set(words) == MEMO_TEXTS | {"case_against_by"}
    assert unwritten == ({"amount", "term_months"} if words["recommendation"] == "decline" else set())
    assert words["case_against_by"] in OFFICERS - {sponsor}
    assert proposal["memo_conditions"]
    assert proposal["memo_predictions"]


def test_sample_memo_words_stand_for_the_three_promised_proposals() -> None:
    assert [row.id for row in WITH_MEMO] == ["missile-incidents", "compute-trade-rules", "northern-waters"]


def too_long(model: type[Model], row: dict[str, Any]) -> list[str]:
    limits = {field.name: getattr(field, "max_length", None) for field in model._meta.concrete_fields}
    return [
        f"{model.__name__}.{name}: {len(value)}"
        for name, value in row.items()
        if isinstance(value, str) and limits.get(name) and len(value) > limits[name]
    ]


def test_sample_texts_fit_the_fields_that_hold_them() -> None:
    parts = {
        "sides": Side, "pathway_cards": PathwayCard, "transfer_mechanisms": TransferMechanism, "meetings": Meeting,
        "agenda": AgendaItem, "budget_lines": BudgetLine, "co_funders": CoFunder, "evidence": Evidence,
        "planned_mitigations": PlannedMitigation, "memo_conditions": MemoCondition,
        "memo_predictions": MemoPrediction,
    }  # fmt: skip
    rows = [(Docket, DATA["docket"]), *((Organizer, item) for item in DATA["organizers"])]
    rows += [(PastConvening, row) for item in DATA["organizers"] for row in item["past_convenings"]]
    rows += [(EarlierGrant, row) for item in DATA["organizers"] for row in item["earlier_grants"]]
    for item in DATA["proposals"]:
        rows += [(Proposal, item), (MemoWords, item["memo_words"] or {})]
        rows += [(model, row) for name, model in parts.items() for row in item[name]]

    assert [fault for model, row in rows for fault in too_long(model, row)] == []


def test_words_on_follow_up_point_up_to_the_predictions() -> None:
    """In the memo predictions stand before the follow-up."""
    texts = [proposal["memo_words"]["follow_up"] for proposal in DATA["proposals"] if proposal.get("memo_words")]

    assert [text for text in texts if "predictions" in text and "predictions above" not in text] == []
