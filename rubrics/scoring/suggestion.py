"""The band of an index and the suggested outcome. People decide; the words are "suggested band"."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from rubrics.scoring.gates import GateState
from rubrics.scoring.spec import BandSpec, Effect, GateSpec, RubricSpec

DECLINE = "decline"
BLOCKED = "blocked"
FAILED = (GateState.FAIL,)
NOT_CLEARED = (GateState.FAIL, GateState.UNKNOWN)


def band_of(bands: Iterable[BandSpec], index: Fraction | None) -> str | None:
    """Name the highest band whose minimum the index (0 to 100) reaches; None without an index.

    A band list holds a minimum of 0, so that every index has a band. Source: the project's scoring method, §6.

    >>> bands = [BandSpec("fund", Fraction(75)), BandSpec("decline", Fraction(0))]
    >>> band_of(bands, Fraction(75)), band_of(bands, Fraction(149, 2)), band_of(bands, None)
    ('fund', 'decline', None)
    """
    if index is None:
        return None
    return max((band for band in bands if band.minimum <= index), key=lambda band: band.minimum).key


def lower_to_caps(bands: Iterable[BandSpec], band: str, caps: Iterable[str]) -> str:
    """Take the lowest of a band and the bands that it must not exceed."""
    minimum = {spec.key: spec.minimum for spec in bands}
    return min([band, *caps], key=lambda key: minimum[key])


def _stands(
    gates: Iterable[GateSpec], states: Mapping[str, GateState], effect: Effect, which: tuple[GateState, ...]
) -> bool:
    return any(gate.effect is effect and states[gate.key] in which for gate in gates)


def is_declined(rubric: RubricSpec, states: Mapping[str, GateState]) -> bool:
    """Whether a gate with the effect `decline` has failed (and is not overridden)."""
    return _stands(rubric.gates, states, Effect.DECLINE, FAILED)


def suggest(rubric: RubricSpec, states: Mapping[str, GateState], index: Fraction | None) -> str | None:
    """Suggest an outcome from the gates, overrides included, and the index (0 to 100).

    A failed `decline` gives "decline"; else an unknown `decline`, or a failed or unknown `block`, gives "blocked"; else
    the band by index, lowered to the lowest failed cap; None without an index.
    Source: the project's scoring method, §6.
    Worked: index 80 with a failed cap:revise and every other gate passed gives "revise".
    """
    if is_declined(rubric, states):
        return DECLINE
    unknown_decline = _stands(rubric.gates, states, Effect.DECLINE, (GateState.UNKNOWN,))
    if unknown_decline or _stands(rubric.gates, states, Effect.BLOCK, NOT_CLEARED):
        return BLOCKED
    band = band_of(rubric.bands, index)
    if band is None:
        return None
    caps = [gate.cap for gate in rubric.gates if gate.cap is not None and states[gate.key] is GateState.FAIL]
    return lower_to_caps(rubric.bands, band, caps)
