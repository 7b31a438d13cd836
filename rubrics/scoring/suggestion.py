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


def _standing(
    gates: Iterable[GateSpec], states: Mapping[str, GateState], effect: Effect, which: tuple[GateState, ...]
) -> list[GateSpec]:
    return [gate for gate in gates if gate.effect is effect and states[gate.key] in which]


def _declining(rubric: RubricSpec, states: Mapping[str, GateState]) -> list[GateSpec]:
    return _standing(rubric.gates, states, Effect.DECLINE, FAILED)


def _blocking(rubric: RubricSpec, states: Mapping[str, GateState]) -> list[GateSpec]:
    unknown_decline = _standing(rubric.gates, states, Effect.DECLINE, (GateState.UNKNOWN,))
    return unknown_decline + _standing(rubric.gates, states, Effect.BLOCK, NOT_CLEARED)


def _caps(rubric: RubricSpec, states: Mapping[str, GateState]) -> list[tuple[str, str]]:
    """Gate and highest band, of the caps that have failed."""
    failed = _standing(rubric.gates, states, Effect.CAP, FAILED)
    return [(gate.key, gate.cap) for gate in failed if gate.cap is not None]


def is_declined(rubric: RubricSpec, states: Mapping[str, GateState]) -> bool:
    """Whether a gate with the effect `decline` has failed (and is not overridden)."""
    return bool(_declining(rubric, states))


def suggest(rubric: RubricSpec, states: Mapping[str, GateState], index: Fraction | None) -> str | None:
    """Suggest an outcome from the gates, overrides included, and the index (0 to 100).

    A failed `decline` gives "decline"; else an unknown `decline`, or a failed or unknown `block`, gives "blocked"; else
    the band by index, lowered to the lowest failed cap; None without an index.
    Source: the project's scoring method, §6.
    Worked: index 80 with a failed cap:revise and every other gate passed gives "revise".
    """
    if _declining(rubric, states):
        return DECLINE
    if _blocking(rubric, states):
        return BLOCKED
    band = band_of(rubric.bands, index)
    if band is None:
        return None
    return lower_to_caps(rubric.bands, band, [cap for _, cap in _caps(rubric, states)])


def deciding_gates(rubric: RubricSpec, states: Mapping[str, GateState], index: Fraction | None) -> tuple[str, ...]:
    """Name the gates that make the suggestion other than what the index (0 to 100) alone would give, in rubric order.

    The failed `decline` gates; else what blocks; else the failed caps below the band by index, the lowest of them.
    Empty where the index decides, and without an index where nothing declines or blocks.
    Source: the project's scoring method, §6.
    Worked: index 80 with a failed cap:revise gives that gate; index 50 gives none, since its band is "revise" anyway.
    """
    closed = _declining(rubric, states) or _blocking(rubric, states)
    band = band_of(rubric.bands, index)
    if closed or band is None:
        return tuple(gate.key for gate in rubric.gates if gate in closed)
    caps = _caps(rubric, states)
    lowered = lower_to_caps(rubric.bands, band, [cap for _, cap in caps])
    return tuple(key for key, cap in caps if cap == lowered != band)
