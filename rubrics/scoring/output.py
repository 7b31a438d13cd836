"""Results as JSON: rounded for people and files, or exact for storage."""

from collections.abc import Iterable
from fractions import Fraction
from typing import TypeAlias, TypedDict

from rubrics.scoring.assess import (
    AssessmentResult,
    BundleResult,
    CriterionResult,
    assess_all,
)
from rubrics.scoring.conditions import ConditionResult
from rubrics.scoring.risk import RiskResult
from rubrics.scoring.spec import NEI, Absence, BundleInput, Value

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

PLACES = 6


class ExactJson(TypedDict):
    """Fractions as "numerator/denominator", None where there is no value."""

    index: str | None
    index_low: str | None
    index_high: str | None
    sections: dict[str, str | None]
    officers: dict[str, str | None]
    officer_sections: dict[str, dict[str, str | None]]
    risks: dict[str, dict[str, str | None]]
    residuals_after: dict[str, dict[str, str | None]]


def rounded(number: Fraction) -> int | float:
    """Round to 6 decimals, half to even, on the exact value; a whole number comes out as an int.

    >>> rounded(Fraction(2, 3)), rounded(Fraction(6, 2)), rounded(Fraction(25, 10**7))
    (0.666667, 3, 2e-06)
    """
    near = round(number, PLACES)
    return near.numerator if near.denominator == 1 else float(near)


def number_or_null(number: Fraction | None) -> int | float | None:
    return None if number is None else rounded(number)


def value_json(value: Value) -> int | float | str:
    """Render a number rounded, an absence by its name.

    >>> value_json(NEI)
    'not_enough_information'
    """
    return value.value if isinstance(value, Absence) else rounded(value)


def _criterion(result: CriterionResult) -> dict[str, Json]:
    shown: dict[str, Json] = {
        "value": value_json(result.value),
        "spread": rounded(result.spread),
        "capped": result.capped,
        "nei": result.nei,
    }
    if result.sides is not None:
        shown["sides"] = {side: value_json(value) for side, value in result.sides.items()}
    return shown


def _risk(result: RiskResult) -> dict[str, Json]:
    return {
        "inherent": value_json(result.inherent),
        "reduction": rounded(result.reduction),
        "residual": value_json(result.residual),
        "band": result.band or NEI.value,
    }


def _condition(result: ConditionResult) -> dict[str, Json]:
    return {
        "mitigation": result.mitigation,
        "index_gain": number_or_null(result.index_gain),
        "clears": list(result.clears),
        "suggested_after": result.suggested_after,
    }


def to_json(result: AssessmentResult) -> dict[str, Json]:
    """Build the object of one proposal in the output of `assess`: numbers rounded to 6 decimals, absences by name.

    Source: the project's scoring method, §8. Worked: an index of 57.8070905… is written 57.807091.
    """
    return {
        "key": result.key,
        "index": number_or_null(result.index),
        "index_low": number_or_null(result.index_low),
        "index_high": number_or_null(result.index_high),
        "provisional": result.provisional,
        "sections": {key: number_or_null(section.value) for key, section in result.sections.items()},
        "criteria": {key: _criterion(item) for key, item in result.criteria.items()},
        "mitigations": {key: _criterion(item) for key, item in result.mitigations.items()},
        "risks": {key: _risk(item) for key, item in result.risks.items()},
        "gates": {key: {"state": gate.state.value, "contested": gate.contested} for key, gate in result.gates.items()},
        "band": result.band,
        "suggested": result.suggested,
        "officers": {officer: number_or_null(item.index) for officer, item in result.officers.items()},
        "conditions": [_condition(item) for item in result.conditions],
    }


def _keys(keys: Iterable[str]) -> list[Json]:
    return list(keys)


def bundle_json(result: BundleResult) -> dict[str, Json]:
    """Build the whole output of `assess` for assessed proposals."""
    return {
        "proposals": [to_json(item) for item in result.proposals],
        "ranking": [_keys(tied) for tied in result.ranking],
        "not_eligible": _keys(result.not_eligible),
        "unranked": _keys(result.unranked),
    }


def assess_bundle(bundle: BundleInput) -> dict[str, Json]:
    """Assess a parsed bundle and build the output of `assess`."""
    return bundle_json(assess_all(bundle))


def exact(number: Fraction | None) -> str | None:
    """Write a fraction for storage; `Fraction(text)` reads it back.

    >>> exact(Fraction(5, 2)), exact(Fraction(3)), exact(None)
    ('5/2', '3/1', None)
    """
    return None if number is None else f"{number.numerator}/{number.denominator}"


def exact_json(result: AssessmentResult) -> ExactJson:
    """Give the index, its bounds, section values, officers' own and risks (0 to 100) exactly, as "num/den" strings.

    `residuals_after` holds, by the mitigation of each proposed condition, the residual of every risk once it is met.

    Worked: an index of 68.75 is "275/4"; a section without a value is None.
    """
    return {
        "index": exact(result.index),
        "index_low": exact(result.index_low),
        "index_high": exact(result.index_high),
        "sections": {key: exact(section.value) for key, section in result.sections.items()},
        "officers": {officer: exact(item.index) for officer, item in result.officers.items()},
        "officer_sections": {
            officer: {key: exact(value) for key, value in item.sections.items()}
            for officer, item in result.officers.items()
        },
        "risks": {
            key: {"inherent": _exact_value(risk.inherent), "residual": _exact_value(risk.residual)}
            for key, risk in result.risks.items()
        },
        "residuals_after": {
            condition.mitigation: {key: _exact_value(value) for key, value in condition.residuals.items()}
            for condition in result.conditions
        },
    }


def _exact_value(value: Value) -> str | None:
    return exact(value) if isinstance(value, Fraction) else None


def _officers(result: AssessmentResult) -> dict[str, Json]:
    return {
        officer: {
            "index": number_or_null(item.index),
            "sections": {key: number_or_null(value) for key, value in item.sections.items()},
        }
        for officer, item in result.officers.items()
    }


def detail_json(result: AssessmentResult) -> dict[str, Json]:
    """What pages and memos show beside the output of `assess`: numbers rounded to 6 decimals.

    `officers`: each one's index and section values (0 to 100), the scorecard alone; `risks`: the panel's levels of
    `probability` and `loss`; `risk_totals`: expected loss of each risk section, `inherent` and `residual`; `flagged`:
    cells to discuss as `{"item", "part", "reasons"}`; `missing`: open answers as `{"officer", "item", "part"}`;
    `declined`: whether a decline gate failed. `part` is a side, `probability` or `loss`, or empty.
    """
    return {
        "officers": _officers(result),
        "risks": {
            key: {"probability": value_json(risk.probability_level), "loss": value_json(risk.loss_level)}
            for key, risk in result.risks.items()
        },
        "risk_totals": {
            key: {"inherent": rounded(totals.inherent), "residual": rounded(totals.residual)}
            for key, totals in result.risk_totals.items()
        },
        "flagged": [
            {"item": cell.cell.item, "part": cell.cell.part, "reasons": [reason.value for reason in cell.reasons]}
            for cell in result.flagged
        ],
        "missing": [
            {"officer": missing.officer, "item": missing.cell.item, "part": missing.cell.part}
            for missing in result.missing
        ],
        "declined": result.declined,
    }
