"""Weights that sum to 100: shares, moving one while its siblings give way, and weights that say nothing of their own.

Weights are compared by their shares alone, so that 20, 20 and 10 say the same as 2, 2 and 1.
"""

from collections.abc import Collection, Mapping
from fractions import Fraction
from math import floor

HUNDRED = Fraction(100)
HALF = Fraction(1, 2)


def shares(weights: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Local share of each weight among its siblings: wᵢ ÷ Σ w, from 0 to 1; all 0 where every weight is 0.

    The global share of a criterion is its section's share times its own.
    Raises ValueError on a negative weight. Source: the project's scoring method, §4.

    >>> shares({"route": Fraction(30), "carriers": Fraction(10)})
    {'route': Fraction(3, 4), 'carriers': Fraction(1, 4)}
    """
    _refuse_negative(weights)
    whole = sum(weights.values())
    return {key: weight / whole if whole else Fraction() for key, weight in weights.items()}


def to_hundred(weights: Mapping[str, Fraction], total: Fraction = HUNDRED, places: int = 2) -> dict[str, Fraction]:
    """Bring weights to a total, in proportion and in steps of 10^-places, so that they sum to it exactly.

    Each gets the whole steps of its quota; what is left goes, a step each, to the largest remainders, in order where
    those tie. Weights that are all 0 share evenly. Units: those of the total.
    Raises ValueError on a negative weight, on no weight at all, and on a total that is not a number of whole steps.
    Source: the method of largest remainders (Hamilton).

    >>> [str(weight) for weight in to_hundred(dict.fromkeys("abc", Fraction(1))).values()]
    ['1667/50', '3333/100', '3333/100']
    """
    if not weights:
        raise ValueError("There is no weight to share the total.")
    _refuse_negative(weights)
    steps = _whole_steps(total, places)
    parts = shares(weights) if any(weights.values()) else dict.fromkeys(weights, Fraction(1, len(weights)))
    quotas = {key: steps * part for key, part in parts.items()}
    whole = {key: floor(quota) for key, quota in quotas.items()}
    largest = sorted(quotas, key=lambda key: whole[key] - quotas[key])
    favoured = set(largest[: steps - sum(whole.values())])
    return {key: Fraction(whole[key] + (key in favoured), 10**places) for key in weights}


def fill(
    weights: Mapping[str, Fraction], kept: Collection[str], total: Fraction = HUNDRED, places: int = 2
) -> dict[str, Fraction]:
    """Leave the weights named in `kept` as they are, and bring the others, in proportion, to what these leave.

    Units, order of ties and weights that are all 0: as for `to_hundred`.
    Raises ValueError where the kept ones exceed the total, do not lie on a step, or are all there is without
    reaching the total.

    >>> weights = dict(zip("abc", map(Fraction, (60, 30, 20)), strict=True))
    >>> [float(weight) for weight in fill(weights, {"a"}).values()]
    [60.0, 24.0, 16.0]
    """
    free = {key: weight for key, weight in weights.items() if key not in kept}
    left = total - sum(weight for key, weight in weights.items() if key in kept)
    if left < 0:
        raise ValueError("The weights to keep exceed the total.")
    if not free and left:
        raise ValueError("The weights to keep are all there is, and do not reach the total.")
    filled = to_hundred(free, left, places) if free else {}
    return {key: filled.get(key, weight) for key, weight in weights.items()}


def rescale(
    weights: Mapping[str, Fraction],
    moved: str,
    value: Fraction,
    locked: Collection[str] = (),
    total: Fraction = HUNDRED,
    places: int = 2,
) -> dict[str, Fraction]:
    """Set one weight and let the siblings that are not locked give way in proportion, so that all sum to the total.

    The value is taken to the nearest step (halves up) and held between 0 and what the locked siblings leave; with
    every sibling locked it is exactly that. A lock on the moved weight itself does not bind: it keeps a weight from
    giving way to others. Siblings that are all 0 share the rest evenly. Units, order of ties: as for `to_hundred`.
    Raises ValueError where the locked siblings exceed the total or do not lie on a step.

    Worked: 40, 30, 20 and 10, the first moved to 50 with the second locked, leaves 20 for 20 and 10:
    50, 30, 13.33 and 6.67.

    >>> weights = dict(zip("abcd", map(Fraction, (40, 30, 20, 10)), strict=True))
    >>> [float(weight) for weight in rescale(weights, "a", Fraction(50), {"b"}).values()]
    [50.0, 30.0, 13.33, 6.67]
    """
    held = set(locked) - {moved}
    left = total - sum(weights[key] for key in held)
    nearest = Fraction(floor(value * 10**places + HALF), 10**places)
    is_alone = held | {moved} == set(weights)
    wanted = max(Fraction(), left if is_alone else min(nearest, left))
    return fill({**weights, moved: wanted}, held | {moved}, total, places)


def mirrored(weights: Mapping[str, Fraction], counts: Mapping[str, int], within: Fraction = HALF) -> list[str]:
    """Name the sections whose weight merely mirrors how many criteria (or risks) they hold.

    Those whose share of the weight lies within `within` points of 100 of their share of the count; none where all
    hold the same number, or where there is no weight. Splitting a section into more criteria draws weight to it,
    whatever it is worth (the splitting bias).
    Source: Weber, Eisenführ & von Winterfeldt 1988, Management Science 34(4), 431–445.

    >>> mirrored({"issue": Fraction(30), "transfer": Fraction(70)}, {"issue": 3, "transfer": 7})
    ['issue', 'transfer']
    """
    if len(set(counts.values())) <= 1 or not any(weights.values()):
        return []
    by_count = shares({key: Fraction(count) for key, count in counts.items()})
    return [key for key, share in shares(weights).items() if abs(share - by_count[key]) * 100 <= within]


def _refuse_negative(weights: Mapping[str, Fraction]) -> None:
    if any(weight < 0 for weight in weights.values()):
        raise ValueError("A weight is not negative.")


def _whole_steps(total: Fraction, places: int) -> int:
    steps: Fraction = total * 10**places
    if steps.denominator != 1:
        raise ValueError("The total is not a number of whole steps.")
    return steps.numerator
