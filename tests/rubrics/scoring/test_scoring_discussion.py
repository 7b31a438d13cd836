from typing import Any

import pytest

from rubrics.scoring.assess import AssessmentResult
from tests.rubrics.scoring.scoring_cases import NEI, NOT_APPLICABLE, assessed, card, proposal

FLOOR = [{"key": "floor", "effect": "decline", "when": [{"criterion": "stakes", "below": 2}]}]


def flagged(found: AssessmentResult) -> dict[str, list[str]]:
    return {str(item.cell): [reason.value for reason in item.reasons] for item in found.flagged}


@pytest.mark.parametrize(
    ("first", "second", "reasons"),
    [
        (3, 3, None),
        (2, 3, None),
        (1, 2, ["gate"]),
        (2, 4, ["gap"]),
        (1, 3, ["gap", "gate"]),
        (4, {"score": 4, "evidence": "E0"}, ["gap"]),
        (3, NEI, ["kinds", "gate"]),
        (NEI, NEI, None),
    ],
)
def test_flagged_cell_names_its_reasons(first: Any, second: Any, reasons: Any) -> None:
    found = assessed(proposal(card("a", stakes=first), card("b", stakes=second)), gates=FLOOR)

    assert flagged(found) == ({"stakes": reasons} if reasons else {})


def test_flagged_cell_names_the_gates_that_flip() -> None:
    gates = [*FLOOR, {"key": "door", "effect": "decline", "when": [{"criterion": "stakes", "below": 1}]}]

    found = assessed(proposal(card("a", stakes=1), card("b", stakes=3)), gates=gates)

    assert [item.gates for item in found.flagged] == [("floor",)]


def test_flagged_cells_cover_sides_mitigations_and_levels() -> None:
    cards = [
        card("a", route=(3, 0), brief=0, leak=(1, 2), focus=NOT_APPLICABLE),
        card("b", route=(3, 4), brief=4, leak=(5, NEI), focus=NEI),
    ]

    found = assessed(proposal(*cards))

    assert flagged(found) == {
        "focus": ["kinds"],
        "route.cn": ["gap"],
        "brief": ["gap"],
        "leak.probability": ["gap"],
        "leak.loss": ["kinds"],
    }


def test_flagged_cell_under_consensus_no_longer_flips_a_gate() -> None:
    cards = [card("a", stakes=1), card("b", stakes=3)]

    found = assessed(proposal(*cards, consensus={"stakes": {"value": 2, "reason": "agreed"}}), gates=FLOOR)

    assert flagged(found) == {"stakes": ["gap"]}


def test_missing_cells_name_officer_and_cell() -> None:
    found = assessed(proposal(card("a", stakes=NEI), card("b", route=(3, None), spin=(NEI, 2))))

    assert [(item.officer, str(item.cell)) for item in found.missing] == [
        ("a", "stakes"),
        ("b", "route.cn"),
        ("b", "spin.probability"),
    ]


def test_missing_cells_without_scorecard_are_the_panels() -> None:
    found = assessed(proposal(claims=[], consensus={"stakes": {"value": 2, "reason": "agreed"}}))

    assert [str(item.cell) for item in found.missing] == [
        "focus",
        "route.us",
        "route.cn",
        "link.us",
        "link.cn",
        "products",
        "brief",
        "hotwash",
        "leak.probability",
        "leak.loss",
        "spin.probability",
        "spin.loss",
    ]
    assert {item.officer for item in found.missing} == {None}


def test_officers_are_assessed_alone_without_consensus() -> None:
    consensus = {"stakes": {"value": 0, "reason": "agreed"}}

    found = assessed(proposal(card("a"), card("b", stakes=4, exchange=NEI), consensus=consensus))

    assert found.officers["a"].index == assessed(proposal(card("a"))).index
    assert found.officers["b"].index == assessed(proposal(card("b", stakes=4, exchange=NEI))).index
    assert found.officers["b"].sections["theories"] is None
