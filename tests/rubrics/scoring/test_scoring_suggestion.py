from fractions import Fraction
from typing import Any

import pytest

from rubrics.scoring.assess import assess_all, assess_proposal
from rubrics.scoring.gates import GateState
from rubrics.scoring.parse import parse_bundle
from rubrics.scoring.spec import BandSpec
from rubrics.scoring.suggestion import band_of, deciding_gates
from tests.rubrics.scoring.scoring_cases import NEI, assessed, bundle, card, parsed, proposal

GOOD = {"exchange": 4, "stakes": 4, "focus": 4, "route": (4, 4), "link": (4, 4), "products": 4}


def gates(*effects: tuple[str, str]) -> list[dict[str, Any]]:
    """Gates whose state each hangs on a check of its own: insufficient fails, missing is unknown."""
    return [
        {"key": f"g{place}", "effect": effect, "when": [{"check": check, "is": "insufficient"}]}
        for place, (effect, check) in enumerate(effects)
    ]


def suggested(*effects: tuple[str, str], **changes: Any) -> str | None:
    given = proposal(card(**GOOD), checks={"bad": "insufficient", "good": "sufficient"}, **changes)
    return assessed(given, gates=gates(*effects)).suggested


@pytest.mark.parametrize(("index", "band"), [("100", "high"), ("60", "high"), ("59.999999", "low"), ("0", "low")])
def test_band_starts_at_its_minimum(index: str, band: str) -> None:
    bands = [BandSpec("low", Fraction(0)), BandSpec("high", Fraction(60))]

    assert band_of(bands, Fraction(index)) == band


@pytest.mark.parametrize(
    ("effects", "outcome"),
    [
        ([], "fund"),
        ([("decline", "good"), ("block", "good"), ("cap:revise", "good")], "fund"),
        ([("decline", "bad"), ("block", "bad"), ("decline", "unsaid")], "decline"),
        ([("decline", "unsaid")], "blocked"),
        ([("block", "bad")], "blocked"),
        ([("block", "unsaid"), ("cap:revise", "bad")], "blocked"),
        ([("cap:revise", "bad")], "revise"),
        ([("cap:revise", "unsaid")], "fund"),
        ([("cap:fund-with-conditions", "bad"), ("cap:revise", "bad")], "revise"),
    ],
)
def test_suggestion_follows_the_gates(effects: list[tuple[str, str]], outcome: str) -> None:
    assert suggested(*effects) == outcome


def test_suggestion_cap_never_lifts_a_band() -> None:
    given = proposal(card(exchange=0, stakes=0, focus=0), checks={"bad": "insufficient"})

    found = assessed(given, gates=gates(("cap:fund", "bad")))

    assert found.suggested == found.band != "fund"


def test_suggestion_ignores_overridden_gates() -> None:
    overrides = {"g0": {"by": "chair", "reason": "minuted"}}

    assert suggested(("decline", "bad"), overrides=overrides) == "fund"
    assert suggested(("block", "unsaid"), overrides=overrides) == "fund"
    assert suggested(("cap:revise", "bad"), overrides=overrides) == "fund"


def test_suggestion_without_index_is_what_gates_decide() -> None:
    given = proposal(checks={"bad": "insufficient"})

    assert assessed(given, gates=gates(("decline", "bad"))).suggested == "decline"
    assert assessed(given, gates=gates(("block", "unsaid"))).suggested == "blocked"
    assert assessed(given, gates=gates(("cap:revise", "bad"))).suggested is None


def test_gates_never_move_the_index() -> None:
    given = proposal(card(), checks={"bad": "insufficient"})

    assert assessed(given, gates=gates(("decline", "bad"))).index == assessed(given).index


def test_conditions_are_for_mitigations_below_the_level_or_open() -> None:
    found = assessed(proposal(card(brief=3, hotwash=NEI, leak=(3, 3), spin=(3, 3))))

    assert [item.mitigation for item in found.conditions] == ["hotwash"]
    assert found.conditions[0].level == 3


def test_condition_gain_equals_assessing_again() -> None:
    before = assessed(proposal(card(brief=1, leak=(3, 3))))
    after = assessed(proposal(card(brief=3, leak=(3, 3))))

    condition = before.conditions[0]

    assert before.index is not None
    assert after.index is not None
    assert condition.index_gain == after.index - before.index
    assert condition.suggested_after == after.suggested
    assert condition.residuals == {key: risk.residual for key, risk in after.risks.items()}


