"""Expected loss: what a risk costs before and after the mitigations, and the value of a risk section."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod

from rubrics.scoring.panel import Panel
from rubrics.scoring.spec import LOSS, NEI, PROBABILITY, Cell, ResidualRiskSection, RiskSpec, Value

BANDS = ("low", "moderate", "high", "severe")
LOWEST_CATASTROPHIC = BANDS.index("high")


@dataclass(frozen=True, slots=True)
class RiskResult:
    """Levels as the panel sees them; inherent and residual in points of expected loss (0 to 100); reduction 0 to 1.

    `band` is None when a level is not enough information.
    """

    probability_level: Value
    loss_level: Value
    inherent: Value
    reduction: Fraction
    residual: Value
    band: str | None


@dataclass(frozen=True, slots=True)
class RiskTotals:
    """Expected loss of the known risks of a section together, in points (0 to 100), without and with mitigations."""

    inherent: Fraction
    residual: Fraction


def interpolate(table: Sequence[Fraction], position: Fraction) -> Fraction:
    """Read a table between its entries, linearly; position 0 is the first entry.

    Units are those of the table. Source: the project's scoring method, §4.

    >>> interpolate([Fraction(0), Fraction(3), Fraction(10)], Fraction(3, 2))
    Fraction(13, 2)
    """
    below = min(int(position), len(table) - 1)
    above = min(below + 1, len(table) - 1)
    return table[below] + (position - below) * (table[above] - table[below])


def reduction(section: ResidualRiskSection, risk: RiskSpec, quality: Mapping[str, Fraction]) -> Fraction:
    """Share of a risk that the mitigations take away: min(cap, 1 - Π (1 - k·quality)), from 0 to the cap.

    `quality` is the panel value over the top score, 0 to 1; the pairing k is 0 where none is given.
    Source: the project's scoring method, §4. Worked: k = 0.35 at quality 1/2 gives 0.175.
    """
    left = prod(
        (
            1 - mitigation.reduces.get(risk.key, Fraction()) * quality[mitigation.key]
            for mitigation in section.mitigations
        ),
        start=Fraction(1),
    )
    return min(section.reduction_cap, 1 - left)


def band_of_risk(section: ResidualRiskSection, residual: Fraction, loss_level: Fraction) -> str:
    """Name the band of a residual: low < 2 ≤ moderate < 8 ≤ high < 20 ≤ severe with the default limits.

    A risk whose loss level reaches `catastrophic_from` is never below high, however unlikely.
    Source: the project's scoring method, §4. Worked: residual 1.9 at loss level 5 is high, at loss level 4 low.
    """
    place = sum(residual >= limit for limit in section.risk_bands)
    return BANDS[max(place, LOWEST_CATASTROPHIC) if loss_level >= section.catastrophic_from else place]


def assess_risk(
    section: ResidualRiskSection, risk: RiskSpec, panel: Panel, quality: Mapping[str, Fraction]
) -> RiskResult:
    """Compute inherent = probability · loss and residual = inherent · (1 - reduction), in points of expected loss.

    Not enough information on either level makes both not enough information; the reduction is known all the same.
    Source: the project's scoring method, §4.
    Worked: levels 3 and 3 give 0.35 · 30 = 10.5; a reduction of 0.175 leaves 8.6625, high.
    """
    probability, loss = panel.values[Cell(risk.key, PROBABILITY)], panel.values[Cell(risk.key, LOSS)]
    share = reduction(section, risk, quality)
    if not (isinstance(probability, Fraction) and isinstance(loss, Fraction)):
        return RiskResult(probability, loss, NEI, share, NEI, None)
    inherent = interpolate(section.probability, probability - 1) * interpolate(section.loss, loss)
    residual = inherent * (1 - share)
    return RiskResult(probability, loss, inherent, share, residual, band_of_risk(section, residual, loss))


def total_loss(losses: Iterable[Value]) -> Fraction:
    """Join losses that may strike independently: 100 · (1 - Π (1 - loss/100)), in points, over the known ones.

    Source: the project's scoring method, §4.

    >>> total_loss([Fraction(50), Fraction(50), NEI])
    Fraction(75, 1)
    """
    known = [loss for loss in losses if isinstance(loss, Fraction)]
    return 100 * (1 - prod((1 - loss / 100 for loss in known), start=Fraction(1)))


def assess_risks(section: ResidualRiskSection, panel: Panel, top_score: int) -> dict[str, RiskResult]:
    """Every risk of the section; a mitigation that is not enough information counts as absent (quality 0)."""
    values = {mitigation.key: panel.values[Cell(mitigation.key)] for mitigation in section.mitigations}
    quality = {key: value / top_score if isinstance(value, Fraction) else Fraction() for key, value in values.items()}
    return {risk.key: assess_risk(section, risk, panel, quality) for risk in section.risks}


def risk_totals(risks: Iterable[RiskResult]) -> RiskTotals:
    """Join the known risks of a section, in points of expected loss, without and with mitigations."""
    listed = tuple(risks)
    return RiskTotals(total_loss(risk.inherent for risk in listed), total_loss(risk.residual for risk in listed))


def residual_risk_value(section: ResidualRiskSection, risks: Iterable[RiskResult]) -> Fraction | None:
    """Value of the section, 0 to 100: 100 · max(0, 1 - total / loss_at_zero); None without a known risk.

    `loss_at_zero` is the total expected loss, in points, at which risk is worth nothing.
    Source: the project's scoring method, §4. Worked: a total of 8.6625 and 40 points give 78.34375.
    """
    listed = tuple(risks)
    if all(risk.residual is NEI for risk in listed):
        return None
    return 100 * max(Fraction(), 1 - risk_totals(listed).residual / section.loss_at_zero)
