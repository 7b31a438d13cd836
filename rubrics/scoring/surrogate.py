"""Weights from easier judgements: an order of sections, or points for swings from worst to best."""

from collections.abc import Callable, Mapping
from fractions import Fraction


def rank_order_centroid(ranks: Mapping[str, int]) -> dict[str, Fraction]:
    """Weights from an order: the centroid of all weights that respect it; shares that sum to 1.

    Place r of n gets (1/n) · Σ 1/k for k from r to n. A smaller rank is more important; equal ranks share the mean of
    the places that they take, so that 1, 1, 2 and 1, 1, 3 say the same. Raises ValueError without a rank.
    Source: Barron & Barrett 1996, Management Science 42(11), 1515–1523. Worked: three in order get 11/18, 5/18, 2/18.

    >>> [str(weight) for weight in rank_order_centroid({"a": 1, "b": 2, "c": 2}).values()]
    ['11/18', '7/36', '7/36']
    """

    def centroid(place: int, count: int) -> Fraction:
        return sum((Fraction(1, k) for k in range(place, count + 1)), start=Fraction()) / count

    return _by_place(ranks, centroid)


def rank_sum(ranks: Mapping[str, int]) -> dict[str, Fraction]:
    """Weights from an order that fall by the same step from place to place; shares that sum to 1.

    Place r of n gets 2 · (n + 1 − r) ÷ (n · (n + 1)). Ranks and ties as for `rank_order_centroid`; flatter than it.
    Raises ValueError without a rank.
    Source: Stillwell, Seaver & Edwards 1981, Organizational Behavior and Human Performance 28(1), 62–77.
    Worked: three in order get 1/2, 1/3, 1/6.

    >>> [str(weight) for weight in rank_sum({"a": 2, "b": 1, "c": 2}).values()]
    ['1/4', '1/2', '1/4']
    """
    return _by_place(ranks, lambda place, count: Fraction(2 * (count + 1 - place), count * (count + 1)))


def swing_weights(points: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Weights from points for the swing from worst to best of each section: points ÷ Σ points; shares that sum to 1.

    The swing that matters most gets 100 and the others points in proportion to it; any scale gives the same shares.
    Raises ValueError on negative points, and where all are 0.
    Source: von Winterfeldt & Edwards 1986, Decision Analysis and Behavioral Research, ch. 8.
    Worked: 100, 60 and 40 give 1/2, 3/10 and 1/5.

    >>> [str(weight) for weight in swing_weights({"a": Fraction(100), "b": Fraction(60), "c": Fraction(40)}).values()]
    ['1/2', '3/10', '1/5']
    """
    if any(given < 0 for given in points.values()):
        raise ValueError("Points are not negative.")
    whole = sum(points.values())
    if not whole:
        raise ValueError("Points that are all 0 give no weights.")
    return {key: given / whole for key, given in points.items()}


def _by_place(ranks: Mapping[str, int], weight: Callable[[int, int], Fraction]) -> dict[str, Fraction]:
    """The weight of each place, 1 to n; what ties shares the mean of its places."""
    if not ranks:
        raise ValueError("There is nothing in the order.")
    order = sorted(ranks.values())
    shared: dict[int, Fraction] = {}
    for rank in set(order):
        places = [place for place, other in enumerate(order, start=1) if other == rank]
        shared[rank] = sum((weight(place, len(order)) for place in places), start=Fraction()) / len(places)
    return {key: shared[rank] for key, rank in ranks.items()}
