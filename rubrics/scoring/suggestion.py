"""The band of an index and the suggested outcome. People decide; the words are "suggested band"."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from rubrics.scoring.gates import GateState
from rubrics.scoring.spec import BandSpec, Effect, RubricSpec

DECLINE = "decline"
BLOCKED = "blocked"
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


@dataclass(frozen=True, slots=True)
class Decision:
    """`band` is that of the index alone; `gates` are those that make the suggestion another, in rubric order."""

    band: str | None
    suggested: str | None
    declined: bool
    gates: tuple[str, ...]


def decide(rubric: RubricSpec, states: Mapping[str, GateState], index: Fraction | None) -> Decision:
    """Suggest an outcome from the gates, overrides included, and the index (0 to 100), and say what decides it.

    A failed `decline` gate gives "decline"; else an unknown `decline`, or a failed or unknown `block`, gives "blocked";
    else the band by index, lowered to the lowest failed cap; None without an index. `declined` only by a failed gate.
    Source: the project's scoring method, §6.
    Worked: index 80 with a failed cap:revise gives "revise" by that gate; index 50 does too, by the index alone.
    """
    band = band_of(rubric.bands, index)
    standing = [(gate, state) for gate in rubric.gates if (state := states[gate.key]) in NOT_CLEARED]
    failed = [gate for gate, state in standing if state is GateState.FAIL]
    declining = tuple(gate.key for gate in failed if gate.effect is Effect.DECLINE)
    if declining:
        return Decision(band, DECLINE, declined=True, gates=declining)
    blocking = tuple(gate.key for gate, _ in standing if gate.effect is not Effect.CAP)
    if blocking:
        return Decision(band, BLOCKED, declined=False, gates=blocking)
    if band is None:
        return Decision(None, None, declined=False, gates=())
    caps = [(gate.key, gate.cap) for gate in failed if gate.cap is not None]
    lowered = lower_to_caps(rubric.bands, band, [cap for _, cap in caps]) if caps else band
    return Decision(band, lowered, declined=False, gates=tuple(key for key, cap in caps if cap == lowered != band))


def is_declined(rubric: RubricSpec, states: Mapping[str, GateState]) -> bool:
    """Whether a gate with the effect `decline` has failed (and is not overridden)."""
    return decide(rubric, states, None).declined


def suggest(rubric: RubricSpec, states: Mapping[str, GateState], index: Fraction | None) -> str | None:
    """Only the suggestion of `decide`."""
    return decide(rubric, states, index).suggested
