"""Rubrics of three sections and proposals of three values, for the tests of the analysis."""

from collections.abc import Sequence
from fractions import Fraction

from hypothesis import strategies as st

from proposals.analysis.what_if import Assessed, outcome
from rubrics.scoring.gates import GateState
from rubrics.scoring.sections import index_of
from rubrics.scoring.spec import BandSpec, CheckIs, CriterionSpec, Effect, GateSpec, MeanSection, RubricSpec

KEYS = ("c1", "c2", "c3")
BANDS = {"fund": 75, "conditions": 60, "revise": 45, "decline": 0}
GATES = (
    GateSpec("stop", Effect.DECLINE, (CheckIs("stop", "insufficient"),)),
    GateSpec("hold", Effect.BLOCK, (CheckIs("hold", "insufficient"),)),
    GateSpec("lid", Effect.CAP, (CheckIs("lid", "insufficient"),), cap="revise"),
)
PASSED = dict.fromkeys(("stop", "hold", "lid"), GateState.PASS)


def rubric(
    weights: Sequence[Fraction | int] = (5, 3, 2), bands: dict[str, int] = BANDS, gates: tuple[GateSpec, ...] = GATES
) -> RubricSpec:
    """Sections c1, c2 and c3 of one criterion each, with these weights."""
    sections = [MeanSection(key, Fraction(weight), (CriterionSpec(f"of-{key}", Fraction(1)),))
                for key, weight in zip(KEYS, weights, strict=True)]  # fmt: skip
    listed = tuple(BandSpec(key, Fraction(minimum)) for key, minimum in bands.items())
    return RubricSpec("small", 1, 4, tuple(map(Fraction, (2, 2, 3, 4, 4))), tuple(sections), gates, listed)


def values(*given: Fraction | int | None) -> dict[str, Fraction | None]:
    return {key: None if value is None else Fraction(value) for key, value in zip(KEYS, given, strict=True)}


def at(index: Fraction | int | None, **states: GateState) -> Assessed:
    """What has this index under the bands and gates above."""
    found = outcome(rubric(), {**PASSED, **states}, None if index is None else Fraction(index))
    return Assessed(values(index, index, index), found)


def stored(*given: Fraction | int | None, by: RubricSpec | None = None, **states: GateState) -> Assessed:
    used, held = by or rubric(), values(*given)
    return Assessed(held, outcome(used, {**PASSED, **states}, index_of(used.sections, held)))


percentages = st.fractions(0, 100, max_denominator=60)
weights = st.fractions(0, 10, max_denominator=12)
three_weights = st.tuples(weights, weights, weights).filter(lambda drawn: sum(map(bool, drawn)) > 1)
three_values = st.tuples(percentages, percentages, percentages)
states = st.fixed_dictionaries({key: st.sampled_from(GateState) for key in PASSED})