def test_conditions_that_clear_come_first_then_gain() -> None:
    given = proposal(card(brief=2, hotwash=0, leak=(4, 4)))
    clearing = [{"key": "hot", "effect": "decline", "when": [{"mitigation": "hotwash", "below": 1}]}]

    without = assessed(given)
    with_gate = assessed(given, gates=clearing)

    assert [item.mitigation for item in without.conditions] == ["brief", "hotwash"]
    assert [(item.mitigation, item.clears) for item in with_gate.conditions] == [("hotwash", ("hot",)), ("brief", ())]


def test_conditions_that_change_the_suggestion_come_first() -> None:
    given = proposal(card(brief=2, hotwash=0, leak=(4, 4), spin=(2, 2)))
    plain = assessed(given)
    assert plain.index is not None
    assert plain.conditions[0].index_gain is not None
    reached = f"{float(plain.index + plain.conditions[0].index_gain) - 0.001:.6f}"

    found = assessed(given, bands=[{"key": "above", "min": reached}, {"key": "below", "min": 0}])

    assert [(item.mitigation, item.suggested_after) for item in found.conditions] == [
        ("brief", "above"),
        ("hotwash", "below"),
    ]


def test_conditions_leave_out_overridden_gates() -> None:
    given = proposal(card(brief=0), overrides={"open": {"by": "chair", "reason": "minuted"}})
    gate = [{"key": "open", "effect": "decline", "when": [{"mitigation": "brief", "below": 1}]}]

    assert [item.clears for item in assessed(given, gates=gate).conditions] == [()]


def test_conditions_without_index_have_no_gain_and_keep_rubric_order() -> None:
    found = assessed(proposal())

    assert [(item.mitigation, item.index_gain) for item in found.conditions] == [("brief", None), ("hotwash", None)]


def test_ranking_ties_equal_proposals_and_sets_the_others_apart() -> None:
    gate = [{"key": "no", "effect": "decline", "when": [{"flag": "no"}]}]
    calm = {"flags": {"no": False}}

    data = bundle(
        proposal(card(stakes=2), **calm) | {"key": "middle"},
        proposal(card(stakes=4), flags={"no": True}) | {"key": "declined"},
        proposal(card(stakes=4), **calm) | {"key": "best"},
        proposal(**calm) | {"key": "unscored"},
        proposal(card("z", stakes=2), **calm) | {"key": "twin"},
        gates=gate,
    )

    found = assess_all(parse_bundle(data))

    assert found.ranking == (("best",), ("middle", "twin"))
    assert (found.not_eligible, found.unranked) == (("declined",), ("unscored",))


@pytest.mark.parametrize(
    ("effects", "deciding"),
    [
        ([("decline", "good"), ("cap:revise", "good")], ()),
        ([("block", "bad"), ("decline", "bad"), ("decline", "bad")], ("g1", "g2")),
        ([("block", "bad"), ("cap:revise", "bad"), ("decline", "unsaid")], ("g0", "g2")),
        ([("cap:fund-with-conditions", "bad"), ("cap:revise", "bad"), ("cap:revise", "good")], ("g1",)),
        ([("cap:fund", "bad")], ()),
    ],
)
def test_deciding_gates_are_those_that_overrule_the_index(
    effects: list[tuple[str, str]], deciding: tuple[str, ...]
) -> None:
    given = proposal(card(**GOOD), checks={"bad": "insufficient", "good": "sufficient"})
    read = parsed(given, gates=gates(*effects))
    states = {key: gate.state for key, gate in assess_proposal(read.rubric, read.proposals[0]).gates.items()}

    assert deciding_gates(read.rubric, states, Fraction(90)) == deciding


def test_deciding_gates_without_an_index_are_only_those_that_decline_or_block() -> None:
    read = parsed(gates=gates(("block", "bad"), ("cap:revise", "bad")))

    states = {"g0": GateState.FAIL, "g1": GateState.FAIL}

    assert deciding_gates(read.rubric, states, None) == ("g0",)
    assert deciding_gates(read.rubric, {**states, "g0": GateState.PASS}, None) == ()
