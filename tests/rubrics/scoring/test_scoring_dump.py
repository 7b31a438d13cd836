import json
from fractions import Fraction

import pytest

from rubrics.scoring.assess import assess_all
from rubrics.scoring.dump import bundle_document, decimal, rubric_document
from rubrics.scoring.parse import load_bundle, load_rubric, parse_bundle, parse_rubric
from rubrics.scoring.spec import BundleInput, Cell, Level, ProposalInput, ScorecardInput
from tests.rubrics.scoring.scoring_cases import ACCEPTANCE, NEI, bundle, card, proposal

WHEN = [
    {"criterion": "stakes", "below": "1.5"},
    {"criterion": "stakes", "at_least": 1},
    {"section": "issue", "mean_below": 2},
    {"best_claim_below": 2},
    {"mitigation": "brief", "below": 1},
    {"risk": "leak", "inherent_at_least": 8},
    {"any_risk_residual_at_least": 20},
    {"check": "capacity", "is": "insufficient"},
    {"check": "capacity", "is_not": "sufficient"},
    {"flag": "f"},
]


@pytest.mark.parametrize("name", ["01-worked-example", "02-panel", "04-absences"])
def test_bundle_document_reads_back_as_the_same_bundle(name: str) -> None:
    read = load_bundle((ACCEPTANCE / f"{name}.json").read_bytes())

    assert load_bundle(json.dumps(bundle_document(read))) == read


def test_bundle_document_keeps_every_kind_of_content() -> None:
    agreed = {"value": "1.5", "reason": "agreed"}
    given = proposal(
        card(stakes=NEI, leak=(NEI, 2)) | {"recommendation": "fund"},
        amount="150000.50",
        checks={"capacity": "needs-more"},
        flags={"f": False},
        consensus={"stakes": {**agreed, "evidence": "E2"}, "route": {"cn": agreed}, "leak": {"loss": agreed}},
        overrides={"g": {"by": "chair", "reason": "minuted"}},
    )
    data = bundle(
        given,
        gates=[
            {"key": "g", "effect": "cap:revise", "sides": "some", "when": WHEN},
            {"key": "h", "effect": "decline", "when": WHEN[:1]},
        ],
    )

    written = bundle_document(parse_bundle(data))

    assert parse_bundle(written) == parse_bundle(data)
    assert written["rubric"]["gates"] == data["rubric"]["gates"]
    assert written["proposals"][0]["amount"] == "150000.5"
    assert {key: held for key, held in written["proposals"][0].items() if key != "amount"} == {
        key: held for key, held in data["proposals"][0].items() if key != "amount"
    }


def test_bundle_document_of_half_a_risk_assesses_to_the_same() -> None:
    rubric = parse_bundle(bundle()).rubric
    half = ScorecardInput("a", 1, {Cell("leak", "probability"): Level(3)})
    given = BundleInput(rubric, (ProposalInput("p1", ("us", "cn"), frozenset(), (half,)),))

    assert assess_all(parse_bundle(bundle_document(given))) == assess_all(given)


def test_rubric_document_reads_back_as_the_same_rubric() -> None:
    rubric = load_rubric((ACCEPTANCE / "rubric.json").read_bytes())

    assert parse_rubric(rubric_document(rubric)) == rubric


@pytest.mark.parametrize("number", [Fraction(1, 3), Fraction(1, 10**80)])
def test_decimal_without_an_exact_decimal_is_refused(number: Fraction) -> None:
    with pytest.raises(ValueError, match="has no exact decimal"):
        decimal(number)
