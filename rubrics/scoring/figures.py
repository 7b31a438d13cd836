"""How figures of scores are written, on pages and in memos: from the exact value, in one way."""

from collections.abc import Iterable
from fractions import Fraction

from rubrics.scoring.spec import NEI, NOT_APPLICABLE, Value

ABSENT = {NEI: "not enough information", NOT_APPLICABLE: "not applicable"}
MOST_PLACES = 12


def one_place(number: Fraction | None, limits: Iterable[Fraction] = ()) -> str:
    """Write a number with one decimal, rounded half to even on the exact value; empty without one.

    Where that would hide on which side of a limit the number lies, write as many decimals as show it.

    >>> one_place(Fraction(5785, 100)), one_place(Fraction(7498, 100)), one_place(None)
    ('57.8', '75.0', '')
    >>> one_place(Fraction(7498, 100), [Fraction(75)]), one_place(Fraction(199, 100), [Fraction(2)])
    ('74.98', '1.99')
    """
    if number is None:
        return ""
    known = list(limits)

    def tells(places: int) -> bool:
        rounded = round(number, places)
        return all((rounded < limit) == (number < limit) for limit in known)

    places = next((n for n in range(1, MOST_PLACES) if tells(n)), MOST_PLACES)
    return f"{float(round(number, places)):.{places}f}"


def points(value: Value, limits: Iterable[Fraction] = ()) -> str:
    """Write a value of the scale: whole numbers as such, others with one decimal, an absence in words.

    >>> points(Fraction(3)), points(Fraction(7, 3)), points(NEI)
    ('3', '2.3', 'not enough information')
    """
    if not isinstance(value, Fraction):
        return ABSENT[value]
    return str(value.numerator) if value.denominator == 1 else one_place(value, limits)


def counted_score(value: Fraction, allowed: Fraction) -> str:
    """Write a score as given, and what counts of it where its evidence grade allows no more.

    >>> counted_score(Fraction(3), Fraction(2)), counted_score(Fraction(3, 2), Fraction(2))
    ('3 → 2', '1.5')
    """
    return f"{points(value)} → {points(allowed)}" if allowed < value else points(value)
