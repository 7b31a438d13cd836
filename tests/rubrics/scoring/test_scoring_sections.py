from fractions import Fraction
from typing import Any

import pytest

from rubrics.scoring.sections import pathways_value
from tests.rubrics.scoring.scoring_cases import NEI, NOT_APPLICABLE, assessed, card, proposal, section


@pytest.mark.parametrize(
    ("strengths", "overlap", "value"),
    [
        (["0.8"], "0.25", "80"),
        (["0.6", "0.8"], "0.25", "83"),
        (["0.4", "0.8", "0.6"], "0.25", "83.425"),
        (["0.6", "0.8"], "0", "80"),
        (["0.6", "0.8"], "1", "92"),
        (["1", "1"], "0.25", "100"),
        ([], "0.25", "0"),
    ],
)
def test_pathways_value_matches_check_figures(strengths: list[str], overlap: str, value: str) -> None:
    assert pathways_value(map(Fraction, strengths), Fraction(overlap)) == Fraction(value)


def value_of(key: str, given: dict[str, Any], **rubric: Any) -> tuple[Fraction | None, bool]:
    found = assessed(given, **rubric).sections[key]
    return found.value, found.incomplete


def test_mean_section_weighs_criteria() -> None:
    assert value_of("issue", proposal(card(stakes=4, focus=1))) == (70, False)


def test_mean_section_reshares_weight_of_not_applicable() -> None:
    assert value_of("issue", proposal(card(stakes=2, focus=NOT_APPLICABLE))) == (50, False)


def test_mean_section_open_criterion_drops_out_and_makes_it_incomplete() -> None:
    assert value_of("issue", proposal(card(stakes=2, focus=NEI))) == (50, True)


def test_mean_section_without_a_number_has_no_value() -> None:
    assert value_of("issue", proposal(card(stakes=NEI, focus=NOT_APPLICABLE))) == (None, True)


def test_mean_section_with_only_weightless_numbers_has_no_value() -> None:
    criteria = [{"key": "stakes", "weight": 0}, {"key": "focus", "weight": 1, "not_applicable_allowed": True}]

    found = value_of("issue", proposal(card(focus=NOT_APPLICABLE)), sections=section("issue", criteria=criteria))

    assert found == (None, False)


@pytest.mark.parametrize(
    ("claims", "cells", "value"),
    [
        ([], {}, (0, False)),
        (["exchange"], {"exchange": 2}, (50, False)),
        (["hedge"], {"hedge": 4}, (50, False)),
        (["exchange", "subsidy"], {"exchange": 4, "subsidy": NEI}, (100, True)),
        (["exchange", "subsidy"], {"exchange": 2, "subsidy": NOT_APPLICABLE}, (50, False)),
        (["exchange"], {"exchange": NEI}, (None, True)),
        (["subsidy"], {"subsidy": NOT_APPLICABLE}, (None, False)),
    ],
)
def test_pathways_section_scores_claims_alone(claims: list[str], cells: dict[str, Any], value: Any) -> None:
    assert value_of("theories", proposal(card(**cells), claims=claims)) == value


def test_residual_risk_section_matches_worked_figures() -> None:
    found = assessed(proposal(card(leak=(3, 3), spin=(1, 0), brief=2)))

    assert found.risks["leak"].residual == Fraction("8.6625")
    assert found.sections["risk"].value == Fraction("78.34375")


@pytest.mark.parametrize("cells", [{"leak": NEI}, {"leak": (2, NEI)}, {"leak": None}, {"hotwash": NEI}])
def test_residual_risk_section_with_open_answer_is_incomplete(cells: dict[str, Any]) -> None:
    found = assessed(proposal(card(**cells)))

    assert found.sections["risk"].incomplete is True
    assert found.sections["risk"].value is not None


def test_residual_risk_section_without_known_risk_has_no_value() -> None:
    assert value_of("risk", proposal(card(leak=NEI, spin=(NEI, 3)))) == (None, True)


def test_residual_risk_section_is_worth_nothing_from_loss_at_zero_on() -> None:
    assert value_of("risk", proposal(card(leak=(5, 5)))) == (0, False)


def test_index_is_weighted_mean_of_sections() -> None:
    found = assessed(proposal(card(leak=(1, 0), spin=(1, 0))))

    assert [item.value for item in found.sections.values()] == [75, 75, 75, 100]
    assert found.index == 80


def test_index_leaves_out_sections_without_value() -> None:
    found = assessed(proposal(card(exchange=NEI, leak=(1, 0), spin=(1, 0))))

    assert found.index == Fraction(75 * 60 + 100 * 20, 80)


def test_index_over_weightless_sections_is_none() -> None:
    sections = [*section("issue", weight=0)[1:2], *section("risk")[3:]]

    found = assessed(
        proposal(card(exchange=None, route=None, link=None, products=None, leak=NEI, spin=NEI), claims=[]),
        sections=[{**sections[0], "criteria": sections[0]["criteria"]}, sections[1]],
    )

    assert (found.sections["issue"].value, found.index) == (75, None)


def test_proposal_without_scorecard_or_consensus_has_no_value_anywhere() -> None:
    found = assessed(proposal(claims=[]))

    assert {item.value for item in found.sections.values()} == {None}
    assert (found.scored, found.index, found.provisional, found.band, found.suggested) == (
        False,
        None,
        True,
        None,
        None,
    )
    assert (found.index_low, found.index_high) == (0, 80)


def test_proposal_with_consensus_alone_is_scored() -> None:
    found = assessed(proposal(claims=[], consensus={"stakes": {"value": 2, "reason": "agreed"}}))

    assert (found.scored, found.sections["theories"].value, found.sections["issue"].value) == (True, 0, 50)
    assert (found.index, found.provisional) == (30, True)


def test_index_bounds_replace_open_answers_of_every_officer() -> None:
    cards = [card("a", stakes=3), card("b", stakes=NEI)]

    found = assessed(proposal(*cards))

    of_issue = Fraction(60, 100) * Fraction(30, 100)
    assert found.provisional is False
    assert found.index is not None
    assert found.index_low == found.index - of_issue * Fraction(75, 2)
    assert found.index_high == found.index + of_issue * Fraction(25, 2)


def test_index_bounds_of_open_risk_are_its_extreme_levels() -> None:
    found = assessed(proposal(card(leak=NEI)))

    assert found.index_low is not None
    assert found.index_low == found.index - Fraction(20, 100) * found.sections["risk"].value
    assert found.index_high == found.index


def test_index_bounds_leave_consensus_alone() -> None:
    found = assessed(proposal(card(stakes=NEI), consensus={"stakes": {"value": 3, "reason": "agreed"}}))

    assert found.index_low == found.index == found.index_high


def test_index_high_is_cut_to_the_index_when_the_best_level_still_costs() -> None:
    found = assessed(proposal(card(leak=(NEI, 5))))

    assert found.index_high == found.index
