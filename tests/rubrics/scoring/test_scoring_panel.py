from fractions import Fraction
from typing import Any

import pytest

from rubrics.scoring.spec import NEI as OPEN
from rubrics.scoring.spec import NOT_APPLICABLE as NOT_ASKED
from tests.rubrics.scoring.scoring_cases import NEI, NOT_APPLICABLE, assessed, card, proposal


def stakes(*given: Any, **changes: Any) -> Any:
    cards = [card(f"officer-{place}", stakes=value) for place, value in enumerate(given)]
    return assessed(proposal(*cards, **changes)).criteria["stakes"]


@pytest.mark.parametrize(
    ("score", "grade", "effective", "capped"),
    [
        (4, "E0", 2, 1),
        (3, "E1", 2, 1),
        (2, "E0", 2, 0),
        (3, "E2", 3, 0),
        (4, "E2", 3, 1),
        (4, "E3", 4, 0),
        (4, "E4", 4, 0),
        (0, "E4", 0, 0),
    ],
)
def test_score_with_grade_is_capped_by_it(score: int, grade: str, effective: int, capped: int) -> None:
    found = stakes({"score": score, "evidence": grade})

    assert (found.value, found.capped) == (effective, capped)


def test_panel_value_is_mean_of_effective_scores() -> None:
    found = stakes(1, {"score": 4, "evidence": "E1"}, 4)

    assert (found.value, found.spread, found.capped, found.nei) == (Fraction(7, 3), 3, 1, 0)


def test_panel_value_open_answer_is_left_out_and_counted() -> None:
    found = stakes(1, NEI, None)

    assert (found.value, found.spread, found.nei) == (1, 0, 2)


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ((NOT_APPLICABLE, NOT_APPLICABLE), NOT_ASKED),
        ((NOT_APPLICABLE, NEI), OPEN),
        ((NEI, None), OPEN),
        ((NOT_APPLICABLE, 3, 2), Fraction(5, 2)),
        ((NOT_APPLICABLE, NEI, 2), 2),
    ],
)
def test_panel_value_of_mixed_kinds(given: tuple[Any, ...], value: Any) -> None:
    cards = [card(f"officer-{place}", focus=answer) for place, answer in enumerate(given)]

    assert assessed(proposal(*cards)).criteria["focus"].value == value


def test_consensus_replaces_answers_and_keeps_their_facts() -> None:
    found = stakes(0, 4, NEI, consensus={"stakes": {"value": "1.5", "reason": "agreed"}})

    assert (found.value, found.spread, found.nei) == (Fraction(3, 2), 4, 1)


@pytest.mark.parametrize(("grade", "value"), [("E1", 2), ("E2", 3), ("E3", Fraction(7, 2))])
def test_consensus_with_grade_is_capped(grade: str, value: Any) -> None:
    consensus = {"stakes": {"value": 3.5, "evidence": grade, "reason": "agreed"}}

    assert stakes(0, consensus=consensus).value == value


def test_consensus_on_risk_level_is_never_capped() -> None:
    agreed = {"value": "4.5", "evidence": "E0", "reason": "agreed"}

    found = assessed(proposal(card(leak=(2, 2)), consensus={"leak": {"loss": agreed}})).risks["leak"]

    assert (found.probability_level, found.loss_level, found.inherent) == (2, Fraction(9, 2), 10)


def test_consensus_on_mitigation_replaces_answers() -> None:
    consensus = {"brief": {"value": 1, "reason": "agreed"}}

    assert assessed(proposal(card(), consensus=consensus)).mitigations["brief"].value == 1


@pytest.mark.parametrize(
    ("route", "value", "provisional"),
    [
        ((3, 1), 1, False),
        ((3, NEI), 3, True),
        ((None, 2), 2, True),
        ((NEI, NEI), OPEN, True),
        ((NOT_APPLICABLE, 2), 2, False),
        ((NOT_APPLICABLE, NOT_APPLICABLE), NOT_ASKED, False),
        ((NOT_APPLICABLE, NEI), OPEN, True),
    ],
)
def test_per_side_criterion_takes_weaker_known_side(route: Any, value: Any, provisional: bool) -> None:
    found = assessed(proposal(card(route=route)))

    assert (found.criteria["route"].value, found.provisional) == (value, provisional)


def test_per_side_criterion_averages_each_side_before_the_minimum() -> None:
    found = assessed(proposal(card("a", route=(4, 1)), card("b", route=(1, 4))))

    assert found.criteria["route"].value == Fraction(5, 2)
    assert found.criteria["route"].sides == {"us": Fraction(5, 2), "cn": Fraction(5, 2)}


def test_counted_takes_latest_round_of_each_officer() -> None:
    cards = [card("a", 2, stakes=1), card("a", 1, stakes=4), card("b", 1, stakes=2)]

    found = assessed(proposal(*cards))

    assert found.criteria["stakes"].value == Fraction(3, 2)
    assert list(found.officers) == ["a", "b"]


def test_unclaimed_theory_is_kept_and_ignored() -> None:
    with_extra = assessed(proposal(card(subsidy=0, hedge=NEI)))

    assert with_extra == assessed(proposal(card()))
    assert list(with_extra.criteria) == ["exchange", "stakes", "focus", "route", "link", "products"]
