from fractions import Fraction
from typing import Any

import pytest

from rubrics.scoring.risk import RiskTotals
from rubrics.scoring.spec import NEI as OPEN
from tests.rubrics.scoring.scoring_cases import NEI, assessed, card, proposal, section

PROBABILITIES = ["0.025", "0.125", "0.35", "0.65", "0.90"]
LOSSES = [0, 3, 10, 30, 60, 100]


@pytest.mark.parametrize("probability", range(1, 6))
@pytest.mark.parametrize("loss", range(6))
def test_inherent_is_probability_times_loss(probability: int, loss: int) -> None:
    found = assessed(proposal(card(leak=(probability, loss))))

    assert found.risks["leak"].inherent == Fraction(PROBABILITIES[probability - 1]) * LOSSES[loss]


def test_inherent_fractional_levels_interpolate() -> None:
    cards = [card("a", leak=(2, 2)), card("b", leak=(3, 3)), card("c", leak=(NEI, NEI))]

    found = assessed(proposal(*cards)).risks["leak"]

    assert (found.probability_level, found.loss_level) == (Fraction(5, 2), Fraction(5, 2))
    assert found.inherent == Fraction("0.2375") * 20


def test_reduction_multiplies_what_is_left() -> None:
    found = assessed(proposal(card(brief=4, hotwash=2)))

    assert found.risks["leak"].reduction == Fraction("0.35")
    assert found.risks["spin"].reduction == 1 - Fraction("0.9") * Fraction("0.825")


def test_reduction_open_mitigation_counts_as_absent() -> None:
    found = assessed(proposal(card(brief=NEI)))

    assert found.risks["leak"].reduction == 0


def test_reduction_stops_at_the_cap() -> None:
    found = assessed(proposal(card(brief=4)), sections=section("risk", reduction_cap="0.2"))

    assert found.risks["leak"].reduction == Fraction("0.2")


@pytest.mark.parametrize(
    ("levels", "band"),
    [
        ((1, 4), "low"),
        ((3, 2), "moderate"),
        ((3, 3), "high"),
        ((5, 4), "severe"),
        ((1, 5), "high"),
        ((5, 5), "severe"),
    ],
)
def test_band_follows_residual_and_catastrophe(levels: tuple[int, int], band: str) -> None:
    found = assessed(proposal(card(leak=levels, brief=0)))

    assert found.risks["leak"].band == band


@pytest.mark.parametrize(
    ("limits", "band"), [([2, 8, 9], "severe"), ([2, 9, 20], "high"), ([9, 10, 20], "moderate"), ([10, 11, 12], "low")]
)
def test_band_starts_at_its_limit(limits: list[int], band: str) -> None:
    found = assessed(
        proposal(card(leak=(1, 1), brief=0)),
        sections=section("risk", risk_bands=limits, probability=["0.9"] * 5, loss=[0, 10, 10, 10, 10, 10]),
    )

    assert (found.risks["leak"].residual, found.risks["leak"].band) == (9, band)


@pytest.mark.parametrize("levels", [NEI, None, (NEI, 2), (2, NEI)])
def test_risk_with_open_level_has_no_inherent_or_residual(levels: Any) -> None:
    found = assessed(proposal(card(leak=levels))).risks["leak"]

    assert (found.inherent, found.residual, found.band) == (OPEN, OPEN, None)
    assert found.reduction == Fraction("0.35") * Fraction(3, 4)


def test_risk_totals_join_known_risks() -> None:
    found = assessed(proposal(card(leak=(5, 4), spin=(5, 4), brief=0, hotwash=0)))

    total = 100 * (1 - Fraction("0.46") ** 2)
    assert found.risk_totals == {"risk": RiskTotals(total, total)}
    assert found.sections["risk"].value == 0
